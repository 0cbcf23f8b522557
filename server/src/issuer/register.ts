import * as Bytes from '@laurel/core/Bytes'
import * as Contexts from '@laurel/core/Contexts'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import * as Entry from './Entry.ts'
import type { Office } from './Office.ts'

/** What was said for the first time, in the order in which it was said. */
export type Change = 'registered' | 'described' | 'chain' | 'badges' | 'credential'

/**
 * Registers the issuer in the directory: its DID and profile, the accounts that anchor and award, each by its own
 * consent, and its credential key. What is there already is left alone, and a DID or profile that has changed since is
 * described anew. The profile is public content before the directory names it.
 *
 * If we die in its midst: what was said is there, what was signed is sent again, and the next run says the rest.
 *
 * @throws {Entry.say} what carrying a transaction out throws
 */
export async function register(
  office: Office,
): Promise<{ readonly entry: Entry.Entry; readonly changes: readonly Change[] }> {
  const { chain, content, directory, issuer, keyring } = office
  const changes: Change[] = []
  const controller = await keyring.account('controller')
  const issuerId = Entry.idOf(chain.chainId, controller.address)
  const profile = profileOf(issuer)
  await content.put(profile)
  const digest = Bytes.toHex(Sha256.digest(profile))

  const known = await directory.issuer(issuerId)
  if (known === undefined) {
    const call = directory.calls.register(Entry.registrationSalt, issuer.id, digest)
    await Entry.say(office, call, `register ${issuerId}`)
    changes.push('registered')
  } else if (known.did !== issuer.id || known.profileDigest !== digest) {
    const call = directory.calls.describe(issuerId, issuer.id, digest)
    // The same may be said again after something else was: what was said before it makes the difference.
    await Entry.say(office, call, `describe ${issuerId} after ${known.head}`)
    changes.push('described')
  }

  for (const purpose of ['chain', 'badges'] as const) {
    const signer = await keyring.account(purpose)
    if ((await directory.account(issuerId, signer.address)) !== undefined) continue
    await Entry.addAccount(office, issuerId, signer)
    changes.push(purpose)
  }
  const key = (await keyring.credentialKeys()).at(-1)
  if (key === undefined) throw new TypeError('An issuer has a credential key')
  if ((await directory.key(issuerId, Entry.keyId(key))) === undefined) {
    await Entry.addKey(office, issuerId, key)
    changes.push('credential')
  }
  return { entry: await Entry.demand(office), changes }
}

/** The bytes of the issuer's public profile (Open Badges 3.0, `Profile`), as JCS: its digest is in the directory. */
export function profileOf({ id, ...said }: Office['issuer']): Uint8Array {
  const profile: Json.Object = {
    '@context': [Contexts.credentialsV2, Contexts.openBadges],
    id,
    type: ['Profile'],
    ...(said as unknown as Json.Object),
  }
  return Jcs.bytes(profile)
}
