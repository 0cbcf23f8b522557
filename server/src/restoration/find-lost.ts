import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import type { Context } from '../Context.ts'
import type { Anchored, AnchorLog } from '../ports/AnchorLog.ts'
import type { Restoration } from '../ports/RestorationStore.ts'

/** What a chain knows that a restored database does not. */
export type Lost = {
  /** Roots that no batch here has, in the order of the chain: of batches that were issued after the backup. */
  readonly roots: readonly Anchored[]
  /** Roots of batches here whose transactions were signed after the backup. */
  readonly anchored: number
  /** Nonces of the account that were used for something else than anchoring, and that this database does not know. */
  readonly unexplained: readonly number[]
  /** How many transactions of the account are on the chain. */
  readonly nonce: number
}

/** How much earlier than the backup it is looked, in seconds: clocks differ, and blocks are late. */
const margin = 24 * 60 * 60

/**
 * Looks up on the chain what an account has anchored since a backup. The log says where to look; what counts is what the
 * registry has at a final block (rule R7). Changes nothing.
 *
 * @throws {UnsettledError} RESTORATION_UNSETTLED while transactions of the account wait, or are not final
 */
export async function findLost(
  { backupAt }: Restoration,
  { chain, terms: { account }, store, transactions }: Pick<Context, 'chain' | 'terms' | 'store' | 'transactions'>,
  log: AnchorLog,
): Promise<Lost> {
  const head = await chain.head()
  const final = await chain.final(head)
  const nonce = await chain.nonce(account)
  const waiting = (await log.pendingNonce(account)) - nonce
  const unsettled = final < 0n ? nonce : nonce - (await chain.nonce(account, final))
  if (waiting > 0 || unsettled > 0) throw new UnsettledError(waiting + unsettled)

  const known = new Set((await store.list()).flatMap(({ anchoring }) => (anchoring === null ? [] : [anchoring.root])))
  // A chain for development tells no time.
  const anchors = await log.since(account, chain.development ? 0 : Math.floor(backupAt / 1_000) - margin)
  const roots: Anchored[] = []
  for (const each of anchors)
    if (!known.has(each.root) && (await chain.anchoredAt(account, each.root, final)) !== null) roots.push(each)

  const { floor } = await transactions.lane(chain.chainId, account)
  const places = await transactions.places(chain.chainId, account, floor)
  const ours = new Set(places.filter(({ state }) => state !== 'lost').map((place) => place.nonce))
  const explained = new Set(anchors.map((each) => each.nonce))
  const all = Array.from({ length: Math.max(0, nonce - floor) }, (_, i) => floor + i)
  return {
    roots,
    anchored: anchors.filter((each) => known.has(each.root) && !ours.has(each.nonce)).length,
    unexplained: all.filter((each) => !ours.has(each) && !explained.has(each)),
    nonce,
  }
}

/** Ends a restoration by what was found. */
export type Ended = { readonly blocked: readonly string[]; readonly accepted: boolean }

/**
 * Stores what was found, and lets the database be written to again. The nonces are accepted where every one of them is
 * explained; else the account signs nothing until somebody has accepted them.
 *
 * If we die between the two: the restoration has ended, and the account is held up by NONCE_CONFLICT; `laurel transactions
 * --accept` ends that.
 */
export async function endRestoration(
  { roots, unexplained, nonce }: Lost,
  {
    chain,
    terms: { account },
    transactions,
    restorations,
    clock,
  }: Pick<Context, 'chain' | 'terms' | 'transactions' | 'restorations' | 'clock'>,
): Promise<Ended> {
  const of: { readonly chainId: number; readonly account: Bytes.Hex } = { chainId: chain.chainId, account }
  const blocked = await restorations.reconcile(of, roots, clock.now())
  const accepted = unexplained.length === 0
  if (accepted) await transactions.accept(chain.chainId, account, nonce)
  return { blocked, accepted }
}

/** Thrown while it cannot be known what an account has sent: some of it waits to be mined, or is not final. */
export class UnsettledError extends Errors.BaseError<'RESTORATION_UNSETTLED'> {
  override readonly name = 'findLost.UnsettledError'
  constructor(count: number) {
    super('RESTORATION_UNSETTLED', `${count} transactions of the account are not final yet.`, { facts: { count } })
  }
}
