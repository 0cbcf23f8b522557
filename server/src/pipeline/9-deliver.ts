import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import * as Delivery from '../Delivery.ts'
import { crashpoint } from '../internal/crashpoint.ts'

/**
 * Writes the batch's folder: every credential as a file and as a baked image, or as a line of one file where they are
 * many, the manifest, the status lists as they stand, and a summary without personal data.
 *
 * If we die right after it: the folder is there, whole, and is written once more over itself. In its midst: there is
 * none, because it is renamed into place only when it is whole.
 */
export async function deliver(
  batch: Batch.Final,
  { store, files, press, progress, lease }: Working<'store' | 'files' | 'press' | 'progress'>,
): Promise<Batch.Batch> {
  const tell = (done: number) => progress({ batch: batch.id, step: 'deliver', done, total: batch.size })
  tell(0)
  await files.deliver(batch.id, Delivery.folder(batch, { store, press, tell }))
  const delivered = await store.move(batch, 'delivered', null, lease)
  crashpoint('deliver:after-save')
  return delivered
}
