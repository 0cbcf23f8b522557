import type * as Bytes from '@laurel/core/Bytes'
import type * as Status from '../Status.ts'

/** A version of a list as it was published: where its bytes are among public content, and when (milliseconds). */
export type Published = {
  readonly seq: number
  readonly version: number
  readonly at: number
  readonly digest: Bytes.Hex
  readonly cid: string
}

/** A list by what the store knows it by. */
export type List = { readonly number: number; readonly purpose: Status.Purpose }

/** On which chain, and by whom. */
export type Recorder = { readonly chainId: number; readonly account: Bytes.Hex }

/** A digest that is to go to a chain. */
export type Planned = Published & List & { readonly url: string; readonly plannedAt: number }

/** A digest that stands on a chain, at a final block made at `time` (seconds since 1970). */
export type Recorded = Planned & { readonly transactionHash: Bytes.Hex; readonly time: number }

/**
 * Remembers every list that was published, and which of their digests stand on a chain. Every method that changes
 * something is one transaction and has reached the disk when it returns. Nothing is ever removed.
 *
 * Of one list only one digest at a time is planned: the next is planned when it is settled, so that the order in here is
 * the order on the chain.
 */
export type StatusHistoryStore = {
  /** The last version of a list that was published at a moment or before it. */
  published(list: List, moment: number): Promise<Published | undefined>
  /** What of a list was planned last. */
  last(list: List, recorder: Recorder): Promise<Planned | undefined>
  /** What of a list is planned or stands on a chain, in its order. */
  digests(list: List, recorder: Recorder): Promise<readonly (Planned | Recorded)[]>
  /** Plans a digest; where one of its list is planned already, nothing is changed. */
  plan(publication: Published, list: List, recorder: Recorder, now: number): Promise<void>
  /** What is planned and not settled, the oldest first. */
  planned(recorder: Recorder): Promise<readonly Planned[]>
  /** Stores where it stands, once that is final. Repeating it changes nothing. */
  settle(planned: Planned, recorder: Recorder, transactionHash: Bytes.Hex, time: number): Promise<void>
}
