import { secp256k1 } from '@noble/curves/secp256k1.js'

/** An ECDSA signature as a transaction needs it (EIP-1559): s in the lower half of the order (EIP-2). */
export type Recoverable = { readonly r: Uint8Array; readonly s: Uint8Array; readonly yParity: 0 | 1 }

/** The 64 bytes of r and s of a signature in DER (X9.62, RFC 3279 §2.2.3); `undefined` where it is none. */
export function fromDer(der: Uint8Array): Uint8Array | undefined {
  try {
    return secp256k1.Signature.fromBytes(der, 'der').toBytes('compact')
  } catch {
    return undefined
  }
}

/**
 * Makes of r and s what a transaction needs. A device knows neither that of the two values of s only the lower one counts,
 * nor which of the two points with the coordinate r was meant: the one is computed, the other found by trying both, and
 * with it is shown that the key has signed.
 *
 * @param signature r and s, 64 bytes
 * @param publicKey its two coordinates, 64 bytes
 * @returns `undefined` where it is no signature of the key
 */
export function recoverable(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): Recoverable | undefined {
  try {
    const { r, s } = secp256k1.Signature.fromBytes(signature, 'compact')
    const order = secp256k1.Point.Fn.ORDER
    const low = new secp256k1.Signature(r, s > order / 2n ? order - s : s)
    for (const yParity of [0, 1] as const) {
      const point = low.addRecoveryBit(yParity).recoverPublicKey(digest).toBytes(false).subarray(1)
      if (point.every((byte, i) => byte === publicKey[i])) {
        const bytes = low.toBytes('compact')
        return { r: bytes.slice(0, 32), s: bytes.slice(32), yParity }
      }
    }
  } catch {
    // No numbers below the order, or no point of the curve.
  }
  return undefined
}
