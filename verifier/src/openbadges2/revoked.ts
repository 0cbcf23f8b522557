import * as Json from '@laurel/core/Json'
import type { Readers } from '../Readers.ts'
import { failed, passed, type Result, skipped, unknown } from '../Report.ts'
import { list } from './Assertion.ts'
import * as Web from './Web.ts'

/**
 * Whether a signed assertion stands in the list of its issuer (Open Badges 2.0, RevocationList), which nobody signs: it counts
 * as its own address gives it out now. The profile that names it is the issuer's own.
 */
export async function revoked(
  { id, uid }: Json.Object,
  profile: Json.Object,
  readers: Pick<Readers, 'statusLists'>,
): Promise<Result> {
  const { revocationList: url } = profile
  if (url !== undefined && typeof url !== 'string')
    return unknown('STATUS_UNSUPPORTED', 'Its status is kept in a way that this verifier does not know.')
  if (url === undefined) return skipped('STATUS_NONE', 'Its issuer has not reserved the right to revoke it.')
  const lists = (await readers.statusLists(url)).filter(({ live }) => live)
  const [first] = lists
  if (first === undefined) return unknown('STATUS_UNAVAILABLE', 'Its status list cannot be had at the moment.')
  const entries = read(Web.parse(first.bytes), url, profile.id)
  if (entries === undefined)
    return unknown('STATUS_LIST_INVALID', 'The status list that can be had is not its issuer’s.')
  const isIts = (entry: Json.Value) =>
    Json.isObject(entry)
      ? (entry.id === id || (uid !== undefined && entry.uid === uid)) && entry.revoked !== false
      : entry === id
  return entries.some(isIts)
    ? failed('REVOKED', 'Its issuer has revoked it.')
    : passed('NOT_REVOKED', 'It does not stand in its issuer’s revocation list, as of now.')
}

/** Its id and issuer may be missing, but may not be another's. */
function read(
  document: Json.Object | undefined,
  url: string,
  issuer: Json.Value | undefined,
): readonly Json.Value[] | undefined {
  if (document === undefined || !list(document.type).includes('RevocationList')) return undefined
  const { id = url, issuer: own = issuer, revokedAssertions: entries } = document
  if (id !== url || own !== issuer || !Json.isArray(entries)) return undefined
  return entries.every((entry) => typeof entry === 'string' || Json.isObject(entry)) ? entries : undefined
}

/** Of an earlier moment a list says nothing, nor an address: both are as of now. */
export function asOf(status: Result, at: number | undefined): Result {
  return at === undefined || status.outcome === 'skipped'
    ? status
    : unknown('STATUS_NOT_RECORDED', 'Its status is kept in a list of which nobody records any history.')
}
