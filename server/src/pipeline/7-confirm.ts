import * as Errors from '@laurel/core/Errors'
import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import { afford } from '../internal/afford.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import * as Transactions from '../transactions/Transactions.ts'

type ConfirmContext = Working<'store' | 'clock' | 'chain' | 'chainSigner' | 'maximumFee' | 'progress'>

/**
 * Waits until the registry, read at a final block, has the root: that alone is the truth (rule R7).
 *
 * Where the root is not there, the stored bytes are sent again, as often as it takes: the node may have forgotten
 * them, or a reorganisation thrown them out. A new nonce is taken only when the old one was consumed by something else
 * and the root is not there at a final block either (rule R3); it is stored before it is sent.
 *
 * If we die right after it: the anchor's place is stored. Before it: it is looked up again.
 */
export async function confirm(batch: Batch.Rooted, context: ConfirmContext): Promise<Batch.Batch> {
  const { store, chain, progress, lease } = context
  const { account } = batch.terms
  const { root } = batch.anchoring
  const attempts = await store.attempts(batch.id)

  const head = await chain.head()
  const recent = await chain.anchoredAt(account, root)
  if (recent === null) return recover(batch, attempts, context)

  const finalBlock = head.number - BigInt(chain.confirmations - 1)
  const anchor = finalBlock < 0n ? null : await chain.anchoredAt(account, root, finalBlock)
  const mined = await minedAttempt(attempts, context)
  if (anchor === null || mined === undefined) {
    const depth = mined?.block === undefined ? 1 : Number(head.number - mined.block) + 1
    progress({
      batch: batch.id,
      step: 'confirm',
      done: Math.min(depth, chain.confirmations - 1),
      total: chain.confirmations,
    })
    return batch.state === 'submitted' ? batch : store.move(batch, 'submitted', null, lease)
  }
  crashpoint('confirm:before-save')
  const final = await store.final(
    batch,
    { transactionHash: mined.hash, block: anchor.block.toString(), time: anchor.time },
    lease,
  )
  crashpoint('confirm:after-save')
  return final
}

/** The attempt that carried the root, which is there. Only ours can have: nobody else anchors for the account. */
async function minedAttempt(
  attempts: readonly Batch.Attempt[],
  { chain }: ConfirmContext,
): Promise<{ readonly hash: Batch.Attempt['hash']; readonly block?: bigint } | undefined> {
  for (const { hash } of attempts.toReversed()) {
    const receipt = await chain.receipt(hash)
    if (receipt?.succeeded) return { hash, block: receipt.blockNumber }
  }
  // A node that has forgotten old receipts leaves no doubt where there was one attempt only.
  return attempts.length === 1 ? attempts[0] : undefined
}

/** The root is not there: brings the stored transaction back, or another one where that cannot come any more. */
async function recover(
  batch: Batch.Rooted,
  attempts: readonly Batch.Attempt[],
  context: ConfirmContext,
): Promise<Batch.Batch> {
  const { store, clock, chain, chainSigner, lease } = context
  const { account, chainId } = batch.terms
  const last = attempts.at(-1)
  if (last === undefined) throw new TypeError(`Batch ${batch.id} has a root and no transaction`)

  if ((await chain.nonce(account)) <= last.nonce) {
    const known = await chain.transaction(last.hash)
    if (known) return batch
    await chain.send(last.raw)
    return batch.state === 'reorged' ? batch : store.move(batch, 'reorged', 'ANCHOR_NOT_FOUND', lease)
  }

  if (!(await isSpentForGood(batch, last, context))) return batch
  const reverted = await Promise.all(attempts.map(async ({ hash }) => (await chain.receipt(hash))?.succeeded === false))
  if (reverted.filter(Boolean).length > 1) throw new RevertedError(batch.id)
  const offer = await afford(batch, context)
  if ('waiting' in offer) return offer.waiting
  const { nonce: highest } = await store.last(chainId, account)
  const nonce = Math.max(await chain.nonce(account), (highest ?? -1) + 1)
  const transaction = await Transactions.anchor({
    chain,
    signer: chainSigner,
    nonce,
    root: batch.anchoring.root,
    fees: offer.fees,
  })
  await store.attempt(batch, { hash: transaction.hash, raw: transaction.raw, nonce, createdAt: clock.now() }, lease)
  await chain.send(transaction.raw)
  return batch
}

/**
 * Whether, at a final block, the nonce of the attempt is consumed and the root is not there: only then can nothing that
 * we have signed bring the root any more.
 */
async function isSpentForGood(
  batch: Batch.Rooted,
  attempt: Batch.Attempt,
  { chain }: ConfirmContext,
): Promise<boolean> {
  const { account } = batch.terms
  const finalBlock = (await chain.head()).number - BigInt(chain.confirmations - 1)
  if (finalBlock < 0n || (await chain.nonce(account, finalBlock)) <= attempt.nonce) return false
  return (await chain.anchoredAt(account, batch.anchoring.root, finalBlock)) === null
}

/** Thrown when the registry has refused the same root twice: more money would not help. */
export class RevertedError extends Errors.BaseError<'ANCHOR_REVERTED'> {
  override readonly name = 'confirm.RevertedError'
  constructor(batch: string) {
    super('ANCHOR_REVERTED', 'The registry has refused the root twice.', { facts: { batch } })
  }
}
