import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Jws from '@laurel/core/Jws'
import * as PublicKey from '@laurel/core/PublicKey'
import * as Shape from '@laurel/core/Shape'
import * as Keys from './Keys.ts'
import * as Proofs from './Proofs.ts'
import { failed, type Result, unknown } from './Report.ts'
import { idOf } from './Subject.ts'

/** A credential as a JWT: what is signed, and the credential in it. */
export type Envelope = {
  readonly jws: Jws.Jws
  readonly document: Json.Object
  /** Open Badges 3.0 §8.2.4, VC-JOSE-COSE §3.1.1, or VC Data Model 1.1 §6.3.1. */
  readonly form: 'ob-jwt' | 'vc+jwt' | 'vc-jwt'
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
  const jws = parse(text)
  if ('outcome' in jws) return jws
  const { header, payload } = jws
  const form = formOf(header.typ)
  if (form === undefined) return failed('JWT_TYP', 'It is a token of another kind, not a credential.')
  const wrong = headerProblem(jws)
  if (wrong !== undefined) return wrong
  if (Object.hasOwn(payload, 'vc') || Object.hasOwn(payload, 'vp')) return form === 'ob-jwt' ? readV1(jws) : nested()
  if (form === 'ob-jwt' && Object.keys(header).some((name) => !['alg', 'typ', 'kid', 'jwk'].includes(name)))
    return failed('JWT_HEADER', 'Its header says more than the header of an Open Badge may say.')
  const document = Object.fromEntries(Object.entries(payload).filter(([name]) => !isClaim(name)))
  return { jws, document, form }
}

/**
 * The credential of version 1 in the claim `vc`. What only the claims of the token say of it is a part of it (VC Data Model
 * 1.1 §6.3.1); what both say is held against each other by {@link agrees}.
 */
function readV1(jws: Jws.Jws): Envelope | Result {
  const { vc, iss, sub, jti, nbf, exp, ...rest } = jws.payload
  const isShown = (name: string) => Object.hasOwn(Shape.classes.AchievementCredential.members, name)
  if (!Json.isObject(vc) || !Shape.isV1(vc) || Object.keys(rest).some((name) => name === 'vp' || isShown(name)))
    return nested()
  const { issuer, credentialSubject: subject } = vc
  const document = withDefaults(vc, {
    issuer: Json.isObject(issuer) ? withDefaults(issuer, { id: iss }) : iss,
    credentialSubject: Json.isObject(subject) ? withDefaults(subject, { id: sub }) : undefined,
    id: jti,
    issuanceDate: dateOf(nbf),
    expirationDate: dateOf(exp),
  })
  return { jws, document, form: 'vc-jwt' }
}

/** The members of an object, and those that it does not have; what is an object may be completed in its place. */
export function withDefaults(
  object: Json.Object,
  defaults: Readonly<Record<string, Json.Value | undefined>>,
): Json.Object {
  const missing = Object.entries(defaults).filter(
    ([name, value]) => value !== undefined && (Json.isObject(value) || !Object.hasOwn(object, name)),
  )
  return { ...object, ...(Object.fromEntries(missing) as Json.Object) }
}

/** What is said of a token in which a reader may see one of two. */
export function nested(): Result {
  return failed('JWT_CLAIM', 'It has a credential within a credential, of which a reader may see either.')
}

/** Takes a token apart, whatever is in it. */
export function parse(text: string): Jws.Jws | Result {
  try {
    return Jws.parse(text)
  } catch (error) {
    if (error instanceof Errors.BaseError) return failed(error.code, error.message)
    throw error
  }
}

/** What no header of a token may have. */
export function headerProblem({ header }: Jws.Jws): Result | undefined {
  // RFC 7515 §4.1.11: whoever does not know what is critical must not read on. Nothing is known here.
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64'))
    return failed('JWT_CRIT', 'It demands to be read by rules that no standard of credentials has.')
  if (keyParameters.some((name) => Object.hasOwn(header, name)))
    return failed('JWT_HEADER_KEY', 'It brings a key, or an address of one, that says nothing about whose it is.')
  return undefined
}

