import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import type { Condition } from '../ports/TransactionStore.ts'
import { afford as affordCall, type Seen } from '../transactions/afford.ts'
import * as HeldUp from '../transactions/HeldUp.ts'
import type { Lane } from '../transactions/Lane.ts'
import * as Transactions from '../transactions/Transactions.ts'

/**
 * The batch, put to wait until anchoring its root can be paid for; `undefined` when it can be now.
 *
 * @throws {HeldUp.HeldUpError} when it is not the money that is missing
 */
export async function afford(
  batch: Batch.Batch,
  { store, lane, lease }: Working<'store' | 'lane'>,
): Promise<Batch.Batch | undefined> {
  // Whatever holds the account up already would hold this root up too, and a root cannot be cancelled.
  const condition = (await lane.advance()) ?? (await missing(lane))
  return condition === null ? undefined : wait(batch, condition, { store, lease })
}

/**
 * What keeps an account from paying for an anchor now.
 *
 * @param seen what the chain has just said, which is asked otherwise
 */
export async function missing(lane: Lane, seen?: Seen): Promise<Condition | null> {
  const call = Transactions.anchoring(lane.chain.registry, [`0x${'00'.repeat(32)}`])
  const offer = await affordCall(call, lane, seen && { seen })
  return 'condition' in offer ? offer.condition : null
}

/**
 * The batch, put into the state of waiting that belongs to what holds its account up.
 *
 * @throws {HeldUp.HeldUpError} when there is none
 */
export async function wait(
  batch: Batch.Batch,
  condition: Condition,
  { store, lease }: Pick<Working<'store'>, 'store' | 'lease'>,
): Promise<Batch.Batch> {
  const { code } = condition
  const state = code === 'FUNDS_MISSING' || code === 'SPENDING_CAP' ? 'waiting-funds' : 'waiting-fee'
  if (state === 'waiting-fee' && code !== 'FEE_ABOVE_CEILING') throw new HeldUp.HeldUpError(condition)
  return batch.state === state && batch.reason === code ? batch : store.move(batch, state, code, lease)
}
