import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import { anchorOf } from '../internal/anchor-of.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import { gathering } from '../internal/gathering.ts'

/**
 * Hands the root over to the lane of its account: what is stored with the batch's next state is that it is to be anchored.
 * Where others of the account are about to get so far, it waits for them a moment, so that their roots go out in one
 * transaction.
 *
 * If we die right after it: the next step is the lane's, whoever makes it. Before it: it is handed over again.
 */
export async function submit(batch: Batch.Rooted, context: Working<'store' | 'clock'>): Promise<Batch.Batch> {
  const { store, clock, lease } = context
  if (await gathering(batch, ['signed', 'rooted'], context)) return batch
  const intent = anchorOf({ terms: batch.terms, root: batch.anchoring.root })
  const submitted = await store.submit(batch, intent, clock.now(), lease)
  crashpoint('submit:after-save')
  return submitted
}
