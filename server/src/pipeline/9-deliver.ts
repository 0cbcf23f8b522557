import * as BakedPng from '@laurel/core/BakedPng'
import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as Cid from '@laurel/core/Cid'
import * as Tree from '@laurel/core/Tree'
import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import * as Document from '../Document.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import type { BatchStore } from '../ports/BatchStore.ts'
import type { File } from '../ports/Files.ts'
import * as Uuid from '../Uuid.ts'

/**
 * Writes the batch's folder: every credential as a file and as a baked image, the manifest, the status lists as they
 * stand, and a summary without personal data.
 *
 * If we die right after it: the folder is there, whole, and is written once more over itself. In its midst: there is
 * none, because it is renamed into place only when it is whole.
 */
export async function deliver(
  batch: Batch.Final,
  { store, files, badge, progress, lease }: Working<'store' | 'files' | 'badge' | 'progress'>,
): Promise<Batch.Batch> {
  await files.deliver(
    batch.id,
    folder(batch, store, badge, (done) => progress({ batch: batch.id, step: 'deliver', done, total: batch.size })),
  )
  const delivered = await store.move(batch, 'delivered', null, lease)
  crashpoint('deliver:after-save')
  return delivered
}

/** The files of a batch's folder, stamped out from the store: the same bytes each time. */
export async function* folder(
  batch: Batch.Final,
  store: Pick<BatchStore, 'recipients' | 'publication'>,
  badge: Uint8Array,
  progress: (done: number) => void,
): AsyncGenerator<File> {
  const recipients = Document.inOrder(Document.allPlaced(await store.recipients(batch.id)))
  const tree = Document.tree(recipients)
  const stamp = Document.stamp(batch)
  for (const [i, recipient] of recipients.entries()) {
    const name = Uuid.name(recipient.draft.credentialId)
    const text = Document.text(stamp, batch, recipient, Tree.path(tree, recipient.position))
    yield { name: `${name}.json`, bytes: Bytes.fromUtf8(text) }
    yield { name: `${name}.png`, bytes: BakedPng.bake(badge, text) }
    progress(i + 1)
  }
  yield { name: 'manifest.json', bytes: Bytes.fromUtf8(batch.anchoring.manifest) }
  if (batch.statusLists !== null) {
    for (const purpose of ['revocation', 'suspension'] as const) {
      const publication = await store.publication(`${purpose}-${batch.statusLists.number}`)
      if (publication === undefined) throw new TypeError(`Batch ${batch.id} has a status list that was never published`)
      yield { name: `status-${purpose}.json`, bytes: Bytes.fromUtf8(publication.text) }
    }
  }
  const summary = `${JSON.stringify(summarise(batch, recipients), null, 2)}\n`
  yield { name: 'summary.json', bytes: Bytes.fromUtf8(summary) }
}

function summarise(batch: Batch.Final, recipients: readonly Document.Placed[]): object {
  const { terms, anchoring, anchor } = batch
  return {
    batch: batch.id,
    issuer: terms.issuer,
    profile: terms.profile,
    achievement: { id: batch.achievement.definition.id, name: batch.achievement.definition.name },
    size: batch.size,
    number: anchoring.number,
    previous: anchoring.previous,
    root: anchoring.root,
    manifestDigest: anchoring.manifestDigest,
    manifestCid: Cid.fromDigest(Bytes.fromHex(anchoring.manifestDigest)),
    account: Caip10.format(terms.chainId, terms.account),
    chainId: terms.chainId,
    registry: terms.registry,
    transactionHash: anchor.transactionHash,
    block: anchor.block,
    time: anchor.time,
    credentials: recipients.map(({ row, draft: { credentialId } }) => ({
      row,
      id: credentialId,
      file: `${Uuid.name(credentialId)}.json`,
      image: `${Uuid.name(credentialId)}.png`,
    })),
  }
}
