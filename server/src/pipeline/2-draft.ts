import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import type { Randomness } from '../ports/Randomness.ts'
import * as Uuid from '../Uuid.ts'

/**
 * Gives every recipient what is drawn at random: credential id, proof id, secret and the index in the status list.
 *
 * If we die right after it: everything drawn is stored. Before it: nothing is, nobody has seen it, and other values
 * are drawn; at most an empty status list was made, which the next attempt uses.
 */
export async function draft(
  batch: Batch.Batch,
  { store, randomness, lease }: Working<'store' | 'randomness'>,
): Promise<Batch.Batch> {
  const recipients = await store.recipients(batch.id)
  const lists =
    batch.terms.profile === 'blockcerts'
      ? null
      : await store.statusLists(batch.terms.issuer.id, batch.terms.publicUrl, batch.size)
  const taken = new Set(lists?.taken)
  const drafts = new Map<number, Batch.Draft>()
  for (const { row } of recipients) {
    const statusIndex = lists && freeIndex(randomness, lists.size, taken)
    if (statusIndex !== null) taken.add(statusIndex)
    drafts.set(row, {
      credentialId: Uuid.urn(randomness),
      proofId: Uuid.urn(randomness),
      secret: randomness.bytes(32),
      statusIndex,
    })
  }
  const statusLists = lists && { number: lists.number, revocation: lists.revocation, suspension: lists.suspension }
  crashpoint('draft:before-save')
  const drafted = await store.draft(batch, drafts, statusLists, lease)
  crashpoint('draft:after-save')
  return drafted
}

/** Draws until an index is free. A list is at most half full, so two draws are enough on average. */
function freeIndex(randomness: Randomness, size: number, taken: ReadonlySet<number>): number {
  for (;;) {
    const index = new DataView(Uint8Array.from(randomness.bytes(4)).buffer).getUint32(0) % size
    if (!taken.has(index)) return index
  }
}
