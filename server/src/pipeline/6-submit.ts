import * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import { anchorOf } from '../internal/anchor-of.ts'
import { crashpoint } from '../internal/crashpoint.ts'

/** How long a batch waits for others whose roots may go out with its own, in milliseconds. */
const gathering = 5_000

/**
 * Hands the root over to the lane of its account: what is stored with the batch's next state is that it is to be anchored.
 * Where others of the account are about to get so far, it waits for them a moment, so that their roots go out in one
 * transaction.
 *
 * If we die right after it: the next step is the lane's, whoever makes it. Before it: it is handed over again.
 */
export async function submit(
  batch: Batch.Rooted,
  { store, clock, lease }: Working<'store' | 'clock'>,
): Promise<Batch.Batch> {
  const others = (await store.list()).filter((other) => isClose(other, batch))
  if (others.length > 0 && clock.now() - rootedAt(batch) < gathering) return batch
  const intent = anchorOf({ terms: batch.terms, root: batch.anchoring.root })
  const submitted = await store.submit(batch, intent, clock.now(), lease)
  crashpoint('submit:after-save')
  return submitted
}

/**
 * Whether another batch of the same account is close behind, and nothing keeps it there for long. Of several that have
 * got here, the last goes first: when the first has gone, all have.
 */
function isClose(other: Batch.Batch, { terms, anchoring }: Batch.Rooted): boolean {
  if (other.terms.chainId !== terms.chainId || other.terms.account !== terms.account) return false
  if (other.state === 'blocked' || !Batch.isOpen(other)) return false
  const stage = Batch.stage(other)
  if (stage === 'published') return (other.anchoring?.number ?? 0) > anchoring.number
  return stage === 'signed' || stage === 'rooted'
}

/** When the root was fixed, to the second, in milliseconds since 1970. */
function rootedAt({ anchoring }: Batch.Rooted): number {
  const { created } = JSON.parse(anchoring.manifest) as { readonly created: string }
  return Date.parse(created)
}
