import * as Commitment from './Commitment.ts'
import * as DataIntegrity from './DataIntegrity.ts'
import type * as Json from './Json.ts'
import * as Rdfc from './Rdfc.ts'
import * as Shape from './Shape.ts'

/** What all documents of a stamp have in common. */
export type Options = {
  /**
   * The document of some fields, without proof. It copies texts and numbers whole and unchanged, and what it does
   * depends on nothing but which members and items there are.
   */
  readonly layout: (fields: Json.Object) => Json.Object
  /** The class of the documents: nothing is stamped out that is not of its exact shape. */
  readonly className: Shape.ClassName
  /** Throws where the fields are of the right shape and make no sense together. */
  readonly check: (fields: Json.Object) => void
  /** Of the first proof: an absolute DID URL. */
  readonly verificationMethod: string
}

/**
 * What stamps out documents that differ in their fields alone. It keeps what it has learnt of them and nothing of
 * their values, so one serves any number of documents; every thread makes its own from the same options.
 */
export type Stamp = Options & { readonly tally: { -readonly [way in keyof Tally]: Tally[way] } }

/** How many documents were stamped, and how many went the general way instead. */
export type Tally = { readonly stamped: number; readonly general: number }

/** A first proof, and the digest (32 bytes) of the document with it. */
export type Signed = { readonly proof: DataIntegrity.Proof; readonly documentDigest: Uint8Array }

/** Makes a stamp. */
export function create(options: Options): Stamp {
  return { ...options, tally: { stamped: 0, general: 0 } }
}

/**
 * The canonical N-Quads of a document without proof: the same bytes as {@link Rdfc.canonize} of its layout.
 *
 * @throws {Shape.ShapeError}, what `check` throws, and what {@link Rdfc.canonize} throws
 */
export async function canonize(stamp: Stamp, fields: Json.Object): Promise<string> {
  return Rdfc.canonize(document(stamp, fields))
}

/**
 * Makes the first proof of a document (`eddsa-rdfc-2022`): the signer is given 64 bytes and answers with 64.
 *
 * @throws as {@link canonize}, and what the signer throws
 */
export async function sign(
  stamp: Stamp,
  fields: Json.Object,
  options: { readonly id: string; readonly created: string },
  signer: DataIntegrity.Sign,
): Promise<Signed> {
  const unsecured = document(stamp, fields)
  const { verificationMethod } = stamp
  const proof = await DataIntegrity.createRdfc(unsecured, { ...options, verificationMethod }, signer)
  const secured = { ...unsecured, proof: [proof as unknown as Json.Object] }
  return { proof, documentDigest: await Commitment.documentDigest(secured, options.id) }
}

/**
 * The document with the proofs given, as JSON text: the same as `JSON.stringify({ ...document, proof }, null, indent)`.
 *
 * @param indent spaces of indentation; none and no line breaks when 0
 * @throws as {@link canonize}, but for what only canonicalising finds out
 */
export function text(stamp: Stamp, fields: Json.Object, proof: readonly Json.Object[], indent: 0 | 2): string {
  return JSON.stringify({ ...document(stamp, fields), proof }, null, indent)
}

function document({ layout, className, check, tally }: Stamp, fields: Json.Object): Json.Object {
  tally.general++
  const unsecured = layout(fields)
  Shape.assert(unsecured, className)
  check(fields)
  return unsecured
}
