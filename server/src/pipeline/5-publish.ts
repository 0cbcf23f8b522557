import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import type * as Batch from '../Batch.ts'
import type { Context, Working } from '../Context.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import { publishLists } from '../status/publish-lists.ts'

/**
 * Makes public what a stranger needs: the achievement's metadata, the manifest and the status lists. Nothing personal.
 *
 * If we die right after it: it is all there. In its midst: some is, under names that follow from the bytes; putting it
 * there once more changes nothing.
 */
export async function publish(
  batch: Batch.Rooted,
  context: Working<'store' | 'content' | 'files' | 'clock' | 'issuing'>,
): Promise<Batch.Batch> {
  const { store, content, lease } = context
  await content.put(Bytes.fromUtf8(batch.achievement.metadata))
  await content.put(Bytes.fromUtf8(batch.anchoring.manifest))
  crashpoint('publish:after-content')
  // Where another process is at it, the batch waits for it; what the lists of others lack is no matter of its.
  const isDone = await publishLists(context).catch(async (error: unknown) => {
    if (error instanceof Errors.BaseError && (await isListed(batch, store))) return true
    throw error
  })
  if (!isDone && !(await isListed(batch, store))) return batch
  crashpoint('publish:after-lists')
  const published = await store.move(batch, 'published', null, lease)
  crashpoint('publish:after-save')
  return published
}

/** Whether the status lists of a batch are public, in whatever version. */
async function isListed({ statusLists }: Batch.Batch, store: Context['store']): Promise<boolean> {
  const lists = await store.lists()
  return lists.every(({ number, published }) => number !== statusLists?.number || published > 0)
}
