import { readFileSync } from 'node:fs'
import * as Pdf from '@laurel/verifier/inputs/Pdf'
import { expect } from 'chai'
import jsqr from 'jsqr'
import { type Certificate, draw, papers } from '../../../server/src/certificate/draw.ts'
import * as Fonts from '../../../server/src/certificate/Fonts.ts'
import * as Catalogues from '../../../server/src/mail/Catalogues.ts'
import * as Poppler from '../../support/Poppler.ts'

const image = readFileSync(new URL('../../../server/assets/badge.png', import.meta.url))
const uuid = '00000000-0000-4000-8000-000000000001'
const certificate = (over: Partial<Certificate> = {}): Certificate => ({
  id: `urn:uuid:${uuid}`,
  name: 'Žofie Nováková',
  achievement: 'First aid at work',
  criteria: 'Two days of practice, and an examination.',
  issuer: 'Universität Köln',
  awardedAt: Date.parse('2026-03-01T09:30:00Z'),
  validUntil: undefined,
  image,
  address: `https://badges.example.org/verify#https://badges.example.org/credentials/${uuid}`,
  credential: '{"id":"urn:uuid:1","name":"陳大文"}\n',
  language: 'en',
  ...over,
})

const long = (text: string, length: number) =>
  text
    .repeat(Math.ceil(length / text.length))
    .slice(0, length)
    .trim()

