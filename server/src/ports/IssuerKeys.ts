import type { CredentialSigner } from './CredentialSigner.ts'

/** Keeps the credential keys of issuers beside the home's own, those of each apart. */
export type IssuerKeys = {
  /**
   * The public half (32 bytes) of an issuer's key; made on the first call and on the disk when this returns. The same again
   * is the same key.
   *
   * @param generation from 1
   * @param uri where the key is that is to be used, as `KeyUri.parse` reads it; in the home when absent
   */
  make(issuer: string, generation: number, uri?: string): Promise<Uint8Array>
  /**
   * What signs with a key that was made. Rejects with `SIGNER_KEY_MISSING` where this machine does not have it, and with
   * `SIGNER_MISMATCH` where it has another in its place.
   */
  open(issuer: string, generation: number, publicKey: Uint8Array): Promise<CredentialSigner>
}
