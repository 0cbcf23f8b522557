import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToNumberLE } from '@noble/curves/utils.js'
import { sha512 } from '@noble/hashes/sha2.js'
import * as Bytes from '../Bytes.ts'
import * as EdwardsPoint from './EdwardsPoint.ts'

const { BASE, Fn } = ed25519.Point

/**
 * Verifies a signature (64 bytes) with a public key (32 bytes), just as strictly as the twin for Node.
 *
 * RFC 8032 §5.1.7 lets the encodings of R be compared instead of multiplying by the cofactor. With the cofactor, as the
 * library does it, who has the key could make signatures that some programs accept and others refuse.
 *
 * @throws what the library throws for what is no point
 */
export function verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const r = signature.subarray(0, 32)
  const s = bytesToNumberLE(signature.subarray(32))
  if (s >= Fn.ORDER || !EdwardsPoint.isInUse(r) || !EdwardsPoint.isInUse(publicKey)) return false
  const k = Fn.create(bytesToNumberLE(sha512(Bytes.concat(r, publicKey, message))))
  const product = ed25519.Point.fromBytes(publicKey).multiplyUnsafe(k)
  return Bytes.equals(BASE.multiplyUnsafe(s).subtract(product).toBytes(), r)
}
