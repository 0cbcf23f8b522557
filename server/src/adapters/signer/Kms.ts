import { createPublicKey } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type * as KeyUri from '../../KeyUri.ts'
import { type Kind, SignerError } from './RemoteKey.ts'
import * as Slots from './Slots.ts'

/** How a service over HTTP is asked for signatures. Milliseconds. */
export type Manner = {
  /** How many requests are under way at once. */
  readonly width: number
  /** How long one may take. */
  readonly timeout: number
  /** For how long is tried again what may be asked again: its requests and pauses count, waiting for its turn does not. */
  readonly patience: number
  /** The longest first pause; each further one may be twice as long. */
  readonly pause: number
  readonly now: () => number
}

/**
 * What the services let an account do by default is some hundred signatures in a second; a request takes some twenty
 * milliseconds.
 */
export const manner: Manner = { width: 32, timeout: 10_000, patience: 30_000, pause: 100, now: Date.now }

/** The longest pause between two requests, in milliseconds. */
const longestPause = 5_000

/** The largest answer that is read, in bytes: public keys and errors are far shorter. */
const largestAnswer = 64 * 1024

/** One answer: its status, the JSON in it, and by how much the other clock is ahead of ours, in milliseconds. */
export type Answer = { readonly status: number; readonly body: Body; readonly ahead: number }
export type Body = { readonly [member: string]: unknown }

/** What becomes of an answer: a value, a refusal for good, or another request after a pause. */
export type Verdict<value> =
  | { readonly value: value }
  | { readonly refused: SignerError }
  | { readonly again: SignerError; readonly at?: 'once' }

export type Question<value> = {
  /** Made anew for each request, so that it has the time of its sending. */
  readonly request: () => Promise<{ readonly url: string; readonly init: RequestInit }>
  readonly judge: (answer: Answer) => Verdict<value>
}

export type Asking = <value>(question: Question<value>, signal: AbortSignal) => Promise<value>

/**
 * Asks a service, a few requests at once. What it could not do for the moment is asked for again after pauses that are
 * drawn at random from ever longer spans, so that those who were turned away together do not come back together; then the
 * last reason is thrown.
 */
export function create(uri: KeyUri.KeyUri, manner: Manner): Asking {
  const slots = Slots.create(manner.width)
  return async (question, signal) => {
    let spent = 0
    for (let longest = manner.pause; ; longest = Math.min(longest * 2, longestPause)) {
      const verdict = await slots(async () => {
        const began = performance.now()
        const answered = await ask(uri, question, manner, signal)
        spent += performance.now() - began
        return answered
      }, signal)
      if ('value' in verdict) return verdict.value
      if ('refused' in verdict) throw verdict.refused
      // What was wrong with the request itself is mended by now.
      if (verdict.at === 'once') continue
      const wait = Math.random() * longest
      spent += wait
      if (spent > manner.patience) throw verdict.again
      await pause(wait, undefined, { signal })
    }
  }
}

async function ask<value>(
  uri: KeyUri.KeyUri,
  { request, judge }: Question<value>,
  { timeout, now }: Manner,
  signal: AbortSignal,
): Promise<Verdict<value>> {
  const { url, init } = await request()
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout)])
    const response = await fetch(url, { ...init, redirect: 'error', signal: limit })
    const theirs = Date.parse(response.headers.get('date') ?? '')
    const text = await read(response)
    const answer = {
      status: response.status,
      body: parse(text),
      ahead: Number.isNaN(theirs) ? 0 : theirs - now(),
    }
    if (response.status === 200 && answer.body === undefined)
      return { again: new SignerError('SIGNER_UNREACHABLE', uri, 'no JSON') }
    return judge({ ...answer, body: answer.body ?? {} })
  } catch (cause) {
    signal.throwIfAborted()
    return { again: new SignerError('SIGNER_UNREACHABLE', uri, undefined, cause) }
  }
}

/** Reads an answer of a service beside the KMS: one that hands out credentials. */
export async function fetchJson(url: string, init: RequestInit, timeout: number): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeout) })
    const theirs = Date.parse(response.headers.get('date') ?? '')
    const ahead = Number.isNaN(theirs) ? 0 : theirs - Date.now()
    return { status: response.status, body: parse(await read(response)) ?? {}, ahead }
  } catch {
    // What went wrong may say how we show who we are: it is not handed on.
    return undefined
  }
}

export async function read({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > largestAnswer) throw new RangeError('The answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined
  } catch {
    return undefined
  }
}

/**
 * The bytes of a public key (SPKI, RFC 5280 §4.1) as {@link RemoteKey} has them; `undefined` where it is none, or of
 * another kind.
 */
export function publicKey(spki: Parameters<typeof createPublicKey>[0], kind: Kind): Uint8Array | undefined {
  try {
    const jwk = createPublicKey(spki).export({ format: 'jwk' })
    const coordinates = kind === 'ed25519' ? [jwk.x] : [jwk.x, jwk.y]
    const bytes = coordinates.map((text) => Buffer.from(text ?? '', 'base64url'))
    const isMeant = jwk.crv === (kind === 'ed25519' ? 'Ed25519' : 'secp256k1')
    return isMeant && bytes.every(({ length }) => length === 32) ? new Uint8Array(Buffer.concat(bytes)) : undefined
  } catch {
    return undefined
  }
}
