import { expect } from 'chai'
import * as SignIn from '../../../server/src/access/SignIn.ts'
import * as LearnerSession from '../../../server/src/http/LearnerSession.ts'
import * as Challenge from '../../../server/src/learners/Challenge.ts'
import * as ClaimLink from '../../../server/src/learners/ClaimLink.ts'
import * as Token from '../../../server/src/learners/Token.ts'

const text = 'A'.repeat(43)
const terms = { publicUrl: 'https://badges.example.org' }
const host = 'badges.example.org'
const cookie = (value: string) => LearnerSession.digestIn({ cookie: value, host }, { terms })

describe('A learner’s session', () => {
  it('is read out of one cookie of its name, and out of nothing else', () => {
    expect(cookie(`a=b; __Host-laurel_learner=${text}; c=d`)).to.deep.equal(Token.digestOf(text))
    for (const value of [
      '',
      'a=b',
      `laurel_learner=${text}`,
      `__Host-laurel_learner=${text}x`,
      '__Host-laurel_learner=',
      `x__Host-laurel_learner=${text}`,
    ])
      expect(cookie(value), value).to.equal(undefined)
    // Whoever can set a cookie for this host may have set one of the two.
    expect(cookie(`__Host-laurel_learner=${text}; __Host-laurel_learner=${'B'.repeat(43)}`)).to.equal(undefined)
  })

  it('begins with what its browser had before, and lasts two weeks', () => {
    const clock = { now: () => 5 }
    const randomness = { bytes: (size: number) => new Uint8Array(size).fill(1) }
    const before = { cookie: `__Host-laurel_learner=${text}`, host }
    const { beginning, cookie: set } = LearnerSession.begin(before, { clock, randomness, terms })
    expect(beginning).to.include({ createdAt: 5, expiresAt: 5 + 14 * 24 * 3_600_000 })
    expect(beginning.replaces).to.deep.equal(Token.digestOf(text))
    expect(set).to.match(/^__Host-laurel_learner=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax; Max-Age=1209600$/)
    expect(cookie(set.split(';')[0] ?? '')).to.deep.equal(beginning.digest)
    expect(LearnerSession.ending({ host }, { terms })).to.match(/^__Host-laurel_learner=; Max-Age=0; .*Secure/)
  })
})

describe('A challenge', () => {
  it('has codes of eight digits, which count for their own challenge alone, however they are typed', () => {
    expect(SignIn.codeOf(new Uint8Array(32))).to.equal('00000000')
    expect(SignIn.codeOf(new Uint8Array(32).fill(255))).to.match(/^\d{8}$/)
    const answer = (challenge: string, code: string) => Challenge.toAnswer({ challenge, code })
    expect(answer('a', '1234 5678')).to.deep.equal(answer('a', '1234-5678')).and.deep.equal(answer('a', '12345678'))
    expect(answer('a', '12345678')).to.not.deep.equal(answer('b', '12345678'))
  })

  it('is written in the language that a browser asks for first', () => {
    const language = (accept: string) => Challenge.languageOf({ 'accept-language': accept })
    expect([language('de-CH,de;q=0.9'), language('fr'), language('zh-Hant-TW;q=1')]).to.deep.equal([
      'de-CH',
      'fr',
      'zh-Hant-TW',
    ])
    for (const hostile of ['', '*', '<script>', 'de_CH', 'x'.repeat(1_000), '\u0000'])
      expect(language(hostile), hostile).to.equal(undefined)
  })
})

describe('Whom a link is for', () => {
  it('is read out of the fields of a roster, and is nobody once they are erased', () => {
    const identifiers = [
      { type: 'name', value: 'Ada' },
      { type: 'emailAddress', value: 'ada@example.org' },
    ]
    expect(ClaimLink.contactOf({ fields: { recipient: { identifiers } } })).to.deep.equal({
      ...{ name: 'Ada', email: 'ada@example.org', language: undefined },
    })
    const german = ClaimLink.contactOf({ fields: { language: 'de', recipient: { identifiers } } })
    expect(german?.language).to.equal('de')
    for (const fields of [{}, { recipient: {} }, { recipient: { identifiers: identifiers.slice(0, 1) } }])
      expect(ClaimLink.contactOf({ fields })).to.equal(undefined)
  })
})
