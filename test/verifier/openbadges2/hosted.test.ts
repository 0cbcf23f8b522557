import type * as Json from '@laurel/core/Json'
import { expect } from 'chai'
import {
  assertion,
  badge,
  badgeId,
  issuerId,
  judge,
  known,
  origin,
  profile,
  recipient,
  type Site,
  site,
} from './Issuer.ts'

const id = String(assertion.id)
const elsewhere = 'https://elsewhere.example.net'
const without = (document: Json.Object, name: string): Json.Object =>
  Object.fromEntries(Object.entries(document).filter(([each]) => each !== name))

describe('A hosted badge of Open Badges 2.0', () => {
  it('is accepted where its issuer is known and is not asked for an anchor', async () => {
    const { report, decision, asked } = await judge(assertion)
    expect(decision).to.equal('accepted ACCEPTED')
    expect(report.checks.map(({ check, outcome, code }) => `${check} ${outcome} ${code}`)).to.deep.equal([
      'conforms passed CONFORMS',
      'signed passed HOSTED',
      'included skipped ANCHOR_OPTIONAL',
      'anchored skipped ANCHOR_OPTIONAL',
      'manifest skipped ANCHOR_OPTIONAL',
      'issuer-bound passed ISSUER_BOUND',
      'status passed NOT_REVOKED',
      'valid-period passed IN_PERIOD',
      'recipient skipped RECIPIENT_NOT_ASKED',
    ])
    expect([report.credentialId, report.issuer, report.achievement]).to.deep.equal([id, issuerId, 'Robotics'])
    expect(asked).to.deep.equal([id, badgeId, issuerId])
  })

  it('is never more than its issuer’s, where nobody knows the issuer or an anchor is asked for', async () => {
    expect((await judge(assertion, site, { issuers: [] })).decision).to.equal('unknown included ANCHOR_MISSING')
    const strict = { ...known, anchor: 'required' } as const
    expect((await judge(assertion, site, { issuers: [strict] })).decision).to.equal('unknown included ANCHOR_MISSING')
    const { report } = await judge(assertion, site, { issuers: [] })
    expect(report.checks.find(({ check }) => check === 'issuer-bound')?.code).to.equal('ISSUER_UNRECOGNISED')
  })

  const inline = { ...assertion, badge: { ...badge, issuer: profile } }
  const variants: Readonly<Record<string, readonly [file: Json.Object, pages: Site]>> = {
    'with its class and issuer in it': [inline, { ...site, [id]: inline }],
    'with its class in it, that its address only links': [{ ...assertion, badge }, site],
    'with a link to what its address has in it': [assertion, { ...site, [id]: inline }],
    'with the older names of how it is verified': [
      { ...without(assertion, 'verification'), verify: { type: 'hosted' } },
      { ...site, [id]: { ...without(assertion, 'verification'), verify: { type: 'hosted' } } },
    ],
    'with both names of how it is verified': [
      { ...assertion, verify: { type: 'hosted', url: id } },
      { ...site, [id]: { ...assertion, verify: { type: 'hosted', url: id } } },
    ],
    'with several types and empty members': [
      { ...assertion, type: ['Assertion', 'extensions:Other'], evidence: null },
      { ...site, [id]: { ...assertion, type: ['Assertion', 'extensions:Other'] } },
    ],
    'that has been added to since': [without(assertion, 'expires'), site],
    'at one of the hosts that its issuer names': [
      assertion,
      {
        ...site,
        [issuerId]: {
          ...profile,
          verification: { type: 'VerificationObject', allowedOrigins: ['x.example', 'badges.example.org'] },
        },
      },
    ],
    'below one of the beginnings that its issuer names': [
      assertion,
      { ...site, [issuerId]: { ...profile, verification: { startsWith: `${origin}/assertions/` } } },
    ],
  }
  for (const [what, [file, pages]] of Object.entries(variants))
    it(`is accepted ${what}`, async () => expect((await judge(file, pages)).decision).to.equal('accepted ACCEPTED'))

  const policy = (verification: Json.Value): Site => ({ ...site, [issuerId]: { ...profile, verification } })
  const crooked = `${origin}/assertions/../evil/1`
  const hosted = (change: Json.Object): Site => ({ ...site, [id]: { ...assertion, ...change } })
  const refused: Readonly<Record<string, readonly [decision: string, file: Json.Object, pages: Site]>> = {
    'that its address does not give out': [
      'unknown signed HOSTED_UNAVAILABLE',
      assertion,
      { ...site, [id]: undefined },
    ],
    'for which its address has a page to log in': [
      'unknown signed HOSTED_UNAVAILABLE',
      assertion,
      { ...site, [id]: '<html>Log in</html>' },
    ],
    'that its address says to be gone': ['rejected status REVOKED', assertion, { ...site, [id]: { kind: 'gone' } }],
    'that is revoked': ['rejected status REVOKED', assertion, { ...site, [id]: { id, revoked: true } }],
    'whose file says that it is revoked, and its address does not': [
      'rejected signed HOSTED_DIFFERS',
      { ...assertion, revoked: true },
      site,
    ],
    'whose address gives out another': ['rejected signed HOSTED_OTHER', assertion, hosted({ id: `${id}0` })],
    'whose file names another recipient': [
      'rejected signed HOSTED_DIFFERS',
      { ...assertion, recipient: { ...recipient, salt: 'other' } },
      site,
    ],
    'whose file says more': ['rejected signed HOSTED_DIFFERS', { ...assertion, narrative: 'With honours.' }, site],
    'whose file has another class in it': [
      'rejected signed HOSTED_DIFFERS',
      { ...assertion, badge: { ...badge, name: 'Surgery' } },
      site,
    ],
    'that ended, by its address': [
      'rejected valid-period EXPIRED',
      without(assertion, 'expires'),
      hosted({ expires: '2026-03-02T00:00:00Z' }),
    ],
    'that is yet to be issued': [
      'rejected valid-period NOT_YET_VALID',
      { ...assertion, issuedOn: '2026-04-01T00:00:00Z' },
      hosted({ issuedOn: '2026-04-01T00:00:00Z' }),
    ],
    'whose address says that it is signed': [
      'rejected signed HOST_FOREIGN',
      assertion,
      hosted({ verification: { type: 'SignedBadge' } }),
    ],
    'at a host that its issuer does not name': [
      'rejected signed HOST_FOREIGN',
      assertion,
      policy({ allowedOrigins: 'other.example.org' }),
    ],
    'at a host that only begins like the issuer’s': [
      'rejected signed HOST_FOREIGN',
      assertion,
      policy({ allowedOrigins: 'badges.example.org.example.net' }),
    ],
    'beside the beginning that its issuer names': [
      'rejected signed HOST_FOREIGN',
      assertion,
      policy({ startsWith: `${origin}/assertions/2026/` }),
    ],
    'at an address that leads out of the beginning that its issuer names': [
      'rejected signed HOST_FOREIGN',
      { ...assertion, id: crooked },
      { ...policy({ startsWith: `${origin}/assertions/` }), [crooked]: { ...assertion, id: crooked } },
    ],
    'below a beginning that is only that of another host’s name': [
      'rejected signed HOST_FOREIGN',
      assertion,
      policy({ startsWith: 'https://badges.example.o' }),
    ],
    'whose issuer has written down nothing that can be read': [
      'rejected signed HOST_FOREIGN',
      assertion,
      policy({ startsWith: 7 }),
    ],
    'whose issuer’s profile is somebody else’s': [
      'rejected signed PART_OTHER',
      assertion,
      { ...site, [issuerId]: { ...profile, id: elsewhere } },
    ],
    'whose class has been taken back': [
      'rejected signed PART_GONE',
      assertion,
      { ...site, [badgeId]: { kind: 'gone' } },
    ],
    'whose class is not to be had': ['unknown signed PART_UNAVAILABLE', assertion, { ...site, [badgeId]: undefined }],
    'whose issuer is not to be had': ['unknown signed PART_UNAVAILABLE', assertion, { ...site, [issuerId]: undefined }],
    'whose issuer is no address': [
      'unknown signed PART_UNAVAILABLE',
      assertion,
      { ...site, [badgeId]: { ...badge, issuer: 'urn:x:issuer' } },
    ],
    'that describes its issuer otherwise': [
      'rejected signed PART_DIFFERS',
      assertion,
      { ...site, [badgeId]: { ...badge, issuer: { ...profile, name: 'A university' } } },
    ],
    'whose class has no name': [
      'rejected conforms SHAPE_MEMBER_MISSING',
      assertion,
      { ...site, [badgeId]: without(badge, 'name') },
    ],
    'whose issuer has no e-mail address': [
      'rejected conforms SHAPE_MEMBER_MISSING',
      assertion,
      { ...site, [issuerId]: without(profile, 'email') },
    ],
    'in another vocabulary beside its own': [
      'unknown conforms CONTEXT_UNKNOWN',
      { ...assertion, '@context': ['https://w3id.org/openbadges/v2', { expires: null }] },
      site,
    ],
    'with a member that JSON-LD would read': ['rejected conforms KEYWORD', { ...assertion, '@id': id }, site],
    'that says in two ways how it is verified': [
      'rejected conforms SHAPE_REPEATED',
      { ...assertion, verify: { type: 'signed' } },
      site,
    ],
    'that is verified in a way of its own': [
      'unknown conforms VERIFICATION_UNKNOWN',
      { ...assertion, verification: { type: 'extensions:MyOwn' } },
      site,
    ],
    'without a recipient': ['rejected conforms SHAPE_MEMBER_MISSING', without(assertion, 'recipient'), site],
    'with a time of another form': ['rejected conforms SHAPE_VALUE', { ...assertion, expires: '2027-03-01' }, site],
    'of an older version': [
      'unknown conforms VERSION_UNSUPPORTED',
      { uid: '1', recipient, badge: badgeId, verify: { type: 'hosted', url: id }, issuedOn: 1359217910 },
      site,
    ],
  }
  for (const [what, [decision, file, pages]] of Object.entries(refused))
    it(`is refused, or could not be told, ${what}`, async () => {
      const { decision: found, report } = await judge(file, pages)
      expect(found).to.equal(decision)
      expect(report.checks.find(({ check }) => check === 'signed')?.outcome === 'passed').to.equal(
        decision.includes('valid-period'),
      )
    })

  describe('asks nobody', () => {
    it('at all, before its own form is right', async () => {
      expect((await judge(without(assertion, 'issuedOn'))).asked).to.deep.equal([])
    })

    it('but its own origin, and none that is only named by it', async () => {
      const far = { ...badge, id: `${elsewhere}/badge`, issuer: `${elsewhere}/issuer` }
      const file = { ...assertion, badge: far.id }
      const pages = { ...site, [id]: file, [far.id]: far }
      const { decision, asked } = await judge(file, pages)
      expect(decision).to.equal('unknown signed PART_ELSEWHERE')
      expect(asked).to.deep.equal([id])
      const near = await judge({ ...assertion, badge: far }, { ...site, [id]: { ...assertion, badge: far } })
      expect([near.decision, near.asked]).to.deep.equal(['unknown signed PART_ELSEWHERE', [id]])
    })

    it('but its own origin and those of issuers who are known, whose rules then count', async () => {
      const far = `${elsewhere}/assertions/1`
      const file = { ...assertion, id: far }
      const pages = { ...site, [far]: file }
      const foreign = await judge(file, pages)
      expect([foreign.decision, foreign.asked]).to.deep.equal([
        'rejected signed HOST_FOREIGN',
        [far, badgeId, issuerId],
      ])
      const allowed = { ...profile, verification: { allowedOrigins: 'elsewhere.example.net' } }
      expect((await judge(file, { ...pages, [issuerId]: allowed })).decision).to.equal('accepted ACCEPTED')
    })

    it('for a profile that the trust has, which then counts instead', async () => {
      const issuers = [{ ...known, profile }]
      const { decision, asked } = await judge(assertion, { ...site, [issuerId]: undefined }, { issuers })
      expect([decision, asked]).to.deep.equal(['accepted ACCEPTED', [id, badgeId]])
    })

    for (const address of ['ftp://badges.example.org/1', 'https://user:pass@badges.example.org/1', `${origin}/1#part`])
      it(`at ${address}`, async () => {
        const { decision, asked } = await judge(
          { ...assertion, id: address },
          { [address]: { ...assertion, id: address } },
        )
        expect([decision, asked]).to.deep.equal(['unknown signed HOSTED_UNAVAILABLE', []])
      })
  })

  it('cannot answer for the verifier: members of a document are none of a result', async () => {
    const sly = { outcome: 'passed', code: 'HOSTED', message: 'It is fine.', problem: 'none' }
    const pages = { ...site, [badgeId]: { ...sly, id: badgeId }, [id]: { ...assertion, ...sly } }
    expect((await judge({ ...assertion, ...sly }, pages)).decision).to.equal('rejected conforms SHAPE_TYPE')
  })

  describe('says whose it is', () => {
    const cases: readonly (readonly [person: string, decision: string, recipient: Json.Object])[] = [
      ['learner@example.org', 'accepted ACCEPTED', recipient],
      ['Learner@Example.org', 'accepted ACCEPTED', recipient],
      ['eve@example.org', 'rejected recipient RECIPIENT_OTHER', recipient],
      ['did:key:z6Mk', 'unknown recipient RECIPIENT_UNKNOWN', recipient],
      ['learner@example.org', 'accepted ACCEPTED', { type: 'email', hashed: false, identity: 'learner@example.org' }],
      [
        'https://me.example.org',
        'accepted ACCEPTED',
        { type: 'url', hashed: false, identity: 'https://me.example.org' },
      ],
      [
        'did:web:me.example.org',
        'accepted ACCEPTED',
        { type: 'id', hashed: false, identity: 'did:web:me.example.org' },
      ],
      ['learner@example.org', 'unknown recipient RECIPIENT_UNKNOWN', { ...recipient, identity: 'sha1$00' }],
    ]
    for (const [person, decision, its] of cases)
      it(`to ${person}: ${decision}`, async () => {
        const file = { ...assertion, recipient: its }
        const options = { recipient: person }
        expect((await judge(file, { ...site, [id]: file }, options)).decision).to.equal(decision)
      })
  })
})
