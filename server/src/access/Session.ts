import { hash } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'

/**
 * How long a person stays signed in, in milliseconds: without doing anything; at all; and since they have shown who they
 * are, for what they have to have done so lately.
 */
export const lasts = {
  idle: 30 * 60 * 1_000,
  absolute: 12 * 60 * 60 * 1_000,
  recent: 10 * 60 * 1_000,
} as const

/** How long after it was last written down that somebody was there it is written down again, in milliseconds. */
export const noticed = 60 * 1_000

/** How somebody has shown who they are. */
export type Method = 'link' | 'code' | 'passkey' | 'invitation'

/** A session as it is kept. Times are in milliseconds since 1970. */
export type Session = {
  /** Says nothing; by it a session is listed and ended. */
  readonly id: string
  readonly member: string
  readonly organisation: string
  readonly method: Method
  /** The browser and the system in a few words of ours. */
  readonly agent: string
  readonly createdAt: number
  readonly provenAt: number
  readonly seenAt: number
  readonly endsAt: number
}

/** What a browser that signs in is given, before it is known who it is: all but whose it is. */
export type Opening = Omit<Session, 'member' | 'organisation'> & {
  /** SHA-256 of the secret (32 bytes), which is all of it that is kept. */
  readonly digest: Uint8Array
}

/**
 * Makes a session. The secret goes into the cookie and is kept nowhere.
 *
 * @param random 40 random bytes
 */
export function create(
  random: Uint8Array,
  { method, agent, now }: { readonly method: Method; readonly agent: string; readonly now: number },
): { readonly secret: string; readonly opening: Opening } {
  if (random.length !== 40) throw new TypeError('A session is made of 40 random bytes')
  const secret = secretOf(random.subarray(8))
  return {
    secret,
    opening: {
      id: Bytes.toHex(random.subarray(0, 8)).slice(2),
      digest: digestOf(secret),
      ...{ method, agent },
      ...{ createdAt: now, provenAt: now, seenAt: now, endsAt: now + lasts.absolute },
    },
  }
}

/** 32 random bytes as text that stands in a cookie, a link or a form: 43 characters of base64url. */
export function secretOf(random: Uint8Array): string {
  if (random.length !== 32) throw new TypeError('A secret is made of 32 random bytes')
  return Buffer.from(random).toString('base64url')
}

/** Whether a text may be a secret of ours. Hostile text. */
export function isSecret(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}

/** What is kept of a secret. A fast hash is enough: nobody guesses 32 random bytes. */
export function digestOf(secret: string): Uint8Array {
  return hash('sha256', secret, 'buffer')
}

/** What a change has to come with that a cookie carries: only pages of ours can know it. */
export function csrfOf(secret: string): string {
  return hash('sha256', `laurel/csrf/v1 ${secret}`, 'base64url')
}

/** Whether a session is over: ended by the time, or by nobody being there. */
export function isOver({ seenAt, endsAt }: Pick<Session, 'seenAt' | 'endsAt'>, now: number): boolean {
  return now >= endsAt || now - seenAt >= lasts.idle
}

const browsers = [
  ['Edge', /\bEdgA?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const

const systems = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad)\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
] as const

/** The browser and the system that a User-Agent names, in words of ours alone. Hostile text. */
export function agentOf(header: string | undefined): string {
  const text = header?.slice(0, 1_000) ?? ''
  const named = (list: readonly (readonly [string, RegExp])[]) => list.find(([, pattern]) => pattern.test(text))?.[0]
  const system = named(systems)
  return `${named(browsers) ?? 'A program'}${system === undefined ? '' : ` on ${system}`}`
}

/** Thrown when whoever asks has no such session. */
export class UnknownError extends Errors.BaseError<'SESSION_UNKNOWN'> {
  override readonly name = 'Session.UnknownError'
  constructor() {
    super('SESSION_UNKNOWN', 'You have no session with this id.')
  }
}
