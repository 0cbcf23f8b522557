import { readFileSync } from 'node:fs'
import * as Bytes from '@laurel/core/Bytes'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import { expect } from 'chai'
import * as Achievement from '../../../server/src/achievement/Achievement.ts'
import { catalogue } from '../../../server/src/ErrorCatalogue.ts'

const vectors = new URL('../../vectors/laurel-v1/golden/', import.meta.url)
const utf8 = (text: string) => new TextEncoder().encode(text)
const sample = readFileSync(new URL('../../../samples/achievement.json', import.meta.url))
const valid = {
  id: 'https://example.org/achievements/a1',
  type: ['Achievement'],
  name: 'Reading rivers',
  description: 'Reads rivers.',
  criteria: { narrative: 'Read a river.' },
}

function refusal(file: unknown): Achievement.InvalidAchievementError {
  try {
    Achievement.read(file instanceof Uint8Array ? file : utf8(typeof file === 'string' ? file : JSON.stringify(file)))
  } catch (error) {
    if (error instanceof Achievement.InvalidAchievementError) return error
    throw error
  }
  throw new Error('The achievement was taken')
}

const places = (file: unknown) => refusal(file).places.map(({ pointer, code }) => `${pointer} ${code}`)
const { id: _id, ...withoutId } = valid

