import { expect } from 'chai'
import fc from 'fast-check'
import type * as Json from '../../core/src/Json.ts'
import * as Rdfc from '../../core/src/Rdfc.ts'
import * as Shape from '../../core/src/Shape.ts'
import { failure, jsonOf } from './support.ts'

type Path = readonly (string | number)[]

const golden = (name: string): Json.Object => jsonOf(`laurel-v1/golden/${name}.json`)
const problems = (value: Json.Value, strictness: Shape.Strictness = 'exact') =>
  Shape.check(value, 'AchievementCredential', strictness)
const found = (value: Json.Value, strictness?: Shape.Strictness) =>
  problems(value, strictness).map(({ code, pointer }) => `${code} ${pointer}`)

/** A copy with the value at a path replaced by another, or removed where that is undefined. */
function replaced(value: Json.Value, path: Path, change: (value: Json.Value) => Json.Value | undefined): Json.Value {
  const copy = structuredClone({ root: value }) as unknown as Record<string, Json.Value>
  const full = ['root', ...path]
  const last = full.pop() as string
  let parent = copy as Record<string | number, Json.Value>
  for (const name of full) parent = parent[name] as unknown as typeof parent
  const next = change(parent[last] as Json.Value)
  if (next === undefined) delete parent[last]
  else parent[last] = next
  return copy.root as unknown as Json.Value
}

function pathsOf(value: Json.Value, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const items: readonly Path[] = Array.isArray(value)
    ? value.flatMap((item, i) => pathsOf(item, [...path, i]))
    : Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...path, name]))
  return [path, ...items]
}

const isObject = (value: Json.Value): value is Json.Object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Ways to write a node otherwise, most of which say the same in JSON-LD. */
const retypings: Readonly<Record<string, (value: Json.Value) => Json.Value | undefined>> = {
  'in a list': (value) => [value],
  'in a list of one too many': (value) => (Array.isArray(value) ? [...value, null] : [value, null]),
  'out of its list': (value) => (Array.isArray(value) && value.length === 1 ? value[0] : [value]),
  'twice in its list': (value) => (Array.isArray(value) ? [...value, value[0] as Json.Value] : [value, value]),
  'as @value': (value) => ({ '@value': value }),
  'as @set': (value) => ({ '@set': Array.isArray(value) ? value : [value] }),
  'as @list': (value) => ({ '@list': Array.isArray(value) ? value : [value] }),
  'as @id': (value) => ({ '@id': value }),
  'as id': (value) => ({ id: value }),
  'as text': (value) => (typeof value === 'string' ? Number(value) : String(value)),
  'as typed text': (value) => ({ '@value': String(value), '@type': 'http://www.w3.org/2001/XMLSchema#boolean' }),
  'as typed number': (value) => ({ '@value': '2.5E0', '@type': 'http://www.w3.org/2001/XMLSchema#float', x: value }),
  'as null': () => null,
  'as an empty list': () => [],
  'as an empty object': () => ({}),
  'with a null member': (value) => (isObject(value) ? { ...value, description: null } : null),
  'with an unknown null member': (value) => (isObject(value) ? { ...value, grade: null } : null),
  'with an empty member': (value) => (isObject(value) ? { ...value, alignment: [], endorsement: [] } : null),
  'with an @index': (value) => (isObject(value) ? { ...value, '@index': 'A+' } : { '@value': value, '@index': 'A+' }),
  'with a @nest': (value) => (isObject(value) ? { ...value, '@nest': {} } : null),
  'with a context': (value) => (isObject(value) ? { ...value, '@context': null } : null),
  'with its type in @type': (value) => {
    if (!isObject(value) || value.type === undefined) return null
    const { type, ...rest } = value
    return { ...rest, '@type': type }
  },
  'with its id in @id': (value) => {
    if (!isObject(value) || value.id === undefined) return null
    const { id, ...rest } = value
    return { ...rest, '@id': id }
  },
}

