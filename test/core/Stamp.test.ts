import { expect } from 'chai'
import * as AchievementCredential from '../../core/src/AchievementCredential.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Ed25519 from '../../core/src/Ed25519.ts'
import type * as Json from '../../core/src/Json.ts'
import * as Stamp from '../../core/src/Stamp.ts'
import * as Golden from '../support/Golden.ts'
import { optionsOf } from './credentials.ts'
import { agree, agreeOnAchievements, agreeOnBatches, reference, stampOf, verificationMethod } from './stamps.ts'
import { failure, jsonOf, rejection } from './support.ts'

const { issuer, achievement, ...first } = optionsOf(jsonOf('laurel-v1/golden/A-7-0.json'))
const common = { issuer, achievement }
const award = first as unknown as Json.Object
const recipient = award.recipient as Json.Object
const general = { outline: 0, value: 0, repeated: 0 }

/** An award like the first, with a part of its recipient replaced. */
const awarded = (change: Json.Object, more: Json.Object = {}): Json.Object => ({
  ...award,
  ...more,
  recipient: { ...recipient, ...change },
})

/** A stamp that has met an outline already, so that what comes next is stamped. */
async function prepared(like: Json.Object): Promise<Stamp.Stamp> {
  const stamp = stampOf(common)
  await agree(stamp, like)
  expect(stamp.tally).to.deep.equal({ stamped: 0, compared: 4, ...general })
  return stamp
}