/**
 * Whether the claims say the same as the credential that they come with: another issuer, subject, id or validity beside
 * those that are shown would be what a program goes by.
 *
 * @param now in milliseconds since 1970
 */
export function agrees({ jws: { header, payload }, document, form }: Envelope, now: number): Result | undefined {
  const { iss, sub, jti, nbf, exp } = payload
  const { id, issuanceDate, expirationDate, validFrom = issuanceDate, validUntil = expirationDate } = document
  const { credentialSubject } = document
  const subject = Json.isObject(credentialSubject) ? credentialSubject.id : undefined
  const isBadge = form === 'ob-jwt'
  const same = (claim: Json.Value | undefined, value: Json.Value | undefined) =>
    claim === undefined ? !isBadge || value === undefined : claim === value
  // Open Badges 3.0 has `sub` in each token, and 1EdTech's own samples do without.
  if (!same(iss, idOf(document.issuer)) || !same(jti, id) || (sub !== undefined && sub !== subject))
    return failed('JWT_CLAIM', 'Its token names another issuer, subject or number than the credential in it.')
  if (header.iss !== undefined && header.iss !== idOf(document.issuer))
    return failed('JWT_CLAIM', 'Its token names another issuer than the credential in it.')
  if (!hasTimes(payload)) return failed('JWT_CLAIM', 'Its token has a time that is none.')
  // They are the credential's own; in the newest form they are the signature's (VC-JOSE-COSE §3.1.3).
  if (form !== 'vc+jwt' && (!same(nbf, seconds(validFrom)) || !same(exp, seconds(validUntil))))
    return failed('JWT_CLAIM', 'Its token is valid at other times than the credential in it.')
  const { nbf: _, ...rest } = payload
  return timeProblem(form === 'vc+jwt' ? payload : rest, now)
}

/** Whether the times among some claims are times (RFC 7519 §4.1). */
export function hasTimes({ nbf, exp, iat }: Json.Object): boolean {
  return [nbf, exp, iat].every(isTime)
}

/** What is wrong with a token that says itself that it is not to be used yet. */
export function timeProblem({ nbf, iat }: Json.Object, now: number): Result | undefined {
  if (typeof iat === 'number' && iat * 1000 > now + clockSkew)
    return failed('JWT_CLAIM', 'Its token says that it was made in the future.')
  if (typeof nbf === 'number' && nbf * 1000 > now + clockSkew)
    return failed('JWT_CLAIM', 'Its token is not to be used yet.')
  return undefined
}

/** Whether the issuer signed the token. */
export async function judge(envelope: Envelope, world: Proofs.World): Promise<Result> {
  const { jws, form } = envelope
  // In the other forms the end is the credential's own.
  const end = form === 'vc+jwt' ? endProblem(jws, world.now) : undefined
  return end ?? isSigned(jws, issuerOf(envelope), world)
}

/** The key with which the issuer signed the token, whether it has a name there or not. */
export async function keyOf(envelope: Envelope, world: Pick<Proofs.World, 'trust' | 'readers'>): Promise<Found> {
  return find(envelope.jws, issuerOf(envelope), world)
}

function issuerOf({ document, form }: Envelope): Signer {
  return { did: idOf(document.issuer) ?? '', role: 'issuer', names: form === 'vc-jwt' ? 'maybe' : 'always' }
}

/** What is wrong with a token that is not to be used any more. */
export function endProblem({ payload: { exp } }: Jws.Jws, now: number): Result | undefined {
  return typeof exp === 'number' && now > exp * 1000
    ? failed('PROOF_EXPIRED', `Its signature was good until ${DateTimeStamp.fromSeconds(exp)}.`)
    : undefined
}

