import type * as Bytes from '@laurel/core/Bytes'

/** The secp256k1 key of the account that anchors. The secret half never leaves it. */
export type ChainSigner = {
  /** The account, in lower case. */
  readonly address: Bytes.Hex
  /** The coordinates of the public key, 32 bytes each. */
  readonly x: Uint8Array
  readonly y: Uint8Array
  /**
   * Signs 32 bytes as they are.
   *
   * @returns an ECDSA signature whose `s` is in the lower half of the order (EIP-2)
   */
  readonly signDigest: (
    digest: Uint8Array,
  ) => Promise<{ readonly r: Bytes.Hex; readonly s: Bytes.Hex; readonly yParity: 0 | 1 }>
}
