import * as Contexts from '@laurel/core/Contexts'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as StatusListBits from '@laurel/core/StatusList'
import * as Keys from '../Keys.ts'
import * as Memory from '../Memory.ts'
import * as Proofs from '../Proofs.ts'
import type { Readers, StatusList } from '../Readers.ts'
import { type Result, unknown } from '../Report.ts'
import { idOf, proofsOf, unsecured } from '../Subject.ts'
import type * as Trust from '../Trust.ts'

/** What a status list said about one entry, and when, in milliseconds since 1970. */
export type Reading = {
  readonly isSet: boolean
  readonly issuedAt: number
  readonly asOf: number
  readonly hasExpired: boolean
}

export type Purpose = StatusListBits.Purpose

/** What a list is read by. */
export type Context = {
  readonly issuer: string
  readonly trust: Trust.Trust
  readonly readers: Pick<Readers, 'did' | 'statusLists'>
  /** In milliseconds since 1970. */
  readonly now: number
  /** Whether it is judged as if signed now: then a key that was reported as stolen signs none. */
  readonly isCurrent?: boolean
}

/** What one list says of an entry, after it has been checked; or why it says nothing. */
export async function read(
  { bytes, live }: StatusList,
  url: string,
  purpose: Purpose,
  index: number,
  { issuer, trust, readers, now, isCurrent = false }: Context,
): Promise<Reading | Result> {
  try {
    const list = open(bytes)
    const { validFrom, validUntil } = parse(list, url, purpose, issuer)
    const signed = { document: list, issuer, signatures: proofsOf(list), unsecured: () => unsecured(list) }
    const signature = await Proofs.judge(signed, { trust, readers, now })
    if (signature.code === 'KEY_UNAVAILABLE') return signature
    if (signature.outcome !== 'passed') return invalid()
    if (isCurrent && (await isRevoked(signed.signatures, { issuer, trust, readers, now }))) return invalid()
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

async function isRevoked(
  signatures: readonly Json.Object[],
  { issuer, trust, readers, now }: Context,
): Promise<boolean> {
  for (const { verificationMethod } of signatures) {
    const key = await Keys.find(String(verificationMethod), issuer, trust, readers)
    if (key.kind === 'found' && key.revokedFrom !== undefined && key.revokedFrom <= now) return true
  }
  return false
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

function invalid(): Result {
  return unknown('STATUS_LIST_INVALID', 'The status list that can be had is not one that its issuer signed.')
}
