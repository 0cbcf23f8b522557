import { expect } from 'chai'
import { IntlMessageFormat } from 'intl-messageformat'
import * as Languages from '../../web/src/Languages.ts'
import { en, type Key } from '../../web/src/messages/en.ts'
import * as Translation from '../../web/src/Translation.ts'

type Element = ReturnType<IntlMessageFormat['getAst']>[number]

describe('The catalogues of the pages', () => {
  const [english, ...others] = Languages.all
  const keys = Object.keys(en) as Key[]

  /** What a message takes, and from what it chooses: of each value its kind, and the options that are not those of a language. */
  const takes = (tag: string, message: string): readonly string[] => {
    const found = new Set<string>()
    const look = (elements: readonly Element[]) => {
      for (const element of elements) {
        // By its number a kind is known: 0 is text, 7 the number of a plural.
        if (element.type === 0 || element.type === 7) continue
        const options = 'options' in element ? element.options : {}
        // Which forms a plural has is the language's own.
        const names = element.type === 5 ? Object.keys(options).sort().join('|') : ''
        found.add(`${'value' in element ? element.value : ''} ${element.type} ${names}`)
        for (const option of Object.values(options)) look((option as { value: readonly Element[] }).value)
      }
    }
    look(new IntlMessageFormat(message, tag, undefined, { ignoreTag: true }).getAst())
    return [...found].sort()
  }

  it('are there in six languages, the first of which is English', () => {
    expect(english.messages).to.equal(en)
    expect(Languages.all.map(({ tag }) => tag)).to.deep.equal(['en', 'es', 'fr', 'de', 'pt', 'ar'])
    for (const { tag, name } of Languages.all) expect(Languages.of(tag).name).to.equal(name)
    expect(Languages.of('tlh')).to.equal(english)
  })

  for (const { tag, messages } of others)
    it(`say everything in ${tag}, by the same values, and nothing in English`, () => {
      expect(Object.keys(messages).sort()).to.deep.equal(keys.toSorted())
      // Words that are the same in both languages.
      const same: readonly string[] = ['facts.day', ...(tag === 'fr' ? ['check.period'] : [])]
      for (const key of keys) {
        expect(takes(tag, messages[key]), key).to.deep.equal(takes('en', en[key]))
        expect(messages[key].trim(), key).to.not.equal('')
        if (!same.includes(key)) expect(messages[key], key).to.not.equal(en[key])
      }
      const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories
      const [plural] = new IntlMessageFormat(messages['facts.creditCount'], tag).getAst()
      const has = Object.keys((plural as { options: object }).options)
      if (tag === 'ar') expect(has).to.have.members(forms)
      else expect(has).to.include.members(['one', 'other'])
    })

  it('speak of nothing that only the trade knows', () => {
    const trade =
      /block ?chain|merkle|\banchor|\bhash|\bnode\b|wallet|ethereum|on-chain|\bRPC\b|\bDID\b|smart contract/i
    for (const { messages } of Languages.all) for (const key of keys) expect(messages[key], key).to.not.match(trade)
  })

  it('put in values, days as a badge names them, and nothing as markup', () => {
    const say = Translation.create('de', Languages.of('de').messages)
    expect(say('page.issuedBy', { issuer: '<b>{x}</b>' })).to.equal('Ausgestellt von <b>{x}</b>')
    expect(say('facts.day', { day: Date.UTC(2026, 10, 26, 23, 59) })).to.equal('26. November 2026')
    expect(say('check.status.failed', { code: 'SUSPENDED' })).to.equal('Der Aussteller hat es vorläufig ausgesetzt.')
    expect(Translation.create('ar', Languages.of('ar').messages)('facts.creditCount', { count: 2 })).to.equal('ساعتان')
  })
})
