import type * as Json from '@laurel/core/Json'
import { type Finding, verifyEach } from '@laurel/verifier'
import * as View from '@laurel/verifier/element/View'
import * as Words from '@laurel/verifier/element/Words'
import { nobody } from '@laurel/verifier/Readers'
import type * as Report from '@laurel/verifier/Report'
import { names } from '@laurel/verifier/Report'
import { expect } from 'chai'
import * as Badges from '../../support/Badges.ts'
import * as Blockcerts from '../blockcerts/Issuer.ts'
import * as OpenBadges2 from '../openbadges2/Issuer.ts'

const outcomes = ['passed', 'failed', 'unknown', 'skipped'] as const
const trust = Badges.trusting('did:example:known')

/** A report in which all is well, but for some checks. */
function report(changes: Partial<Record<Report.Name, readonly [Report.Outcome, string]>> = {}): Report.Report {
  return {
    issuer: 'did:example:known',
    checks: names.map((check) => {
      const [outcome, code] =
        changes[check] ?? (check === 'recipient' ? ['skipped', 'RECIPIENT_NOT_ASKED'] : ['passed', 'X'])
      return { check, outcome, code, message: 'A sentence.' }
    }),
  }
}

const statement = (changes: Parameters<typeof report>[0]) => View.of({ report: report(changes) }, trust).statement