describe('Achievement', () => {
  it('reads the sample as it stands', () => {
    const { definition } = Achievement.read(sample)
    expect(definition).to.deep.equal(JSON.parse(sample.toString()))
  })

  it('aligns the sample with skills that ESCO has', () => {
    const skills = readFileSync(new URL('../../../samples/esco/skills.csv', import.meta.url), 'utf8').split('\n')
    const { alignment } = Achievement.read(sample).definition as { readonly alignment: readonly Json.Object[] }
    expect(alignment).to.have.length.of.at.least(1)
    for (const { targetUrl, targetName } of alignment)
      expect(
        skills.some((line) => line.startsWith(`${targetUrl},${targetName},`)),
        String(targetName),
      ).to.equal(true)
  })

  it('reads the golden achievements, and makes of them the golden metadata', () => {
    const goldens = ['achievement-1.metadata.json', 'achievement-2.metadata.json'].map((name) =>
      readFileSync(new URL(name, vectors), 'utf8'),
    )
    const seen = new Set<string>()
    for (const [batch, size] of Object.entries({ 'A-7': 7, 'B-7': 7, 'C-7': 7 }))
      for (let i = 0; i < size; i++) {
        const document = JSON.parse(readFileSync(new URL(`${batch}-${i}.json`, vectors), 'utf8'))
        const { achievement } = document.credentialSubject
        const { external_url, ...golden } = JSON.parse(
          goldens.find((text) => JSON.parse(text).name === achievement.name) ?? '{}',
        )
        // The second golden achievement has its page in the metadata alone, not among its criteria.
        const page = achievement.criteria.id === undefined ? {} : { external_url }
        const { metadata } = Achievement.read(utf8(JSON.stringify(achievement)))
        expect(JSON.parse(metadata)).to.deep.equal({ ...golden, ...page })
        if (achievement.criteria.id !== undefined) expect(goldens).to.include(metadata)
        seen.add(achievement.name)
      }
    expect(seen.size).to.equal(2)
  })

  it('makes the same metadata whatever the order and the spaces, and other metadata for another text', () => {
    const digest = (file: object, spaces?: number) =>
      Bytes.toHex(Sha256.digest(utf8(Achievement.read(utf8(JSON.stringify(file, null, spaces))).metadata)))
    expect(digest(Object.fromEntries(Object.entries(valid).reverse()), 4)).to.equal(digest(valid))
    expect(digest({ ...valid, description: 'Reads brooks.' })).not.to.equal(digest(valid))
  })

  it('points to the image and the criteria in the metadata, and leaves data out', () => {
    const metadata = (more: object) =>
      JSON.parse(Achievement.read(utf8(JSON.stringify({ ...valid, ...more }))).metadata)
    expect(metadata({ image: { id: 'https://example.org/a.svg', type: 'Image' } })).to.have.property(
      'image',
      'https://example.org/a.svg',
    )
    expect(metadata({ image: { id: 'data:image/png;base64,iVBORw0KGgoAAAA=', type: 'Image' } })).not.to.have.property(
      'image',
    )
    expect(metadata({ criteria: { id: 'https://example.org/c' } })).to.have.property(
      'external_url',
      'https://example.org/c',
    )
    expect(metadata({})).to.deep.equal({
      attributes: [{ trait_type: 'achievement', value: valid.id }],
      description: valid.description,
      name: valid.name,
    })
  })

  const result = { id: 'urn:uuid:1', type: ['ResultDescription'], name: 'Exam', resultType: 'Percent' }
  const hostile: readonly (readonly [what: string, file: unknown, places: readonly string[]])[] = [
    ['nothing', '', [' JSON_SYNTAX']],
    ['an array', '[]', [' JSON_SYNTAX']],
    ['a byte order mark', `\ufeff${JSON.stringify(valid)}`, [' JSON_SYNTAX']],
    ['a comment', `{/* */}`, [' JSON_SYNTAX']],
    ['a member twice', '{"name":"a","na\\u006de":"b"}', [' JSON_DUPLICATE_KEY']],
    ['what is not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), [' JSON_NOT_UTF8']],
    ['half a surrogate pair', '{"name":"\\ud800"}', [' JSON_NOT_UTF8']],
    ['a number that no double holds', '{"creditsAvailable":0.12345678901234567890}', [' JSON_NUMBER']],
    ['great depth', '['.repeat(100_000), [' JSON_SYNTAX'].map(() => ' TOO_LARGE')],
    ['great size', new Uint8Array(256 * 1024 + 1), [' TOO_LARGE']],
    ['no id', withoutId, ['/id SHAPE_MEMBER_MISSING']],
    [
      'no members',
      {},
      ['id', 'type', 'criteria', 'description', 'name'].map((member) => `/${member} SHAPE_MEMBER_MISSING`),
    ],
    ['an unknown member', { ...valid, colour: 'red' }, ['/colour SHAPE_MEMBER_UNKNOWN']],
    ['__proto__', `{"__proto__":{"x":1},${JSON.stringify(valid).slice(1)}`, ['/__proto__ SHAPE_MEMBER_UNKNOWN']],
    ['a type that is no list', { ...valid, type: 'Achievement' }, ['/type SHAPE_CARDINALITY']],
    ['another type', { ...valid, type: ['Profile'] }, ['/type SHAPE_VALUE']],
    ['a relative id', { ...valid, id: 'a1' }, ['/id SHAPE_VALUE']],
    ['an id that is not https', { ...valid, id: 'http://example.org/a1' }, ['/id URL_INVALID']],
    ['an id that is a script', { ...valid, id: 'javascript:alert(1)' }, ['/id URL_INVALID']],
    ['an empty name', { ...valid, name: ' ' }, ['/name TEXT_MISSING']],
    ['a name of no width', { ...valid, name: '\u200b' }, ['/name TEXT_MISSING']],
    ['a long name', { ...valid, name: 'a'.repeat(301) }, ['/name STRING_TOO_LONG']],
    ['a directional override', { ...valid, tag: ['a\u202eb'] }, ['/tag/0 CHAR_NOT_ALLOWED']],
    ['a null character', { ...valid, description: 'a\0b' }, ['/description CSV_CONTROL_CHAR']],
    ['empty criteria', { ...valid, criteria: {} }, ['/criteria CRITERIA_MISSING']],
    ['an empty list', { ...valid, tag: [] }, ['/tag SHAPE_CARDINALITY']],
    ['null', { ...valid, version: null }, ['/version SHAPE_TYPE']],
    ['a kind of achievement that is none', { ...valid, achievementType: 'Diplom' }, ['/achievementType TERM_UNKNOWN']],
    [
      'an alignment without its class',
      { ...valid, alignment: [{ type: ['X'], targetName: 'a', targetUrl: 'https://example.org/' }] },
      ['/alignment/0/type SHAPE_VALUE'],
    ],
    [
      'an alignment without a target',
      { ...valid, alignment: [{ type: ['Alignment'], targetName: 'a' }] },
      ['/alignment/0/targetUrl SHAPE_MEMBER_MISSING'],
    ],
    [
      'an SVG within',
      { ...valid, image: { id: 'data:image/svg+xml;base64,PHN2Zz4=', type: 'Image' } },
      ['/image/id IMAGE_INVALID'],
    ],
    [
      'an image that is no PNG',
      { ...valid, image: { id: 'data:image/png;base64,AAAA', type: 'Image' } },
      ['/image/id IMAGE_INVALID'],
    ],
    [
      'a result of no kind',
      { ...valid, resultDescription: [{ ...result, resultType: 'Points' }] },
      ['/resultDescription/0/resultType TERM_UNKNOWN'],
    ],
    [
      'a level that is not there',
      { ...valid, resultDescription: [{ ...result, requiredLevel: 'urn:x-y:1' }] },
      ['/resultDescription/0/requiredLevel RESULT_UNKNOWN'],
    ],
    [
      'levels without any',
      { ...valid, resultDescription: [{ ...result, resultType: 'RubricCriterionLevel' }] },
      ['/resultDescription/0/rubricCriterionLevel RESULT_UNKNOWN'],
    ],
    [
      'bounds the wrong way round',
      { ...valid, resultDescription: [{ ...result, valueMin: '9', valueMax: '1' }] },
      ['/resultDescription/0/valueMax RESULT_VALUE'],
    ],
    [
      'a required value out of bounds',
      { ...valid, resultDescription: [{ ...result, valueMax: '100', requiredValue: '101' }] },
      ['/resultDescription/0/requiredValue RESULT_VALUE'],
    ],
    [
      'a required value not allowed',
      { ...valid, resultDescription: [{ ...result, allowedValue: ['A'], requiredValue: 'B' }] },
      ['/resultDescription/0/requiredValue RESULT_VALUE'],
    ],
    [
      'two results of one id',
      { ...valid, resultDescription: [result, { ...result, name: 'Other' }] },
      ['/resultDescription/1 SHAPE_ID_REPEATED'],
    ],
    [
      'several faults, all at once',
      { ...valid, name: '', criteria: {}, achievementType: 'x' },
      ['/name TEXT_MISSING', '/criteria CRITERIA_MISSING', '/achievementType TERM_UNKNOWN'],
    ],
  ]
  for (const [what, file, expected] of hostile)
    it(`refuses ${what}`, () => {
      expect(places(file)).to.deep.equal(expected)
      expect(catalogue).to.have.property(refusal(file).code)
    })

  it('takes terms of one’s own, marked as such', () => {
    const file = { ...valid, achievementType: 'ext:Nanodegree' }
    expect(Achievement.read(utf8(JSON.stringify(file))).definition).to.deep.equal(file)
  })
})
