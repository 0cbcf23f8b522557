import * as Commitment from '@laurel/core/Commitment'
import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Secret from '@laurel/core/Secret'
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
  let done = recipients.filter((recipient) => recipient.signature !== null).length
  let signatures = new Map<number, Batch.Signature>()
  for (const recipient of recipients) {
    if (recipient.signature !== null) continue
    signatures.set(recipient.row, await signOne(batch, recipient, clock.now(), credentialSigner.sign))
    progress({ batch: batch.id, step: 'sign', done: ++done, total: batch.size })
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

async function signOne(
  batch: Batch.Batch,
  recipient: Document.Drafted,
  now: number,
  sign: DataIntegrity.Sign,
): Promise<Batch.Signature> {
  const { proofId, secret } = recipient.draft
  const credential = Document.unsigned(batch, recipient)
  const { created, proofValue } = await DataIntegrity.createRdfc(
    credential,
    {
      id: proofId,
      created: DateTimeStamp.fromSeconds(Math.floor(now / 1000)),
      verificationMethod: batch.terms.verificationMethod,
    },
    sign,
  )
  const signature = { created, proofValue, documentDigest: new Uint8Array(32), leaf: new Uint8Array(32) }
  // Hashed from the same stamp that will make the document later, so that the two cannot drift apart.
  const document = Document.signed(batch, { ...recipient, signature })
  const documentDigest = await Commitment.documentDigest(document, proofId)
  return { ...signature, documentDigest, leaf: Commitment.leaf(documentDigest, Secret.derive(secret).blind) }
}
