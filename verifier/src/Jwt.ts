import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Jws from '@laurel/core/Jws'
import * as PublicKey from '@laurel/core/PublicKey'
import * as Keys from './Keys.ts'
import type { World } from './Proofs.ts'
import { failed, passed, type Result, unknown } from './Report.ts'
import { idOf } from './Subject.ts'

/** A credential as a JWT: what is signed, and the credential in it. */
export type Envelope = {
  readonly jws: Jws.Jws
  readonly document: Json.Object
  /** Open Badges 3.0 §8.2.4, or VC-JOSE-COSE §3.1.1. */
  readonly form: 'ob-jwt' | 'vc+jwt'
}

/** The claims of RFC 7519 that a credential may have beside its own members. */
const claims = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'] as const

/** Ways of naming a key that would make the token its own witness, or send the verifier to fetch something. */
const keyParameters = ['jku', 'x5u', 'x5c', 'x5t', 'x5t#S256']

/** Asymmetric, so that they may be honest, but not verified here. */
const otherAlgorithms = ['ES512', 'ES256K', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'Ed448']

/** How far two clocks may be apart, in milliseconds. */
const clockSkew = 5 * 60 * 1000

/**
 * Takes a credential as a JWT apart, by its header alone. What is wrong with it is a result of `conforms`. Anybody may have
 * written it.
 */
export function read(text: string): Envelope | Result {
  let jws: Jws.Jws
  try {
    jws = Jws.parse(text)
  } catch (error) {
    if (error instanceof Errors.BaseError) return failed(error.code, error.message)
    throw error
  }
  const { header, payload } = jws
  const form = formOf(header.typ)
  if (form === undefined) return failed('JWT_TYP', 'It is a token of another kind, not a credential.')
  // RFC 7515 §4.1.11: whoever does not know what is critical must not read on. Nothing is known here.
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64'))
    return failed('JWT_CRIT', 'It demands to be read by rules that no standard of credentials has.')
  if (keyParameters.some((name) => Object.hasOwn(header, name)))
    return failed('JWT_HEADER_KEY', 'It brings a key, or an address of one, that says nothing about its issuer.')
  if (form === 'ob-jwt' && Object.keys(header).some((name) => !['alg', 'typ', 'kid', 'jwk'].includes(name)))
    return failed('JWT_HEADER', 'Its header says more than the header of an Open Badge may say.')
  if (Object.hasOwn(payload, 'vc') || Object.hasOwn(payload, 'vp'))
    return form === 'vc+jwt' || Object.hasOwn(payload, '@context')
      ? failed('JWT_CLAIM', 'It has a credential within a credential, of which a reader may see either.')
      : unknown('VERSION_UNSUPPORTED', 'It is of version 1 of Verifiable Credentials, which is not read here.')
  const document = Object.fromEntries(Object.entries(payload).filter(([name]) => !isClaim(name)))
  return { jws, document, form }
}

/**
 * Whether the claims say the same as the credential that they come with: another issuer, subject, id or validity beside
 * those that are shown would be what a program goes by.
 *
 * @param now in milliseconds since 1970
 */
export function agrees({ jws: { header, payload }, document, form }: Envelope, now: number): Result | undefined {
  const { iss, sub, jti, nbf, exp, iat } = payload
  const { id, validFrom, validUntil, credentialSubject } = document
  const subject = Json.isObject(credentialSubject) ? credentialSubject.id : undefined
  const isBadge = form === 'ob-jwt'
  const same = (claim: Json.Value | undefined, value: Json.Value | undefined) =>
    claim === undefined ? !isBadge || value === undefined : claim === value
  // Open Badges 3.0 has `sub` in each token, and 1EdTech's own samples do without.
  if (!same(iss, idOf(document.issuer)) || !same(jti, id) || (sub !== undefined && sub !== subject))
    return failed('JWT_CLAIM', 'Its token names another issuer, subject or number than the credential in it.')
  if (header.iss !== undefined && header.iss !== idOf(document.issuer))
    return failed('JWT_CLAIM', 'Its token names another issuer than the credential in it.')
  if (![nbf, exp, iat].every(isTime)) return failed('JWT_CLAIM', 'Its token has a time that is none.')
  // In an Open Badge they are the credential's own; in the other form they are the signature's (VC-JOSE-COSE §3.1.3).
  if (isBadge && (!same(nbf, seconds(validFrom)) || !same(exp, seconds(validUntil))))
    return failed('JWT_CLAIM', 'Its token is valid at other times than the credential in it.')
  if (typeof iat === 'number' && iat * 1000 > now + clockSkew)
    return failed('JWT_CLAIM', 'Its token says that it was made in the future.')
  if (!isBadge && typeof nbf === 'number' && nbf * 1000 > now + clockSkew)
    return failed('JWT_CLAIM', 'Its token is not to be used yet.')
  return undefined
}

