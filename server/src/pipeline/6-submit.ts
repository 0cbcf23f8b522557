import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import { crashpoint } from '../internal/crashpoint.ts'

/**
 * Sends the transaction that anchors the batch root: the stored bytes and nothing else.
 *
 * If we die between sending and saving: the same bytes are sent again, which is one transaction and not two, because
 * they are the same bytes.
 */
export async function submit(
  batch: Batch.Rooted,
  { store, chain, lease }: Working<'store' | 'chain'>,
): Promise<Batch.Batch> {
  const attempt = (await store.attempts(batch.id)).at(-1)
  if (attempt === undefined) throw new TypeError(`Batch ${batch.id} has a root and no transaction`)
  crashpoint('submit:before-send')
  await chain.send(attempt.raw)
  crashpoint('submit:after-send')
  const submitted = await store.move(batch, 'submitted', null, lease)
  crashpoint('submit:after-save')
  return submitted
}
