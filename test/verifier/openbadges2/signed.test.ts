import { generateKeyPairSync } from 'node:crypto'
import type * as Json from '@laurel/core/Json'
import { expect } from 'chai'
import { CompactSign } from 'jose'
import {
  signedAssertion as assertion,
  badge,
  badgeId,
  issuerId,
  judge,
  key,
  keyId,
  known,
  list,
  listId,
  origin,
  pem,
  profile,
  type Site,
  site,
  token,
} from './Issuer.ts'

const elsewhere = 'https://elsewhere.example.net'
const attacker = generateKeyPairSync('rsa', { modulusLength: 2048 })

describe('A signed badge of Open Badges 2.0', () => {
  it('is accepted where its issuer is known', async () => {
    const { report, decision, asked } = await judge(token(assertion))
    expect(decision).to.equal('accepted ACCEPTED')
    const codes = report.checks.map(({ code }) => code)
    expect(codes.slice(0, 2)).to.deep.equal(['CONFORMS', 'SIGNED'])
    expect(report.checks.find(({ check }) => check === 'status')?.code).to.equal('NOT_REVOKED')
    // The list comes last, when it is known to be the issuer's.
    expect(asked).to.deep.equal([badgeId, issuerId, keyId, listId])
  })

  it('is accepted as jose signs it', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const text = new TextEncoder().encode(JSON.stringify(assertion))
    const jws = await new CompactSign(text).setProtectedHeader({ alg: 'ES256', typ: 'JWT' }).sign(privateKey)
    const pages = { ...site, [keyId]: { ...key, publicKeyPem: pem(publicKey) } }
    expect((await judge(`${jws}\n`, pages)).decision).to.equal('accepted ACCEPTED')
  })

  it('needs nobody but the revocation list where the trust has the profile with the key, and it has its class', async () => {
    const whole: Json.Object = { ...profile, publicKey: key }
    const issuers = [{ ...known, profile: whole }]
    const text = token({ ...assertion, badge })
    const { decision, asked } = await judge(text, { [listId]: list }, { issuers })
    expect([decision, asked]).to.deep.equal(['accepted ACCEPTED', [listId]])
    const { revocationList: _, ...bare } = whole
    const { report, asked: none } = await judge(text, {}, { issuers: [{ ...known, profile: bare }] })
    expect(report.checks.find(({ check }) => check === 'status')?.code).to.equal('STATUS_NONE')
    expect(none).to.deep.equal([])
  })

  it('may leave open which of several keys it is signed with', async () => {
    const other = { ...key, id: `${origin}/keys/0`, publicKeyPem: pem(attacker.publicKey) }
    const { verification: _, ...rest } = assertion
    const file = { ...rest, verification: { type: 'signed' } }
    const pages = { ...site, [other.id]: other, [issuerId]: { ...profile, publicKey: [other.id, keyId] } }
    expect((await judge(token(file), pages)).decision).to.equal('accepted ACCEPTED')
    expect((await judge(token(file), { ...pages, [keyId]: undefined })).decision).to.equal(
      'unknown signed KEY_UNAVAILABLE',
    )
  })

  const change = (text: string) => {
    const [header, , signature] = text.split('.')
    const eve = { ...assertion, recipient: { type: 'email', hashed: false, identity: 'eve@example.org' } }
    return `${header}.${Buffer.from(JSON.stringify(eve)).toString('base64url')}.${signature}`
  }
  const own = { ...key, id: `${elsewhere}/key`, publicKeyPem: pem(attacker.publicKey) }
  const byAttacker = (payload: Json.Object) => token(payload, { privateKey: attacker.privateKey })
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const creator = (id: string) => ({ ...assertion, verification: { type: 'SignedBadge', creator: id } })
  const cases: Readonly<Record<string, readonly [decision: string, text: string, pages?: Site]>> = {
    'that was changed': ['rejected signed PROOF_INVALID', change(token(assertion))],
    'that somebody else signed': ['rejected signed PROOF_INVALID', byAttacker(assertion)],
    'with a key that its issuer does not name': [
      'rejected signed KEY_FOREIGN',
      byAttacker(creator(`${origin}/keys/2`)),
      { ...site, [`${origin}/keys/2`]: { ...own, id: `${origin}/keys/2` } },
    ],
    'with a key from elsewhere that says to be the issuer’s': [
      'rejected signed KEY_FOREIGN',
      byAttacker(creator(own.id)),
      { ...site, [own.id]: own },
    ],
    'with a key of another owner': [
      'rejected signed KEY_FOREIGN',
      token(assertion),
      { ...site, [keyId]: { ...key, owner: elsewhere } },
    ],
    'with a key that is not to be had': [
      'unknown signed KEY_UNAVAILABLE',
      token(assertion),
      { ...site, [keyId]: undefined },
    ],
    'with a key that has been taken back': [
      'rejected signed KEY_FOREIGN',
      token(assertion),
      { ...site, [keyId]: { kind: 'gone' } },
    ],
    'with a key that is too short': [
      'unknown signed KEY_INVALID',
      token(assertion, { privateKey: weak.privateKey }),
      { ...site, [keyId]: { ...key, publicKeyPem: pem(weak.publicKey) } },
    ],
    'by no algorithm': ['rejected signed JWT_ALG', `${token(assertion, { header: { alg: 'none' } })}`],
    'with the key as a secret': ['rejected signed JWT_ALG', token(assertion, { header: { alg: 'HS256' } })],
    'by another algorithm than the key’s': ['rejected signed JWT_ALG', token(assertion, { header: { alg: 'ES256' } })],
    'by an algorithm that is not known': [
      'unknown signed PROOF_UNSUPPORTED',
      token(assertion, { header: { alg: 'PS256' } }),
    ],
    'that brings its key along': [
      'rejected signed JWT_HEADER_KEY',
      token(assertion, { header: { alg: 'RS256', jwk: { kty: 'RSA' } } }),
    ],
    'that says where its key is': [
      'rejected signed JWT_HEADER_KEY',
      token(assertion, { header: { alg: 'RS256', jku: `${elsewhere}/keys` } }),
    ],
    'with rules of its own': ['rejected signed JWT_CRIT', token(assertion, { header: { alg: 'RS256', crit: ['x'] } })],
    'that is not signed': ['rejected signed PROOF_MISSING', JSON.stringify(assertion)],
    'that is revoked': [
      'rejected status REVOKED',
      token(assertion),
      { ...site, [listId]: { ...list, revokedAssertions: [assertion.id as string] } },
    ],
    'that is revoked for a reason': [
      'rejected status REVOKED',
      token(assertion),
      { ...site, [listId]: { ...list, revokedAssertions: [{ id: assertion.id as string, revocationReason: 'x' }] } },
    ],
    'that is revoked by its older number': [
      'rejected status REVOKED',
      token({ ...assertion, uid: '17' }),
      { ...site, [listId]: { ...list, revokedAssertions: [{ uid: '17' }] } },
    ],
    'whose issuer’s list is not to be had': [
      'unknown status STATUS_UNAVAILABLE',
      token(assertion),
      { ...site, [listId]: undefined },
    ],
    'whose issuer’s list is another’s': [
      'unknown status STATUS_LIST_INVALID',
      token(assertion),
      { ...site, [listId]: { ...list, issuer: elsewhere } },
    ],
    'whose issuer’s list says nothing': [
      'unknown status STATUS_LIST_INVALID',
      token(assertion),
      { ...site, [listId]: { ...list, revokedAssertions: [7] } },
    ],
  }
  for (const [what, [decision, text, pages = site]] of Object.entries(cases))
    it(`is refused, or could not be told, ${what}`, async () =>
      expect((await judge(text, pages)).decision).to.equal(decision))

  it('that is hosted as well is what its address says', async () => {
    const file = { ...assertion, id: `${origin}/assertions/1`, verification: { type: 'HostedBadge' } }
    expect((await judge(byAttacker(file), { ...site, [file.id]: file })).decision).to.equal('accepted ACCEPTED')
    expect((await judge(byAttacker(file))).decision).to.equal('accepted ACCEPTED')
    const eve = { ...file, recipient: { type: 'email', hashed: false, identity: 'eve@example.org' } }
    expect((await judge(byAttacker(eve))).decision).to.equal('rejected signed HOSTED_DIFFERS')
  })

  it('asks nobody whom only it names, and its issuer’s list only after the signature', async () => {
    const far = { ...badge, id: `${elsewhere}/badge`, issuer: `${elsewhere}/issuer` }
    const { decision, asked } = await judge(byAttacker({ ...assertion, badge: far.id }))
    expect([decision, asked]).to.deep.equal(['unknown signed PART_ELSEWHERE', []])
    const { asked: before } = await judge(byAttacker(assertion))
    expect(before).to.deep.equal([badgeId, issuerId, keyId])
    // At home is where its key is, so nobody else hears of it.
    const stranger = { ...far, id: `${origin}/x`, issuer: `${origin}/y` }
    const { asked: near } = await judge(byAttacker({ ...creator(own.id), badge: stranger.id }), site, { issuers: [] })
    expect(near).to.deep.equal([])
  })
})
