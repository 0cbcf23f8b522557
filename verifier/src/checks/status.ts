import * as Contexts from '@laurel/core/Contexts'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as StatusListBits from '@laurel/core/StatusList'
import type { Anchor } from '../Anchor.ts'
import * as Memory from '../Memory.ts'
import * as Proofs from '../Proofs.ts'
import type { Readers, StatusList } from '../Readers.ts'
import { failed, passed, type Result, skipped, unknown } from '../Report.ts'
import { idOf, type Subject, unsecured } from '../Subject.ts'
import type * as Trust from '../Trust.ts'
import { revocationList } from './revocation-list.ts'

/** What a status list said about one entry, and when, in milliseconds since 1970. */
type Reading = {
  readonly isSet: boolean
  readonly issuedAt: number
  readonly asOf: number
  readonly hasExpired: boolean
}

type Purpose = StatusListBits.Purpose
type Context = {
  readonly issuer: string
  readonly trust: Trust.Trust
  readonly readers: Pick<Readers, 'did' | 'statusLists'>
  readonly now: number
}

/**
 * Whether the issuer has revoked or suspended the credential (Bitstring Status List 1.0). Suspension stands in a second
 * list, at the same index, that the manifest names.
 *
 * A list that was fetched live is as of now; a copy is as of the day on which the issuer signed it. A revocation found in
 * any copy counts, even in one that has expired, because it is never taken back; a suspension counts as the newest copy has it.
 *
 * @param now in milliseconds since 1970
 */
export async function status(
  { document, issuer }: Subject,
  anchor: Anchor | undefined,
  trust: Trust.Trust,
  readers: Pick<Readers, 'did' | 'statusLists'>,
  now: number,
): Promise<Result> {
  const entry = document.credentialStatus
  if (entry === undefined) return skipped('STATUS_NONE', 'Its issuer has not reserved the right to revoke it.')
  if (Json.isObject(entry) && entry.type === '1EdTechRevocationList' && typeof entry.id === 'string')
    return revocationList(entry.id, String(document.id), issuer, readers)
  if (!Json.isObject(entry) || entry.type !== 'BitstringStatusListEntry')
    return unknown('STATUS_UNSUPPORTED', 'Its status is kept in a way that this verifier does not know.')
  const { statusPurpose, statusListCredential, statusListIndex } = entry
  if (
    (statusPurpose !== 'revocation' && statusPurpose !== 'suspension') ||
    typeof statusListCredential !== 'string' ||
    typeof statusListIndex !== 'string'
  )
    return unknown('STATUS_UNSUPPORTED', 'Its status has a purpose that this verifier does not know.')
  let index: number
  try {
    index = StatusListBits.parseIndex(statusListIndex)
  } catch {
    return failed('STATUS_INDEX', 'The number of its status entry is not one of a list.')
  }
  const context = { issuer, trust, readers, now }
  const own = await check(statusListCredential, statusPurpose, index, context)
  const suspension = anchor?.manifest?.statusLists.suspension
  if (own.outcome !== 'passed' || suspension === undefined || suspension === statusListCredential) return own
  return check(suspension, 'suspension', index, context)
}

async function check(url: string, purpose: Purpose, index: number, context: Context): Promise<Result> {
  const lists = await context.readers.statusLists(url)
  if (lists.length === 0) return unknown('STATUS_UNAVAILABLE', 'Its status list cannot be had at the moment.')
  const readings: Reading[] = []
  let trouble: Result | undefined
  for (const list of lists) {
    const reading = await read(list, url, purpose, index, context)
    if ('outcome' in reading) trouble ??= reading
    else readings.push(reading)
  }
  if (purpose === 'revocation' && readings.some(({ isSet }) => isSet))
    return failed('REVOKED', 'Its issuer has revoked it.')
  const current = readings.filter(({ hasExpired }) => !hasExpired)
  const newest = current.toSorted((a, b) => b.issuedAt - a.issuedAt)[0]
  if (newest === undefined) return trouble ?? unknown('STATUS_STALE', 'The status list that can be had has expired.')
  if (newest.isSet) return failed('SUSPENDED', 'Its issuer has suspended it for the time being.')
  const asOf = Math.max(...current.map((reading) => reading.asOf))
  const moment = DateTimeStamp.fromSeconds(Math.floor(asOf / 1000))
  if (context.now - asOf > context.trust.status.maximumAgeSeconds * 1000)
    return unknown('STATUS_STALE', `The newest status list that can be had is as of ${moment}, which is too old.`)
  return passed('NOT_REVOKED', `Its issuer had neither revoked nor suspended it as of ${moment}.`)
}

