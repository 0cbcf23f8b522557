import * as Errors from '@laurel/core/Errors'
import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import { wait } from '../internal/afford.ts'
import { anchorOf } from '../internal/anchor-of.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import { gathering } from '../internal/gathering.ts'
import type { Place } from '../ports/TransactionStore.ts'

type ConfirmContext = Working<'store' | 'transactions' | 'clock' | 'chain' | 'lane' | 'progress'>

/**
 * Has the lane of the account go on until the registry, read at a final block, has the root: that alone is the truth
 * (rule R7). Until then nothing is claimed, and where the chain goes back behind a block that had the root, the batch says
 * so.
 *
 * If we die right after it: the anchor's place is stored. Before it: it is looked up again.
 */
export async function confirm(batch: Batch.Rooted, context: ConfirmContext): Promise<Batch.Batch> {
  const { store, transactions, clock, chain, lane, lease } = context
  const { root } = batch.anchoring
  const intent = anchorOf({ terms: batch.terms, root })
  // What was handed over goes with what is about to be.
  const isNew = (await transactions.find(intent))?.tries === 0
  if (isNew && (await gathering(batch, ['signed', 'rooted', 'published'], context))) return batch
  const condition = await lane.advance()
  const stored = await transactions.find(intent)
  if (stored === undefined) {
    // Whoever tries a batch again that is blocked has looked at it.
    if (batch.state !== 'blocked') throw new RevertedError(batch.id)
    await transactions.intend(intent, clock.now())
    return store.move(batch, 'submitted', null, lease)
  }
  const head = await chain.head()
  // The chain is not asked about what the lane has not seen at a final block yet.
  const final = stored.state === 'open' ? -1n : await chain.final(head)
  const anchor = final < 0n ? null : await chain.anchoredAt(batch.terms.account, root, final)
  if (stored.transactionHash === null || anchor === null) {
    const place = await transactions.place(stored)
    if (condition !== null && place?.block == null) return wait(batch, condition, context)
    return pending(batch, place, head.number, context)
  }
  crashpoint('confirm:before-save')
  const { transactionHash } = stored
  const finished = await store.final(
    batch,
    { transactionHash, block: anchor.block.toString(), time: anchor.time },
    lease,
  )
  crashpoint('confirm:after-save')
  return finished
}

async function pending(
  batch: Batch.Rooted,
  place: Place | undefined,
  head: bigint,
  { store, chain, progress, lease }: ConfirmContext,
): Promise<Batch.Batch> {
  const block = place?.block ?? null
  if (block === null && (place?.reorgs ?? 0) > 0)
    return batch.state === 'reorged' ? batch : store.move(batch, 'reorged', 'ANCHOR_NOT_FOUND', lease)
  const depth = block === null ? 0 : Number(head - block.number) + 1
  const total = chain.confirmations
  progress({ batch: batch.id, step: 'confirm', done: Math.max(0, Math.min(depth, total - 1)), total })
  return batch.state === 'submitted' ? batch : store.move(batch, 'submitted', null, lease)
}

/** Thrown when the registry has refused the same root twice: more money would not help. */
export class RevertedError extends Errors.BaseError<'ANCHOR_REVERTED'> {
  override readonly name = 'confirm.RevertedError'
  constructor(batch: string) {
    super('ANCHOR_REVERTED', 'The registry has refused the root twice.', { facts: { batch } })
  }
}
