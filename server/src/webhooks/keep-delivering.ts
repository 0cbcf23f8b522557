import { setTimeout as pause } from 'node:timers/promises'
import * as Errors from '@laurel/core/Errors'
import type { Context } from '../Context.ts'
import * as Alarm from '../internal/Alarm.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import { owner } from '../internal/owner.ts'
import { LeaseLostError } from '../ports/BatchStore.ts'
import type { Claim } from '../ports/OutboxStore.ts'
import { deliver } from './deliver.ts'
import type * as Endpoint from './Endpoint.ts'
import * as Schedule from './Schedule.ts'

/** How long a lease lasts, in milliseconds: longer than a try can take. */
const leaseTime = 60_000
/** How often it is looked whether something is due where nothing was, in milliseconds. */
const interval = 200
/** How long what is under way when it is to end may still take, in milliseconds. */
const grace = 3_000
/** For how long an endpoint may fail without a break, in milliseconds: longer than the tries of one event. */
const patience = 5 * 24 * 60 * 60 * 1_000
/** For how long what has happened is remembered, and how often the rest is forgotten, in milliseconds. */
const memory = { age: 90 * 24 * 60 * 60 * 1_000, interval: 60 * 60 * 1_000 } as const

/**
 * How many endpoints are sent to at once, and how many events to each. Those that failed the last time have places of their
 * own, so that however many they are, nobody waits for them; one at a time shows whether they are back.
 */
const places = [
  { ailing: false, endpoints: 64, events: 16 },
  { ailing: true, endpoints: 16, events: 1 },
] as const

export type Options = {
  readonly signal: AbortSignal
  /** Hears of everything that the operator should know. */
  readonly alarm: (error: Error) => void
}

type Needed = Pick<Context, 'outbox' | 'web' | 'webhookSecrets' | 'clock' | 'randomness'>

/**
 * Tells endpoints what has happened, beside any number of other processes that do the same, until the signal says that it
 * is enough.
 *
 * If we die in its midst: what an endpoint has answered and was not stored is sent again, under the same id.
 */
export async function keepDelivering(context: Needed, { signal, alarm }: Options): Promise<void> {
  const { outbox, webhookSecrets, clock } = context
  const last = new AbortController()
  signal.addEventListener('abort', () => setTimeout(() => last.abort(), grace).unref(), { once: true })
  const { raise, clear } = Alarm.once(alarm)
  const queues = places.map((place) => ({ ...place, busy: new Set<Promise<void>>() }))
  let swept = Number.NEGATIVE_INFINITY
  let failures = 0
  let more = new AbortController()

  const begin = (claim: Claim, busy: Set<Promise<void>>) => {
    const round = send(claim, context, { signal: last.signal, alarm })
      .then(clear, raise)
      .finally(() => {
        busy.delete(round)
        more.abort()
      })
    busy.add(round)
  }
  while (!signal.aborted) {
    more = new AbortController()
    let found = false
    try {
      const key = await webhookSecrets.key()
      for (const { ailing, endpoints, events, busy } of queues) {
        const room = endpoints - busy.size
        if (room <= 0) continue
        for (const claim of await outbox.claim(owner(), { key, ailing, endpoints: room, events }, leaseTime)) {
          found = true
          begin(claim, busy)
        }
      }
      if (clock.now() - swept > memory.interval) {
        swept = clock.now()
        await outbox.forget(memory.age)
      }
      failures = 0
    } catch (error) {
      // The database is away, its disk is full, or the key of the secrets is damaged: it says so elsewhere too.
      raise(error as Error)
      await pause(Schedule.rest(failures++), undefined, { signal }).catch(() => {})
      continue
    }
    // Whoever has had a turn may have more that is due.
    if (!found) await pause(interval, undefined, { signal: AbortSignal.any([signal, more.signal]) }).catch(() => {})
  }
  await Promise.all(queues.flatMap(({ busy }) => [...busy]))
}

/** Sends to one endpoint what is due. */
async function send(claim: Claim, context: Needed, { signal, alarm }: Options): Promise<void> {
  crashpoint('webhook:after-claim')
  const sent = await Promise.all(claim.messages.map((message) => deliver(message, claim, context, signal)))
  const done = sent.filter((each) => each !== undefined)
  const wait = Math.max(0, ...done.map(({ rest }) => rest))
  try {
    const outcomes = done.map(({ outcome }) => outcome)
    const ended = await context.outbox.settle(claim.lease, outcomes, { wait, patience })
    crashpoint('webhook:after-settle')
    if (ended !== undefined) alarm(new EndedError(claim.endpoint, ended))
  } catch (error) {
    // Somebody else has it by now, or it was removed.
    if (!(error instanceof LeaseLostError)) throw error
  }
}

/** Told when an endpoint was given up. */
class EndedError extends Errors.BaseError<'ENDPOINT_GONE' | 'ENDPOINT_FAILING'> {
  override readonly name = 'keepDelivering.EndedError'
  constructor({ id }: Endpoint.Endpoint, reason: Endpoint.Reason) {
    const isGone = reason === 'ENDPOINT_GONE'
    super(
      isGone ? 'ENDPOINT_GONE' : 'ENDPOINT_FAILING',
      `The webhook ${id} ${isGone ? 'has said that it is gone' : 'has failed for days'}, and is sent nothing any more.`,
      { facts: { endpoint: id } },
    )
  }
}
