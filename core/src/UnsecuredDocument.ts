import type * as Json from './Json.ts'
import * as JsonLd from './JsonLd.ts'
import * as Rdfc from './Rdfc.ts'
import * as Sha256 from './Sha256.ts'

/** A document without its proofs (VC Data Integrity 1.0 §1.1), read once for everything that is hashed of it. */
export type UnsecuredDocument = { readonly reading: JsonLd.Reading; readonly hashes: Rdfc.Hashes }

/**
 * Reads a document without its proofs.
 *
 * @throws what {@link JsonLd.statements} throws
 */
export function read({ proof: _, ...document }: Json.Object): UnsecuredDocument {
  return { reading: JsonLd.read(document), hashes: new Map() }
}

/**
 * SHA-256 of the canonical form (RDFC-1.0) of the document: 32 bytes.
 *
 * @throws {Rdfc.LimitError} CANON_LIMIT
 */
export function digest({ reading, hashes }: UnsecuredDocument): Uint8Array {
  return Sha256.digestOf(Rdfc.canonizeStatements(reading.statements, hashes))
}

/**
 * SHA-256 of the canonical form of the document with proofs: 32 bytes.
 *
 * @throws what {@link Rdfc.canonize} throws
 */
export function digestWith({ reading, hashes }: UnsecuredDocument, proofs: readonly Json.Object[]): Uint8Array {
  return Sha256.digestOf(Rdfc.canonizeStatements(JsonLd.extend(reading, 'proof', proofs), hashes))
}
