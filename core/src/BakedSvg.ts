import { SaxesParser } from 'saxes'
import * as Baked from './Baked.ts'
import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'

/** An image that has been checked and is ready to be baked many times: what stands before the credential, and after. */
export type Prepared = {
  readonly before: Uint8Array
  readonly after: Uint8Array
  /** Whether the image uses our prefix for something else, so that the credential declares it by itself. */
  readonly declares: boolean
}

const namespace = 'https://purl.imsglobal.org/ob/v3p0'
const svg = 'http://www.w3.org/2000/svg'
const maximumBytes = 4 * 1024 * 1024
const maximumDepth = 128
/** Elements and attributes together. */
const maximumNodes = 100_000

/** The elements in which credentials stand: Open Badges 3.0 §5.3.2, Open Badges 2.0 Baking §2. */
const places: Readonly<Record<string, Baked.Standard>> = {
  [`${namespace} credential`]: 'Open Badges 3.0',
  'http://openbadges.org assertion': 'Open Badges 2.0',
}

// The document types that old drawing programs write. Nothing is ever read from them; any other, and above all one that
// declares something by itself, is refused.
const harmlessDoctype =
  /^\s+svg(?:\s+PUBLIC\s+(["'])-\/\/W3C\/\/DTD SVG [\w. ]+\/\/EN\1\s+(["'])https?:\/\/www\.w3\.org\/[\w./-]*\2)?\s*$/

// Two are no characters of XML (§2.2); the others are discouraged, and ends of lines to readers that know XML 1.1.
const fragile = /[\u007f-\u009f\u2028\u2029\ufffe\uffff]/g

const compactJws = /^[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * Checks an image once. Credentials that are baked into it already, of either version, are left out. Everything else
 * stays as it is: an image that runs scripts still does, which is the business of whoever serves it.
 *
 * @throws {InvalidSvgError} SVG_INVALID
 * @throws {DoctypeError} SVG_DOCTYPE
 */
export function prepare(image: Uint8Array): Prepared {
  const { text, root, found } = read(image)
  const declares = root.prefix !== undefined && root.prefix !== namespace
  const tagEnd = root.end - (root.isEmpty ? 2 : 1)
  const rest = found.reduceRight((kept, { start, end }) => kept.slice(0, start) + kept.slice(end), text).slice(root.end)
  const declaration = root.prefix === undefined ? ` xmlns:openbadges="${namespace}"` : ''
  return {
    before: Bytes.fromUtf8(`${text.slice(0, tagEnd).trimEnd()}${declaration}>`),
    after: Bytes.fromUtf8(root.isEmpty ? `</${root.name}>${rest}` : rest),
    declares,
  }
}

/**
 * Bakes a credential into an SVG as Open Badges 3.0 §5.3.2 has it: one `openbadges:credential` right behind the
 * beginning of `svg`, with a compact JWS in its attribute `verify`, or with JSON in one CDATA section.
 *
 * What one such section cannot hold (`]]>`), or what readers of XML change or refuse (see {@link fragile}), is written
 * as an escape of JSON: another text with the same meaning. Two sections would hold `]]>`, but there are readers that
 * take the first for the whole.
 *
 * @param credential the JSON text, or a compact JWS
 * @throws {InvalidSvgError} SVG_INVALID when the image has not been prepared and is no SVG
 * @throws {DoctypeError} SVG_DOCTYPE
 */
export function bake(image: Uint8Array | Prepared, credential: string): Uint8Array {
  return Bytes.concat(...parts(image instanceof Uint8Array ? prepare(image) : image, credential))
}

/** A baked image in three parts, to be written one after the other. */
export function parts(
  { before, after, declares }: Prepared,
  credential: string,
): readonly [Uint8Array, Uint8Array, Uint8Array] {
  const name = declares ? `openbadges:credential xmlns:openbadges="${namespace}"` : 'openbadges:credential'
  return [before, Bytes.fromUtf8(element(name, credential)), after]
}

/**
 * What is baked into an SVG from anybody. Nothing in it is run, resolved or fetched.
 *
 * @throws {InvalidSvgError} SVG_INVALID when the file is no well-formed SVG in UTF-8, or beyond 4 MiB, 128 levels or
 *   100,000 elements and attributes
 * @throws {DoctypeError} SVG_DOCTYPE when it has a document type that could change what is read
 * @throws {Baked.MissingError} BAKED_MISSING
 * @throws {Baked.TwiceError} BAKED_TWICE
 * @throws {Baked.ContentError} BAKED_INVALID when the element holds more than a credential, or stands deeper
 */
export function extract(image: Uint8Array): Baked.Content {
  return Baked.only(read(image).found)
}

/** Whether a file starts like XML. */
export function isXml(file: Uint8Array): boolean {
  return /^\ufeff?\s*</.test(new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.subarray(0, 256)))
}

/** The beginning of the image: the end of its tag in the text, and what `openbadges:` means in it. */
type Root = {
  readonly name: string
  readonly end: number
  readonly isEmpty: boolean
  readonly prefix: string | undefined
}
/** Where an element stands in the text. */
type Range = { readonly start: number; readonly end: number }
type Image = { readonly text: string; readonly root: Root; readonly found: readonly (Baked.Found & Range)[] }

/** An element for a credential, while it is being read. */
type Draft = {
  readonly standard: Baked.Standard
  readonly start: number
  readonly depth: number
  readonly verify: string | undefined
  readonly body: Piece[]
  /** False once something stands in it that two readers could take differently. */
  isPlain: boolean
}
type Piece = { readonly text: string; readonly isCdata: boolean }

function read(image: Uint8Array): Image {
  const text = decode(image)
  const parser = new SaxesParser({ xmlns: true, position: true })
  const found: (Baked.Found & Range)[] = []
  let root: Root | undefined
  let draft: Draft | undefined
  let depth = 0
  let nodes = 0
  let start = 0
  const refuse = () => {
    throw new InvalidSvgError()
  }
  const count = () => {
    if (++nodes > maximumNodes) refuse()
  }
  parser.on('error', refuse)
  parser.on('xmldecl', ({ version, encoding = 'utf-8' }) => {
    if (version !== '1.0' || encoding.toLowerCase() !== 'utf-8') refuse()
  })
  parser.on('doctype', (doctype) => {
    if (!harmlessDoctype.test(doctype)) throw new DoctypeError()
  })
  parser.on('opentagstart', () => {
    // A name has no <, and the parser is one character behind it.
    start = text.lastIndexOf('<', parser.position - 1)
    count()
  })
  parser.on('attribute', count)
  parser.on('opentag', (tag) => {
    depth++
    if (depth > maximumDepth) refuse()
    if (depth === 1) {
      if (tag.local !== 'svg' || tag.uri !== svg) refuse()
      root = { name: tag.name, end: parser.position, isEmpty: tag.isSelfClosing, prefix: tag.ns.openbadges }
    }
    if (draft !== undefined) draft.isPlain = false
    const standard = places[`${tag.uri} ${tag.local}`]
    if (draft !== undefined || standard === undefined) return
    draft = { standard, start, depth, verify: tag.attributes.verify?.value, body: [], isPlain: depth === 2 }
  })
  parser.on('closetag', () => {
    if (draft?.depth === depth) {
      found.push({ standard: draft.standard, ...contentOf(draft), start: draft.start, end: parser.position })
      draft = undefined
    }
    depth--
  })
  parser.on('text', (piece) => draft?.body.push({ text: piece, isCdata: false }))
  parser.on('cdata', (piece) => draft?.body.push({ text: piece, isCdata: true }))
  const other = () => {
    if (draft !== undefined) draft.isPlain = false
  }
  parser.on('comment', other)
  parser.on('processinginstruction', other)
  parser.write(text).close()
  if (root === undefined) throw new InvalidSvgError()
  return { text, root, found }
}

function decode(image: Uint8Array): string {
  if (image.length > maximumBytes) throw new InvalidSvgError()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(image)
  } catch (cause) {
    throw new InvalidSvgError(cause)
  }
}

/** The one text in an element, or none where it could be read in two ways. */
function contentOf({ standard, verify, body, isPlain }: Draft): Pick<Baked.Found, 'text'> {
  const isSpace = ({ text, isCdata }: Piece) => !isCdata && text.trim() === ''
  const first = body.findIndex((piece) => !isSpace(piece))
  const last = body.findLastIndex((piece) => !isSpace(piece))
  const pieces = first < 0 ? [] : body.slice(first, last + 1)
  // Some readers take CDATA sections only, others all text: between sections nothing may stand, not even a space.
  if (!isPlain || new Set(pieces.map(({ isCdata }) => isCdata)).size > 1) return {}
  const text = pieces.map((piece) => piece.text).join('')
  if (verify === undefined) return pieces.length === 0 ? {} : { text }
  // In version 2 the attribute may stand beside the body: it says where the same assertion can be fetched.
  if (pieces.length === 0) return { text: verify }
  return standard === 'Open Badges 2.0' ? { text } : {}
}

function element(name: string, credential: string): string {
  if (compactJws.test(credential)) return `<${name} verify="${credential}"/>`
  if (!/^\s*\{/.test(credential)) throw new TypeError('A credential is JSON or a compact JWS')
  const text = credential
    .replaceAll(']]>', ']]\\u003e')
    .replaceAll(fragile, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `<${name}><![CDATA[${text}]]></openbadges:credential>`
}

/** Thrown when a file is not a well-formed SVG in UTF-8, or larger or deeper than is read. */
export class InvalidSvgError extends Errors.BaseError<'SVG_INVALID'> {
  override readonly name = 'BakedSvg.InvalidSvgError'
  constructor(cause?: unknown) {
    super('SVG_INVALID', 'This is not an SVG image that can be read.', { cause })
  }
}

/** Thrown when an SVG declares a document type of its own, which could change what other readers find in it. */
export class DoctypeError extends Errors.BaseError<'SVG_DOCTYPE'> {
  override readonly name = 'BakedSvg.DoctypeError'
  constructor() {
    super('SVG_DOCTYPE', 'This SVG image has a document type of its own, which is not read.')
  }
}