describe('The certificate', function () {
  this.timeout(60_000)
  before(function () {
    const reason = Poppler.missing()
    if (reason === undefined) return
    console.log(`    SKIPPED: ${reason}`)
    this.skip()
  })

  it('is one page in landscape, and the same bytes each time', async () => {
    for (const paper of ['a4', 'letter'] as const) {
      const pdf = await draw(certificate(), paper)
      expect(Buffer.from(await draw(certificate(), paper)).equals(Buffer.from(pdf))).to.equal(true)
      const info = Poppler.info(pdf)
      expect(info.Pages).to.equal('1')
      expect(
        info['Page size']
          ?.match(/[\d.]+/g)
          ?.slice(0, 2)
          .map(Number),
      ).to.deep.equal(papers[paper].map((each) => Math.round(each * 100) / 100))
      expect(info.Title).to.equal('First aid at work: Žofie Nováková')
    }
  })

  it('says who was awarded what, by whom, and when', async () => {
    const text = Poppler.text(await draw(certificate({ validUntil: Date.parse('2028-03-01T00:00:00Z') }), 'a4'))
    for (const each of [
      'Žofie Nováková',
      'First aid at work',
      'Universität Köln',
      'March 1, 2026',
      'March 1, 2028',
      'Two days of practice, and an examination.',
      uuid,
      'badges.example.org',
    ])
      expect(text).to.include(each)
  })

  it('has the credential in it, as it was signed, and is verified by it', async () => {
    const pdf = await draw(certificate(), 'a4')
    expect(Buffer.from(Poppler.attached(pdf)).toString()).to.equal(certificate().credential)
    expect(Pdf.extract(pdf).text).to.equal(certificate().credential)
  })

  it('has a QR code that leads to where it is verified', async () => {
    for (const host of ['b.example', `${'x'.repeat(60)}.${'y'.repeat(60)}.example.org:8443`]) {
      const address = `https://${host}/verify#https://${host}/credentials/${uuid}`
      const { data, width, height } = Poppler.pixels(await draw(certificate({ address }), 'a4'))
      expect(jsqr.default(data, width, height)?.data).to.equal(address)
    }
  })

  it('embeds all of its fonts', async () => {
    const fonts = Poppler.fonts(await draw(certificate({ name: 'Ada محمد' }), 'a4'))
    expect(fonts.length).to.be.above(1)
    expect(fonts.filter(({ embedded }) => !embedded)).to.deep.equal([])
  })

  for (const [script, name] of [
    ['Latin', 'Đặng Thị Ngọc Hân-Müller'],
    ['Greek', 'Ελένη Παπαδοπούλου'],
    ['Cyrillic', 'Љубица Ђорђевић'],
  ] as const)
    it(`writes names in ${script}`, async () => {
      const pdf = await draw(certificate({ name }), 'a4')
      expect(Poppler.text(pdf).normalize('NFC')).to.include(name)
    })

  for (const [script, name, font] of [
    ['Arabic', 'محمد عبد الله الخوارزمي', /Naskh/],
    ['Hebrew', 'דוד בן־גוריון', /Hebrew/],
    ['Devanagari', 'श्रीनिवास रामानुजन', /Devanagari/],
  ] as const)
    it(`writes names in ${script}, with the font that has it`, async () => {
      const pdf = await draw(certificate({ name }), 'a4')
      expect(Poppler.fonts(pdf).some((each) => font.test(each.name))).to.equal(true)
      expect(Poppler.text(pdf)).to.not.include('attached credential')
    })

  it('says so where there is no font for a name, and draws no boxes', async () => {
    const name = 'สมชาย ใจดี'
    const text = Poppler.text(await draw(certificate({ name, criteria: 'Practice ใจดี' }), 'a4')).replaceAll(/\s+/g, ' ')
    expect(text).to.include('the person named in the attached credential').and.include('Practice')
  })

  it('drops no letter of a title, an issuer or criteria without saying so', async () => {
    const textOf = async (over: Partial<Certificate>) =>
      Poppler.text(await draw(certificate(over), 'a4')).replaceAll(/\s+/g, ' ')
    for (const [over, shown] of [
      [{ achievement: '🏅 First aid' }, '… First aid'],
      [{ achievement: '急救' }, '…'],
      [{ issuer: 'Chulalongkorn จุฬา ลงกรณ์ (Bangkok)' }, 'Chulalongkorn … (Bangkok)'],
      [{ criteria: 'Practice ใจดี' }, 'Practice …'],
    ] as const) {
      const text = await textOf(over)
      expect(text, shown).to.include(shown).and.include('the attached credential has the whole text')
    }
    expect(await textOf({})).to.not.include('whole text')
  })

  it('is written from right to left in Arabic', async () => {
    const pdf = await draw(certificate({ language: 'ar', name: 'عائشة', issuer: 'جامعة القاهرة' }), 'a4')
    const id = Poppler.words(pdf).find(({ text }) => text.includes(uuid))
    expect(id?.left).to.be.below(papers.a4[0] / 2)
  })

  for (const [label, over] of [
    ['a title of 300 characters', { achievement: long('Advanced interdisciplinary studies ', 300) }],
    ['a title without spaces', { achievement: 'x'.repeat(300) }],
    ['a name of 300 characters', { name: long('Wolfeschlegelsteinhausenbergerdorff ', 300) }],
    ['a long name in Arabic', { name: long('محمد بن عبد الله ', 200), language: 'ar' }],
    [
      'a long text in every place',
      {
        achievement: long('Word ', 300),
        name: long('Name ', 300),
        criteria: long('Criteria ', 420),
        issuer: long('Issuer ', 300),
      },
    ],
    [
      'letters without a font in every place',
      {
        achievement: long('Word 急救 ', 300),
        name: '陳大文',
        criteria: long('急救 ', 420),
        issuer: long('急救 Issuer ', 300),
      },
    ],
    ['nothing but a name', { criteria: undefined, achievement: 'x', name: 'y', issuer: 'z' }],
  ] as const)
    it(`keeps ${label} within its frame, on one page`, async () => {
      for (const paper of ['a4', 'letter'] as const) {
        const [width, height] = papers[paper]
        const pdf = await draw(certificate(over as Partial<Certificate>), paper)
        expect(Poppler.info(pdf).Pages).to.equal('1')
        const words = Poppler.words(pdf)
        for (const { left, top, right, bottom, text } of words)
          expect(
            left > 31 && right < width - 31 && top > 31 && bottom < height - 20,
            `${paper}: ${text} at ${left}, ${top}`,
          ).to.equal(true)
        expect(words.some(({ text }) => text === uuid)).to.equal(true)
      }
    })

  it('takes hostile texts for texts', async () => {
    const bad = ') Tj ET endstream endobj /JS (app.alert(1)) <script>\u202e\\'
    const pdf = await draw(certificate({ name: bad, achievement: bad, issuer: bad, criteria: bad }), 'a4')
    expect(Poppler.info(pdf)).to.include({ Pages: '1', JavaScript: 'no' })
    expect(Poppler.text(pdf)).to.include('endstream endobj')
  })

  it('has words in every language', async () => {
    for (const language of Catalogues.languages) {
      const pdf = await draw(certificate({ language }), 'a4')
      expect(Poppler.info(pdf).Pages, language).to.equal('1')
    }
  })
})

describe('Fonts', () => {
  it('cover a text or do not', async () => {
    const { regular } = await Fonts.load()
    expect(Fonts.covers(regular, 'Ada Ελένη Љубица محمد דוד श्रीनिवास Đặng e\u0301 — “x” №')).to.equal(true)
    expect(Fonts.covers(regular, 'สมชาย')).to.equal(false)
    expect(Fonts.covers(regular, '🎓')).to.equal(false)
    expect(Fonts.printable(regular, '急救 急救, Ada 🎓')).to.equal('…, Ada …')
  })
})
