import { crc32 as update } from 'node:zlib'

/** CRC-32 of the parts one after another, by zlib. */
export function crc32(...parts: readonly Uint8Array[]): number {
  return parts.reduce((value, part) => update(part, value), 0)
}
