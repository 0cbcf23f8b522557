import * as Caip10 from '@laurel/core/Caip10'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Jws from '@laurel/core/Jws'
import * as PublicKey from '@laurel/core/PublicKey'
import type { Readers } from './Readers.ts'
import type * as Trust from './Trust.ts'

/** What one entity says of another, or of itself (OpenID Federation 1.0 §3), after its signature has been checked. */
export type Statement = {
  readonly issuer: string
  readonly subject: string
  /** The subject's own keys for statements, as JSON Web Keys. */
  readonly keys: readonly Json.Object[]
  readonly metadata: Json.Object
  readonly constraints: Json.Object
}

/** The type of entity under which a federation says what else it knows of an issuer of Open Badges. */
const issuerType = 'open_badges_issuer'
const entityType = 'federation_entity'

/** More than any federation of institutions has, the statement of the trust anchor included. */
const maximumLength = 4
const maximumName = 200

/** How far two clocks may be apart, in seconds. */
const clockSkew = 5 * 60

/**
 * A verifier's trust with the issuer in it, if one of the federations that it trusts vouches for it; otherwise as it was. Who
 * stands in it already by hand is not asked about.
 *
 * @param now in milliseconds since 1970
 */
export async function extend(
  trust: Trust.Trust,
  did: string,
  readers: Pick<Readers, 'trustChains'>,
  now: number,
): Promise<Trust.Trust> {
  const { federations = [], issuers } = trust
  if (issuers.some((issuer) => issuer.did === did)) return trust
  for (const federation of federations)
    for (const chain of (await readers.trustChains?.(federation, did, now)) ?? []) {
      const issuer = vouched(chain, federation, did, now)
      if (issuer !== undefined) return { ...trust, issuers: [...issuers, issuer] }
    }
  return trust
}

/**
 * The issuer for whom a chain of statements vouches, from the one about it up to the one by the trust anchor (§4.3, §10.2);
 * undefined where it does not: a signature, a name or a date is wrong, or something is demanded that is not done here.
 * The statements are anybody's.
 *
 * @param now in milliseconds since 1970
 */
export function vouched(
  chain: readonly string[],
  federation: Trust.Federation,
  did: string,
  now: number,
): Trust.Issuer | undefined {
  if (chain.length > maximumLength) return undefined
  let { id: superior, keys }: { readonly id: string; readonly keys: readonly Json.Object[] } = federation
  let statement: Statement | undefined
  for (let below = chain.length - 1; below >= 0; below--) {
    statement = read(chain[below] ?? '', keys, now)
    if (statement === undefined || statement.issuer !== superior || statement.subject === superior) return undefined
    if (!allows(statement.constraints, below)) return undefined
    superior = statement.subject
    keys = statement.keys
  }
  return statement?.subject === did ? describe(statement, federation) : undefined
}

/**
 * Reads a statement from anybody, which one of some keys has to have signed; undefined where none did, where it is not of
 * now, or where it demands something that is not done here: extensions, and policies for metadata.
 *
 * @param now in milliseconds since 1970
 */
export function read(text: string, keys: readonly Json.Object[], now: number): Statement | undefined {
  try {
    const jws = Jws.parse(text)
    const { header, payload } = jws
    if (header.typ !== 'entity-statement+jwt' || ['crit', 'b64'].some((name) => Object.hasOwn(header, name)))
      return undefined
    // §3.2: the key is one of those known, by its name; never one that the header brings.
    const named = keys.filter(({ kid }) => typeof kid === 'string' && kid === header.kid)
    if (named.length !== 1 || !Jws.verify(jws, PublicKey.fromJwk(named[0]))) return undefined
    const {
      iss: issuer,
      sub: subject,
      iat,
      exp,
      metadata = {},
      constraints = {},
      metadata_policy: policy = {},
    } = payload
    const seconds = now / 1000
    if (typeof issuer !== 'string' || typeof subject !== 'string') return undefined
    if (typeof iat !== 'number' || typeof exp !== 'number' || iat > seconds + clockSkew || exp <= seconds)
      return undefined
    if (Object.hasOwn(payload, 'crit') || !Json.isObject(metadata) || !Json.isObject(constraints)) return undefined
    if (!Json.isObject(policy) || [issuerType, entityType].some((type) => Object.hasOwn(policy, type))) return undefined
    return { issuer, subject, keys: keysIn(payload), metadata, constraints }
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
}

/** What an entity says of itself, by the keys that it names itself: who it is has to be known otherwise. */
export function readOwn(text: string, now: number): Statement | undefined {
  try {
    const statement = read(text, keysIn(Jws.parse(text).payload), now)
    return statement?.issuer === statement?.subject ? statement : undefined
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
}

function keysIn({ jwks }: Json.Object): readonly Json.Object[] {
  return Json.isObject(jwks) && Json.isArray(jwks.keys) ? jwks.keys.filter(Json.isObject) : []
}

/** What an entity is called, and where it answers, as its statement says. */
export function entity({ metadata }: Statement): {
  readonly name?: string
  readonly fetch?: string
  readonly list?: string
} {
  const { [entityType]: own = {} } = metadata
  if (!Json.isObject(own)) return {}
  const { organization_name: name, federation_fetch_endpoint: fetch, federation_list_endpoint: list } = own
  return {
    ...(typeof name === 'string' && name.length > 0 && name.length <= maximumName && { name }),
    ...(typeof fetch === 'string' && { fetch }),
    ...(typeof list === 'string' && { list }),
  }
}

/** §6.2: how many entities there may be between who sets the constraint and the issuer, and of which types. */
function allows(constraints: Json.Object, between: number): boolean {
  const { max_path_length: most = maximumLength, allowed_entity_types: types = [issuerType] } = constraints
  return (
    typeof most === 'number' &&
    between <= most &&
    Json.isArray(types) &&
    types.includes(issuerType) &&
    !Object.hasOwn(constraints, 'naming_constraints')
  )
}

/** What the federation says of an issuer. Whether its credentials count without an anchor only the verifier says. */
function describe(statement: Statement, { name, anchor }: Trust.Federation): Trust.Issuer | undefined {
  const { [issuerType]: more = {} } = statement.metadata
  if (!Json.isObject(more)) return undefined
  const accounts = accountsOf(more.accounts)
  const recorders = accountsOf(more.recorders)
  if (accounts === 'invalid' || recorders === 'invalid') return undefined
  const called = entity(statement).name ?? statement.subject
  return {
    did: statement.subject,
    name: `${called}, as ${name} says`,
    anchor,
    ...(accounts && { accounts }),
    ...(recorders && { recorders }),
  }
}

function accountsOf(value: Json.Value | undefined): readonly string[] | 'invalid' | undefined {
  if (value === undefined) return undefined
  if (!Json.isArray(value) || value.length === 0) return 'invalid'
  const accounts = value.filter((each) => typeof each === 'string')
  try {
    accounts.forEach(Caip10.parse)
  } catch {
    return 'invalid'
  }
  return accounts.length === value.length ? accounts : 'invalid'
}
