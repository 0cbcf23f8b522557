import type * as Json from '@laurel/core/Json'
import type { Note } from '../audit/Entry.ts'
import type * as Batch from '../Batch.ts'
import type { Request } from './BatchStore.ts'
import type * as Receipt from './Receipt.ts'

/** One credential that was asked for by itself. It waits until a batch is made of it and others. */
export type Order = {
  /** A UUID; not the id of the credential, which is drawn with its batch. */
  readonly id: string
  readonly achievement: { readonly name: string; readonly version: number }
  /** As those of a recipient; see `Document.ts`. */
  readonly fields: Json.Object
  /** Whether its learner is given a ticket, for a token. */
  readonly redeemable: boolean
  /** Milliseconds since 1970. */
  readonly acceptedAt: number
  /** Where it stands once there is a batch of it. */
  readonly place: { readonly batch: string; readonly row: number } | null
}

/** What the orders of a batch have in common. */
export type Kind = Pick<Order, 'achievement' | 'redeemable'>

/** The orders of one kind that wait. */
export type Waiting = Kind & {
  readonly count: number
  /** When the oldest of them was accepted. */
  readonly since: number
}

/** Remembers credentials that are asked for one by one: each is in exactly one batch in the end. */
export type OrderStore = {
  /** Stores an order, and with it, in the same transaction, what is noted of it. */
  order(order: Omit<Order, 'place'>, note?: Note): Promise<Order>
  /** The same with a receipt, whose answer is stored in the same transaction. Of an answer given again nothing is noted. */
  orderOnce(
    order: Omit<Order, 'place'>,
    receipt: Receipt.Receipt<Order>,
    note?: Note,
  ): Promise<{ readonly order?: Order; readonly answer: Receipt.Answer }>
  /** An order by its id. */
  ordered(id: string): Promise<Order | undefined>
  /** The organisations of which something waits. */
  organisationsWaiting(): Promise<readonly string[]>
  /** What waits, by its kind. */
  ordersWaiting(): Promise<readonly Waiting[]>
  /**
   * Makes a batch of the oldest orders of a kind that wait, `limit` at most, in one transaction: the batch has
   * them as its roster, and each knows its place. `undefined` when none waits any more.
   */
  gather(request: Omit<Request, 'size' | 'again'>, kind: Kind, limit: number): Promise<Batch.Batch | undefined>
}