/** Who has to have signed a token. */
export type Signer = {
  readonly did: string
  readonly role: Keys.Role
  /** Whether a token has to name its key, or may leave it open where the signer has one of its kind. */
  readonly names: 'always' | 'maybe'
}

/**
 * Whether somebody signed a token: by an algorithm that is allowed, with a key of its kind that the signer's own DID document
 * lists. A key in the header (`jwk`) counts only as the name of one that is listed.
 */
export async function isSigned(jws: Jws.Jws, signer: Signer, world: Proofs.World): Promise<Result> {
  const { alg } = jws.header
  const kind = Jws.kindOf(alg)
  if (kind === undefined)
    return otherAlgorithms.includes(String(alg))
      ? unknown('PROOF_UNSUPPORTED', 'It is signed in a way that this verifier does not know.')
      : failed('JWT_ALG', 'Its token is not signed by an algorithm that proves who did it.')
  const key = await find(jws, signer, world)
  if (key.kind === 'invalid')
    return failed(
      'JWT_HEADER_KEY',
      `Its token does not say which of the ${signer.role}’s keys signed it, or says it wrongly.`,
    )
  if (key.kind !== 'found') return Keys.problem(key, signer.role)
  if (key.publicKey.kind !== kind)
    return failed('JWT_ALG', `The algorithm of its token is not that of the ${signer.role}’s key.`)
  return Jws.verify(jws, key.publicKey) ? Proofs.signedBy(signer.role) : Proofs.brokenBy(signer.role)
}

/** A key; or that the token names it wrongly. */
type Found = Keys.Key | { readonly kind: 'invalid' }

async function find(
  jws: Jws.Jws,
  { did, role, names }: Signer,
  { trust, readers }: Pick<Proofs.World, 'trust' | 'readers'>,
): Promise<Found> {
  const { kid, jwk } = jws.header
  let named: Keys.PublicKey | undefined
  try {
    named = jwk === undefined ? undefined : PublicKey.fromJwk(jwk)
  } catch {
    return { kind: 'invalid' }
  }
  const isSame = (key: Keys.PublicKey) => named !== undefined && PublicKey.equals(named, key)
  if (kid === undefined && named !== undefined) return Keys.findFitting(isSame, did, trust, readers, role)
  if (kid === undefined && names === 'maybe')
    return Keys.isKeyItself(did)
      ? Keys.find(did, did, trust, readers, role)
      : Keys.findFitting((key) => Jws.verify(jws, key), did, trust, readers, role)
  if (typeof kid !== 'string') return { kind: 'invalid' }
  // VC-JOSE-COSE §4.1.1: relative to whoever signed.
  const key = await Keys.find(kid.startsWith('#') ? did + kid : kid, did, trust, readers, role)
  if (key.kind === 'found' && named !== undefined && !isSame(key.publicKey)) return { kind: 'invalid' }
  return key
}

function formOf(typ: Json.Value | undefined): Envelope['form'] | undefined {
  if (typ === undefined || typ === 'JWT') return 'ob-jwt'
  return typ === 'vc+jwt' || typ === 'application/vc+jwt' ? 'vc+jwt' : undefined
}

/** Whether a member of a payload is one of the token's own. */
export function isClaim(name: string): boolean {
  return (claims as readonly string[]).includes(name)
}

/** RFC 7519 §2, NumericDate; the end is that of the year 9999. */
function isTime(claim: Json.Value | undefined): boolean {
  return (
    claim === undefined || (typeof claim === 'number' && Number.isInteger(claim) && claim >= 0 && claim < 253402300800)
  )
}

function dateOf(claim: Json.Value | undefined): string | undefined {
  return typeof claim === 'number' && isTime(claim) ? DateTimeStamp.fromSeconds(claim) : undefined
}

function seconds(time: Json.Value | undefined): number | undefined {
  return typeof time === 'string' ? Math.floor(DateTimeStamp.toMilliseconds(time) / 1000) : undefined
}
