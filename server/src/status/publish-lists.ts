import * as Bytes from '@laurel/core/Bytes'
import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import * as StatusList from '@laurel/core/StatusList'
import type { Context } from '../Context.ts'
import { owner } from '../internal/owner.ts'
import * as Recent from '../internal/Recent.ts'
import { together } from '../internal/together.ts'
import type { Signatory } from '../issuer/Issuing.ts'
import * as BatchStore from '../ports/BatchStore.ts'

/** A list is signed anew when it is this old, in milliseconds: its age is what tells a copy from the live one. */
const refreshAfter = 6 * 60 * 60 * 1000

/**
 * How long a list holds after it was signed, in milliseconds. Whoever only looks at this takes an old list for the newest
 * until then, and has none when nobody has signed one for so long: a week outlasts long holidays and makes replays short.
 */
const validFor = 7 * 24 * 60 * 60 * 1000

/** For how long a list need not be fetched again, in milliseconds: so late a decision may reach those who keep copies. */
export const timeToLive = 5 * 60 * 1000

/** How long one process has the lists to itself, in milliseconds: far longer than signing them takes. */
const leaseTime = 30_000

type ListContext = Pick<Context, 'store' | 'content' | 'files' | 'clock'> & {
  readonly issuing: Pick<Context['issuing'], 'signs' | 'as'>
}

/**
 * Signs every status list of an issuer of this home whose latest version is not public yet, or whose signature has grown
 * old, and puts it where people look: the public folder, the content store, and the folder of every batch that points to it.
 * One process does it at a time: else an older version might be put over a newer one.
 *
 * If we die in its midst: the version counts as unpublished until it is everywhere, so the next run signs it again.
 *
 * @returns whether every list is public; otherwise another process is at it
 * @throws what signing throws, once the lists of all other issuers are public
 */
export async function publishLists(context: ListContext): Promise<boolean> {
  const { store, issuing } = context
  const isOurs = Recent.create<Promise<boolean>>(Infinity)
  const ours = async () => {
    const found: BatchStore.StatusList[] = []
    for (const list of await stale(context))
      if (await isOurs.get(list.issuer, () => issuing.signs(list.issuer))) found.push(list)
    return found
  }
  if ((await ours()).length === 0) return true
  const lease = await store.lease('status-lists', owner(), leaseTime)
  if (lease === undefined) return false
  const troubles = new Map<string, Errors.BaseError>()
  try {
    for (const list of await ours()) {
      if (troubles.has(list.issuer)) continue
      const signatory = await issuing.as(list.issuer).catch((error: unknown) => {
        // What one issuer lacks keeps no other waiting.
        if (!(error instanceof Errors.BaseError)) throw error
        troubles.set(list.issuer, error)
      })
      if (signatory === undefined) continue
      await publishList(list, signatory, lease, context)
      await store.renew(lease, leaseTime)
    }
  } finally {
    await store.release(lease)
  }
  for (const trouble of troubles.values()) throw trouble
  return true
}

/** The lists that are to be signed. */
async function stale({ store, clock }: ListContext): Promise<readonly BatchStore.StatusList[]> {
  return (await store.lists()).filter(
    ({ published, version, publishedAt }) => published !== version || clock.now() - publishedAt >= refreshAfter,
  )
}

async function publishList(
  list: BatchStore.StatusList,
  { identity, credentialSigner }: Signatory,
  lease: BatchStore.Lease,
  context: ListContext,
): Promise<void> {
  const { store, content, clock } = context
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
    validUntil: DateTimeStamp.fromSeconds(Math.floor((at + validFor) / 1000)),
    ttl: timeToLive,
  })
  const proof = await DataIntegrity.createRdfc(
    credential,
    { created: moment, verificationMethod: identity.verificationMethod },
    together(credentialSigner.sign),
  )
  const bytes = Jcs.bytes({ ...credential, proof: [proof as unknown as Json.Object] })
  const cid = await content.put(bytes)
  await put(list, bytes, context)
  try {
    const publication = { text: new TextDecoder().decode(bytes), digest: Bytes.toHex(Sha256.digest(bytes)), at }
    await store.publish(list, version, { ...publication, cid }, lease)
  } catch (error) {
    // Whoever has the lists now may have published a newer version, over which this one has been put.
    const newest = error instanceof BatchStore.LeaseLostError ? await store.publication(list.id) : undefined
    if (newest !== undefined) await put(list, Bytes.fromUtf8(newest.text), context)
    throw error
  }
}

/** Puts a signed list where people look. */
async function put(
  list: BatchStore.StatusList,
  bytes: Uint8Array,
  { store, files }: Pick<Context, 'store' | 'files'>,
): Promise<void> {
  await files.publish(`status-lists/${list.id}.json`, bytes)
  for (const batch of await store.deliveredIn(list.number))
    await files.refresh(batch, { name: `status-${list.purpose}.json`, bytes })
}
