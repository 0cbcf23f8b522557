const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

/** CRC-32 as gzip (RFC 1952 §8) and PNG (§D) have it, of the parts one after another: an unsigned integer. */
export function crc32(...parts: readonly Uint8Array[]): number {
  let value = 0xffffffff
  for (const part of parts) for (const byte of part) value = (table[(value ^ byte) & 255] as number) ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}
