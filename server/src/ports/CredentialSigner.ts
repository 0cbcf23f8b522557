/** The Ed25519 key that signs credentials. The secret half never leaves it. */
export type CredentialSigner = {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** @returns the Ed25519 signature, 64 bytes */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>
}
