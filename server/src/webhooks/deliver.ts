import * as Errors from '@laurel/core/Errors'
import type { Context } from '../Context.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import type { Claim, Outcome } from '../ports/OutboxStore.ts'
import * as Event from './Event.ts'
import * as Schedule from './Schedule.ts'
import * as Signature from './Signature.ts'

/** How much of an answer is kept, in characters: enough to see what has answered. */
const excerptLength = 200

/** What has become of an event, and for how long its endpoint wants to be left alone, in milliseconds. */
export type Delivered = { readonly outcome: Outcome; readonly rest: number }

/**
 * Sends one event to an endpoint, once. Only 2xx is an arrival; whatever sends it elsewhere is a failure, as all else is.
 *
 * If we die after the endpoint's answer: nothing of it is stored, and the event is sent again under the same id.
 *
 * @param signal ends it; then there is no outcome, and the try does not count
 */
export async function deliver(
  { event, failures, round }: Claim['messages'][number],
  { endpoint, overlaps }: Claim,
  { web, webhookSecrets, clock, randomness }: Pick<Context, 'web' | 'webhookSecrets' | 'clock' | 'randomness'>,
  signal: AbortSignal,
): Promise<Delivered | undefined> {
  const { generation } = endpoint.secret
  const generations = overlaps ? [generation, generation - 1] : [generation]
  const secrets = await Promise.all(generations.map((each) => webhookSecrets.secret(endpoint.id, each)))
  const body = Event.text(event)
  const timestamp = Math.floor(clock.now() / 1_000)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Laurel',
    ...Signature.headers({ id: event.id, timestamp, body }, secrets),
  }
  const began = performance.now()
  const duration = () => Math.round(performance.now() - began)
  const chance = (randomness.bytes(1)[0] ?? 0) / 255
  try {
    const { status, bytes, retryAfter } = await web.post(endpoint.url, headers, body, signal)
    const delivered = status >= 200 && status < 300
    if (delivered) crashpoint('webhook:after-answer')
    const code = delivered ? 'DELIVERED' : `HTTP_${status}`
    const rest = (isBusy(status) ? Schedule.asked(retryAfter, clock.now()) : undefined) ?? 0
    const again = delivered ? null : Schedule.next(failures, chance, rest)
    const made = { status, duration: duration(), code, excerpt: excerpt(bytes) }
    return { outcome: { event, round, try: made, again, delivered, gone: status === 410 }, rest }
  } catch (error) {
    if (signal.aborted) return undefined
    if (!(error instanceof Errors.BaseError)) throw error
    const made = { status: null, duration: duration(), code: error.code, excerpt: '' }
    const again = Schedule.next(failures, chance)
    return { outcome: { event, round, try: made, again, delivered: false, gone: false }, rest: 0 }
  }
}

/** Too Many Requests and Service Unavailable, which say for how long. */
function isBusy(status: number): boolean {
  return status === 429 || status === 503
}

/** Hostile bytes, made into a line that may be stored and shown anywhere. */
function excerpt(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 4 * excerptLength))
  return [...text.replaceAll(/\p{C}+/gu, ' ')].slice(0, excerptLength).join('')
}
