import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type * as Json from '@laurel/core/Json'
import { Policy, type Report, type Trust, verify } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import * as Pages from '../../support/Pages.ts'

/** An issuer of Open Badges 2.0, made up, with all that its site gives out. */
export const origin = 'https://badges.example.org'
export const issuerId = `${origin}/issuer`
export const badgeId = `${origin}/badges/robotics`
export const keyId = `${origin}/keys/1`
export const listId = `${origin}/revoked`
export const now = Date.parse('2026-03-20T00:00:00Z')

const context = 'https://w3id.org/openbadges/v2'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }) as string

export const profile: Json.Object = {
  '@context': context,
  id: issuerId,
  type: 'Issuer',
  name: 'A school',
  url: 'https://school.example.org',
  email: 'badges@school.example.org',
  publicKey: keyId,
  revocationList: listId,
}

export const badge: Json.Object = {
  '@context': context,
  id: badgeId,
  type: 'BadgeClass',
  name: 'Robotics',
  description: 'Builds robots.',
  image: `${origin}/robotics.png`,
  criteria: { narrative: 'Build one.' },
  issuer: issuerId,
}

export const recipient: Json.Object = {
  type: 'email',
  hashed: true,
  salt: 'deadsea',
  identity: `sha256$${createHash('sha256').update('learner@example.orgdeadsea').digest('hex')}`,
}

export const assertion: Json.Object = {
  '@context': context,
  id: `${origin}/assertions/1`,
  type: 'Assertion',
  recipient,
  badge: badgeId,
  verification: { type: 'HostedBadge' },
  issuedOn: '2026-03-01T09:00:00.123456+00:00',
  expires: '2027-03-01T09:00:00Z',
}

export const signedAssertion: Json.Object = {
  ...assertion,
  id: 'urn:uuid:9f0e3c5e-2a3f-4c58-8d6e-3d3c0a0f3a11',
  verification: { type: 'SignedBadge', creator: keyId },
}

export const key: Json.Object = {
  '@context': context,
  id: keyId,
  type: 'CryptographicKey',
  owner: issuerId,
  publicKeyPem: pem(rsa.publicKey),
}

export const list: Json.Object = {
  '@context': context,
  id: listId,
  type: 'RevocationList',
  issuer: issuerId,
  revokedAssertions: ['urn:uuid:another', { id: 'urn:uuid:a-third', revocationReason: 'An error.' }],
}

export type Site = Pages.Pages

/** What the issuer's site gives out. */
export const site: Site = Object.fromEntries([profile, badge, assertion, key, list].map((each) => [each.id, each]))

/** A compact JWS over an assertion, as RSA-SHA256 or as told. */
export function token(
  payload: Json.Value,
  { header = { alg: 'RS256' } as Json.Object, privateKey = rsa.privateKey as KeyObject } = {},
): string {
  const input = [header, payload].map((each) => Buffer.from(JSON.stringify(each)).toString('base64url')).join('.')
  const hash = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  return `${input}.${sign(hash, Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

export const known: Trust['issuers'][number] = { did: issuerId, name: 'A school', anchor: 'optional' }

type Options = {
  readonly issuers?: Trust['issuers']
  readonly recipient?: string
  readonly now?: number
}

/** Verifies with a web in which nothing is but the site, and keeps whatever was asked. */
export async function judge(
  input: Uint8Array | string | Json.Object,
  pages: Site = site,
  { issuers = [known], recipient: asked, now: time = now }: Options = {},
): Promise<{ readonly report: Report; readonly decision: string; readonly asked: readonly string[] }> {
  const log: string[] = []
  const report = await verify(
    typeof input === 'object' && !(input instanceof Uint8Array) ? JSON.stringify(input) : input,
    {
      trust: { chains: [], issuers, status: { maximumAgeSeconds: 60 } },
      readers: { ...nobody, ...Pages.web(pages, log) },
      now: time,
      ...(asked === undefined ? {} : { recipient: { identifier: asked } }),
    },
  )
  const { verdict, check = '', code } = Policy.decide(report)
  return { report, decision: [verdict, check, code].filter(Boolean).join(' '), asked: log }
}
