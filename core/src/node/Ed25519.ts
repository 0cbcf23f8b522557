import { createPublicKey, type KeyObject, verify as verifyWith } from 'node:crypto'
import * as EdwardsPoint from '../internal/EdwardsPoint.ts'

// To make a key object takes a third of the time that verifying does, and there are fewer issuers than credentials.
const maximumKeys = 1000
const keys = new Map<string, KeyObject>()

/** What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410 §4). */
const prefix = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * Verifies a signature (64 bytes) with a public key (32 bytes), just as strictly as the twin for browsers.
 *
 * OpenSSL checks that S is below the order of the group and that R is the encoding of [S]B − [k]A, byte for byte. What it
 * thinks of points of small order depends on its version.
 */
export function verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (!EdwardsPoint.isInUse(signature.subarray(0, 32)) || !EdwardsPoint.isInUse(publicKey)) return false
  return verifyWith(null, message, keyOf(publicKey), signature)
}

function keyOf(publicKey: Uint8Array): KeyObject {
  const text = Buffer.from(publicKey).toString('latin1')
  const known = keys.get(text)
  if (known !== undefined) return known
  const key = createPublicKey({ key: Buffer.concat([prefix, publicKey]), format: 'der', type: 'spki' })
  if (keys.size === maximumKeys) keys.clear()
  keys.set(text, key)
  return key
}
