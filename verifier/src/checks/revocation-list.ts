import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import type { Readers } from '../Readers.ts'
import { failed, passed, type Result, unknown } from '../Report.ts'
import { idOf } from '../Subject.ts'

/**
 * Whether a credential stands in its issuer's revocation list (1EdTech Revocation List 1.0). Nobody signs such a list: it
 * counts only as its own address gives it out now, and a copy says nothing.
 *
 * @param url the `id` of the status, which is the list's
 */
export async function revocationList(
  url: string,
  credentialId: string,
  issuer: string,
  readers: Pick<Readers, 'statusLists'>,
): Promise<Result> {
  const lists = (await readers.statusLists(url)).filter(({ live }) => live)
  const [list] = lists
  if (list === undefined) return unknown('STATUS_UNAVAILABLE', 'Its status list cannot be had at the moment.')
  const isRevoked = read(list.bytes, url, credentialId, issuer)
  if (isRevoked === undefined)
    return unknown('STATUS_LIST_INVALID', 'The status list that can be had is not its issuer’s.')
  return isRevoked
    ? failed('REVOKED', 'Its issuer has revoked it.')
    : passed('NOT_REVOKED', 'It does not stand in its issuer’s revocation list, as of now.')
}

function read(bytes: Uint8Array, url: string, credentialId: string, issuer: string): boolean | undefined {
  let list: Json.Object
  try {
    list = Json.parseObject(bytes)
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
  const { revokedCredentials: revoked = [] } = list
  if (list.id !== url || idOf(list.issuer) !== issuer || !Json.isArray(revoked)) return undefined
  if (!revoked.every((entry) => idOf(entry) !== undefined)) return undefined
  const own = revoked.filter((entry) => idOf(entry)?.trim() === credentialId.trim())
  // An entry without the member says the same as one with it.
  return own.some((entry) => !Json.isObject(entry) || entry.revoked !== false)
}
