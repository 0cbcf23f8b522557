import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Json from '@laurel/core/Json'
import * as StatusListBits from '@laurel/core/StatusList'
import type { Anchor } from '../Anchor.ts'
import { failed, passed, type Result, skipped, unknown } from '../Report.ts'
import type { Subject } from '../Subject.ts'
import type * as Trust from '../Trust.ts'
import { revocationList } from './revocation-list.ts'
import { type Asked, asOfThen, lastRecorded, type StatusReaders } from './status-history.ts'
import { type Purpose, type Reading, read } from './status-list.ts'

/**
 * Whether the issuer has revoked or suspended the credential (Bitstring Status List 1.0). Suspension stands in a second
 * list, at the same index, that the manifest names.
 *
 * A list that was fetched live is as of now; a copy is as of the day on which the issuer signed it. A revocation found in
 * any copy counts, even in one that has expired, because it is never taken back; a suspension counts as the newest copy has it.
 * Where the trust names who records the lists on a chain, and the chain can be asked, the last one there is looked at as well:
 * whoever keeps it back, and hands out an older one, is found out.
 *
 * @param now in milliseconds since 1970
 * @param at for which moment it is asked, by the lists whose digests stood on a chain then; for now where it is absent
 */
export async function status(
  { document, issuer }: Subject,
  anchor: Anchor | undefined,
  trust: Trust.Trust,
  readers: StatusReaders,
  now: number,
  at?: number,
): Promise<Result> {
  const entry = document.credentialStatus
  if (entry === undefined) return skipped('STATUS_NONE', 'Its issuer has not reserved the right to revoke it.')
  if (Json.isObject(entry) && entry.type === '1EdTechRevocationList' && typeof entry.id === 'string')
    return at === undefined
      ? revocationList(entry.id, String(document.id), issuer, readers)
      : unknown('STATUS_NOT_RECORDED', 'Its status is kept in a list of which nobody records any history.')
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
  const check = at === undefined ? current : asOfThen(at)
  const context = { issuer, trust, readers, now }
  const own = await check(statusListCredential, statusPurpose, index, context)
  const suspension = anchor?.manifest?.statusLists.suspension
  if (own.outcome !== 'passed' || suspension === undefined || suspension === statusListCredential) return own
  return check(suspension, 'suspension', index, context)
}

async function current(url: string, purpose: Purpose, index: number, context: Asked): Promise<Result> {
  const found = await context.readers.statusLists(url)
  const recorded = await lastRecorded(url, found, context)
  const lists = recorded?.bytes === undefined ? found : [...found, { bytes: recorded.bytes, live: false }]
  if (lists.length === 0) return unknown('STATUS_UNAVAILABLE', 'Its status list cannot be had at the moment.')
  const readings: Reading[] = []
  let trouble: Result | undefined
  let isRecordedRead = false
  for (const list of lists) {
    const reading = await read(list, url, purpose, index, { ...context, isCurrent: true })
    if ('outcome' in reading) trouble ??= reading
    else {
      readings.push(reading)
      isRecordedRead ||= list.bytes === recorded?.bytes
    }
  }
  if (purpose === 'revocation' && readings.some(({ isSet }) => isSet))
    return failed('REVOKED', 'Its issuer has revoked it.')
  const valid = readings.filter(({ hasExpired }) => !hasExpired)
  const newest = valid.toSorted((a, b) => b.issuedAt - a.issuedAt)[0]
  if (newest === undefined) return trouble ?? unknown('STATUS_STALE', 'The status list that can be had has expired.')
  if (recorded !== undefined && !isRecordedRead && newest.issuedAt < recorded.time * 1000) {
    const since = DateTimeStamp.fromSeconds(recorded.time)
    return unknown(
      'STATUS_ROLLED_BACK',
      `A newer status list stands on ${recorded.place} since ${since}: it is kept back.`,
    )
  }
  if (newest.isSet) return failed('SUSPENDED', 'Its issuer has suspended it for the time being.')
  const asOf = Math.max(...valid.map((reading) => reading.asOf))
  const moment = DateTimeStamp.fromSeconds(Math.floor(asOf / 1000))
  if (context.now - asOf > context.trust.status.maximumAgeSeconds * 1000)
    return unknown('STATUS_STALE', `The newest status list that can be had is as of ${moment}, which is too old.`)
  return passed('NOT_REVOKED', `Its issuer had neither revoked nor suspended it as of ${moment}.`)
}
