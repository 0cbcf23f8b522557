import * as Bytes from '@laurel/core/Bytes'
import type * as Batch from '../Batch.ts'
import type { Context } from '../Context.ts'
import { batchId } from './1-intake.ts'

/** When a batch is made of single orders: once there are so many, or the oldest has waited so long. */
export type Gathering = { readonly count: number; readonly seconds: number }

/**
 * Makes batches of the orders that have waited long enough, or are enough, each of one achievement. What was ordered
 * under other terms is issued under those that hold now.
 *
 * If we die right after it: the batches are there, and 2-draft carries on. In its midst: the rest is made the next time.
 */
export async function gather(
  { count, seconds }: Gathering,
  {
    orders,
    catalogue,
    clock,
    randomness,
    terms,
  }: Pick<Context, 'orders' | 'catalogue' | 'clock' | 'randomness' | 'terms'>,
): Promise<readonly Batch.Batch[]> {
  const batches: Batch.Batch[] = []
  for (const waiting of await orders.ordersWaiting()) {
    const { name, version } = waiting.achievement
    const isDue = clock.now() - waiting.since >= seconds * 1_000
    if (!isDue && waiting.count < count) continue
    const achievement = await catalogue.achievement(name, version)
    if (achievement === undefined) throw new TypeError('An order is for an achievement that is in the catalogue')
    const { definition, metadata } = achievement
    for (let left = waiting.count; left >= count || (isDue && left > 0); left -= count) {
      const now = clock.now()
      const request = { id: batchId(now, randomness), hash: Bytes.toHex(randomness.bytes(32)), now, terms }
      const batch = await orders.gather(
        { ...request, achievement: { definition, metadata } },
        waiting.achievement,
        count,
      )
      if (batch === undefined) break
      batches.push(batch)
    }
  }
  return batches
}
