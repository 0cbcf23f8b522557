import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Multikey from '@laurel/core/Multikey'
import type { Rotated } from '../ports/Keyring.ts'
import * as Entry from './Entry.ts'
import type { Office } from './Office.ts'

/**
 * The account or key that a report is about: the newest of its purpose, or the one that is named.
 *
 * @throws {UnknownMemberError} KEY_NOT_LISTED when the directory does not have it
 */
export function memberOf(entry: Entry.Entry, purpose: Rotated, id: string | undefined): Entry.Member {
  const members = entry.members.filter((member) => member.purpose === purpose && member.standing !== undefined)
  const member =
    id === undefined ? members.at(-1) : members.find((each) => each.id === id || each.id === id.toLowerCase())
  if (member === undefined) throw new UnknownMemberError(purpose)
  return member
}

/**
 * Reports an account or key of the issuer as compromised from a second on, for good: nothing counts that it has said
 * since. A later report can only name an earlier second. Saying the same again changes nothing. Verifiers of this home ask
 * the directory from then on: what was anchored before the issuer was registered, they cannot tell any more.
 *
 * If we die in its midst: what was signed is sent again by the next run, whether it repeats the report or not.
 *
 * @param from seconds since 1970
 * @throws {ReportTimeError} REPORT_TIME for a second that cannot be named
 */
export async function reportCompromise(
  office: Office,
  { issuerId }: Entry.Entry,
  { purpose, id, standing }: Entry.Member,
  from: number,
): Promise<{ readonly repeated: boolean }> {
  if (standing === undefined) throw new TypeError('Only what the directory has can be reported')
  const { directory, chain } = office
  const before = standing.compromised
  const repeated = before?.from === from
  const latest = before === undefined ? (await chain.head()).time : before.from - 1
  if (!repeated && (from < standing.validFrom || from > latest))
    throw new ReportTimeError(from, standing.validFrom, latest)
  await office.heed(issuerId)
  if (repeated) return { repeated }
  const { calls } = directory
  const call =
    purpose === 'credential'
      ? calls.reportKey(issuerId, Entry.keyId(Multikey.toEd25519(id)), from)
      : calls.reportAccount(issuerId, id as Bytes.Hex, from)
  await Entry.say(office, call, `report ${id} of ${issuerId} from ${from}`)
  return { repeated: false }
}

/** Thrown when the directory does not have the account or key that is meant. */
export class UnknownMemberError extends Errors.BaseError<'KEY_NOT_LISTED'> {
  override readonly name = 'reportCompromise.UnknownMemberError'
  constructor(purpose: Rotated) {
    super(
      'KEY_NOT_LISTED',
      `The directory has no such ${purpose === 'credential' ? 'key' : 'account'} of this issuer.`,
      {
        facts: { purpose },
      },
    )
  }
}

/** Thrown when a report names a second that it cannot name. */
export class ReportTimeError extends Errors.BaseError<'REPORT_TIME'> {
  override readonly name = 'reportCompromise.ReportTimeError'
  constructor(from: number, earliest: number, latest: number) {
    const iso = (time: number) => new Date(time * 1000).toISOString()
    super(
      'REPORT_TIME',
      latest < earliest
        ? 'It has been reported from the second on in which it was added; there is nothing more to say.'
        : `${iso(from)} is not between ${iso(earliest)} and ${iso(latest)}.`,
      { facts: { from, earliest, latest } },
    )
  }
}
