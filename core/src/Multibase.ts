import { base58, base64urlnopad } from '@scure/base'
import * as Errors from './Errors.ts'

/** Multibase base58btc: `z` and the text. */
export function toBase58(bytes: Uint8Array): string {
  return `z${base58.encode(bytes)}`
}

/**
 * Reads multibase base58btc. Only the one text that {@link toBase58} writes is accepted for any bytes.
 *
 * @throws {EncodingError} MULTIBASE_INVALID
 */
export function fromBase58(text: string): Uint8Array {
  return decode(text, 'z', base58.decode, toBase58)
}

/** Multibase base64url without padding: `u` and the text. */
export function toBase64Url(bytes: Uint8Array): string {
  return `u${base64urlnopad.encode(bytes)}`
}

/**
 * Reads multibase base64url. Only the one text that {@link toBase64Url} writes is accepted for any bytes.
 *
 * @throws {EncodingError} MULTIBASE_INVALID
 */
export function fromBase64Url(text: string): Uint8Array {
  return decode(text, 'u', base64urlnopad.decode, toBase64Url)
}

function decode(
  text: string,
  prefix: 'z' | 'u',
  read: (text: string) => Uint8Array,
  write: (bytes: Uint8Array) => string,
): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = read(text.slice(1))
  } catch (cause) {
    throw new EncodingError(prefix, cause)
  }
  if (write(bytes) !== text) throw new EncodingError(prefix)
  return bytes
}

/** Thrown when a text is not multibase with the prefix demanded, or not its only spelling. */
export class EncodingError extends Errors.BaseError<'MULTIBASE_INVALID'> {
  override readonly name = 'Multibase.EncodingError'
  constructor(prefix: 'z' | 'u', cause?: unknown) {
    super('MULTIBASE_INVALID', `This is not multibase text that starts with "${prefix}".`, { facts: { prefix }, cause })
  }
}
