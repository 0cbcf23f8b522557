import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Jws from '@laurel/core/Jws'
import * as PublicKey from '@laurel/core/PublicKey'
import { failed, passed, type Result, unknown } from '../Report.ts'
import { idOf } from '../Subject.ts'
import * as Assertion from './Assertion.ts'
import type * as Web from './Web.ts'

/** More than any issuer has, and so few that they are tried at once. */
const maximumKeys = 8

/** Ways of naming a key that would make the token its own witness, or send the verifier to fetch something. */
const keyParameters = ['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'x5t#S256']

/**
 * Whether a key that the issuer's profile names made the signature (Open Badges 2.0, SignedBadge Verification). The profile
 * names the key and the key names its owner; whoever else says that a key is the issuer's is not asked.
 *
 * @param creator the key that the assertion says to be signed with
 */
export async function signed(
  jws: Jws.Jws,
  creator: string | undefined,
  profile: Json.Object,
  web: Web.Web,
): Promise<Result> {
  const { header } = jws
  // RFC 7515 §4.1.11: whoever does not know what is critical must not read on.
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64'))
    return failed('JWT_CRIT', 'It demands to be read by rules that no standard of credentials has.')
  if (keyParameters.some((name) => Object.hasOwn(header, name)))
    return failed('JWT_HEADER_KEY', 'It brings a key, or an address of one, that says nothing about its issuer.')
  const kind = Jws.kindOf(header.alg)
  if (kind === undefined)
    return /^(?:[ERP]S(?:256K?|384|512)|Ed448)$/.test(String(header.alg))
      ? unknown('PROOF_UNSUPPORTED', 'It is signed in a way that this verifier does not know.')
      : failed('JWT_ALG', 'It is not signed by an algorithm that proves who did it.')
  const listed = Assertion.list(profile.publicKey).filter((key) => creator === undefined || idOf(key) === creator)
  if (listed.length === 0) return failed('KEY_FOREIGN', 'It is signed with a key that its issuer does not name.')
  const results: Result[] = []
  for (const named of listed.slice(0, maximumKeys)) {
    const key = await find(named, String(profile.id), web)
    const result = 'outcome' in key ? key : judge(jws, kind, key)
    if (result.outcome === 'passed') return result
    results.push(result)
  }
  // It may have been signed with the one that cannot be had.
  return (results.find(({ outcome }) => outcome === 'unknown') ?? results[0]) as Result
}

function judge(jws: Jws.Jws, kind: PublicKey.Kind, key: PublicKey.PublicKey): Result {
  if (key.kind !== kind) return failed('JWT_ALG', 'Its algorithm is not that of the issuer’s key.')
  return Jws.verify(jws, key)
    ? passed('SIGNED', 'The issuer signed it, and nothing was changed since.')
    : failed('PROOF_INVALID', 'It was changed after it was signed, or the signature is not the issuer’s.')
}

async function find(named: Json.Value, issuer: string, web: Web.Web): Promise<PublicKey.PublicKey | Result> {
  const isWhole = Json.isObject(named) && named.publicKeyPem !== undefined
  const got = isWhole ? { document: named } : await web.get(idOf(named) ?? '')
  if ('problem' in got)
    return got.problem.outcome === 'failed'
      ? failed('KEY_FOREIGN', 'What should be its issuer’s key is none.')
      : unknown('KEY_UNAVAILABLE', 'The issuer’s keys cannot be had at the moment.')
  const key = got.document
  if (Assertion.problemOf(key, 'CryptographicKey') !== undefined || key.owner !== issuer)
    return failed('KEY_FOREIGN', 'What should be its issuer’s key names another owner, or is none.')
  try {
    return PublicKey.fromPem(String(key.publicKeyPem))
  } catch (error) {
    if (error instanceof Errors.BaseError) return unknown('KEY_INVALID', 'The issuer’s key is none that is read here.')
    throw error
  }
}
