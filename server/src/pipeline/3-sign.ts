import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import * as Document from '../Document.ts'
import { crashpoint } from '../internal/crashpoint.ts'

const chunk = 200

/**
 * Signs every credential and computes its leaf, a few hundred at a time.
 *
 * If we die right after it: all signatures are stored. In its midst: those stored stay, the others are made anew; no
 * document has left the house yet.
 */
export async function sign(
  batch: Batch.Batch,
  { store, clock, credentialSigner, progress, lease }: Working<'store' | 'clock' | 'credentialSigner' | 'progress'>,
): Promise<Batch.Batch> {
  const recipients = Document.allDrafted(await store.recipients(batch.id))
  const stamp = Document.stamp(batch)
  let done = recipients.filter((recipient) => recipient.signature !== null).length
  let signatures = new Map<number, Batch.Signature>()
  for (const recipient of recipients) {
    if (recipient.signature !== null) continue
    signatures.set(recipient.row, await Document.sign(stamp, batch, recipient, clock.now(), credentialSigner.sign))
    progress({
      batch: batch.id,
      step: 'sign',
      done: ++done,
      total: batch.size,
      generally: Document.madeGenerally(stamp),
    })
    if (signatures.size < chunk && done < batch.size) continue
    await store.sign(batch, signatures, lease)
    signatures = new Map()
    crashpoint('sign:after-some')
  }
  crashpoint('sign:before-save')
  const signed = await store.move(batch, 'signed', null, lease)
  crashpoint('sign:after-save')
  return signed
}
