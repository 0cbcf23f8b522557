import * as Errors from './Errors.ts'

/** Lower-case hexadecimal with the prefix `0x`, an even number of digits. */
export type Hex = `0x${string}`

const digits = '0123456789abcdef'
const encoder = new TextEncoder()

/** Writes bytes as `0x` and lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): Hex {
  let text = ''
  for (const byte of bytes) text += digits.charAt(byte >> 4) + digits.charAt(byte & 15)
  return `0x${text}`
}

/**
 * Reads `0x` and hexadecimal of either case.
 *
 * @param size the number of bytes demanded; any when absent
 * @throws {InvalidHexError} when the text is anything else
 */
export function fromHex(text: string, size?: number): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(text)) throw new InvalidHexError(size)
  const bytes = new Uint8Array((text.length - 2) / 2)
  if (size !== undefined && bytes.length !== size) throw new InvalidHexError(size)
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = 16 * digitOf(text.charCodeAt(2 + 2 * i)) + digitOf(text.charCodeAt(3 + 2 * i))
  return bytes
}

/** The value of a hexadecimal digit by its code: the letters come after the digits, and small ones differ in one bit. */
function digitOf(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57
}

/** Joins byte strings in order. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const joined = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Whether two byte strings are the same. Not constant-time: for public values only. */
export function equals(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Encodes text as UTF-8. */
export function fromUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** An unsigned integer as `size` big-endian bytes. The caller guarantees that it fits. */
export function fromUint(value: number | bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let rest = BigInt(value)
  for (let i = size - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  if (rest !== 0n) throw new TypeError(`${value} does not fit in ${size} bytes`)
  return bytes
}

/** Thrown when a text is not `0x` and an even number of hexadecimal digits, or not of the size demanded. */
export class InvalidHexError extends Errors.BaseError<'HEX_INVALID'> {
  override readonly name = 'Bytes.InvalidHexError'
  constructor(size?: number) {
    super(
      'HEX_INVALID',
      `This is not 0x and ${size === undefined ? 'an even number of' : 2 * size} hexadecimal digits.`,
    )
  }
}
