import * as Bytes from '@laurel/core/Bytes'
import type { Randomness } from './ports/Randomness.ts'

/** A random UUID as a URN (RFC 9562 §5.4): 122 random bits. */
export function urn(randomness: Randomness): string {
  const bytes = Uint8Array.from(randomness.bytes(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Bytes.toHex(bytes).slice(2)
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The UUID of a URN: what a file of its own is called. */
export function name(urn: string): string {
  return urn.replace(/^urn:uuid:/, '')
}
