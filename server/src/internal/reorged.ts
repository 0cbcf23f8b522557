import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'

/**
 * The batch, put back to where its transaction is looked for and sent again, when the chain has lost an anchor that had
 * been final: it went back further than we waited, or is an embedded one that was killed before it had written its last
 * second down. `undefined` when the anchor is there.
 */
export async function reorged(
  batch: Batch.Final,
  { store, chain, lease }: Working<'store' | 'chain'>,
): Promise<Batch.Batch | undefined> {
  if ((await chain.anchoredAt(batch.terms.account, batch.anchoring.root)) !== null) return undefined
  return store.move(batch, 'reorged', 'ANCHOR_NOT_FOUND', lease)
}
