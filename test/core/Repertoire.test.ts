import { expect } from 'chai'
import fc from 'fast-check'
import * as AchievementCredential from '../../core/src/AchievementCredential.ts'
import * as Contexts from '../../core/src/Contexts.ts'
import type * as Json from '../../core/src/Json.ts'
import * as Repertoire from '../../core/src/Repertoire.ts'
import * as Sha256 from '../../core/src/Sha256.ts'
import * as UnsecuredDocument from '../../core/src/UnsecuredDocument.ts'
import { agreeOnDocuments, hold, holdAgainstJudge, outcome, type Tally } from './repertoires.ts'
import { anyBatch, verificationMethod } from './stamps.ts'

const { credentialsV2, openBadges } = Contexts

/** A credential with the values that matter here. */
function credential(members: Json.Object = {}, subject: Json.Object = {}): Json.Object {
  return {
    '@context': [credentialsV2, openBadges],
    id: 'urn:a',
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: { id: 'did:web:issuer.example.org', type: ['Profile'], name: 'Example University' },
    validFrom: '2026-03-01T00:00:00Z',
    credentialSubject: {
      type: ['AchievementSubject'],
      identifier: [
        { type: 'IdentityObject', hashed: false, identityHash: 'Ada', identityType: 'name' },
        { type: 'IdentityObject', hashed: false, identityHash: 'ada@example.org', identityType: 'emailAddress' },
      ],
      achievement: {
        id: 'https://issuer.example.org/a',
        type: ['Achievement'],
        name: 'Reading rivers',
        description: 'Judges the quality of flowing water.',
        criteria: { narrative: 'An exam.' },
      },
      ...subject,
    },
    ...members,
  }
}

/** A credential with a value that is JSON, in which anything can stand under `type`. */
function withJson(id: string, jsonSchema: Json.Value): Json.Object {
  return {
    '@context': [credentialsV2],
    id,
    type: ['VerifiableCredential'],
    issuer: 'did:x',
    credentialSubject: { id: 'urn:s', type: 'JsonSchema', jsonSchema },
  }
}

/** So many that differ in their id alone, which is enough to be remembered. */
function introduce(repertoire: Repertoire.Repertoire, make: (id: string) => Json.Object, count = 8): Tally {
  const tally = { remembered: 0, generally: 0 }
  for (let i = 0; i < count; i++) hold(repertoire, make(`urn:first:${i}`), tally)
  return tally
}

