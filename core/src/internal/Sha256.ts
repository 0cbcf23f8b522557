import { sha256 } from '@noble/hashes/sha2.js'
import * as Bytes from '../Bytes.ts'

/** SHA-256 of some bytes: 32 bytes. */
export function digest(bytes: Uint8Array): Uint8Array {
  return sha256(bytes)
}

/** The same in hexadecimal. */
export function hex(input: Uint8Array | string): string {
  return Bytes.toHex(digest(typeof input === 'string' ? Bytes.fromUtf8(input) : input)).slice(2)
}
