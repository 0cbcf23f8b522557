import { sha256 } from '@noble/hashes/sha2.js'
import * as Bytes from '../Bytes.ts'

/** SHA-256 of bytes, or of a text as UTF-8: 32 bytes. */
export function digest(input: Uint8Array | string): Uint8Array {
  return sha256(typeof input === 'string' ? Bytes.fromUtf8(input) : input)
}

/** The same in hexadecimal. */
export function hex(input: Uint8Array | string): string {
  return Bytes.toHex(digest(input)).slice(2)
}
