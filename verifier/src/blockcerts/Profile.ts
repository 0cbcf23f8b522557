import type * as Bytes from '@laurel/core/Bytes'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Json from '@laurel/core/Json'
import * as Keys from '../Keys.ts'
import * as Web from '../openbadges2/Web.ts'
import type { Readers } from '../Readers.ts'
import { listOf } from '../Subject.ts'
import type * as Trust from '../Trust.ts'

/** How an account stood with an issuer at a time. */
export type Standing = 'valid' | 'foreign' | 'outside' | 'unreadable'

/** More than any issuer has. */
const maximumAccounts = 1000

/**
 * An issuer's profile: the verifier's own copy, or what is at its address. Of a DID, at the address of the service of the
 * kind `IssuerProfile` that its document names.
 */
export async function find(
  issuer: string,
  known: Trust.Issuer | undefined,
  { trust, readers }: { readonly trust: Trust.Trust; readonly readers: Readers },
): Promise<Web.Got> {
  if (known?.profile !== undefined) return { document: known.profile }
  if (!issuer.startsWith('did:')) return Web.create(issuer, trust, readers).get(issuer)
  const document = (await Keys.resolve(issuer, trust, readers)) as unknown as Json.Object | undefined
  const services = Json.isArray(document?.service) ? document.service.filter(Json.isObject) : []
  const address = String(services.find(({ type }) => type === 'IssuerProfile')?.serviceEndpoint)
  return Web.create(address, trust, readers).get(address)
}

/**
 * Whether an account was the issuer's when it spoke, by the times that the profile gives for it in `publicKey`.
 *
 * @param time in seconds since 1970
 */
export function standing({ publicKey }: Json.Object, account: Bytes.Hex, time: number): Standing {
  const entries = listOf(publicKey).filter(Json.isObject)
  const own = entries.slice(0, maximumAccounts).filter((entry) => accountOf(entry) === account)
  if (own.length === 0) return 'foreign'
  const standings = own.map((entry) => standingOf(entry, time * 1000))
  return standings.find((each) => each !== 'valid') ?? 'valid'
}

function accountOf({ id, publicKey }: Json.Object): string {
  return String(id ?? publicKey)
    .replace(/^ecdsa-koblitz-pubkey:/, '')
    .toLowerCase()
}

function standingOf({ created, revoked, expires }: Json.Object, time: number): Standing {
  const [from, ...ends] = [created, revoked, expires].map(read)
  if (from === undefined || from === 'invalid' || ends.includes('invalid')) return 'unreadable'
  return time > from && ends.every((end) => end === undefined || time < Number(end)) ? 'valid' : 'outside'
}

/** In milliseconds since 1970. */
function read(time: Json.Value | undefined): number | undefined | 'invalid' {
  if (time === undefined || time === null || time === '') return undefined
  return typeof time === 'string' && DateTimeStamp.isValid(time) ? DateTimeStamp.toMilliseconds(time) : 'invalid'
}
