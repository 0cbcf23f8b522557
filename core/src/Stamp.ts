import * as Bytes from './Bytes.ts'
import * as Commitment from './Commitment.ts'
import * as DataIntegrity from './DataIntegrity.ts'
import * as Errors from './Errors.ts'
import * as Conditions from './internal/Conditions.ts'
import * as JsonText from './internal/JsonText.ts'
import * as Outline from './internal/Outline.ts'
import * as Statements from './internal/Statements.ts'
import * as Template from './internal/Template.ts'
import type * as Json from './Json.ts'
import * as Multibase from './Multibase.ts'
import * as Rdfc from './Rdfc.ts'
import * as Sha256 from './Sha256.ts'
import * as Shape from './Shape.ts'

/** What all documents of a stamp have in common. */
export type Options = {
  /**
   * Lays out the document of some fields, without proof. It copies texts and numbers whole and unchanged, and what it
   * does depends on nothing but which members and items there are.
   */
  readonly layout: (fields: Json.Object) => Json.Object
  /** The class of the documents: nothing is stamped out that is not of its exact shape. */
  readonly className: Shape.ClassName
  /** Throws where fields of the right shape make no sense together. */
  readonly check: (fields: Json.Object) => void
  /** Of the first proof: an absolute DID URL. */
  readonly verificationMethod: string
}

/**
 * Stamps out documents that differ in their fields alone, such as the credentials of a batch.
 *
 * Fields of the same outline (the same members in the same order, lists of the same length, the same kinds of values)
 * share a template: the document's JSON text and its canonical N-Quads with slots in place of values, compiled once.
 * What is stamped is, byte for byte, what the general way makes, which is laying the document out, {@link Rdfc.canonize}
 * and {@link DataIntegrity.createRdfc}. That is so because
 *
 * - JSON-LD expansion looks at names, at the kinds of values, at what stands under `type` and keywords, and of an IRI at
 *   the scheme and at what an IRI may not have. All but the last is in the outline; each value of an IRI is tested for
 *   the last. So the statements of two documents of an outline are the same but for the values in them. How statements
 *   become canonical N-Quads, whatever their values, is told at `Statements` in `internal/Statements.ts`;
 * - a value takes part in the exact shape of a document only as `Conditions` in `internal/Conditions.ts` tells;
 * - none of this is taken on trust: a template is compiled from one set of values and has to reproduce, to the byte, what
 *   the general way makes of another set, chosen to be as different as can be; then the first of every outline is made
 *   both ways.
 *
 * Whatever is not so goes the general way, and is counted.
 *
 * A stamp keeps templates and the values of the last document, so one serves any number of documents. Every thread makes
 * its own.
 */
export type Stamp = Options & {
  readonly entries: Map<string, Entry>
  readonly tally: Mutable<Tally>
  /** How many bytes more templates may take. */
  room: number
  /** Those that were compiled last. */
  proofOptions?: Template.ProofOptions
}

/** How documents were made, by number: signed, written or canonised. */
export type Tally = {
  readonly stamped: number
  /** Made both ways, as the first of their outline. */
  readonly compared: number
  /** Made the general way because of their outline, because of a value, or because a statement repeated another. */
  readonly outline: number
  readonly value: number
  readonly repeated: number
}

/** A first proof, and the digest (32 bytes) of the document with it. */
export type Signed = { readonly proof: DataIntegrity.Proof; readonly documentDigest: Uint8Array }

type Mutable<type> = { -readonly [name in keyof type]: type[name] }

/** What is made of fields; of texts, with which indentation. */
type Work = 'sign' | 'canonize' | 0 | 2

/** What has been found out about an outline. The statements are compiled when they are first asked for. */
type Entry = {
  text: Template.Text | undefined
  quads?: Template.Quads | null
  /** What has been made both ways, and was the same. */
  readonly compared: Set<Work>
}

/** A roster in which every row fills other columns has many outlines. Their templates take no more than this, about. */
const maximumBytes = 64 * 1024 * 1024

/** Makes a stamp. */
export function create(options: Options): Stamp {
  const tally = { stamped: 0, compared: 0, outline: 0, value: 0, repeated: 0 }
  return { ...options, entries: new Map(), tally, room: maximumBytes }
}

