import { hash, timingSafeEqual } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'

/** What opens something to whoever has it, and what is kept of it. */
export type Token = { readonly text: string; readonly digest: Uint8Array }

/** Makes a token of 32 random bytes. */
export function create(random: Uint8Array): Token {
  if (random.length !== 32) throw new TypeError('A token is made of 32 random bytes')
  const text = Buffer.from(random).toString('base64url')
  return { text, digest: digestOf(text) }
}

/**
 * What is kept of a token. Hostile text: what can be none has a digest that is none's. A fast hash is enough, because
 * nobody guesses 32 random bytes; and because what is looked up is the digest, how long that takes tells nothing.
 */
export function digestOf(text: string): Uint8Array {
  return hash('sha256', text, 'buffer')
}

/** Eight digits, each as likely as the others, of 32 random bytes. */
export function code(random: Uint8Array): string {
  return String(BigInt(Bytes.toHex(random)) % 100_000_000n).padStart(8, '0')
}

/** What is kept of a code, which belongs to one challenge. */
export function codeDigest(challenge: Uint8Array, code: string): Uint8Array {
  return hash('sha256', Bytes.concat(challenge, Bytes.fromUtf8(code)), 'buffer')
}

/** Takes as long for digests that differ as for those that do not. */
export function equals(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** What a signature answers a challenge with: it is no secret, and who has it alone has not been challenged. */
export function nonceOf(challenge: Uint8Array): string {
  return Bytes.toHex(challenge).slice(2, 34)
}
