import * as Bytes from '@laurel/core/Bytes'
import type { Context } from '../Context.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import * as Issuer from './Issuer.ts'
import { ReportTimeError } from './report-compromise.ts'
import { ImpossibleError } from './rotate.ts'

type Needed = Pick<Context, 'issuers' | 'issuerKeys' | 'issuing' | 'clock'>

/**
 * A key of an issuer beside the home's own, which can be replaced or was.
 *
 * @param replaced its public half (32 bytes)
 * @throws {ImpossibleError} ROTATION_IMPOSSIBLE where the DID is the key itself
 * @throws {Issuer.UnknownKeyError} KEY_NOT_LISTED
 */
export function demandReplaceable(issuer: Issuer.Issuer, replaced: Uint8Array): Issuer.Key {
  if (issuer.did.startsWith('did:key:'))
    throw new ImpossibleError('The DID of this issuer is its credential key: another key would be another issuer.')
  return Issuer.findKey(issuer, replaced)
}

/**
 * Replaces the key of an issuer beside the home's own. What is accepted from then on is signed with the new one, by every
 * process; what was accepted before keeps the old one, which stays in the DID document. Its status lists are signed anew.
 *
 * If we die right after the new key is made: it lies there, and the same again takes it into use. Right after it is in use:
 * whoever signs first publishes what verifiers have to know of it.
 *
 * @param replaced the public half (32 bytes) of the key that is replaced; where it was before, nothing is changed
 * @param uri where the new key is that is not to be in the home
 * @throws what {@link demandReplaceable} throws
 * @throws {Issuer.TakenKeyError} KEY_TAKEN when the key that is named signs for another issuer, or has signed for this one
 */
export async function rotateKey(
  issuer: Issuer.Issuer,
  replaced: Uint8Array,
  { issuers, issuerKeys, issuing, clock }: Needed,
  uri?: string,
): Promise<Issuer.Issuer> {
  const { id, did, keys } = issuer
  if (demandReplaceable(issuer, replaced) === Issuer.keyOf(issuer)) {
    const generation = keys.length + 1
    const { demandFree } = issuing
    const publicKey = await issuerKeys.make(id, generation, uri === undefined ? undefined : { uri, demandFree })
    crashpoint('issuer-key:after-key')
    const added = { publicKey, createdAt: clock.now(), reported: null }
    await issuers.addIssuerKey(issuer, generation, added).catch(async (error: unknown) => {
      // Somebody has asked for the same at the same time: it is done.
      const now = await issuers.issuer(did)
      if (now === undefined || !Bytes.equals(Issuer.keyOf(now).publicKey, publicKey)) throw error
    })
    crashpoint('issuer-key:after-save')
  }
  return published(issuer, { issuers, issuing })
}

/**
 * Reports a key of an issuer beside the home's own as stolen, for good: nothing counts that it has signed from a second on,
 * and nothing more is signed with it here. A later report can only name an earlier second; the same again changes nothing.
 *
 * If we die right after it is stored: nothing more is signed with it, and whoever needs the issuer next, or repeats the
 * report, publishes it.
 *
 * @param stolen the public half of the key (32 bytes)
 * @param from seconds since 1970
 * @throws {Issuer.UnknownKeyError} KEY_NOT_LISTED
 * @throws {ReportTimeError} REPORT_TIME for a second that cannot be named
 */
export async function reportKey(
  issuer: Issuer.Issuer,
  stolen: Uint8Array,
  from: number,
  { issuers, issuing, clock }: Pick<Needed, 'issuers' | 'issuing' | 'clock'>,
): Promise<Issuer.Issuer> {
  const key = Issuer.findKey(issuer, stolen)
  const { reported } = key
  if (reported?.from !== from) {
    const latest = reported === null ? Math.floor(clock.now() / 1_000) : reported.from - 1
    // By the time of blocks: where a chain has a time of its own, it may have been before the key was made.
    if (from < 0 || from > latest) throw new ReportTimeError(from, 0, latest)
    await issuers.reportIssuerKey(issuer, issuer.keys.indexOf(key) + 1, { from, on: clock.now() })
    crashpoint('issuer-key:after-report')
  }
  return published(issuer, { issuers, issuing })
}

async function published(
  { did }: Issuer.Issuer,
  { issuers, issuing }: Pick<Needed, 'issuers' | 'issuing'>,
): Promise<Issuer.Issuer> {
  await issuing.publish(did)
  const changed = await issuers.issuer(did)
  if (changed === undefined) throw new TypeError('An issuer stays')
  return changed
}
