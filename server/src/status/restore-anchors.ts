import type { Context } from '../Context.ts'

/**
 * Looks whether the chain still has the anchors of delivered batches, the newest first, and sends the stored
 * transactions of those that it has lost: a chain that went back further than we waited, or an embedded one that was
 * killed before it had written its last second down.
 *
 * If we die in its midst: the next worker looks again; the same bytes sent twice, by several
 * workers too, are one transaction.
 */
export async function restoreAnchors({
  store,
  chain,
  terms,
}: Pick<Context, 'store' | 'chain' | 'terms'>): Promise<void> {
  const delivered = (await store.list()).filter(
    (batch) =>
      batch.state === 'delivered' &&
      batch.terms.chainId === chain.chainId &&
      batch.terms.registry === chain.registry &&
      batch.terms.account === terms.account,
  )
  const lost = []
  for (const batch of delivered.toReversed()) {
    if (batch.anchoring === null) continue
    if ((await chain.anchoredAt(terms.account, batch.anchoring.root)) !== null) break
    lost.push(batch)
  }
  for (const batch of lost.toReversed()) {
    for (const attempt of await store.attempts(batch.id)) {
      if (attempt.hash === batch.anchor?.transactionHash) await chain.send(attempt.raw)
    }
  }
}
