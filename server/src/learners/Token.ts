import { hash, timingSafeEqual } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'
import * as Session from '../access/Session.ts'

/** What opens something to whoever has it, and what is kept of it. */
export type Token = { readonly text: string; readonly digest: Uint8Array }

/** Makes a token of 32 random bytes. */
export function create(random: Uint8Array): Token {
  const text = Session.secretOf(random)
  return { text, digest: digestOf(text) }
}

/**
 * What is kept of a token. Hostile text: what can be none has a digest that is none's. Because what is looked up is the
 * digest, how long that takes tells nothing.
 */
export const digestOf = Session.digestOf

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