/**
 * Makes the first proof of a document (`eddsa-rdfc-2022`): the signer is given 64 bytes and answers with 64.
 *
 * @throws {Shape.ShapeError}, what `check` throws, what {@link Rdfc.canonize} throws, and what the signer throws
 */
export async function sign(
  stamp: Stamp,
  fields: Json.Object,
  options: { readonly id: string; readonly created: string },
  signer: DataIntegrity.Sign,
): Promise<Signed> {
  const inked = ink(stamp, fields, [options.id, options.created])
  const message = inked && messageOf(inked)
  if (inked === undefined || message === undefined) {
    if (inked !== undefined) stamp.tally.repeated++
    return signGenerally(stamp, fields, options, signer)
  }
  if (!inked.entry.compared.has('sign')) return signBothWays(stamp, fields, options, signer, inked)
  stamp.check(fields)
  const proofValue = Multibase.toBase58(await signer(message))
  const proof = Template.proof(stamp, options.id, options.created, proofValue)
  const documentDigest = digestOf(inked, proofValue)
  stamp.tally[documentDigest === undefined ? 'repeated' : 'stamped']++
  return { proof, documentDigest: documentDigest ?? digestGenerally(stamp.layout(fields), proof) }
}

/**
 * The document with the proofs given, as JSON text: the same as `JSON.stringify({ ...document, proof }, null, indent)`.
 *
 * @param indent spaces of indentation; 0 for none, without line breaks
 * @throws {Shape.ShapeError} and what `check` throws
 */
export function text(stamp: Stamp, fields: Json.Object, proof: readonly Json.Object[], indent: 0 | 2): string {
  const stamped = stampText(stamp, fields, proof, indent)
  if (stamped?.entry.compared.has(indent)) {
    stamp.check(fields)
    stamp.tally.stamped++
    return stamped.text
  }
  const general = JSON.stringify({ ...document(stamp, fields), proof }, null, indent)
  if (stamped !== undefined) compare(stamp, stamped.entry, indent, stamped.text === general)
  return general
}

/**
 * The canonical N-Quads of a document without proof.
 *
 * @throws {Shape.ShapeError}, what `check` throws, and what {@link Rdfc.canonize} throws
 */
export function canonize(stamp: Stamp, fields: Json.Object): string {
  const inked = ink(stamp, fields, [])
  const stamped = inked && Template.toText(Statements.write(inked.quads.unsecured, inked.forms, inked.hashes))
  if (inked?.entry.compared.has('canonize') && stamped !== undefined) {
    stamp.check(fields)
    stamp.tally.stamped++
    return stamped
  }
  const general = Rdfc.canonize(document(stamp, fields))
  if (inked !== undefined && stamped === undefined) stamp.tally.repeated++
  else if (inked !== undefined) compare(stamp, inked.entry, 'canonize', stamped === general)
  return general
}

/** Values in their places: what is left is to write. */
type Inked = {
  readonly entry: Entry
  readonly quads: Template.Quads
  /** Of the fields, then of the proof as far as it is known. */
  readonly forms: readonly string[]
  readonly hashes: Statements.Hashes
}

/** Puts values into the template of their outline; undefined, and counted, where that is not proven to be right. */
function ink(stamp: Stamp, fields: Json.Object, proof: readonly string[]): Inked | undefined {
  const found = find(stamp, fields)
  if (found === undefined) return undefined
  const { entry, values } = found
  if (entry.quads === undefined) entry.quads = compile(stamp, fields, values) ?? null
  const { quads } = entry
  if (quads === null) {
    stamp.tally.outline++
    return undefined
  }
  const forms = Template.quadForms(quads, [...values, ...proof])
  if (forms === undefined) {
    stamp.tally.value++
    return undefined
  }
  return { entry, quads, forms, hashes: new Map() }
}