describe('Shape', () => {
  it('finds nothing in the golden credentials', () => {
    for (const set of ['A', 'B', 'C'])
      for (const size of [1, 3, 7])
        for (let i = 0; i < size; i++) {
          expect(found(golden(`${set}-${size}-${i}`))).to.deep.equal([])
          expect(found(golden(`${set}-${size}-${i}`), 'lenient')).to.deep.equal([])
        }
  })

  it('refuses every other way to write a node that no signature would see', async () => {
    const { '@context': context, ...document } = golden('A-3-0')
    const signed = { ...document, proof: (document.proof as readonly Json.Value[]).slice(0, 1) }
    const original = Rdfc.canonize({ '@context': context as Json.Value, ...signed })
    let count = 0
    for (const path of pathsOf(signed).slice(1))
      for (const [how, retype] of Object.entries(retypings)) {
        const other = { '@context': context as Json.Value, ...(replaced(signed, path, retype) as Json.Object) }
        count++
        if (problems(other).length > 0) continue
        let quads: string | undefined
        try {
          quads = Rdfc.canonize(other)
        } catch {
          continue
        }
        expect(quads, `/${path.join('/')} ${how}`).to.not.equal(original)
      }
    expect(count).to.be.above(2500)
  }).timeout(60_000)

  it('refuses a member more anywhere', () => {
    const document = golden('A-3-0')
    for (const path of pathsOf(document)) {
      if (path[0] === '@context') continue
      const other = replaced(document, path, (value) => (isObject(value) ? { ...value, grade: 'A+' } : undefined))
      if (!isObject(path.reduce((value, name) => (value as never)[name], document as Json.Value))) continue
      expect(found(other), path.join('/')).to.include(
        `SHAPE_MEMBER_UNKNOWN ${path.map((name) => `/${name}`).join('')}/grade`,
      )
    }
  })

  it('never throws, whatever is put anywhere', () => {
    const document = golden('C-1-0')
    const paths = pathsOf(document)
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const other = replaced(document, path, () => value as Json.Value)
        for (const strictness of ['exact', 'lenient'] as const)
          for (const { pointer, code, message } of problems(other, strictness)) {
            expect(pointer).to.match(/^(\/|$)/)
            expect(code).to.match(/^SHAPE_/)
            expect(message).to.match(/\.$/)
          }
      }),
    )
  })

  it('finds nothing in lenient where it finds nothing in exact', () => {
    const document = golden('B-3-0')
    fc.assert(
      fc.property(
        fc.constantFrom(...pathsOf(document)),
        fc.constantFrom(...Object.values(retypings)),
        (path, retype) => {
          const other = replaced(document, path, retype)
          if (problems(other).length === 0) expect(problems(other, 'lenient')).to.deep.equal([])
        },
      ),
    )
  })

  const document = golden('A-3-0')
  const subject = document.credentialSubject as Json.Object
  const cases: readonly (readonly [what: string, path: Path, value: Json.Value | undefined, expected: string])[] = [
    ['a credential that is a text', [], 'x', 'SHAPE_TYPE '],
    ['a credential that is null', [], null, 'SHAPE_TYPE '],
    ['no id', ['id'], undefined, 'SHAPE_MEMBER_MISSING /id'],
    ['a relative id', ['id'], 'badge-1', 'SHAPE_VALUE /id'],
    ['an id with a space', ['id'], 'urn:a b', 'SHAPE_VALUE /id'],
    ['an id that is a number', ['id'], 5, 'SHAPE_TYPE /id'],
    ['a date without a zone', ['validFrom'], '2026-03-01T00:00:00', 'SHAPE_VALUE /validFrom'],
    ['30 February', ['validFrom'], '2026-02-30T00:00:00Z', 'SHAPE_VALUE /validFrom'],
    ['a date that is a number', ['validFrom'], 5, 'SHAPE_TYPE /validFrom'],
    ['two subjects', ['credentialSubject'], [subject, subject], 'SHAPE_CARDINALITY /credentialSubject'],
    ['a type that is no list', ['type'], 'OpenBadgeCredential', 'SHAPE_CARDINALITY /type'],
    ['an empty list', ['type'], [], 'SHAPE_CARDINALITY /type'],
    ['a type twice', ['type'], ['a', 'b', 'a'], 'SHAPE_REPEATED /type/2'],
    ['a type that is null', ['type', 0], null, 'SHAPE_TYPE /type/0'],
    ['an issuer that is a URL', ['issuer'], 'did:web:a.example', 'SHAPE_TYPE /issuer'],
    [
      'a hashed that is a text',
      ['credentialSubject', 'identifier', 0, 'hashed'],
      'false',
      'SHAPE_TYPE /credentialSubject/identifier/0/hashed',
    ],
    [
      'credits that are a text',
      ['credentialSubject', 'creditsEarned'],
      '2.5',
      'SHAPE_TYPE /credentialSubject/creditsEarned',
    ],
    ['a name in two languages', ['name'], { en: 'a' }, 'SHAPE_TYPE /name'],
    ['a name with a language, in our own shape', ['name'], { '@value': 'a', '@language': 'en' }, 'SHAPE_TYPE /name'],
    ['a birthday that does not exist', ['issuer', 'dateOfBirth'], '2001-02-29', 'SHAPE_VALUE /issuer/dateOfBirth'],
    ['a birthday with a time', ['issuer', 'dateOfBirth'], '2001-02-28T00:00:00Z', 'SHAPE_VALUE /issuer/dateOfBirth'],
    ['an escaped name', ['a/b~c'], 1, 'SHAPE_MEMBER_UNKNOWN /a~1b~0c'],
    ['a member that every object inherits', ['toString'], 'x', 'SHAPE_MEMBER_UNKNOWN /toString'],
  ]
  for (const [what, path, value, expected] of cases)
    it(`finds ${what}`, () => {
      expect(found(replaced(document, path, () => value))).to.include(expected)
    })

  it('finds a member __proto__', () => {
    const other = JSON.parse(JSON.stringify(document).replace('{', '{"__proto__":{"name":"Eve"},'))
    expect(found(other)).to.include('SHAPE_MEMBER_UNKNOWN /__proto__')
  })

  it('finds one id described in two places', () => {
    const evidence = document.evidence as readonly Json.Object[]
    const moved = { ...document, evidence: [...evidence, { ...evidence[0], name: 'Other' }] } as Json.Object
    expect(found(moved)).to.include('SHAPE_ID_REPEATED /evidence/2')
    const elsewhere = { ...document, evidence: [{ id: subject.id as string, type: ['Evidence'] }] }
    expect(problems(elsewhere).map(({ code }) => code)).to.include('SHAPE_ID_REPEATED')
  })

  describe('of documents by others', () => {
    it('takes one value for a list of one', () => {
      const single = {
        ...document,
        type: 'OpenBadgeCredential',
        evidence: (document.evidence as readonly Json.Value[])[0] as Json.Value,
        issuer: 'https://example.edu/issuers/1',
        name: { '@value': 'a', '@language': 'en', '@direction': 'ltr' },
      }
      expect(found(single, 'lenient')).to.deep.equal([])
      expect(problems(single, 'exact').length).to.be.above(3)
    })

    const wrong: readonly (readonly [what: string, path: Path, value: Json.Value, expected: string])[] = [
      ['a list for one value', ['validFrom'], ['2026-03-01T00:00:00Z'], 'SHAPE_CARDINALITY /validFrom'],
      ['a relative issuer', ['issuer'], 'issuer', 'SHAPE_VALUE /issuer'],
      [
        'a name with another direction',
        ['name'],
        { '@value': 'a', '@language': 'en', '@direction': 'up' },
        'SHAPE_TYPE /name',
      ],
      ['a name without a language', ['name'], { '@value': 'a' }, 'SHAPE_TYPE /name'],
      ['a name with more in it', ['name'], { '@value': 'a', '@language': 'en', '@index': 'b' }, 'SHAPE_TYPE /name'],
      ['a name that is a number', ['name'], 5, 'SHAPE_TYPE /name'],
      ['an unknown member', ['grade'], 'A+', 'SHAPE_MEMBER_UNKNOWN /grade'],
    ]
    for (const [what, path, value, expected] of wrong)
      it(`finds ${what}`, () => {
        expect(
          found(
            replaced(document, path, () => value),
            'lenient',
          ),
        ).to.include(expected)
      })

    it('leaves terms of use open, which our own shape does not', () => {
      const terms = { ...document, termsOfUse: [{ type: 'Policy', profile: 'urn:p' }] }
      expect(found(terms, 'lenient')).to.deep.equal([])
      expect(found(terms)).to.deep.equal(['SHAPE_MEMBER_UNKNOWN /termsOfUse/0/profile'])
    })
  })

  describe('of every class', () => {
    const image = { id: 'urn:i', type: 'Image', caption: 'c' }
    const issuer = {
      ...{ id: 'urn:p', type: ['Profile'], image },
      address: { type: ['Address'], geo: { type: 'GeoCoordinates', latitude: 1.5, longitude: 2.5 } },
      otherIdentifier: [{ type: 'IdentifierEntry', identifier: '1', identifierType: 'sourcedId' }],
    }
    const endorsement = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      ...{
        id: 'urn:e',
        type: ['VerifiableCredential', 'EndorsementCredential'],
        issuer,
        validFrom: '2026-03-01T00:00:00Z',
      },
      credentialSubject: { id: 'urn:s', type: ['EndorsementSubject'], endorsementComment: 'Good' },
    }
    const rubric = { id: 'urn:l', type: ['RubricCriterionLevel'], name: 'n' }
    const description = { id: 'urn:d', type: ['ResultDescription'], name: 'n', resultType: 'Percent' }
    const alignment = { type: ['Alignment'], targetName: 'n', targetUrl: 'urn:t' }
    const full: Json.Object = {
      ...{ ...document, issuer, endorsement: [endorsement], name: 'n' },
      credentialSchema: [{ id: 'urn:c', type: 'S' }],
      refreshService: { id: 'urn:r', type: 'R' },
      relatedResource: [{ id: 'urn:o', mediaType: 'text/plain' }],
      termsOfUse: [{ type: 'T' }],
      credentialSubject: {
        type: ['AchievementSubject'],
        identifier: [{ type: 'IdentityObject', hashed: false, identityHash: 'n', identityType: 'name' }],
        result: [{ type: ['Result'], alignment: [alignment] }],
        achievement: {
          ...{ id: 'urn:a', type: ['Achievement'], name: 'n', description: 'd', criteria: {} },
          related: [{ id: 'urn:v', type: ['Related'] }],
          resultDescription: [{ ...description, rubricCriterionLevel: [rubric] }],
        },
      },
    }
    const optional = [
      ...['/awardedDate', '/name', '/image', '/evidence', '/endorsement', '/credentialStatus', '/credentialSchema'],
      ...['/refreshService', '/relatedResource', '/termsOfUse', '/mediaType', '/caption', '/address'],
      ...['/otherIdentifier', '/geo', '/endorsementComment', '/identifier', '/result', '/alignment', '/related'],
      ...['/resultDescription', '/validUntil', '/rubricCriterionLevel', '/genre', '/narrative', '/created', '/proof'],
      ...['/cryptosuite', '/verificationMethod', '/proofPurpose', '/proofValue', '/previousProof', '/statusPurpose'],
      ...['/statusListIndex', '/statusListCredential'],
    ]

    it('finds nothing in a document that has them all', () => {
      expect(found(full)).to.deep.equal([])
    })

    it('demands what the standard requires, and nothing else', () => {
      const demanded: string[] = []
      for (const path of pathsOf(full)) {
        const pointer = path.map((name) => `/${name}`).join('')
        if (path.length === 0 || typeof path.at(-1) === 'number' || path[0] === '@context') continue
        const missing = found(replaced(full, path, () => undefined)).some(
          (problem) => problem === `SHAPE_MEMBER_MISSING ${pointer}`,
        )
        if (missing) demanded.push(pointer)
        else {
          // What is optional: the list above, and the id of what may be a blank node.
          const blank = /^\/(proof|evidence|credentialStatus|termsOfUse)/.test(pointer) && pointer.endsWith('/id')
          expect(blank || optional.some((end) => pointer.endsWith(end)), `${pointer} is optional`).to.equal(true)
        }
      }
      const [subject, achievement] = ['/credentialSubject', '/credentialSubject/achievement']
      const result = `${achievement}/resultDescription/0`
      expect(demanded).to.include.members([
        ...['/id', '/type', '/issuer', '/validFrom', '/issuer/id', '/issuer/type', '/issuer/image/id'],
        ...['/issuer/address/geo/latitude', '/issuer/address/geo/longitude', '/issuer/otherIdentifier/0/type'],
        ...['/issuer/otherIdentifier/0/identifier', '/issuer/otherIdentifier/0/identifierType', '/proof/0/type'],
        ...['/endorsement/0/@context', '/endorsement/0/id', '/endorsement/0/credentialSubject/id', '/evidence/0/type'],
        ...['/credentialSchema/0/id', '/credentialSchema/0/type', '/relatedResource/0/id', '/termsOfUse/0/type'],
        ...[subject, `${subject}/type`, achievement, `${subject}/result/0/type`],
        ...['type', 'hashed', 'identityHash', 'identityType'].map((name) => `${subject}/identifier/0/${name}`),
        ...['type', 'targetName', 'targetUrl'].map((name) => `${subject}/result/0/alignment/0/${name}`),
        ...['id', 'type', 'name', 'description', 'criteria'].map((name) => `${achievement}/${name}`),
        ...['id', 'type', 'name', 'resultType'].map((name) => `${result}/${name}`),
        ...['id', 'type', 'name'].map((name) => `${result}/rubricCriterionLevel/0/${name}`),
      ])
      expect(demanded.some((pointer) => optional.includes(pointer))).to.equal(false)
      expect(found(replaced(full, ['@context'], () => undefined))).to.include('SHAPE_MEMBER_MISSING /@context')
    })

    it('demands lists where the standard has lists, and one value elsewhere', () => {
      for (const path of pathsOf(full)) {
        if (path.length === 0 || typeof path.at(-1) === 'number') continue
        const pointer = path.map((name) => `/${name}`).join('')
        const other = replaced(full, path, (value) => (Array.isArray(value) ? (value[0] as Json.Value) : [value]))
        expect(found(other)).to.include(`SHAPE_CARDINALITY ${pointer}`)
      }
    })
  })

  it('throws for one problem', () => {
    const error = failure(() => Shape.assert({ ...document, id: 'x' }, 'AchievementCredential'))
    expect(error.facts).to.deep.equal({ pointers: ['/id'] })
  })

  it('throws with the first problem and the places of all', () => {
    Shape.assert(document, 'AchievementCredential')
    const other = { ...document, id: 'x', name: 1 }
    const error = failure(() => Shape.assert(other, 'AchievementCredential'))
    expect(error).to.include({ code: 'SHAPE_VALUE', name: 'Shape.ShapeError' })
    expect(error.facts).to.deep.equal({ pointers: ['/id', '/name'] })
    expect(new Shape.ShapeError([])).to.include({ code: 'SHAPE_TYPE' })
  })
})
