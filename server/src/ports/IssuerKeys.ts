import type { CredentialSigner } from './CredentialSigner.ts'

/** A key that is somewhere already. */
type Named = {
  /** Where it is, as `KeyUri.parse` reads it. */
  readonly uri: string
  /** Asked before it is written down that this is the issuer's key: whoever rejects leaves the place to another. */
  readonly demandFree: (publicKey: Uint8Array) => Promise<void>
}

/** Keeps the credential keys of issuers beside the home's own, those of each apart. */
export type IssuerKeys = {
  /**
   * The public half (32 bytes) of an issuer's key; made on the first call and on the disk when this returns. The same again
   * is the same key.
   *
   * @param generation from 1
   * @param named the key that is to be used, which is not in the home; one in the home when absent
   */
  make(issuer: string, generation: number, named?: Named): Promise<Uint8Array>
  /**
   * What signs with a key that was made. Rejects with `SIGNER_KEY_MISSING` where this machine does not have it, and with
   * `SIGNER_MISMATCH` where it has another in its place.
   */
  open(issuer: string, generation: number, publicKey: Uint8Array): Promise<CredentialSigner>
}
