import { base64urlnopad } from '@scure/base'
import * as Errors from './Errors.ts'
import * as Base58 from './internal/Base58.ts'
import * as Base64Url from './internal/Base64Url.ts'

/** Multibase base58btc of at most 2,999 bytes: `z` and the text. */
export function toBase58(bytes: Uint8Array): string {
  return `z${Base58.encode(bytes)}`
}

/**
 * Writes many byte strings like {@link toBase58}, which share most of their bytes as counted from their ends: all but
 * the first cost a fraction.
 */
export function base58Writer(): (bytes: Uint8Array) => string {
  const encode = Base58.encoder()
  return (bytes) => `z${encode(bytes)}`
}

/**
 * Reads multibase base58btc of at most 2,999 bytes. Only the one text that {@link toBase58} writes is accepted for any
 * bytes; there is no other with letters of its alphabet.
 *
 * @throws {EncodingError} MULTIBASE_INVALID
 */
export function fromBase58(text: string): Uint8Array {
  const bytes = text.startsWith('z') ? Base58.decode(text.slice(1)) : undefined
  if (bytes === undefined) throw new EncodingError('z')
  return bytes
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
  const bytes = text.startsWith('u') ? Base64Url.decode(text.slice(1)) : undefined
  if (bytes === undefined) throw new EncodingError('u')
  return bytes
}

/** Thrown when a text is not multibase with the prefix demanded, or not its only spelling. */
export class EncodingError extends Errors.BaseError<'MULTIBASE_INVALID'> {
  override readonly name = 'Multibase.EncodingError'
  constructor(prefix: 'z' | 'u') {
    super('MULTIBASE_INVALID', `This is not multibase text that starts with "${prefix}".`, { facts: { prefix } })
  }
}
