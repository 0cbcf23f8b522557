import * as Errors from './Errors.ts'
import * as Json from './Json.ts'
import type * as Rdfc from './Rdfc.ts'
import * as Sha256 from './Sha256.ts'
import * as UnsecuredDocument from './UnsecuredDocument.ts'

/**
 * The digest (32 bytes) of a credential with the one proof that a merkle proof names in `previousProof`; its other
 * proofs are left out.
 *
 * @param previousProof the `id` of that proof
 * @param unsecured reads the credential, where the caller has more use for that than this
 * @throws {PreviousProofError} PROOF_PREVIOUS when not exactly one proof has that id
 * @throws what {@link Rdfc.canonize} throws
 */
export function documentDigest(
  credential: Json.Object,
  previousProof: string,
  unsecured = () => UnsecuredDocument.read(credential),
): Uint8Array {
  const proofs = Json.isArray(credential.proof) ? credential.proof : []
  const named = proofs.filter(Json.isObject).filter(({ id }) => id === previousProof)
  if (named.length !== 1) throw new PreviousProofError()
  return UnsecuredDocument.digestWith(unsecured(), named)
}

/** SHA-256(documentDigest ‖ blind), all of 32 bytes. */
export function leaf(documentDigest: Uint8Array, blind: Uint8Array): Uint8Array {
  return Sha256.digest(documentDigest, blind)
}

/** The 32 bytes that are anchored: SHA-256(SHA-256(treeRoot ‖ ticketRoot) ‖ manifestDigest). */
export function root(treeRoot: Uint8Array, ticketRoot: Uint8Array, manifestDigest: Uint8Array): Uint8Array {
  return Sha256.digest(Sha256.digest(treeRoot, ticketRoot), manifestDigest)
}

/** Thrown when `previousProof` does not name exactly one proof of the credential. */
export class PreviousProofError extends Errors.BaseError<'PROOF_PREVIOUS'> {
  override readonly name = 'Commitment.PreviousProofError'
  constructor() {
    super('PROOF_PREVIOUS', 'The anchor does not name exactly one signature of this credential.')
  }
}
