import { crc32 } from '#Crc32'
import * as Baked from './Baked.ts'
import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'

/** An image that has been checked and is ready to be baked many times: what stands before the credential, and after. */
export type Prepared = { readonly before: Uint8Array; readonly after: Uint8Array }

type Chunk = { readonly type: string; readonly data: Uint8Array; readonly start: number; readonly end: number }

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const keyword = 'openbadgecredential'
const maximumBytes = 16 * 1024 * 1024
const maximumChunks = 4096

/** The chunks in which credentials stand, as type and keyword: Open Badges 3.0 §5.3.1, Open Badges 2.0 Baking §1. */
const places: Readonly<Record<string, Baked.Standard>> = {
  [`iTXt ${keyword}`]: 'Open Badges 3.0',
  'iTXt openbadges': 'Open Badges 2.0',
  // The first badges had an address here; there are many of them.
  'tEXt openbadges': 'Open Badges 2.0',
}

/**
 * Checks an image once. Credentials that are baked into it already, of either version, are left out: an image says one
 * thing. The pixels and all other chunks stay as they are.
 *
 * @throws {InvalidPngError} PNG_INVALID
 */
export function prepare(png: Uint8Array): Prepared {
  const kept = readChunks(png).filter((chunk) => standardOf(chunk) === undefined)
  const bytes = kept.map((chunk) => png.subarray(chunk.start, chunk.end))
  return { before: Bytes.concat(signature, ...bytes.slice(0, -1)), after: Bytes.concat(...bytes.slice(-1)) }
}

/**
 * Bakes a credential into a PNG as Open Badges 3.0 §5.3.1 has it: one uncompressed `iTXt` chunk, put before `IEND`.
 *
 * @param credential the JSON text, or a compact JWS
 * @throws {InvalidPngError} PNG_INVALID when the image has not been prepared and is not whole
 */
export function bake(png: Uint8Array | Prepared, credential: string): Uint8Array {
  return Bytes.concat(...parts(png instanceof Uint8Array ? prepare(png) : png, credential))
}

/** A baked image in three parts, to be written one after the other without a copy of the pixels. */
export function parts({ before, after }: Prepared, credential: string): readonly [Uint8Array, Uint8Array, Uint8Array] {
  return [before, writeChunk('iTXt', textData(credential)), after]
}

/**
 * What is baked into a PNG from anybody. No chunk is unpacked and nothing is fetched.
 *
 * @throws {InvalidPngError} PNG_INVALID when the file is not a whole PNG
 * @throws {Baked.MissingError} BAKED_MISSING
 * @throws {Baked.TwiceError} BAKED_TWICE
 * @throws {Baked.ContentError} BAKED_INVALID when the chunk is compressed, cut, or not UTF-8
 */
export function extract(png: Uint8Array): Baked.Content {
  const found = readChunks(png).flatMap((chunk): readonly Baked.Found[] => {
    const standard = standardOf(chunk)
    return standard === undefined ? [] : [{ standard, ...readText(chunk) }]
  })
  return Baked.only(found)
}

/** Whether a file starts like a PNG. */
export function isPng(file: Uint8Array): boolean {
  return Bytes.equals(file.subarray(0, signature.length), signature)
}

function readChunks(png: Uint8Array): readonly Chunk[] {
  if (!isPng(png) || png.length > maximumBytes) throw new InvalidPngError()
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const chunks: Chunk[] = []
  let at = signature.length
  while (chunks.at(-1)?.type !== 'IEND') {
    if (at + 12 > png.length || chunks.length === maximumChunks) throw new InvalidPngError()
    const end = at + 12 + view.getUint32(at)
    if (end > png.length) throw new InvalidPngError()
    const type = latin1(png.subarray(at + 4, at + 8))
    if (!/^[A-Za-z]{4}$/.test(type)) throw new InvalidPngError()
    if (view.getUint32(end - 4) !== crc32(png.subarray(at + 4, end - 4))) throw new InvalidPngError()
    chunks.push({ type, data: png.subarray(at + 8, end - 4), start: at, end })
    at = end
  }
  const [header, last] = [chunks[0], chunks.at(-1)]
  if (at !== png.length || header?.type !== 'IHDR' || header.data.length !== 13 || last?.data.length !== 0)
    throw new InvalidPngError()
  // PNG §5.6: one header, and at least one chunk of pixels.
  if (chunks.filter(({ type }) => type === 'IHDR').length !== 1 || !chunks.some(({ type }) => type === 'IDAT'))
    throw new InvalidPngError()
  return chunks
}

function writeChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Bytes.concat(Bytes.fromUtf8(type), data)
  return Bytes.concat(Bytes.fromUint(data.length, 4), body, Bytes.fromUint(crc32(body), 4))
}

// Keyword, NUL, no compression (two zeros), no language and no translated keyword (a NUL each), text.
function textData(text: string): Uint8Array {
  return Bytes.concat(Bytes.fromUtf8(keyword), new Uint8Array(5), Bytes.fromUtf8(text))
}

/** The standard for whose credentials a chunk is meant. */
function standardOf({ type, data }: Chunk): Baked.Standard | undefined {
  if (type !== 'iTXt' && type !== 'tEXt') return undefined
  // PNG §11.3.3: every textual chunk begins with a keyword of 1 to 79 bytes and a NUL.
  const end = data.subarray(0, 80).indexOf(0)
  if (end < 1) throw new InvalidPngError()
  const place = `${type} ${latin1(data.subarray(0, end))}`
  return Object.hasOwn(places, place) ? places[place] : undefined
}

function readText({ type, data }: Chunk): Omit<Baked.Found, 'standard'> {
  const end = data.indexOf(0)
  if (type === 'tEXt') return { text: latin1(data.subarray(end + 1)) }
  const language = data.indexOf(0, end + 3)
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1)
  // Not unpacked: both versions say that a credential is not compressed.
  if (translated < 0 || data[end + 1] !== 0) return {}
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data.subarray(translated + 1)) }
  } catch (cause) {
    return { cause }
  }
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}

/** Thrown when a file is not a whole PNG: a chunk is cut, its checksum is wrong, or something follows the end. */
export class InvalidPngError extends Errors.BaseError<'PNG_INVALID'> {
  override readonly name = 'BakedPng.InvalidPngError'
  constructor() {
    super('PNG_INVALID', 'This is not a whole PNG image.')
  }
}
