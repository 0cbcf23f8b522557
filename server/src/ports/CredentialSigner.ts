/** The Ed25519 key that signs credentials. The secret half never leaves it. */
export type CredentialSigner = {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /**
   * Signs messages, each for itself: all of them, or none where it rejects. One that is far away, or a chip, is asked
   * once for many.
   *
   * @returns the Ed25519 signatures, 64 bytes each, in order
   */
  readonly sign: (messages: readonly Uint8Array[]) => Promise<readonly Uint8Array[]>
}
