import * as Bytes from '@laurel/core/Bytes'
import type { Context } from '../Context.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import * as Issuer from './Issuer.ts'
import * as Profile from './Profile.ts'

type Needed = Pick<Context, 'issuers' | 'issuerKeys' | 'issuing' | 'domain' | 'clock' | 'randomness'>

/** An id for a new issuer, which nobody can tell before. */
export function drawId(randomness: Context['randomness']): string {
  return Bytes.toHex(randomness.bytes(4)).slice(2)
}

/**
 * Makes an issuer for an organisation, with a credential key and a DID of its own. What it issues is anchored by the home's
 * account, within the quotas of the organisation.
 *
 * If we die right after its key is made: the key lies there, nobody knows of it, and another issuer is made the next time.
 * Right after it is stored: it is there, and whoever needs it first publishes what verifiers have to know of it.
 *
 * @param wanted its name; its id, where that was drawn before; and where its key is, which is not to be in the home
 * @throws {Profile.InvalidProfileError} ISSUER_PROFILE_INVALID
 * @throws {Issuer.TooManyError} ISSUERS_TOO_MANY
 * @throws {Issuer.TakenKeyError} KEY_TAKEN when the key that is named signs for another issuer
 */
export async function createIssuer(
  { name, id: chosen, uri }: { readonly name: string; readonly id?: string; readonly uri?: string | undefined },
  { issuers, issuerKeys, issuing, domain, clock, randomness }: Needed,
): Promise<Issuer.Issuer> {
  Profile.check({ name })
  if ((await issuers.issuers()).length >= Issuer.most) throw new Issuer.TooManyError()
  const id = chosen ?? drawId(randomness)
  const { demandFree } = issuing
  const publicKey = await issuerKeys.make(id, 1, uri === undefined ? undefined : { uri, demandFree })
  crashpoint('issuer:after-key')
  const createdAt = clock.now()
  const did = Issuer.didOf(domain, id, publicKey)
  const issuer = { id, name, did, createdAt, keys: [{ publicKey, createdAt, reported: null }] }
  await issuers.addIssuer(issuer)
  crashpoint('issuer:after-save')
  await issuing.publish(did)
  crashpoint('issuer:after-publish')
  return issuer
}