describe('Stamp', () => {
  describe('of the golden credentials', () => {
    for (const name of Golden.credentials())
      it(`reproduces ${name}: its first proof, its digest and its text`, async () => {
        const document = Golden.read(name)
        const [proof] = document.proof as readonly [Json.Object & { id: string; created: string; proofValue: string }]
        const { issuer, achievement, ...award } = optionsOf(document as never)
        const set = name.slice(0, 1)
        const seed = Bytes.fromHex(jsonOf('laurel-v1/golden/keys.json').sets[set].credentialKeyTEST.ed25519Seed)
        const secrets = jsonOf(`laurel-v1/golden/${name.replace(/-\d\.json$/, '')}-private.json`)
        const { documentDigest } = secrets.recipients[Number(/(\d)\.json$/.exec(name)?.[1])]
        const stamp = Stamp.create({
          ...stampOf({ issuer, achievement }),
          verificationMethod: proof.verificationMethod as string,
        })
        for (let time = 0; time < 2; time++) {
          const signer = async (message: Uint8Array) => Ed25519.sign(seed, message)
          const signed = await Stamp.sign(stamp, award as unknown as Json.Object, proof, signer)
          expect(signed.proof).to.deep.equal(proof)
          expect(Bytes.toHex(signed.documentDigest)).to.equal(documentDigest)
          const text = Stamp.text(stamp, award as unknown as Json.Object, document.proof as readonly Json.Object[], 2)
          expect(text).to.equal(JSON.stringify(document, null, 2))
        }
        expect(stamp.tally).to.deep.equal({ stamped: 2, compared: 2, ...general })
      })
  })

  it('makes the same as jsonld, rdf-canonize and JSON.stringify of any batch', async function () {
    this.timeout(600_000)
    await agreeOnBatches(20, 2, 50)
  })

  it('makes the same whatever the achievement, of which every text is a field', async function () {
    this.timeout(600_000)
    await agreeOnAchievements(20, 5)
  })

  describe('stamps', () => {
    const cases: Readonly<Record<string, Json.Object>> = {
      'another person': awarded({ identifiers: [{ type: 'name', value: 'Bo' }] }, { id: 'urn:uuid:1' }),
      'a subject that comes before all others': awarded({ id: 'a:a' }),
      'a subject that comes behind all others': awarded({ id: 'z:z' }),
      'a subject that begins like another': awarded({ id: `${achievement.id}0` }),
      'texts that stand in the document already': awarded({ identifiers: [{ type: 'name', value: achievement.name }] }),
      'an empty text': awarded({ identifiers: [{ type: 'name', value: '' }] }),
      'a text with everything that is escaped': awarded({
        identifiers: [{ type: 'name', value: '"\\\b\f\n\r\t\0\x1f\x7f' }],
      }),
      'a text like a blank node': awarded({ identifiers: [{ type: 'name', value: '_:c14n0' }] }),
      'a text like a keyword': awarded({ identifiers: [{ type: 'name', value: '@type' }] }),
      'a text like a statement': awarded({ identifiers: [{ type: 'name', value: '" .\n<urn:a> <urn:b> "' }] }),
      'a text like a mark': awarded({ identifiers: [{ type: 'name', value: 'urn:laurel:plain:3' }] }),
      'a text beyond ASCII': awarded({ identifiers: [{ type: 'name', value: 'Añá 水 🏅 \ue000 \u2028' }] }),
      'another number': awarded({ creditsEarned: 0.125 }),
      'a date written otherwise':
        award.validUntil === undefined ? award : { ...award, validUntil: '2096-03-01T00:00:00.5+14:00' },
    }
    for (const [what, other] of Object.entries(cases))
      it(what, async () => {
        const stamp = await prepared(award)
        await agree(stamp, other)
        expect(stamp.tally).to.deep.equal({ stamped: 4, compared: 4, ...general })
      })

    it('texts that are the same', async () => {
      const stamp = await prepared(awarded({ licenseNumber: 'a', role: 'b', narrative: 'c', term: 'd' }))
      await agree(stamp, awarded({ licenseNumber: 'x', role: 'x', narrative: 'x', term: 'x' }))
      expect(stamp.tally).to.deep.equal({ stamped: 4, compared: 4, ...general })
    })

    it('blank nodes in whatever order their values put them', async () => {
      const identifiers = (value: string) =>
        awarded({
          identifiers: [
            { type: 'name', value },
            { type: 'ext:a', value },
          ],
        })
      const stamp = await prepared(identifiers('a'))
      const orders = new Set<string>()
      for (let i = 0; i < 30; i++) {
        const quads = Stamp.canonize(stamp, identifiers(`${i}`))
        expect(quads).to.equal(await reference(stamp.layout(identifiers(`${i}`))))
        orders.add(quads.replaceAll(`"${i}"`, ''))
      }
      expect(orders.size).to.be.above(10)
      expect(stamp.tally).to.deep.equal({ stamped: 30, compared: 4, ...general })
    })

    it('blank nodes that only what surrounds them tells apart', async () => {
      const aligned = (...names: readonly string[]) =>
        awarded({
          results: names.map((targetName, i) => ({
            alignment: [{ type: ['Alignment'], targetName, targetUrl: 'urn:t' }],
            value: `${i}`,
          })),
        })
      const stamp = await prepared(aligned('a', 'b'))
      await agree(stamp, aligned('c', 'c'))
      expect(stamp.tally).to.deep.equal({ stamped: 4, compared: 4, ...general })
    })

    it('lines in the order of code points', async () => {
      const tagged = (...tag: readonly string[]): Json.Object => ({ ...award, tag })
      const options = ({ tag, ...award }: Json.Object) =>
        ({ issuer, achievement: { ...achievement, tag }, ...award }) as unknown as AchievementCredential.Options
      const stamp = Stamp.create({
        layout: (fields) => AchievementCredential.layout(options(fields)),
        className: 'AchievementCredential',
        check: (fields) => AchievementCredential.check(options(fields)),
        verificationMethod,
      })
      await agree(stamp, tagged('a', 'b'))
      await agree(stamp, tagged('🏅', '水'))
      await agree(stamp, tagged('🏅', '\uffff'))
      expect(stamp.tally).to.deep.equal({ stamped: 8, compared: 4, ...general })
    })

    it('a document longer than its paper', async () => {
      const stamp = await prepared(award)
      for (const value of ['x'.repeat(200_000), '水'.repeat(200_000), 'x'])
        await agree(stamp, awarded({ identifiers: [{ type: 'name', value }] }))
      expect(stamp.tally).to.deep.equal({ stamped: 12, compared: 4, ...general })
    })
  })

  describe('goes the general way, and counts it, for', () => {
    it('half a character', async () => {
      const stamp = await prepared(award)
      await agree(stamp, awarded({ identifiers: [{ type: 'name', value: '\ud83c' }] }))
      expect(stamp.tally).to.deep.equal({ stamped: 0, compared: 4, ...general, value: 4 })
    })

    it('an IRI beyond ASCII, but for the text', async () => {
      const stamp = await prepared(award)
      await agree(stamp, awarded({ id: 'https://exämple.org/ü' }))
      expect(stamp.tally).to.deep.equal({ stamped: 2, compared: 4, ...general, value: 2 })
    })

    it('the id of a proof that is none', async () => {
      const stamp = await prepared(award)
      const options = { id: 'a b', created: '2026-03-04T09:00:00Z' }
      expect((await rejection(() => Stamp.sign(stamp, award, options, unreachable))).code).to.equal('JSONLD_SAFE_MODE')
      expect(stamp.tally.value).to.equal(1)
    })

    const errors: Readonly<Record<string, readonly [code: string, award: Json.Object]>> = {
      'a relative id': ['SHAPE_VALUE', awarded({ id: 'ada' })],
      'the id of a blank node': ['SHAPE_VALUE', awarded({ id: '_:b0' })],
      'an id with a blank': ['SHAPE_VALUE', awarded({ id: 'urn:a b' })],
      'the id of something else': ['SHAPE_ID_REPEATED', awarded({ id: achievement.id })],
      'two ids that are the same': ['SHAPE_ID_REPEATED', { ...award, id: recipient.id as string }],
      'a day that does not exist': ['SHAPE_VALUE', { ...award, validFrom: '2026-02-30T00:00:00Z' }],
      'a number that loses digits': ['JSONLD_SAFE_MODE', awarded({ creditsEarned: 0.30000000000000004 })],
      'a number that is none': ['JSONLD_SAFE_MODE', awarded({ creditsEarned: -0 })],
      'an end before its beginning': ['PERIOD_INVALID', { ...award, validUntil: '2000-01-01T00:00:00Z' }],
      'a result of nothing': [
        'RESULT_UNKNOWN',
        awarded({
          results: (recipient.results as readonly Json.Object[]).map((r) => ({ ...r, resultDescription: 'urn:x' })),
        }),
      ],
    }
    for (const [what, [code, other]] of Object.entries(errors))
      it(`${what}, which is refused`, async () => {
        const stamp = await prepared(award)
        const sign = () => Stamp.sign(stamp, other, { id: 'urn:p', created: '2026-03-04T09:00:00Z' }, unreachable)
        expect((await rejection(sign)).code).to.equal(code)
        expect(failure(() => Stamp.canonize(stamp, other)).code).to.equal(code)
        if (code !== 'JSONLD_SAFE_MODE') expect(failure(() => Stamp.text(stamp, other, [], 2)).code).to.equal(code)
        expect(stamp.tally.stamped).to.equal(0)
      })

    it('-0 behind a 0', async () => {
      const stamp = await prepared(awarded({ creditsEarned: 0 }))
      await agree(stamp, awarded({ creditsEarned: 0 }))
      expect(failure(() => Stamp.canonize(stamp, awarded({ creditsEarned: -0 }))).code).to.equal('JSONLD_SAFE_MODE')
    })

    it('items of a list that are the same', async () => {
      const evidence = (...names: readonly string[]) => awarded({ results: names.map((value) => ({ value })) })
      const stamp = await prepared(evidence('a', 'b'))
      await agree(stamp, evidence('b', 'a'))
      expect(failure(() => Stamp.canonize(stamp, evidence('b', 'b'))).code).to.equal('SHAPE_REPEATED')
    })
  })

  describe('never stamps what breaks its promise', () => {
    const layouts: Readonly<Record<string, (award: Json.Object) => Json.Object>> = {
      'a layout that changes a text': ({ id, ...award }) => ({ id: `${id}`.toUpperCase(), ...award }),
      'a layout that adds to a text': ({ id, ...award }) => ({ id: `${id}#1`, ...award }),
      'a layout that changes a number': ({ recipient, ...award }) => {
        const { creditsEarned, ...rest } = recipient as Json.Object
        return { ...award, recipient: { ...rest, creditsEarned: (creditsEarned as number) * 2 } }
      },
      'a layout that leaves a text out': ({ awardedDate: _, ...award }) => award,
    }
    for (const [what, change] of Object.entries(layouts))
      it(what, async () => {
        const stamp = stampOf(common)
        const other = Stamp.create({ ...stamp, layout: (award) => stamp.layout(change(award)), check: () => {} })
        for (let i = 0; i < 3; i++) await agree(other, award)
        expect(other.tally.stamped).to.equal(0)
        expect(other.tally.outline).to.be.above(0)
      })

    it('a layout that depends on a value, from the first time on', async () => {
      const stamp = stampOf(common)
      const isFirst = ({ id }: Json.Object) => id === award.id
      const other = Stamp.create({
        ...stamp,
        layout: (award) => stamp.layout(isFirst(award) ? { ...award, validFrom: '2026-03-09T00:00:00Z' } : award),
      })
      for (let i = 0; i < 3; i++) await agree(other, award)
      expect(other.tally.stamped).to.equal(0)
    })
  })

  it('compiles no more outlines than it has room for', () => {
    const long = { ...achievement, description: 'x'.repeat(2 ** 20) }
    const stamp = stampOf({ issuer, achievement: long })
    const outlines = 20
    for (let i = 0; i < outlines; i++) {
      const identifiers = [{ type: `ext:${i}`, value: 'x' }]
      for (let time = 0; time < 2; time++)
        expect(Stamp.text(stamp, awarded({ identifiers }), [], 0)).to.contain(`"ext:${i}"`)
    }
    expect(stamp.tally.stamped).to.be.within(5, 8)
    expect(stamp.tally).to.include({ compared: stamp.tally.stamped, outline: 2 * (outlines - stamp.tally.stamped) })
  })

  it('passes on what a signer throws, and signs once for a document', async () => {
    const stamp = await prepared(award)
    let calls = 0
    const refuse = async () => {
      calls++
      throw new RangeError('locked')
    }
    for (const stamped of [stampOf(common), stamp]) {
      let thrown: unknown
      await Stamp.sign(stamped, award, { id: 'urn:p', created: '2026-03-04T09:00:00Z' }, refuse).catch((error) => {
        thrown = error
      })
      expect(thrown).to.be.instanceOf(RangeError)
    }
    expect(calls).to.equal(2)
  })

  it('refuses what is no JSON', async () => {
    const stamp = await prepared(award)
    const absent = { ...award, awardedDate: undefined } as unknown as Json.Object
    expect(Stamp.text(stamp, absent, [], 0)).to.not.contain('awardedDate')
    expect(stamp.tally.outline).to.equal(1)
  })
})

const unreachable = async () => {
  throw new Error('This must not be signed')
}
