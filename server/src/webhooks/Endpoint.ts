import type * as Event from './Event.ts'

/** Why nothing is sent to an endpoint any more. */
export type Reason = 'ENDPOINT_DISABLED' | 'ENDPOINT_GONE' | 'ENDPOINT_FAILING' | 'ENDPOINT_DELETED'

/** An address to which events are told. Times are in milliseconds since 1970, by the clock of the database. */
export type Endpoint = {
  /** A UUID. */
  readonly id: string
  readonly url: string
  readonly description: string | null
  /** What it is told; `null`: everything. */
  readonly types: readonly Event.Type[] | null
  readonly createdAt: number
  /** Why and since when nothing is sent to it. */
  readonly ended: { readonly reason: Reason; readonly at: number } | null
  /** Since when every try has failed. */
  readonly failingSince: number | null
  readonly secret: Secret
}

/** Which secret signs what is sent; the secret itself is kept nowhere. */
export type Secret = {
  /** The name of the key from which it is derived. */
  readonly key: string
  readonly generation: number
  /** Until when the generation before signs as well. */
  readonly previousUntil: number | null
}