/** What one list says, after it has been checked; or why it says nothing. */
async function read(
  { bytes, live }: StatusList,
  url: string,
  purpose: Purpose,
  index: number,
  { issuer, trust, readers, now }: Context,
): Promise<Reading | Result> {
  try {
    const list = open(bytes)
    const { validFrom, validUntil } = parse(list, url, purpose, issuer)
    const signed = { document: list, issuer, signatures: proofs(list), unsecured: () => unsecured(list) }
    const signature = await Proofs.judge(signed, { trust, readers, now })
    if (signature.code === 'KEY_UNAVAILABLE') return signature
    if (signature.outcome !== 'passed') return invalid()
    const issuedAt = DateTimeStamp.toMilliseconds(validFrom)
    if (issuedAt > now + clockSkew) return unknown('STATUS_FUTURE', 'Its status list is dated in the future.')
    const hasExpired = validUntil !== undefined && DateTimeStamp.toMilliseconds(validUntil) < now
    const isSet = StatusListBits.isSet(decode(list), index)
    return { isSet, issuedAt, asOf: live ? now : issuedAt, hasExpired }
  } catch (error) {
    if (error instanceof Errors.BaseError) return invalid()
    throw error
  }
}

// A whole batch asks for the same list. To read and verify it takes longer than all that is done for one credential.
const open = Memory.once((bytes: Uint8Array) => Json.parseObject(bytes))
const decode = Memory.once((list: Json.Object) => {
  const subject = list.credentialSubject as { readonly encodedList: string }
  return StatusListBits.decode(subject.encodedList)
})

/** How far two clocks may be apart, in milliseconds. */
const clockSkew = 5 * 60 * 1000

type Period = { readonly validFrom: string; readonly validUntil?: string }

/** Reads a list credential of exactly the plain form, for the reason that `conforms` has: one writing, one meaning. */
function parse(list: Json.Object, url: string, purpose: Purpose, issuer: string): Period {
  const { '@context': context, id, type, credentialSubject: subject, validFrom, validUntil } = list
  const known = ['@context', 'id', 'type', 'issuer', 'validFrom', 'validUntil', 'credentialSubject', 'proof', 'name']
  const isWell =
    Object.keys(list).every((name) => known.includes(name)) &&
    Json.isArray(context) &&
    context.length === 1 &&
    context[0] === Contexts.credentialsV2 &&
    id === url &&
    Json.isArray(type) &&
    type.includes('BitstringStatusListCredential') &&
    idOf(list.issuer) === issuer &&
    Json.isObject(subject) &&
    Object.keys(subject).every((name) => ['id', 'type', 'statusPurpose', 'encodedList', 'ttl'].includes(name)) &&
    subject.type === 'BitstringStatusList' &&
    subject.statusPurpose === purpose &&
    typeof subject.encodedList === 'string' &&
    typeof validFrom === 'string' &&
    (validUntil === undefined || typeof validUntil === 'string')
  if (!isWell) throw new StatusListBits.EncodingError()
  return { validFrom, ...(validUntil === undefined ? {} : { validUntil }) }
}

function proofs(list: Json.Object): readonly Json.Object[] {
  return (Json.isArray(list.proof) ? list.proof : [list.proof]).filter(Json.isObject)
}

function invalid(): Result {
  return unknown('STATUS_LIST_INVALID', 'The status list that can be had is not one that its issuer signed.')
}
