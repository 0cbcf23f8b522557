import { sha256 } from '@noble/hashes/sha2.js'

/** SHA-256 of the concatenation of the parts: 32 bytes (FIPS 180-4). */
export function digest(...parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return sha256(parts[0])
  const hash = sha256.create()
  for (const part of parts) hash.update(part)
  return hash.digest()
}
