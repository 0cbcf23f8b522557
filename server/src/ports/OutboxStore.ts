import * as Errors from '@laurel/core/Errors'
import type * as Endpoint from '../webhooks/Endpoint.ts'
import type * as Event from '../webhooks/Event.ts'
import type { Lease, Owner } from './BatchStore.ts'

/**
 * Remembers what has happened and whom it is still to be told.
 *
 * An event is stored by the store that makes the change, in the transaction of the change, and so is its place in the queue
 * of each endpoint that listens by then: there is none of a change that was rolled back, and none is missing. Each endpoint
 * has a queue and a lease of its own, so that nobody waits for another. Leases, waits and times go by the clock of the
 * database. Every method that changes something is one transaction, and on the disk when it returns.
 *
 * If we die between an endpoint's answer and its being stored, the event is sent again under the same id.
 */
export type OutboxStore = {
  /** @throws {TooManyError} */
  addEndpoint(endpoint: NewEndpoint): Promise<Endpoint.Endpoint>
  /** The oldest first, without those that were removed. */
  endpoints(): Promise<readonly Endpoint.Endpoint[]>
  endpoint(id: string): Promise<Endpoint.Endpoint | undefined>
  /** What is disabled has its queue emptied, and hears of nothing meanwhile; {@link replay} makes up for it. */
  changeEndpoint(id: string, changes: Changes): Promise<Endpoint.Endpoint | undefined>
  /**
   * Begins another secret. The one before signs as well for `overlap` milliseconds, if it comes from the same key.
   *
   * @param key the name of the key from which it is derived
   */
  rotateSecret(id: string, key: string, overlap: number): Promise<Endpoint.Endpoint | undefined>
  /** Removes an endpoint, whose queue is dropped; answers whether there was one. */
  removeEndpoint(id: string): Promise<boolean>

  /** An event for one endpoint alone. `undefined` where that hears of nothing. */
  test(endpoint: string): Promise<Event.Event | undefined>
  /** Puts events into the queue of an endpoint again, and answers how many: `undefined` where that hears of nothing. */
  replay(endpoint: string, which: Which): Promise<number | undefined>
  /** A run of events, the newest first: those before a place, `limit` at most. */
  events(range: Range): Promise<readonly Placed<Event.Event>[]>
  /** A run of what an endpoint was or is to be told, the newest event first. */
  deliveries(
    endpoint: string,
    range: Range & { readonly state?: State | undefined },
  ): Promise<readonly Placed<Delivery>[]>

  /**
   * Takes the leases of endpoints for `ttl` milliseconds that have something due and that nobody has, those first that have
   * waited longest.
   */
  claim(owner: Owner, wanted: Wanted, ttl: number): Promise<readonly Claim[]>
  /**
   * Stores what has become of what was sent, and gives the lease back; the endpoint rests for `wait` milliseconds. One that
   * is gone, or has failed for `patience` milliseconds without a break, is disabled, and an event tells of it.
   *
   * @returns why the endpoint has ended, if it has just done so
   * @throws {LeaseLostError} when somebody else has it by now; nothing was stored
   */
  settle(
    lease: Lease,
    outcomes: readonly Outcome[],
    rules: { readonly wait: number; readonly patience: number },
  ): Promise<Endpoint.Reason | undefined>
  /** Forgets events that happened so many milliseconds ago and are in no queue any more, and what was removed. */
  forget(age: number): Promise<void>
}

export type NewEndpoint = Pick<Endpoint.Endpoint, 'id' | 'url' | 'description' | 'types'> & {
  /** The name of the key from which its secret is derived. */
  readonly key: string
}

export type Changes = {
  readonly url?: string | undefined
  readonly description?: string | null | undefined
  readonly types?: Endpoint.Endpoint['types'] | undefined
  readonly enabled?: boolean | undefined
}

/** One event, or all since a moment (in milliseconds since 1970): of these, perhaps, only what has not arrived. */
export type Which = { readonly event: string } | { readonly since: number; readonly missing: boolean }

export type Range = { readonly before?: number | undefined; readonly limit: number }
export type Placed<item> = item & { readonly seq: number }

/** `waiting`: in the queue. `failed`: every try has failed. `dropped`: its endpoint has ended. */
export type State = 'waiting' | 'delivered' | 'failed' | 'dropped'

export type Delivery = {
  readonly event: Pick<Event.Event, 'id' | 'type' | 'subject' | 'at'>
  readonly state: State
  /** The code of the last failure, or of why it was dropped. */
  readonly reason: string | null
  /** When it is tried next. */
  readonly dueAt: number | null
  /** The newest first, a few of them. */
  readonly tries: readonly Try[]
}

/** One request that was made. */
export type Try = {
  readonly at: number
  /** `null`: there was no answer. */
  readonly status: number | null
  /** In milliseconds. */
  readonly duration: number
  /** `DELIVERED`, or the code of what went wrong. */
  readonly code: string
  /** The beginning of the answer's body. */
  readonly excerpt: string
}

/** Which endpoints somebody can send to. */
export type Wanted = {
  /** The name of the key from which their secrets are derived. */
  readonly key: string
  /** Whether their last try has failed. */
  readonly ailing: boolean
  /** How many endpoints, and how many events for each, at most. */
  readonly endpoints: number
  readonly events: number
}

export type Claim = {
  readonly endpoint: Endpoint.Endpoint
  readonly lease: Lease
  /** Whether the secret before signs as well. */
  readonly overlaps: boolean
  /**
   * What is due, the longest overdue first, with how many tries have failed since it came into the queue, and how often it
   * had been replayed when it was claimed.
   */
  readonly messages: readonly {
    readonly event: Placed<Event.Event>
    readonly failures: number
    readonly round: number
  }[]
}

/** What has become of one event. */
export type Outcome = {
  readonly event: Pick<Placed<Event.Event>, 'seq'>
  /** As it was claimed: an event that was replayed since then stays in the queue. */
  readonly round: number
  readonly try: Omit<Try, 'at'>
  /** Tried again in so many milliseconds; `null` where it was the last time, or it has arrived. */
  readonly again: number | null
  readonly delivered: boolean
  /** Whether the endpoint has said that it is gone for good. */
  readonly gone: boolean
}

/** Thrown when there are as many endpoints as there may be. */
export class TooManyError extends Errors.BaseError<'WEBHOOKS_TOO_MANY'> {
  override readonly name = 'OutboxStore.TooManyError'
  constructor(most: number) {
    super('WEBHOOKS_TOO_MANY', `There are ${most} endpoints, and can be no more.`, { facts: { most } })
  }
}
