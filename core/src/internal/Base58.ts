import * as Bytes from '../Bytes.ts'
import * as Radix from './Radix.ts'

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const letters = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0))
const values = new Int8Array(128).fill(-1)
for (const [value, letter] of letters.entries()) values[letter] = value

// Three bytes make a digit of one base, three letters one of the other.
const chunk = 3
const toLetters = Radix.table(256 ** chunk, 58 ** chunk)
const toBytes = Radix.table(58 ** chunk, 256 ** chunk)

// More than any proof has, and so few that nobody's text takes long.
const maximumLetters = 4096

/** How many bytes are written and read: as many as always go into so many letters. */
export const maximumBytes = Math.floor((maximumLetters * Math.log(58)) / Math.log(256))

/** Writes at most {@link maximumBytes} in base58btc. */
export function encode(bytes: Uint8Array): string {
  return encoder()(bytes)
}

/**
 * Writes byte strings that have much in common, counted from their ends: those after the first cost only what is
 * different.
 */
export function encoder(): (bytes: Uint8Array) => string {
  const convert = Radix.converter(toLetters)
  return (bytes) => {
    if (bytes.length > maximumBytes) throw new TypeError(`Base58 is not for more than ${maximumBytes} bytes`)
    const padded = new Uint8Array(chunk * Math.ceil(bytes.length / chunk))
    padded.set(bytes, padded.length - bytes.length)
    const digits = convert(numbers(padded, 256))
    const text = new Uint8Array(chunk * digits.length)
    for (let i = 0, end = text.length; i < digits.length; i++, end -= chunk) {
      const digit = digits[i] as number
      const upper = Math.floor(digit / 58)
      const top = Math.floor(upper / 58)
      text[end - 1] = letters[digit - upper * 58] as number
      text[end - 2] = letters[upper - top * 58] as number
      text[end - 3] = letters[top] as number
    }
    // Every zero byte in front is a letter of its own; other zeros in front are none of the number.
    return '1'.repeat(leading(bytes, 0)) + ascii.decode(text.subarray(leading(text, letters[0] as number)))
  }
}

/** The bytes of a text in base58btc; undefined when it is none, or too long. No two texts have the same bytes. */
export function decode(text: string): Uint8Array | undefined {
  if (text.length > maximumLetters) return undefined
  const padded = new Uint8Array(chunk * Math.ceil(text.length / chunk))
  const first = padded.length - text.length
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? -1
    if (value < 0) return undefined
    padded[first + i] = value
  }
  const digits = Radix.converter(toBytes)(numbers(padded, 58))
  const bytes = new Uint8Array(chunk * digits.length)
  for (let i = 0, end = bytes.length; i < digits.length; i++, end -= chunk) {
    const digit = digits[i] as number
    bytes[end - 1] = digit
    bytes[end - 2] = digit / 256
    bytes[end - 3] = digit / 256 ** 2
  }
  const found = Bytes.concat(new Uint8Array(leading(padded.subarray(first), 0)), bytes.subarray(leading(bytes, 0)))
  return found.length > maximumBytes ? undefined : found
}

const ascii = new TextDecoder()

/** Each three digits of a base as one number; the last three first. */
function numbers(digits: Uint8Array, base: number): Float64Array {
  const found = new Float64Array(digits.length / chunk)
  for (let i = 0, at = digits.length - chunk; at >= 0; i++, at -= chunk)
    found[i] = ((digits[at] as number) * base + (digits[at + 1] as number)) * base + (digits[at + 2] as number)
  return found
}

/** How many bytes at the beginning are this one. */
function leading(bytes: Uint8Array, byte: number): number {
  let count = 0
  while (count < bytes.length && bytes[count] === byte) count++
  return count
}
