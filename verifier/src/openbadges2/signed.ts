import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Jws from '@laurel/core/Jws'
import * as PublicKey from '@laurel/core/PublicKey'
import * as Jwt from '../Jwt.ts'
import * as Keys from '../Keys.ts'
import * as Proofs from '../Proofs.ts'
import { failed, type Result, unknown } from '../Report.ts'
import { idOf } from '../Subject.ts'
import * as Assertion from './Assertion.ts'
import type * as Web from './Web.ts'

/** More than any issuer has, and so few that they are tried at once. */
const maximumKeys = 8

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
  const wrong = Jwt.headerProblem(jws)
  if (wrong !== undefined) return wrong
  if (Object.hasOwn(header, 'jwk'))
    return failed('JWT_HEADER_KEY', 'It brings a key that says nothing about whose it is.')
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
  return Jws.verify(jws, key) ? Proofs.signedBy('issuer') : Proofs.brokenBy('issuer')
}

async function find(named: Json.Value, issuer: string, web: Web.Web): Promise<PublicKey.PublicKey | Result> {
  const isWhole = Json.isObject(named) && named.publicKeyPem !== undefined
  const got = isWhole ? { document: named } : await web.get(idOf(named) ?? '')
  if ('problem' in got)
    return got.problem.outcome === 'failed'
      ? failed('KEY_FOREIGN', 'What should be its issuer’s key is none.')
      : Keys.problem({ kind: 'unresolved' })
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