describe('What is shown of a credential', () => {
  it('is good only where every check that counts was made and passed, whatever came of the others', () => {
    expect(statement({})).to.equal('accepted')
    for (const check of names)
      for (const outcome of outcomes) {
        const shown = View.of({ report: report({ [check]: [outcome, 'X'] }) }, trust)
        const mayBeSkipped = check === 'status' || check === 'recipient'
        const isGood = outcome === 'passed' || (outcome === 'skipped' && mayBeSkipped)
        expect(shown.tone === 'good', `${check} ${outcome}`).to.equal(isGood)
        if (outcome === 'failed') expect(shown.tone).to.equal('bad')
      }
  })

  it('is of somebody who is not known only where nothing else is open', () => {
    const stranger = { 'issuer-bound': ['unknown', 'ISSUER_UNRECOGNISED'] } as const
    expect(statement(stranger)).to.equal('unfamiliar')
    expect(statement({ ...stranger, status: ['unknown', 'STATUS_STALE'] })).to.equal('unknown')
    expect(statement({ ...stranger, signed: ['failed', 'PROOF_INVALID'] })).to.equal('rejected')
    expect(statement({ 'issuer-bound': ['unknown', 'KEY_UNKNOWN'] })).to.equal('unknown')
  })

  it('proves nothing where a certificate of Blockcerts is anchored on a chain for tests', async () => {
    const chain = { chainId: 11155111, name: 'a chain', rpc: [], quorum: 1, confirmations: 1 }
    for (const [plain, issue] of [
      [Blockcerts.second, Blockcerts.issueSecond],
      [Blockcerts.third, Blockcerts.issueThird],
    ] as const) {
      const [credential, { root }] = [await issue(plain), await Blockcerts.batchOf(plain)]
      const { report } = await Blockcerts.judge(credential, { transaction: Blockcerts.sent(root) })
      for (const [test, statement] of [
        [true, 'testChain'],
        [false, 'accepted'],
      ] as const) {
        const chains = [{ ...chain, registry: '0x0000000000000000000000000000000000000001', test } as const]
        expect(View.of({ report, credential }, { ...trust, chains }).statement).to.equal(statement)
      }
    }
  })

  it('is called by the name that the verifier has for its issuer, once that is sure; else by its own and its DID', async () => {
    const { document, trust } = await Badges.trusted('eddsa-rdfc-2022')
    const find = async (trusted: typeof trust) =>
      (await verifyEach(JSON.stringify(document), { trust: trusted, readers: nobody, now: Badges.now }))[0] as Finding
    const named = { ...trust, issuers: trust.issuers.map((each) => ({ ...each, name: 'Our swimmers' })) }
    expect(View.of(await find(named), named)).to.include({
      issuer: 'Our swimmers',
      issuerId: undefined,
      isConfirmed: true,
    })
    const unknown = Badges.trusting()
    expect(View.of(await find(unknown), unknown)).to.include({
      issuer: 'The Swimming School',
      issuerId: (document.issuer as Json.Object).id,
    })
  })

  it('is what a badge of Open Badges 2.0 awards, and who, also where that stands at another place', async () => {
    const said = { name: 'Robotics', issuer: 'A school', issued: Date.parse('2026-03-01T09:00:00.123Z') }
    const known = { ...trust, issuers: [OpenBadges2.known] }
    const credential = OpenBadges2.assertion
    const { report } = await OpenBadges2.judge(credential)
    expect(View.of({ report, credential }, known)).to.include({ ...said, expires: Date.parse('2027-03-01T09:00:00Z') })
    const reference = { id: String(credential.id) }
    expect(View.of({ report, credential: reference }, known)).to.include({ name: 'Robotics', issuer: 'A school' })
    expect(View.of({ report: { ...report, checks: [] }, credential: reference }, known)).to.include({
      issuer: OpenBadges2.issuerId,
      isConfirmed: false,
    })
    expect(View.of({ report, credential: Blockcerts.second }, trust)).to.include(said)
  })

  it('has no picture before it is signed, and none that somebody would have to be asked for', () => {
    const image = (id: string, signed: Report.Outcome = 'passed') =>
      View.of({ report: report({ signed: [signed, 'X'] }), credential: { image: { id, type: 'Image' } } }, trust).image
    const good = 'data:image/png;base64,iVBORw0KGgo='
    expect(image(good)).to.equal(good)
    for (const outcome of ['failed', 'unknown'] as const) expect(image(good, outcome)).to.equal(undefined)
    for (const bad of [
      'https://a.example/x.png',
      'javascript:alert(1)',
      'data:text/html,x',
      `${good}"`,
      'data:image/png,x',
    ])
      expect(image(bad), bad).to.equal(undefined)
    expect(image(`data:image/png;base64,${'A'.repeat(3e6)}`)).to.equal(undefined)
  })

  it('is fit to be shown, and stands any document', () => {
    const credential = {
      name: '\u202egnihton\u0007',
      issuer: 5,
      proof: [null, { type: 'MerkleProof2019' }],
      validFrom: 'never',
      credentialSubject: {
        identifier: [3, { hashed: true, identityType: 'name', identityHash: 'x' }],
        achievement: [],
      },
    }
    const shown = View.of({ report: report(), credential }, trust)
    expect(shown).to.include({ name: '�gnihton�', recipient: undefined, issued: undefined })
    expect(View.of({ report: { checks: [] } }, trust).isConfirmed).to.equal(false)
  })
})

describe('The words of a language', () => {
  it('are those of a language and region, of the language, or English', () => {
    Words.add('pt-BR', { ...Words.of('en'), unnamed: 'Um distintivo' })
    expect(Words.of('pt-br').unnamed).to.equal('Um distintivo')
    expect(Words.of('de-CH')).to.equal(Words.of('de'))
    expect([Words.of('pt'), Words.of('')]).to.deep.equal([Words.of('en'), Words.of('en')])
  })

  for (const language of ['en', 'de'])
    it(`say something of everything, each in its own way: ${language}`, () => {
      const words = Words.of(language)
      const said = names.flatMap((name) => outcomes.map((outcome) => words.checks[name][outcome]))
      expect(new Set(said).size).to.equal(said.length)
      for (const sentence of said) expect(sentence).to.match(/^\p{Lu}.*\.$/u)
      for (const name of ['issuedBy', 'claimedBy', 'awardedTo', 'issuedOn', 'validUntil', 'endorsedBy'] as const)
        expect(Words.fill(words[name], '$& {}')).to.include('$& {}')
    })
})
