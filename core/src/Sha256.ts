import * as engine from '#Sha256'
import * as Bytes from './Bytes.ts'

/** SHA-256 of the concatenation of the parts: 32 bytes (FIPS 180-4). */
export function digest(...parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts
  return engine.digest(parts.length === 1 && first !== undefined ? first : Bytes.concat(...parts))
}

/** SHA-256 of a text as UTF-8: 32 bytes. */
export function digestOf(text: string): Uint8Array {
  return engine.digest(text)
}

/** SHA-256 of bytes, or of a text as UTF-8, in lower-case hexadecimal without prefix: 64 digits. */
export function hex(input: Uint8Array | string): string {
  return engine.hex(input)
}