/**
 * Whether the issuer signed the token: by an algorithm that is allowed, with a key of its kind that the issuer's own DID
 * document lists. A key in the header (`jwk`) counts only as the name of one that is listed.
 */
export async function judge({ jws, document, form }: Envelope, { trust, readers, now }: World): Promise<Result> {
  const { header, payload } = jws
  const kind = Jws.kindOf(header.alg)
  if (kind === undefined)
    return otherAlgorithms.includes(String(header.alg))
      ? unknown('PROOF_UNSUPPORTED', 'It is signed in a way that this verifier does not know.')
      : failed('JWT_ALG', 'Its token is not signed by an algorithm that proves who did it.')
  if (form === 'vc+jwt' && typeof payload.exp === 'number' && now > payload.exp * 1000)
    return failed('PROOF_EXPIRED', `Its signature was good until ${DateTimeStamp.fromSeconds(payload.exp)}.`)
  const issuer = idOf(document.issuer) ?? ''
  const key = await find(header, issuer, { trust, readers })
  if (key.kind === 'invalid')
    return failed('JWT_HEADER_KEY', 'Its token does not say which of the issuer’s keys signed it, or says it wrongly.')
  if (key.kind !== 'found') return Keys.problem(key)
  if (key.publicKey.kind !== kind)
    return failed('JWT_ALG', 'The algorithm of its token is not that of the issuer’s key.')
  return Jws.verify(jws, key.publicKey)
    ? passed('SIGNED', 'The issuer signed it, and nothing was changed since.')
    : failed('PROOF_INVALID', 'It was changed after it was signed, or the signature is not the issuer’s.')
}

type Found = Keys.Key | { readonly kind: 'invalid' }

async function find(
  { kid, jwk }: Json.Object,
  issuer: string,
  { trust, readers }: Pick<World, 'trust' | 'readers'>,
): Promise<Found> {
  let named: Keys.PublicKey | undefined
  try {
    named = jwk === undefined ? undefined : PublicKey.fromJwk(jwk)
  } catch {
    return { kind: 'invalid' }
  }
  if (kid === undefined) return named === undefined ? { kind: 'invalid' } : Keys.findSame(named, issuer, trust, readers)
  if (typeof kid !== 'string') return { kind: 'invalid' }
  // VC-JOSE-COSE §4.1.1: relative to the issuer.
  const key = await Keys.find(kid.startsWith('#') ? issuer + kid : kid, issuer, trust, readers)
  if (key.kind === 'found' && named !== undefined && !PublicKey.equals(named, key.publicKey)) return { kind: 'invalid' }
  return key
}

function formOf(typ: Json.Value | undefined): Envelope['form'] | undefined {
  if (typ === undefined || typ === 'JWT') return 'ob-jwt'
  return typ === 'vc+jwt' || typ === 'application/vc+jwt' ? 'vc+jwt' : undefined
}

function isClaim(name: string): boolean {
  return (claims as readonly string[]).includes(name)
}

/** RFC 7519 §2, NumericDate; the end is that of the year 9999. */
function isTime(claim: Json.Value | undefined): boolean {
  return (
    claim === undefined || (typeof claim === 'number' && Number.isInteger(claim) && claim >= 0 && claim < 253402300800)
  )
}

function seconds(time: Json.Value | undefined): number | undefined {
  return typeof time === 'string' ? Math.floor(DateTimeStamp.toMilliseconds(time) / 1000) : undefined
}
