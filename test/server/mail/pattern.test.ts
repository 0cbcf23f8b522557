import { expect } from 'chai'
import fc from 'fast-check'
import * as Pattern from '../../../server/src/mail/Pattern.ts'

const fill = (text: string, values: Record<string, string>, language = 'en') =>
  Pattern.fill(Pattern.parse(text), values, language, (value) => `<${value}>`)

describe('Pattern', () => {
  it('puts values in their places', () => {
    expect(fill("It’s {name}'s # {x} {name}", { name: 'Ada', x: '' })).to.equal("It’s <Ada>'s # <> <Ada>")
  })

  it('has the plurals of a language', () => {
    const days = '{days, plural, zero {none} one {a day} two {two} few {# few} many {# many} other {# days}}.'
    const said = (language: string) =>
      ['0', '1', '2', '3', '11', '100'].map((days_) => fill(days, { days: days_ }, language))
    expect(said('en')).to.deep.equal(['0 days.', 'a day.', '2 days.', '3 days.', '11 days.', '100 days.'])
    expect(said('ar').slice(0, 3)).to.deep.equal(['none.', 'a day.', 'two.'])
    expect(fill('{n, plural, one {{name} has #} other {{name} have #}}', { n: '1200', name: 'A' }, 'de')).to.equal(
      '<A> have 1.200',
    )
  })

  it('names the values that it has places for', () => {
    const text = '{a} {b, plural, one {{c}} other {#}}'
    expect([...Pattern.places(Pattern.parse(text))].sort()).to.deep.equal(['a', 'b', 'c'])
  })

  for (const text of [
    '{',
    '}',
    '{a',
    'a}',
    '{A}',
    '{a b}',
    '{}',
    '{a, select, x {y}}',
    '{a, plural, one {x}}',
    '{a, plural, some {x} other {y}}',
    '{a, plural, other {x}',
    '{a, plural, other {{b, plural, other {{c, plural, other {x}}}}}}',
  ])
    it(`refuses ${text}`, () => {
      expect(() => Pattern.parse(text)).to.throw(Pattern.InvalidPatternError)
    })

  it('refuses a missing value, and what is no number', () => {
    expect(() => fill('{a}', {})).to.throw(Pattern.InvalidPatternError)
    expect(() => fill('{constructor}', {})).to.throw(Pattern.InvalidPatternError)
    expect(() => fill('{a, plural, other {#}}', { a: 'x' })).to.throw(Pattern.InvalidPatternError)
  })

  it('ends, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}#, abplural one other') }), (text) => {
        try {
          Pattern.places(Pattern.parse(text))
        } catch (error) {
          expect(error).to.be.instanceOf(Pattern.InvalidPatternError)
        }
      }),
    )
  })
})
