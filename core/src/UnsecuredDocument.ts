import * as Outline from './internal/Outline.ts'
import type * as Json from './Json.ts'
import * as JsonLd from './JsonLd.ts'
import * as Rdfc from './Rdfc.ts'
import * as Repertoire from './Repertoire.ts'
import * as Sha256 from './Sha256.ts'

/** A document without its proofs (VC Data Integrity 1.0 §1.1), read once for everything that is hashed of it. */
export type UnsecuredDocument = {
  readonly document: Json.Object
  /**
   * What it says, read when it is first asked for.
   *
   * @throws what {@link JsonLd.statements} throws
   */
  readonly reading: () => JsonLd.Reading
  readonly hashes: Rdfc.Hashes
  /** What is remembered of others, where somebody remembers, and what they have to have in common with it. */
  readonly remembered: Remembered | undefined
}

type Remembered = { readonly repertoire: Repertoire.Repertoire; readonly outline: Outline.Reading | undefined }

/**
 * Reads a document without its proofs.
 *
 * @param repertoire what is remembered of other documents; it makes no difference but in speed
 */
export function read({ proof: _, ...document }: Json.Object, repertoire?: Repertoire.Repertoire): UnsecuredDocument {
  let reading: JsonLd.Reading | undefined
  return {
    document,
    reading: () => {
      reading ??= JsonLd.read(document)
      return reading
    },
    hashes: new Map(),
    remembered: repertoire && { repertoire, outline: Outline.read(document) },
  }
}

/**
 * SHA-256 of the canonical form (RDFC-1.0) of the document: 32 bytes.
 *
 * @throws {Rdfc.LimitError} CANON_LIMIT
 * @throws what {@link JsonLd.statements} throws
 */
export function digest({ document, reading, hashes, remembered }: UnsecuredDocument): Uint8Array {
  const generally = () => Sha256.digestOf(Rdfc.canonizeStatements(reading().statements, hashes))
  if (remembered === undefined) return generally()
  return Repertoire.digest(remembered.repertoire, document, remembered.outline, generally)
}

/**
 * SHA-256 of the canonical form of the document with proofs: 32 bytes.
 *
 * @throws what {@link Rdfc.canonize} throws
 */
export function digestWith(unsecured: UnsecuredDocument, proof: readonly Json.Object[]): Uint8Array {
  const { document, reading, hashes, remembered } = unsecured
  const generally = () => Sha256.digestOf(Rdfc.canonizeStatements(JsonLd.extend(reading(), 'proof', proof), hashes))
  if (remembered === undefined) return generally()
  const outline = remembered.outline && Outline.extend(remembered.outline, 'proof', proof)
  return Repertoire.digest(remembered.repertoire, { ...document, proof }, outline, generally)
}

/**
 * SHA-256 of the canonical form of the options of one of its proofs, in the document's context: 32 bytes.
 *
 * @throws what {@link Rdfc.canonize} throws
 */
export function digestOptions({ remembered }: UnsecuredDocument, options: Json.Object): Uint8Array {
  const generally = () => Sha256.digestOf(Rdfc.canonize(options))
  if (remembered === undefined) return generally()
  return Repertoire.digest(remembered.repertoire, options, Outline.read(options), generally)
}
