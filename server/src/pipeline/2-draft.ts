import { setImmediate as turn } from 'node:timers/promises'
import type * as Batch from '../Batch.ts'
import * as Bitmap from '../Bitmap.ts'
import type { Working } from '../Context.ts'
import { range } from '../internal/ahead.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import type { Randomness } from '../ports/Randomness.ts'
import * as Uuid from '../Uuid.ts'

/** How many are stored in one transaction: the random ids lie all over their index, so that many share its pages. */
const chunk = 50_000
/** How many are drawn before others have their turn. */
const page = 1_000

/**
 * Gives every recipient what is drawn at random: credential id, proof id, secret and the index in the status list.
 *
 * If we die right after it: everything drawn is stored. In its midst: what was stored stands, and the rest is drawn; the
 * batch keeps the status lists that were set aside for it.
 */
export async function draft(
  batch: Batch.Batch,
  { store, randomness, progress, lease, isOver }: Working<'store' | 'randomness' | 'progress'>,
): Promise<Batch.Batch> {
  const reserved = batch.terms.profile === 'blockcerts' ? batch : await store.reserve(batch, lease)
  crashpoint('draft:after-lists')
  // Read once, but not before the store has the lists to itself: else what others draw meanwhile would come in between,
  // and a large batch would never get anywhere beside many small ones.
  let taken: Promise<Bitmap.Bitmap> | null = null
  const read = async () => {
    if (reserved.statusLists === null) return null
    taken ??= store.taken(reserved.statusLists)
    return taken
  }
  const { drafted: begun } = await store.reached(batch.id)
  progress({ batch: batch.id, step: 'draft', done: begun, total: batch.size })
  for (const after of range(begun, batch.size, chunk)) {
    const upTo = Math.min(after + chunk, batch.size)
    await store.draft(reserved, after, draw(upTo - after, randomness, read), lease)
    progress({ batch: batch.id, step: 'draft', done: upTo, total: batch.size })
    crashpoint('draft:after-some')
    if (upTo < batch.size && isOver()) return reserved
  }
  crashpoint('draft:before-save')
  const drafted = await store.move(reserved, 'drafted', null, lease)
  crashpoint('draft:after-save')
  return drafted
}

async function* draw(
  count: number,
  randomness: Randomness,
  read: () => Promise<Bitmap.Bitmap | null>,
): AsyncGenerator<readonly Batch.Draft[]> {
  const taken = await read()
  for (const from of range(0, count, page)) {
    yield Array.from({ length: Math.min(page, count - from) }, () => {
      const bytes = randomness.bytes(64)
      return {
        credentialId: Uuid.urn(bytes.subarray(0, 16)),
        proofId: Uuid.urn(bytes.subarray(16, 32)),
        secret: bytes.subarray(32),
        statusIndex: taken && freeIndex(randomness, taken),
      }
    })
    await turn()
  }
}

/** Draws until an index is free. A list is at most half full, so two draws are enough on average. */
function freeIndex(randomness: Randomness, taken: Bitmap.Bitmap): number {
  for (;;) {
    const index = new DataView(Uint8Array.from(randomness.bytes(4)).buffer).getUint32(0) % taken.size
    if (Bitmap.has(taken, index)) continue
    Bitmap.add(taken, index)
    return index
  }
}
