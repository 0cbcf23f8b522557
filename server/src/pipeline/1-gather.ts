import * as Bytes from '@laurel/core/Bytes'
import type * as Batch from '../Batch.ts'
import * as Collection from '../badges/Collection.ts'
import type { Context } from '../Context.ts'
import { agree, batchId } from './1-intake.ts'

/** When a batch is made of single orders: once there are so many, or the oldest has waited so long. */
export type Gathering = { readonly count: number; readonly seconds: number }

/**
 * Makes batches of the orders that have waited long enough, or are enough, each of one kind. What was ordered under other
 * terms is issued under those that hold now. Where the issuer has no collection any more, on another chain than before,
 * what is redeemable waits, and the others do not.
 *
 * @throws {Collection.MissingCollectionError} COLLECTION_MISSING, once the others are made
 *
 * If we die right after it: the batches are there, and 2-draft carries on. In its midst: the rest is made the next time.
 */
export async function gather(
  { count, seconds }: Gathering,
  context: Pick<
    Context,
    'orders' | 'catalogue' | 'collections' | 'issuers' | 'chain' | 'clock' | 'randomness' | 'terms'
  >,
): Promise<readonly Batch.Batch[]> {
  const { orders, catalogue, collections, chain, clock, randomness } = context
  const batches: Batch.Batch[] = []
  let missing: Collection.MissingCollectionError | undefined
  for (const waiting of await orders.ordersWaiting()) {
    const { name, version } = waiting.achievement
    const isDue = clock.now() - waiting.since >= seconds * 1_000
    if (!isDue && waiting.count < count) continue
    const achievement = await catalogue.achievement(name, version)
    if (achievement === undefined) throw new TypeError('An order is for an achievement that is in the catalogue')
    const { definition, metadata } = achievement
    const collection = waiting.redeemable ? await Collection.find({ chain, collections }) : undefined
    if (waiting.redeemable && collection === undefined) {
      missing = new Collection.MissingCollectionError(chain.chainId)
      continue
    }
    const terms = await agree(context, { collection })
    for (let left = waiting.count; left >= count || (isDue && left > 0); left -= count) {
      const now = clock.now()
      const request = { id: batchId(now, randomness), hash: Bytes.toHex(randomness.bytes(32)), now, terms }
      const batch = await orders.gather({ ...request, achievement: { definition, metadata } }, waiting, count)
      if (batch === undefined) break
      batches.push(batch)
    }
  }
  if (missing !== undefined) throw missing
  return batches
}
