import { ed25519 } from '@noble/curves/ed25519.js'
import * as engine from '#Ed25519'

/** The public key (32 bytes) of a seed (32 bytes), RFC 8032 §5.1.5. */
export function publicKey(seed: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(seed)
}

/** Signs a message of any length with a seed (32 bytes): 64 bytes, RFC 8032 §5.1.6. */
export function sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, seed)
}

/**
 * Verifies a signature (RFC 8032 §5.1.7, FIPS 186-5), with the same answer everywhere: no S beyond the group order, no
 * encoding that is not canonical, no key and no R of small order, nothing that only the cofactor forgives. Anything
 * malformed is false.
 */
export function verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false
  try {
    return engine.verify(signature, message, publicKey)
  } catch {
    return false
  }
}
