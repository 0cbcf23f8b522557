import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Batch from '../Batch.ts'
import type { Office } from '../issuer/Office.ts'
import type * as BadgeCollections from '../ports/BadgeCollections.ts'
import * as Tickets from '../Tickets.ts'
import * as Collection from './Collection.ts'
import * as Cost from './Cost.ts'

/** What was done to a batch, or was so before. */
export type Outcome = { readonly repeated: boolean; readonly transactionHash: Bytes.Hex | null }

/** A batch of this home that offers tokens, and what its collection says of it. */
export type Offered = {
  readonly batch: Batch.Rooted
  readonly collection: BadgeCollections.BadgeCollection
  readonly ticketRoot: Bytes.Hex
  readonly achievement: Bytes.Hex
  readonly series: BadgeCollections.Series
}

/**
 * Opens a batch, so that its tickets can be redeemed: what the first learner does otherwise, at the learner's cost.
 *
 * If we die in its midst: what was signed is sent again by the next run. Opening twice changes nothing.
 *
 * @throws {NotOfferedError} TICKETS_NOT_OFFERED, {OtherChainError} BATCH_CHAIN
 * @throws {Refusal.RefusedError} BATCH_NOT_ANCHORED, BATCH_NOT_SPOKEN_FOR; and what else carrying a transaction out throws
 */
export async function openBatch(office: Office, found: Batch.Batch, approve: Cost.Approve): Promise<Outcome> {
  const { batch, collection, ticketRoot, achievement, series } = await offered(office, found)
  const { terms, anchoring } = batch
  const call = collection.calls.open(
    {
      account: terms.account,
      treeRoot: Bytes.fromHex(anchoring.treeRoot),
      ticketRoot: Bytes.fromHex(ticketRoot),
      manifestDigest: Bytes.fromHex(anchoring.manifestDigest),
    },
    Bytes.fromHex(achievement),
  )
  const subject = `${ticketRoot} for ${achievement} by ${terms.account}`
  return once(office, { purpose: 'open', subject, call }, series.isOpen, approve)
}

/**
 * Closes a batch whose account is reported to have been compromised when it anchored it. Nothing more can be redeemed
 * then; what was stays until it is revoked.
 *
 * If we die in its midst: what was signed is sent again by the next run.
 *
 * @throws {NotOfferedError} TICKETS_NOT_OFFERED, {OtherChainError} BATCH_CHAIN
 * @throws {Refusal.RefusedError} BATCH_NOT_COMPROMISED, BATCH_NOT_OPEN; and what else carrying a transaction out throws
 */
export async function closeBatch(office: Office, found: Batch.Batch, approve: Cost.Approve): Promise<Outcome> {
  const { collection, ticketRoot, achievement, series } = await offered(office, found)
  const call = collection.calls.recheck(ticketRoot, achievement)
  const subject = `${ticketRoot} for ${achievement} by ${series.account ?? 'nobody'}`
  return once(office, { purpose: 'close', subject, call }, series.account !== undefined && !series.isOpen, approve)
}

/**
 * A batch that offers tokens on this chain.
 *
 * @throws {NotOfferedError} TICKETS_NOT_OFFERED when its learners were given no tickets, or are not yet
 * @throws {OtherChainError} BATCH_CHAIN when it is anchored on another chain
 */
export async function offered({ badges, chain }: Office, batch: Batch.Batch): Promise<Offered> {
  const { collection: made, chainId } = batch.terms
  if (made === undefined || batch.anchoring === null) throw new NotOfferedError(batch.id)
  if (chainId !== chain.chainId) throw new OtherChainError(batch.id, chainId, chain.chainId)
  const { ticketRoot } = batch.anchoring
  const collection = badges.at(made.address)
  const achievement = Bytes.toHex(Tickets.achievementOf(batch))
  const series = await collection.series(ticketRoot, achievement)
  return { batch: Batch.rooted(batch), collection, ticketRoot, achievement, series }
}

async function once(office: Office, deed: Collection.Deed, isDone: boolean, approve: Cost.Approve): Promise<Outcome> {
  const intent = await Collection.intentOf(office, deed)
  const known = await office.transactions.find(intent)
  if (isDone && known?.state !== 'open') return { repeated: true, transactionHash: known?.transactionHash ?? null }
  if (known === undefined) await approve(await Cost.of(office, intent.account, [deed.call]))
  return { repeated: false, transactionHash: await Collection.carry(office, deed) }
}

/** Thrown when a batch has no tickets. */
export class NotOfferedError extends Errors.BaseError<'TICKETS_NOT_OFFERED'> {
  override readonly name = 'openBatch.NotOfferedError'
  constructor(batch: string) {
    super('TICKETS_NOT_OFFERED', `The learners of batch ${batch} have no tickets.`, { facts: { batch } })
  }
}

/** Thrown when a batch is anchored on another chain than the one that is reached. */
export class OtherChainError extends Errors.BaseError<'BATCH_CHAIN'> {
  override readonly name = 'openBatch.OtherChainError'
  constructor(batch: string, expected: number, found: number) {
    super('BATCH_CHAIN', `Batch ${batch} is anchored on chain ${expected}, and the RPC answers for chain ${found}.`, {
      facts: { batch, expected, found },
    })
  }
}
