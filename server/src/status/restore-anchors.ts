import type { Context } from '../Context.ts'

/**
 * Has the lane of the account look whether the chain still has what it had, of delivered batches too, and send again what it
 * has lost: a chain that went back further than we waited, or an embedded one that was killed before it had written its
 * last second down.
 *
 * If we die in its midst: the next worker looks again; the same bytes sent twice, by several
 * workers too, are one transaction.
 */
export async function restoreAnchors({ store, lane, terms }: Pick<Context, 'store' | 'lane' | 'terms'>): Promise<void> {
  const { chainId, account } = terms
  const last = await store.last(chainId, account)
  if (last.root !== null) await lane.advance()
}
