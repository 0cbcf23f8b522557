import * as Bytes from '@laurel/core/Bytes'
import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import * as StatusList from '@laurel/core/StatusList'
import type { Context } from '../Context.ts'
import { together } from '../internal/together.ts'
import type * as BatchStore from '../ports/BatchStore.ts'

/** A list is signed anew when it is this old, in milliseconds: its age is what tells a copy from the live one. */
const refreshAfter = 6 * 60 * 60 * 1000

/**
 * Signs every status list of this issuer whose latest version is not public yet, or whose signature has grown old, and
 * puts it where people look: the public folder, the content store, and the folder of every batch that points to it.
 *
 * If we die in its midst: the version counts as unpublished until it is everywhere, so the next run signs it again.
 */
export async function publishLists(
  context: Pick<Context, 'store' | 'content' | 'files' | 'clock' | 'credentialSigner' | 'identity'>,
): Promise<void> {
  const { store, clock, identity } = context
  for (const list of await store.lists()) {
    if (list.issuer !== identity.id) continue
    if (list.published === list.version && clock.now() - list.publishedAt < refreshAfter) continue
    await publishList(list, context)
  }
}

async function publishList(
  list: BatchStore.StatusList,
  {
    store,
    content,
    files,
    clock,
    credentialSigner,
    identity,
  }: Pick<Context, 'store' | 'content' | 'files' | 'clock' | 'credentialSigner' | 'identity'>,
): Promise<void> {
  const { version, set } = await store.bits(list)
  const at = clock.now()
  const moment = DateTimeStamp.fromSeconds(Math.floor(at / 1000))
  const bits = StatusList.set(StatusList.create(list.size), set)
  const credential = StatusList.credential({
    id: list.url,
    issuer: list.issuer,
    purpose: list.purpose,
    bits,
    validFrom: moment,
  })
  const proof = await DataIntegrity.createRdfc(
    credential,
    { created: moment, verificationMethod: identity.verificationMethod },
    together(credentialSigner.sign),
  )
  const bytes = Jcs.bytes({ ...credential, proof: [proof as unknown as Json.Object] })
  await content.put(bytes)
  await files.publish(`status-lists/${list.id}.json`, bytes)
  for (const batch of await store.list()) {
    if (batch.statusLists?.number === list.number && batch.state === 'delivered')
      await files.refresh(batch.id, { name: `status-${list.purpose}.json`, bytes })
  }
  await store.publish(list, version, {
    text: new TextDecoder().decode(bytes),
    digest: Bytes.toHex(Sha256.digest(bytes)),
    at,
  })
}
