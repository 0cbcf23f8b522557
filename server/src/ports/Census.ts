import type * as Bytes from '@laurel/core/Bytes'

/** How many there are, and since when the oldest is: in milliseconds since 1970, `null` where there is none. */
export type Crowd = { readonly count: number; readonly oldest: number | null }

/** An account of ours on a chain. */
export type Account = { readonly chainId: number; readonly account: Bytes.Hex }

/** How much there is of everything, at one moment. Nothing in it is about a person. */
export type Figures = {
  /** The moment, by the clock of the database, in milliseconds since 1970. */
  readonly at: number
  /** Batches that are open, by their state; `held` are those that wait for their author. */
  readonly batches: readonly (Crowd & { readonly state: string })[]
  /** Single credentials that were ordered and are in no batch yet. */
  readonly orders: Crowd
  /** What is to happen on chains and has not. */
  readonly intents: readonly (Crowd & Account)[]
  /** What holds an account up, and since when; those that nothing holds up have no condition. */
  readonly lanes: readonly (Account & { readonly condition: string | null; readonly since: number })[]
  /** What accounts have spent, or may still, with the transactions of the last 24 hours: in wei. */
  readonly spent: readonly (Account & { readonly wei: bigint })[]
  /** How often a chain has gone back behind a transaction of ours. */
  readonly reorgs: readonly (Account & { readonly count: number })[]
  /** What is to be told to webhooks that take what they are told: `oldest` is when it was due. */
  readonly deliveries: Crowd
  /** What was given up, of all that is remembered. */
  readonly undelivered: number
  readonly webhooks: { readonly total: number; readonly failing: number; readonly ended: number }
  /** Mails that are to be sent; `oldest` is of those that no mail server has put off. */
  readonly mails: Crowd
  /** Public content by place: what was seen there, what was not yet, what is gone. */
  readonly pins: readonly { readonly place: string; readonly pinned: number; readonly lost: number }[]
  readonly contents: number
  /** Status lists: `stale` have a decision that is not published, `oldest` is when the oldest was signed. */
  readonly lists: Crowd & { readonly stale: number }
  /** Processes that work on batches. */
  readonly workers: number
  /** When the last backup was made, in milliseconds since 1970. */
  readonly backupAt: number | null
}

/** Connections of this process to its database. */
export type Connections = { readonly open: number; readonly idle: number; readonly waiting: number }

/** Counts, for whoever operates this. Reads alone, and waits for nobody who writes. */
export type Census = {
  take(): Promise<Figures>
  /** `undefined` where the database is a file. */
  connections(): Connections | undefined
}