/** The statements of an outline; undefined where they cannot be had, which the general way tells in its own words. */
function compile(stamp: Stamp, fields: Json.Object, values: readonly Outline.Value[]): Template.Quads | undefined {
  try {
    const quads = Template.compileQuads(stamp, fields, values, stamp.proofOptions)
    if (quads !== undefined) stamp.proofOptions = quads.options
    return quads
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
}

function stampText(
  stamp: Stamp,
  fields: Json.Object,
  proof: readonly Json.Object[],
  indent: 0 | 2,
): { readonly entry: Entry; readonly text: string } | undefined {
  const found = find(stamp, fields)
  if (found === undefined) return undefined
  const { entry, text, values } = found
  const body = JsonText.write(indent === 0 ? text.compact : text.pretty, values.map(Template.jsonForm))
  // A member more, at the end, is written as it is where it stands alone.
  const member = JSON.stringify({ proof }, null, indent).slice(1)
  return { entry, text: `${body.slice(0, indent === 0 ? -1 : -2)},${member}` }
}

/** The template of fields whose values meet its conditions; otherwise undefined, and counted. */
function find(
  stamp: Stamp,
  fields: Json.Object,
): { readonly entry: Entry; readonly text: Template.Text; readonly values: readonly Outline.Value[] } | undefined {
  const { entries, tally } = stamp
  const reading = Outline.read(fields)
  let entry = reading && entries.get(reading.outline)
  if (entry === undefined && reading !== undefined && stamp.room > 0) {
    entry = { text: Template.compileText(stamp, fields, reading.values), compared: new Set() }
    entries.set(reading.outline, entry)
    stamp.room -= 2 * reading.outline.length + (entry.text === undefined ? 0 : Template.sizeOf(entry.text))
  }
  if (entry?.text === undefined || reading === undefined) {
    tally.outline++
    return undefined
  }
  if (!Conditions.areMet(entry.text.conditions, reading.values)) {
    tally.value++
    return undefined
  }
  return { entry, text: entry.text, values: reading.values }
}

/** The 64 bytes that are signed (VC EdDSA Cryptosuites 1.0 §3.2.4): the hash of the proof's options stands first. */
function messageOf({ quads, forms, hashes }: Inked): Uint8Array | undefined {
  const options = digest(Statements.write(quads.options.statements, forms.slice(-2), new Map()))
  const content = digest(Statements.write(quads.unsecured, forms, hashes))
  return options && content && Bytes.concat(options, content)
}

function digestOf({ quads, forms, hashes }: Inked, proofValue: string): Uint8Array | undefined {
  return digest(Statements.write(quads.secured, [...forms, proofValue], hashes))
}

function digest(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes && Sha256.digest(bytes)
}

async function signBothWays(
  stamp: Stamp,
  fields: Json.Object,
  options: { readonly id: string; readonly created: string },
  signer: DataIntegrity.Sign,
  inked: Inked,
): Promise<Signed> {
  let signedMessage = new Uint8Array()
  const signed = await signGenerally(stamp, fields, options, (bytes) => {
    signedMessage = Uint8Array.from(bytes)
    return signer(bytes)
  })
  const [message, digest] = [messageOf(inked), digestOf(inked, signed.proof.proofValue)]
  const isSame =
    message !== undefined &&
    digest !== undefined &&
    Bytes.equals(message, signedMessage) &&
    Bytes.equals(digest, signed.documentDigest)
  compare(stamp, inked.entry, 'sign', isSame)
  return signed
}

async function signGenerally(
  stamp: Stamp,
  fields: Json.Object,
  options: { readonly id: string; readonly created: string },
  signer: DataIntegrity.Sign,
): Promise<Signed> {
  const unsecured = document(stamp, fields)
  const { verificationMethod } = stamp
  const proof = await DataIntegrity.createRdfc(unsecured, { ...options, verificationMethod }, signer)
  return { proof, documentDigest: digestGenerally(unsecured, proof) }
}

function digestGenerally(unsecured: Json.Object, proof: DataIntegrity.Proof): Uint8Array {
  return Commitment.documentDigest({ ...unsecured, proof: [proof as unknown as Json.Object] }, proof.id as string)
}

/** Lets an outline be stamped from now on, or never. */
function compare({ tally }: Stamp, entry: Entry, work: Work, isSame: boolean): void {
  if (isSame) {
    entry.compared.add(work)
    tally.compared++
  } else {
    entry.text = undefined
    tally.outline++
  }
}

function document({ layout, className, check }: Stamp, fields: Json.Object): Json.Object {
  const unsecured = layout(fields)
  Shape.assert(unsecured, className)
  check(fields)
  return unsecured
}
