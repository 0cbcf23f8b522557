import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'
import * as DidKey from '@laurel/core/DidKey'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Multibase from '@laurel/core/Multibase'
import * as Badges from '../support/Badges.ts'
import * as HostileInputs from './HostileInputs.ts'

export type Entry = HostileInputs.Entry

/** Two people with keys of their own: the issuer, whom the verifier knows, and somebody who is not. */
const people = ['issuer', 'attacker'].map((_, i) => {
  const seed = new Uint8Array(32).fill(i + 1)
  const did = DidKey.fromPublicKey(Ed25519.publicKey(seed))
  return { seed, did, method: DidKey.verificationMethod(did) }
})
const [issuer, attacker] = people as [(typeof people)[0], (typeof people)[0]]

/** Signs JSON with `eddsa-jcs-2022`, whatever it is. */
function sign(
  { proof: _, ...document }: Json.Object,
  { seed, method } = issuer,
  change: Json.Object = {},
): Json.Object {
  const options = {
    '@context': document['@context'] ?? null,
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    created: '2026-03-01T09:00:00Z',
    verificationMethod: method,
    proofPurpose: 'assertionMethod',
    ...change,
  }
  const hashes = Bytes.concat(Jcs.digest(options), Jcs.digest(document))
  return { ...document, proof: { ...options, proofValue: Multibase.toBase58(Ed25519.sign(seed, hashes)) } }
}

const badge = Badges.badge(issuer.did)
const signed = sign(badge)
const proof = signed.proof as Json.Object
const subject = badge.credentialSubject as Json.Object
const profile = badge.issuer as Json.Object
const statusEntry = (statusListIndex: string): Json.Object => ({
  id: 'urn:x:status',
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex,
  statusListCredential: 'https://issuer.example/status',
})

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const seconds = (time: unknown) => Date.parse(String(time)) / 1000
const claims: Json.Object = {
  ...badge,
  iss: issuer.did,
  jti: badge.id as string,
  nbf: seconds(badge.validFrom),
  exp: seconds(badge.validUntil),
}

function token(header: Json.Object, payload: unknown = claims, { seed } = issuer): string {
  const input = `${encode({ kid: issuer.method, ...header })}.${encode(payload)}`
  return `${input}.${Buffer.from(Ed25519.sign(seed, Bytes.fromUtf8(input))).toString('base64url')}`
}

function unsigned(header: Json.Object): string {
  return `${encode(header)}.${encode(claims)}.`
}

const jwkOf = ({ seed }: typeof issuer) => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: Buffer.from(Ed25519.publicKey(seed)).toString('base64url'),
})

type Case = readonly [make: (entry: Entry) => Json.Object | string, decision: string]