describe('Repertoire', () => {
  it('goes the general way until an outline has come four times, and once more to compare', () => {
    expect(introduce(Repertoire.create(), (id) => credential({ id }))).to.deep.equal({ remembered: 4, generally: 4 })
  })

  it('agrees with jsonld and rdf-canonize, whatever the first documents had in common', async function () {
    this.timeout(0)
    const repertoire = Repertoire.create()
    const names = ['Ada', 'Cy', 'Zoë', '水質', '🏅', '"\\\n', 'Ada', '\u0000', 'Bo', 'Al', 'Ed', 'Jo', 'Mo', 'Vi', 'Ty']
    for (const [i, name] of names.entries())
      await holdAgainstJudge(
        repertoire,
        credential({ id: `urn:uuid:${i}`, issuer: { id: i > 9 ? `did:x:${i}` : 'did:x', type: ['Profile'], name } }),
      )
  })

  it('remembers the options of proofs, whose purpose is a name of their context', () => {
    const options = (id: string) => ({
      '@context': [credentialsV2, openBadges],
      id,
      type: 'DataIntegrityProof',
      created: '2026-03-01T00:00:00Z',
      verificationMethod,
      cryptosuite: 'eddsa-rdfc-2022',
      proofPurpose: 'assertionMethod',
    })
    expect(introduce(Repertoire.create(), options)).to.deep.equal({ remembered: 4, generally: 4 })
  })

  it('takes up a value that was the same in all before, and compiles later each time', () => {
    const repertoire = Repertoire.create()
    introduce(repertoire, (id) => credential({ id }))
    const tally = { remembered: 0, generally: 0 }
    for (let i = 0; i < 20; i++)
      hold(repertoire, credential({ id: `urn:b:${i}`, validFrom: `2026-03-${10 + i}T00:00:00Z` }), tally)
    expect(tally).to.deep.equal({ remembered: 11, generally: 9 })
  })

  it('agrees with the general way on documents of any kind, changed anywhere', async function () {
    this.timeout(0)
    const { remembered, generally } = await agreeOnDocuments(100, 30)
    expect(remembered).to.be.above((remembered + generally) / 50)
  })

  it('agrees with it on credentials without proof, with one, and on its options', async function () {
    this.timeout(0)
    let remembered = 0
    await fc.assert(
      fc.property(anyBatch(2, 12), ({ common, awards }) => {
        const repertoire = Repertoire.create()
        for (const [i, award] of awards.entries()) {
          const document = AchievementCredential.layout({ ...common, ...award } as never) as unknown as Json.Object
          const options = {
            id: `urn:p:${i}`,
            type: 'DataIntegrityProof',
            verificationMethod,
            proofPurpose: 'assertionMethod',
          }
          const proof = { ...options, cryptosuite: 'eddsa-rdfc-2022', proofValue: `z${i}` }
          const config = { ...options, '@context': document['@context'] as Json.Value }
          const [fast, general] = [repertoire, undefined].map((each) => {
            const unsecured = UnsecuredDocument.read(document, each)
            return [
              () => UnsecuredDocument.digest(unsecured),
              () => UnsecuredDocument.digestWith(unsecured, [proof]),
              () => UnsecuredDocument.digestOptions(unsecured, config),
            ].map(outcome)
          })
          expect(fast, JSON.stringify(document)).to.deep.equal(general)
        }
        remembered += [...repertoire.entries.values()].filter(({ program }) => program?.isProven).length
      }),
      { numRuns: 20 },
    )
    expect(remembered).to.be.above(20)
  })

  it('tells a number that stands under `type`, and a name behind it, from another number and a part of the name', () => {
    const repertoire = Repertoire.create()
    introduce(repertoire, (id) => withJson(id, { type: 11, ab: 'v', xxxxxxx: 'v' }))
    const tally = introduce(repertoire, (id) => withJson(id, { type: 1, 'abs7:xxxxxxx': 'v' }))
    expect(tally).to.deep.equal({ remembered: 4, generally: 4 })
  })

  describe('goes the general way, and makes the same, where', () => {
    const cases: readonly (readonly [string, Json.Object])[] = [
      ['two subjects have become one', credential({ id: 'https://issuer.example.org/a' })],
      ['an identifier is a blank node', credential({ id: '_:b0' })],
      ['an identifier is relative', credential({ id: 'a' })],
      ['an identifier is empty', credential({ id: '' })],
      ['an identifier begins with a name of the contexts', credential({ id: 'name:x' })],
      ['an identifier has to be escaped', credential({ id: 'urn:a"b' })],
      ['a text has half a surrogate pair', credential({ id: 'urn:b', validFrom: '\ud83c' })],
    ]
    for (const [title, document] of cases)
      it(title, () => {
        const repertoire = Repertoire.create()
        introduce(repertoire, (id) => credential({ id, validFrom: `${id}` }))
        const tally = { remembered: 0, generally: 0 }
        hold(repertoire, document, tally)
        expect(tally).to.deep.equal({ remembered: 0, generally: 1 })
        hold(repertoire, credential({ id: 'urn:again', validFrom: 'x' }), tally)
        expect(tally).to.deep.equal({ remembered: 1, generally: 1 })
      })

    it('a number stands in JSON, which writes it in a way of its own', () => {
      const repertoire = Repertoire.create()
      const tally = { remembered: 0, generally: 0 }
      for (const number of [1, 2, 3, 4, 5, 6, 2 ** 60, 2 ** 70]) hold(repertoire, withJson('urn:a', number), tally)
      expect(tally).to.deep.equal({ remembered: 0, generally: 8 })
    })

    it('a zero that stands under `type` has a sign', () => {
      const repertoire = Repertoire.create()
      introduce(repertoire, (id) => withJson(id, { type: [0] }))
      expect(introduce(repertoire, (id) => withJson(id, { type: [-0] }))).to.deep.equal({ remembered: 0, generally: 8 })
    })

    it('two lines have become the same', () => {
      const repertoire = Repertoire.create()
      const evidence = (id: string) =>
        credential({
          evidence: [
            { id, type: ['Evidence'] },
            { id: 'urn:e', type: ['Evidence'] },
          ],
        })
      introduce(repertoire, evidence)
      const tally = { remembered: 0, generally: 0 }
      hold(repertoire, evidence('urn:e'), tally)
      expect(tally).to.deep.equal({ remembered: 0, generally: 1 })
    })

    it('a document has more values than are remembered', () => {
      const many = (id: string) =>
        credential({ id, awardedDate: '2026', validFrom: id, image: id, name: id, list: Array(3000).fill(id) })
      const repertoire = Repertoire.create()
      introduce(repertoire, many)
      expect(repertoire.entries.size).to.equal(0)
    })
  })

  it('counts what the last document of an outline has grown to', () => {
    const repertoire = Repertoire.create()
    const digest = Sha256.digestOf('')
    const meet = (i: number, value: string) =>
      Repertoire.digest(repertoire, {}, { outline: String(i), values: [value] }, () => digest)
    for (let i = 0; i < 200; i++) meet(i, '')
    expect(repertoire.entries.size).to.equal(200)
    for (let i = 0; i < 200; i++) {
      meet(i, String(i).padEnd(1024 * 1024))
      const kept = [...repertoire.entries.values()].flatMap(({ values }) => values)
      expect(kept.reduce<number>((sum, value) => sum + String(value).length, 0)).to.be.below(17 * 1024 * 1024)
    }
    for (let i = 0; i < 200; i++) meet(0, 'x'.repeat((i % 2) * 1024 * 1024))
    expect(repertoire.entries.size, 'what has shrunk makes room').to.be.above(1)
  })

  it('forgets everything when it has met so much that it takes 32 MiB, and remembers anew', () => {
    const repertoire = Repertoire.create()
    const digest = Sha256.digestOf('')
    const meet = (i: number) => {
      const values = [`${i}`.repeat(1000)]
      Repertoire.digest(repertoire, {}, { outline: `${i} ${'x'.repeat(100_000)}`, values }, () => digest)
    }
    let most = 0
    for (let i = 0; i < 400; i++) {
      meet(i)
      most = Math.max(most, repertoire.entries.size)
    }
    expect(most).to.be.within(100, 170)
    expect(repertoire.entries.size).to.be.below(most)
    introduce(repertoire, (id) => credential({ id }))
  })
})
