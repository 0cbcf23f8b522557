import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Multikey from '@laurel/core/Multikey'
import * as Batch from '../Batch.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import { owner } from '../internal/owner.ts'
import * as Presence from '../internal/Presence.ts'
import type { Rotated } from '../ports/Keyring.ts'
import * as Entry from './Entry.ts'
import type { Office } from './Office.ts'

/** How long a worker is kept out at most, in milliseconds: longer than the directory takes to say anything finally. */
const leaseTime = 60 * 60_000

/**
 * Replaces an account or key: the new one is made and stored, added to the directory, taken into use, and only then are
 * those before it retired there. What they have said stays valid; a DID document keeps them.
 *
 * If we die anywhere: the next run finds the new key, where it was added and whether it is in use, and goes on from
 * there. At no moment is the issuer without a key that speaks for it.
 *
 * @throws {ImpossibleError} ROTATION_IMPOSSIBLE where the DID, or what Blockcerts verifiers look up, is the key itself
 * @throws {InUseError} KEY_IN_USE while batches are open that were accepted under it, or a worker runs
 * @throws {Entry.NotRegisteredError} ISSUER_NOT_REGISTERED
 */
export async function rotate(
  office: Office,
  purpose: Rotated,
): Promise<{ readonly added: string; readonly retired: readonly string[] }> {
  refuseImpossible(office, purpose)
  const before = await Entry.demand(office)
  return whileNobodyIssues(office, purpose, async () => {
    const { keyring } = office
    if (purpose !== 'badges') await refuseOpen(office, before, purpose)
    if ((await keyring.hasNext(purpose)) || superseded(before, purpose).length === 0) {
      await addNext(office, before, purpose)
      crashpoint('rotate:after-add')
      await keyring.promote(purpose)
      crashpoint('rotate:after-promote')
    }
    await office.publish()
    const entry = await Entry.demand(office)
    const retired = superseded(entry, purpose)
    for (const { id } of retired) await retire(office, entry, purpose, id)
    const newest = entry.members.findLast((member) => member.purpose === purpose)
    if (newest === undefined) throw new TypeError('There is a newest key after a rotation')
    return { added: newest.id, retired: retired.map(({ id }) => id) }
  })
}

/** What spoke for the issuer before the newest of its purpose and was not retired yet. */
function superseded({ members }: Entry.Entry, purpose: Rotated): readonly Entry.Member[] {
  return members
    .filter((member) => member.purpose === purpose)
    .slice(0, -1)
    .filter(({ standing }) => standing !== undefined && standing.retiredOn === undefined)
}

async function addNext(office: Office, { issuerId }: Entry.Entry, purpose: Rotated): Promise<void> {
  const { directory, keyring } = office
  if (purpose === 'credential') {
    const key = await keyring.nextCredentialKey()
    crashpoint('rotate:after-key')
    if ((await directory.key(issuerId, Entry.keyId(key))) === undefined) await Entry.addKey(office, issuerId, key)
  } else {
    const signer = await keyring.nextAccount(purpose)
    crashpoint('rotate:after-key')
    if ((await directory.account(issuerId, signer.address)) === undefined)
      await Entry.addAccount(office, issuerId, signer)
  }
}

async function retire(office: Office, { issuerId }: Entry.Entry, purpose: Rotated, id: string): Promise<void> {
  const { calls } = office.directory
  const call =
    purpose === 'credential'
      ? calls.retireKey(issuerId, Entry.keyId(Multikey.toEd25519(id)))
      : calls.retireAccount(issuerId, id as Bytes.Hex)
  await Entry.say(office, call, `retire ${id} of ${issuerId}`)
}

function refuseImpossible({ identity, profile }: Office, purpose: Rotated): void {
  if (purpose === 'credential' && identity.id.startsWith('did:key:'))
    throw new ImpossibleError('The DID of this issuer is its credential key: another key would be another issuer.')
  if (purpose === 'chain' && profile === 'blockcerts')
    throw new ImpossibleError('Blockcerts verifiers know one account of an issuer, and would refuse what it anchored.')
}

/** Refuses while batches are on their way that were accepted under the accounts or keys that would be retired. */
async function refuseOpen({ store }: Office, { members }: Entry.Entry, purpose: Rotated): Promise<void> {
  const ids = new Set(members.filter((member) => member.purpose === purpose).map(({ id }) => id))
  const open = (await store.list()).filter(
    (batch) =>
      Batch.isOpen(batch) &&
      ids.has(purpose === 'credential' ? (batch.terms.verificationMethod.split('#')[1] ?? '') : batch.terms.account),
  )
  if (open.length > 0) throw new InUseError(`${open.length} batches are open that were accepted under it`)
}

/** Does something while no worker signs or anchors in this home. */
async function whileNobodyIssues<result>(
  { store }: Office,
  purpose: Rotated,
  work: () => Promise<result>,
): Promise<result> {
  if (purpose === 'badges') return work()
  const lease = await store.lease(Presence.rotation, owner(), leaseTime)
  if (lease === undefined) throw new InUseError('another process replaces one')
  try {
    if (await store.leased(Presence.workers)) throw new InUseError('another process works on batches')
    return await work()
  } finally {
    await store.release(lease)
  }
}

/** Thrown when a key cannot be replaced at all. */
export class ImpossibleError extends Errors.BaseError<'ROTATION_IMPOSSIBLE'> {
  override readonly name = 'rotate.ImpossibleError'
  constructor(message: string) {
    super('ROTATION_IMPOSSIBLE', message)
  }
}

/** Thrown when a key is needed until what was begun with it is finished. */
export class InUseError extends Errors.BaseError<'KEY_IN_USE'> {
  override readonly name = 'rotate.InUseError'
  constructor(why: string) {
    super('KEY_IN_USE', `The key cannot be replaced now: ${why}.`)
  }
}