/** What comes of each input, by its number in the table. */
export const cases: Readonly<Record<string, Case>> = {
  'VC-001': [() => ({ ...signed, name: 'Eve' }), 'rejected signed PROOF_INVALID'],
  'VC-002': [() => ({ ...signed, id: 'badge-1', name: 'Tampered' }), 'rejected conforms SHAPE_VALUE'],
  'VC-003': [
    () => ({ ...signed, credentialSubject: { ...subject, grade: 'A+' } }),
    'rejected conforms SHAPE_MEMBER_UNKNOWN',
  ],
  'VC-004': [
    () => sign({ ...badge, credentialSubject: { ...subject, grade: 'A+' } }),
    'rejected conforms SHAPE_MEMBER_UNKNOWN',
  ],
  'VC-005': [
    () => ({ ...signed, '@context': [...contexts, { name: 'https://schema.org/description', achievement: null }] }),
    'rejected conforms CONTEXT_FORM',
  ],
  // Told from what is broken: nobody here can say what a vocabulary that is not at hand means.
  'VC-006': [
    () => sign({ ...badge, '@context': [...contexts, 'https://evil.example/ctx.json'] }),
    'unknown conforms CONTEXT_UNKNOWN',
  ],
  'VC-007': [() => sign({ ...badge, '@context': contexts.toReversed() }), 'rejected conforms CONTEXT_FORM'],
  'VC-009': [({ input }) => input?.value ?? '', 'rejected conforms JSON_DUPLICATE_KEY'],
  'VC-010': [
    () => ({
      ...signed,
      proof: [proof, { ...proof, id: 'urn:x:second', proofValue: 'z1111' }],
    }),
    'rejected signed PROOF_INVALID',
  ],
  // Not known is not broken; never accepted all the same.
  'VC-011': [
    () => ({ ...signed, proof: { ...proof, cryptosuite: 'eddsa-jcs-2099' } }),
    'unknown signed PROOF_UNSUPPORTED',
  ],
  'VC-013': [() => sign(badge, attacker), 'rejected signed KEY_FOREIGN'],
  'VC-015': [
    () => sign({ ...badge, issuer: { ...profile, id: attacker.did, name: 'MIT' } }, attacker),
    'unknown included ANCHOR_MISSING',
  ],
  'VC-016': [
    () => token({ alg: 'EdDSA' }, { ...claims, vc: { ...badge, name: 'Eve' } }),
    'rejected conforms JWT_CLAIM',
  ],
  'VC-019': [() => sign(badge, issuer, { expires: '2020-01-01T00:00:00Z' }), 'rejected signed PROOF_EXPIRED'],
  'VC-020': [
    () => sign(Object.fromEntries(Object.entries(badge).filter(([name]) => name !== 'credentialSubject'))),
    'rejected conforms SHAPE_MEMBER_MISSING',
  ],
  'VC-023': [() => sign({ ...badge, credentialStatus: statusEntry('1e3') }), 'rejected status STATUS_INDEX'],
  'VC-024': [() => sign({ ...badge, credentialStatus: statusEntry('0x10') }), 'rejected status STATUS_INDEX'],
  'VC-026': [() => sign({ ...badge, credentialStatus: statusEntry('00012') }), 'rejected status STATUS_INDEX'],
  'VC-027': [
    () => sign({ ...badge, credentialStatus: statusEntry('9007199254740993') }),
    'rejected status STATUS_INDEX',
  ],
  'VC-038': [
    () => ({
      ...signed,
      name: 'Eve',
      credentialStatus: { ...statusEntry('1'), statusListCredential: 'http://127.0.0.1:9/x' },
    }),
    'rejected signed PROOF_INVALID',
  ],
  'VC-040': [() => `{"evidence":[${'{},'.repeat(1_500_000)}{}]}`, 'rejected conforms TOO_LARGE'],
  'VC-041': [() => ({ ...signed, proof: { ...proof, proofValue: 'f00' } }), 'rejected signed PROOF_INVALID'],
  'VC-044': [
    () => sign({ ...badge, issuer: { ...profile, id: attacker.did, name: 'МІТ' } }, attacker),
    'unknown included ANCHOR_MISSING',
  ],
  'VC-045': [
    () => sign({ ...badge, evidence: [{ id: 'http://127.0.0.1:9/track', type: ['Evidence'] }] }),
    'accepted  ACCEPTED',
  ],
  // No schema is fetched: those that are bundled are checked, and nothing is said of others.
  'VC-046': [
    () =>
      sign({
        ...badge,
        credentialSchema: [{ id: 'http://169.254.169.254/', type: '1EdTechJsonSchemaValidator2019' }],
      }),
    'unknown conforms SCHEMA_UNKNOWN',
  ],
  'VC-047': [({ input }) => input?.value ?? '', 'rejected conforms FILE_TYPE'],
  'VC-057': [() => Object.fromEntries(Object.entries(signed).toReversed()), 'accepted  ACCEPTED'],
  'VC-058': [() => ({ ...sign({ ...badge, name: 'Jos\u00e9' }), name: 'Jose\u0301' }), 'rejected signed PROOF_INVALID'],
  'VC-059': [
    () => JSON.stringify(signed).replace('"creditsEarned":2.5', '"creditsEarned":2.50E0'),
    'accepted  ACCEPTED',
  ],
  'JWT-001': [() => unsigned({ alg: 'none', typ: 'vc+jwt' }), 'rejected signed JWT_ALG'],
  'JWT-002': [() => unsigned({ alg: 'None', typ: 'vc+jwt' }), 'rejected signed JWT_ALG'],
  'JWT-004': [() => unsigned({ alg: '', typ: 'vc+jwt' }), 'rejected signed JWT_ALG'],
  'JWT-005': [() => unsigned({ alg: null, typ: 'vc+jwt' }), 'rejected signed JWT_ALG'],
  'JWT-006': [
    () => {
      const input = `${encode({ alg: 'HS256', kid: issuer.method })}.${encode(claims)}`
      return `${input}.${createHmac('sha256', Ed25519.publicKey(issuer.seed)).update(input).digest('base64url')}`
    },
    'rejected signed JWT_ALG',
  ],
  'JWT-007': [() => token({ alg: 'ES256' }), 'rejected signed JWT_ALG'],
  'JWT-008': [
    () =>
      token({ alg: 'EdDSA', jwk: jwkOf(attacker) }, claims, attacker).replace(
        /^[^.]+/,
        encode({ alg: 'EdDSA', jwk: jwkOf(attacker) }),
      ),
    'rejected signed KEY_FOREIGN',
  ],
  'JWT-010': [() => token({ alg: 'ES256', x5c: ['MII..'] }), 'rejected conforms JWT_HEADER_KEY'],
  'JWT-011': [
    () => token({ alg: 'EdDSA', kid: '../../../../dev/null' }, claims, attacker),
    'rejected signed KEY_FOREIGN',
  ],
  'JWT-012': [() => token({ alg: 'EdDSA', crit: ['exp2'], exp2: 1 }), 'rejected conforms JWT_CRIT'],
  'JWT-014': [() => token({ alg: 'EdDSA', typ: 'vp+jwt' }), 'rejected conforms JWT_TYP'],
  'JWT-015': [
    () => token({ alg: 'EdDSA' }, { ...claims, exp: 'never', nbf: 99999999999 }),
    'rejected conforms JWT_CLAIM',
  ],
  'JWT-016': [() => token({ alg: 'EdDSA' }, { ...claims, iss: 'did:web:a.example' }), 'rejected conforms JWT_CLAIM'],
  'JWT-017': [
    () => token({ alg: 'EdDSA', typ: 'JWT' }, { iss: issuer.did, sub: 'somebody', exp: claims.exp }),
    'rejected conforms CONTEXT_FORM',
  ],
  'JWT-018': [() => `${token({ alg: 'EdDSA' })}=`, 'rejected conforms JWT_FORMAT'],
  'JWT-019': [({ input }) => `eyJ${input?.value}`, 'rejected conforms JWT_FORMAT'],
  'JWT-020': [({ input }) => input?.value ?? '', 'rejected conforms JWT_FORMAT'],
  'JWT-021': [({ input }) => input?.value ?? '', 'rejected conforms JWT_FORMAT'],
  'JWT-022': [() => `${encode({ alg: 'EdDSA' })}.${'A'.repeat(6 * 1024 * 1024)}.AA`, 'rejected conforms TOO_LARGE'],
  'JWT-023': [
    () => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const did = `did:jwk:${encode(publicKey.export({ format: 'jwk' }))}`
      const input = `${encode({ alg: 'ES256', kid: `${did}#0` })}.${encode({ ...claims, issuer: { ...profile, id: did }, iss: did })}`
      return `${input}.${signWith('sha256', Buffer.from(input), privateKey).toString('base64url')}`
    },
    'rejected signed PROOF_INVALID',
  ],
  'JWT-024': [({ input }) => input?.value ?? '', 'rejected conforms CONTEXT_FORM'],
  'JWT-025': [
    ({ input }) => token({ alg: 'ES256', jwk: input?.value as unknown as Json.Object }),
    'rejected signed JWT_HEADER_KEY',
  ],
}

const contexts = badge['@context'] as readonly string[]

/** Whom the verifier knows, to whom none of it belongs. */
export const did = issuer.did

/** The credentials and tokens of the table; nothing where it is not beside this clone. */
export function entries(): readonly Entry[] | undefined {
  return HostileInputs.entries('credential-verify', 'jwt')
}
