import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import { ahead, range, unless } from '../internal/ahead.ts'
import { crashpoint } from '../internal/crashpoint.ts'

/** How many are signed and stored at a time. */
const chunk = 500

/**
 * Signs every credential and computes its leaf, a few hundred at a time, as many at once as the press is wide.
 *
 * If we die right after it: all signatures are stored. In its midst: those stored stay, the others are made anew; no
 * document has left the house yet.
 */
export async function sign(
  batch: Batch.Batch,
  { store, clock, press, progress, lease, isOver }: Working<'store' | 'clock' | 'press' | 'progress'>,
): Promise<Batch.Batch> {
  let { signed: done } = await store.reached(batch.id)
  progress({ batch: batch.id, step: 'sign', done, total: batch.size })
  let slow = 0
  const chunks = unless(isOver, range(done, batch.size, chunk))
  const signed = ahead(chunks, press.width, (after) => press.sign(batch, after, chunk, clock.now()))
  for await (const { signatures, generally } of signed) {
    await store.sign(batch, done, signatures, lease)
    done += signatures.length
    slow += generally
    progress({ batch: batch.id, step: 'sign', done, total: batch.size, generally: slow })
    crashpoint('sign:after-some')
  }
  if (done < batch.size) return batch
  crashpoint('sign:before-save')
  const moved = await store.move(batch, 'signed', null, lease)
  crashpoint('sign:after-save')
  return moved
}
