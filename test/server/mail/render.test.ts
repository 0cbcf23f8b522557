import { DOMParser } from '@xmldom/xmldom'
import { expect } from 'chai'
import * as Catalogues from '../../../server/src/mail/Catalogues.ts'
import * as Mail from '../../../server/src/mail/Mail.ts'
import * as Pattern from '../../../server/src/mail/Pattern.ts'
import { harmless, render } from '../../../server/src/mail/render.ts'
import type { Texts } from '../../../server/src/mail/Texts.ts'

const hostile = [
  '<img src=x onerror=alert(1)>',
  '"><a href="https://evil.example/">x</a>',
  "Robert'); DROP TABLE mails;--",
  'Ada\r\nBcc: all@example.org',
  'Ada\u2028\u2029\u0000\u202eevil\u2066',
  'https://evil.example/login',
  'www.evil.example',
  'free money at evil.example',
  'mail me@evil.example',
  '{name}',
  '&amp;&#39;',
  'ا'.repeat(10_000),
  '🎓'.repeat(500),
  '',
]

const values = (value: string) => ({
  ...Object.fromEntries(['organisation', 'name', 'achievement', 'inviter'].map((name) => [name, value])),
  link: 'https://badges.example.org/c/abc?x=1&y=2',
  code: '12345678',
  minutes: '15',
  days: '7',
})
const mailOf = (template: Mail.Name, language: string, value = 'Ada') =>
  ({ to: 'a@example.org', template, language, values: values(value) }) as unknown as Mail.Mail
const unsubscribe = 'https://badges.example.org/mail/unsubscribe/1'

/** The page as a program sees it that knows XML: what is open there is closed. */
const parse = (html: string) =>
  new DOMParser({ onError: (_level, message) => expect.fail(message) }).parseFromString(
    html.replace('<!doctype html>', '').replaceAll(/<(meta[^>]*|br)>/g, '<$1/>'),
    'text/xml',
  )

describe('The texts of mails', () => {
  it('are complete in every language: the same templates, values and buttons', () => {
    const placesOf = ({ subject, paragraphs, button = '', notes }: Texts) => {
      const all = [subject, ...paragraphs, button, ...notes].map((text) => [...Pattern.places(Pattern.parse(text))])
      return [...new Set(all.flat())].sort()
    }
    for (const [language, catalogue] of Object.entries(Catalogues.catalogues))
      for (const name of Mail.names) {
        const label = `${language} ${name}`
        const texts = catalogue[name]
        const allowed = Mail.templates[name].values as readonly string[]
        expect(allowed, label).to.include.members(placesOf(texts))
        expect(placesOf(texts), label).to.deep.equal(placesOf(Catalogues.catalogues.en[name]))
        expect(texts.button !== undefined, label).to.equal(allowed.includes('link'))
        expect(texts.paragraphs, label).to.have.length(Catalogues.catalogues.en[name].paragraphs.length)
        expect(texts.notes, label).to.have.length(Catalogues.catalogues.en[name].notes.length)
      }
  })

  it('are said in the language that is nearest', () => {
    expect(Catalogues.nearest('fr-CA', 'de')).to.equal('fr')
    expect(Catalogues.nearest('ja', 'pt-BR')).to.equal('pt')
    expect(Catalogues.nearest('', 'constructor', 'toString-x', 'ar_EG')).to.equal('en')
    expect(render(mailOf('claim', 'de-AT')).text).to.include('Guten Tag Ada')
    expect(render(mailOf('claim', '')).text).to.include('Hello Ada')
  })

  it('have a plural of their language', () => {
    const said = (language: string, minutes: string) =>
      render({ ...mailOf('sign-in', language), values: { ...values('X'), minutes } } as unknown as Mail.Mail).text
    expect(said('en', '1')).to.include('good for 1 minute, once')
    expect(said('en', '15')).to.include('good for 15 minutes, once')
    expect(said('ar', '2')).to.include('دقيقتين')
  })

  it('are written from right to left where the language is', () => {
    const { html, text } = render(mailOf('claim', 'ar', 'Ada Lovelace'))
    expect(html).to.include('<html lang="ar" dir="rtl">')
    expect(text, 'a name that runs the other way keeps to itself').to.include('\u2068Ada Lovelace\u2069')
    expect(render(mailOf('claim', 'en', 'عائشة')).text).to.include('Hello \u2068عائشة\u2069,')
  })

  it('say the same as text and as HTML, and lead nowhere but to the links that are ours', () => {
    for (const language of Catalogues.languages)
      for (const name of Mail.names) {
        const { html, text, subject } = render(mailOf(name, language), { unsubscribe })
        const page = parse(html)
        const links = [...page.getElementsByTagName('a')].map((each) => each.getAttribute('href'))
        const hasLink = (Mail.templates[name].values as readonly string[]).includes('link')
        expect(links).to.deep.equal([...(hasLink ? [values('').link] : []), unsubscribe])
        expect(html).to.not.match(/<(img|script|link|iframe|form|object|style)\b|url\(|@import/i)
        for (const link of links) expect(text).to.include(link)
        expect(`${subject}${text}`).to.not.match(/[{}]/)
        const shown = page.getElementsByTagName('body')[0]?.textContent ?? ''
        const words = (said: string) => said.replaceAll(/(?:https?:\S+|[^\p{L}\p{N}])+/gu, ' ').trim()
        for (const paragraph of text.split('\n\n').filter((each) => !each.includes('http')))
          expect(words(shown)).to.include(words(paragraph))
      }
  })

  for (const value of hostile)
    it(`take ${JSON.stringify(value.slice(0, 30))} for a text and nothing else`, () => {
      for (const language of ['en', 'ar'])
        for (const name of Mail.names) {
          const { html, text, subject } = render(mailOf(name, language, value), { unsubscribe })
          const page = parse(html)
          const links = [...page.getElementsByTagName('a')].map((each) => each.getAttribute('href'))
          expect(links.filter((link) => !link?.startsWith('https://badges.example.org/'))).to.deep.equal([])
          expect([...page.getElementsByTagName('img')]).to.deep.equal([])
          expect(subject).to.not.match(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
          expect(subject.length).to.be.below(1_000)
          expect(text).to.not.match(/^Bcc:/m)
          // What a mail reader makes a link of by itself.
          const rest = text.replaceAll(values('').link, '').replaceAll(unsubscribe, '')
          expect(rest).to.not.match(/https?:\/\/|www\.\w|\w\.example|@evil/)
        }
    })

  it('leave names as they are that are no more than names', () => {
    for (const name of [
      'Žofie Nováková',
      '陳大文',
      'J. R. R. Tolkien',
      'María-José O’Neill Jr.',
      'محمد',
      'नमस्ते',
      'Dr. Ada',
    ])
      expect(harmless(name, 400)).to.equal(name.normalize('NFC'))
  })

  it('refuse a link that is none', () => {
    const mail = { ...mailOf('sign-in', 'en'), values: { ...values('X'), link: 'javascript:alert(1)' } }
    expect(() => render(mail as unknown as Mail.Mail)).to.throw(TypeError)
  })
})
