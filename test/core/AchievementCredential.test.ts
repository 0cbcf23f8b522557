import { expect } from 'chai'
import * as AchievementCredential from '../../core/src/AchievementCredential.ts'
import * as Contexts from '../../core/src/Contexts.ts'
import * as Rdfc from '../../core/src/Rdfc.ts'
import * as Shape from '../../core/src/Shape.ts'
import { optionsOf } from './credentials.ts'
import { failure, jsonOf } from './support.ts'

const golden = (name: string) => jsonOf(`laurel-v1/golden/${name}.json`)
const options = optionsOf(golden('A-3-0'))
const { recipient, achievement } = options
const address = {
  ...{ type: ['Address'], addressCountry: 'Deutschland', addressCountryCode: 'DE', addressRegion: 'Thüringen' },
  ...{ addressLocality: 'Weimar', streetAddress: 'Platz 1', postOfficeBoxNumber: '7', postalCode: '99423' },
  geo: { type: 'GeoCoordinates', latitude: 50.98, longitude: 11.32 },
} as const
const identifierEntry = { type: 'IdentifierEntry', identifier: '4711', identifierType: 'sourcedId' } as const
const image = { id: 'https://issuer.example.org/a.png', type: 'Image', caption: 'A leaf' } as const
const profile: AchievementCredential.Profile = {
  ...{ id: 'urn:uuid:1', type: ['Profile'], name: 'n', url: 'https://a.example/', phone: '+49', description: 'd' },
  ...{ email: 'a@a.example', official: 'o', familyName: 'f', givenName: 'g', additionalName: 'a', patronymicName: 'p' },
  ...{ honorificPrefix: 'Dr.', honorificSuffix: 'M.A.', familyNamePrefix: 'von', dateOfBirth: '2000-02-29' },
  ...{ image, address, otherIdentifier: [identifierEntry] },
  parentOrg: { id: 'urn:uuid:2', type: ['Profile'] },
}

/** Every member of every class that the options have. */
const complete: AchievementCredential.Options = {
  ...options,
  issuer: { ...profile, id: 'did:web:issuer.example.org' },
  validUntil: '2099-01-01T00:00:00Z',
  achievement: {
    ...achievement,
    creator: { ...profile, id: 'urn:uuid:3', parentOrg: { id: 'urn:uuid:4', type: ['Profile'] } },
    fieldOfStudy: 'Hydrologie',
    humanCode: 'H1',
    image: { ...image, id: 'https://issuer.example.org/b.png' },
    otherIdentifier: [{ ...identifierEntry, identifier: '4712' }],
    related: [{ id: 'urn:uuid:5', type: ['Related'], inLanguage: 'de', version: '1' }],
    specialization: 's',
    version: '2',
  },
  recipient: {
    ...recipient,
    image: { ...image, id: 'https://issuer.example.org/c.png' },
    licenseNumber: 'L1',
    role: 'student',
    term: 'WS',
    narrative: 'n',
    source: { id: 'urn:uuid:6', type: ['Profile'] },
  },
}

describe('AchievementCredential', () => {
  for (const set of ['A', 'B', 'C'])
    for (const [size, count] of [
      [1, 1],
      [3, 3],
      [7, 7],
    ] as const)
      it(`reproduces the golden credentials ${set}-${size}, member for member`, () => {
        for (let i = 0; i < count; i++) {
          const { proof: _, ...unsigned } = golden(`${set}-${size}-${i}`)
          const built = AchievementCredential.build(optionsOf(unsigned))
          expect(JSON.stringify(built)).to.equal(JSON.stringify(unsigned))
        }
      })

  it('keeps every member of the standard, in a document that JSON-LD reads without loss', async () => {
    const built = AchievementCredential.build(complete)
    expect(built['@context']).to.deep.equal([Contexts.credentialsV2, Contexts.openBadges])
    expect(built.issuer).to.deep.equal(complete.issuer)
    const { achievement, ...subject } = built.credentialSubject as Record<string, unknown>
    expect(achievement).to.deep.equal(complete.achievement)
    expect(subject).to.deep.include({ image: complete.recipient.image, source: complete.recipient.source, term: 'WS' })
    expect(Shape.check(built, 'AchievementCredential', 'exact')).to.deep.equal([])
    const quads = Rdfc.canonize(built)
    for (const text of ['Thüringen', 'Hydrologie', '4712', '2000-02-29', '11.32']) {
      const written = text === '11.32' ? '1.132E1' : text
      expect(quads, text).to.contain(`"${written}"`)
    }
  })

  it('builds the same document from the same options, and leaves out what is absent', () => {
    expect(AchievementCredential.build(options)).to.deep.equal(AchievementCredential.build(structuredClone(options)))
    const { validUntil: _, awardedDate: __, status: ___, ...least } = options
    const built = AchievementCredential.build({
      ...least,
      recipient: { id: 'did:key:z6Mk', results: [], evidence: [] },
    })
    expect(Object.keys(built)).to.deep.equal([
      '@context',
      'id',
      'type',
      'issuer',
      'validFrom',
      'name',
      'credentialSubject',
    ])
    expect(Object.keys(built.credentialSubject as object)).to.deep.equal(['id', 'type', 'achievement'])
  })

  it('names the credential as its achievement', () => {
    expect(AchievementCredential.build(options).name).to.equal(achievement.name)
  })

  for (const [what, nobody] of Object.entries({
    nothing: {},
    'an empty list': { identifiers: [] },
    'a narrative alone': { narrative: 'She' },
  }))
    it(`refuses a recipient of whom ${what} is said`, () => {
      const error = failure(() => AchievementCredential.build({ ...options, recipient: nobody }))
      expect(error).to.include({ code: 'RECIPIENT_UNKNOWN', name: 'AchievementCredential.RecipientError' })
    })

  describe('periods', () => {
    it('refuses one that ends before it begins', () => {
      const build = (changes: Partial<AchievementCredential.Options>) =>
        failure(() => AchievementCredential.build({ ...options, ...changes }))
      const until = build({ validFrom: '2026-03-01T00:00:00Z', validUntil: '2026-03-01T00:59:59+01:00' })
      expect(until).to.include({ code: 'PERIOD_INVALID', name: 'AchievementCredential.PeriodError' })
      expect(until.facts).to.deep.equal({ member: 'validUntil' })
      const dates = { activityStartDate: '2026-03-02T00:00:00Z', activityEndDate: '2026-03-01T00:00:00Z' }
      expect(build({ recipient: { ...recipient, ...dates } }).facts).to.deep.equal({ member: 'activityEndDate' })
    })

    it('allows one of a moment, and an open one', () => {
      const moment = { validFrom: '2026-03-01T00:00:00Z', validUntil: '2026-03-01T01:00:00+01:00' }
      expect(AchievementCredential.build({ ...options, ...moment })).to.include(moment)
      const { activityStartDate: _, ...open } = recipient
      expect(AchievementCredential.build({ ...options, recipient: open })).to.have.property('credentialSubject')
    })
  })

  describe('results', () => {
    const [percent, rubric] = achievement.resultDescription ?? []
    const level = rubric?.rubricCriterionLevel?.[0]?.id as string
    const build = (result: AchievementCredential.Result, other = achievement) =>
      AchievementCredential.build({ ...options, achievement: other, recipient: { ...recipient, results: [result] } })

    it('may refer to a description and its level, or to nothing', () => {
      for (const result of [
        { value: '71' },
        { resultDescription: percent?.id as string, value: '71' },
        { resultDescription: rubric?.id as string, achievedLevel: level },
      ])
        expect(build(result).credentialSubject).to.deep.include({ result: [{ type: ['Result'], ...result }] })
    })

    const { resultDescription: _, ...without } = achievement
    const wrong: Readonly<Record<string, () => unknown>> = {
      'a description that is not there': () => build({ resultDescription: 'urn:uuid:0', value: '1' }),
      'a description, and there are none': () => build({ resultDescription: percent?.id as string }, without),
      'a level without its description': () => build({ achievedLevel: level }),
      'a level of another description': () => build({ resultDescription: percent?.id as string, achievedLevel: level }),
      'a level that is not there': () =>
        build({ resultDescription: rubric?.id as string, achievedLevel: 'urn:uuid:0' }),
    }
    for (const [what, run] of Object.entries(wrong))
      it(`refuses one that refers to ${what}`, () => {
        expect(failure(run)).to.include({ code: 'RESULT_UNKNOWN', name: 'AchievementCredential.ResultError' })
      })
  })

  describe('shape', () => {
    const wrong: readonly (readonly [code: string, pointer: string, changes: object])[] = [
      ['SHAPE_VALUE', '/validFrom', { validFrom: '2026-02-30T00:00:00Z' }],
      ['SHAPE_VALUE', '/validUntil', { validUntil: '2026-03-01' }],
      ['SHAPE_VALUE', '/awardedDate', { awardedDate: 'today' }],
      ['SHAPE_VALUE', '/id', { id: 'badge-1' }],
      ['SHAPE_TYPE', '/issuer', { issuer: 'did:web:issuer.example.org' }],
      ['SHAPE_MEMBER_MISSING', '/issuer/type', { issuer: { id: 'did:web:issuer.example.org' } }],
      ['SHAPE_MEMBER_UNKNOWN', '/issuer/phones', { issuer: { ...options.issuer, phones: 'x' } }],
      [
        'SHAPE_MEMBER_MISSING',
        '/credentialSubject/achievement/criteria',
        { achievement: { ...achievement, criteria: undefined } },
      ],
      ['SHAPE_TYPE', '/credentialSubject/achievement/name', { achievement: { ...achievement, name: 5 } }],
      ['SHAPE_TYPE', '/credentialSubject/achievement/name', { achievement: { ...achievement, name: null } }],
      ['SHAPE_CARDINALITY', '/credentialSubject/achievement/tag', { achievement: { ...achievement, tag: 'x' } }],
      ['SHAPE_CARDINALITY', '/credentialSubject/achievement/tag', { achievement: { ...achievement, tag: [] } }],
      ['SHAPE_REPEATED', '/credentialSubject/achievement/tag/1', { achievement: { ...achievement, tag: ['x', 'x'] } }],
      ['SHAPE_TYPE', '/credentialSubject/creditsEarned', { recipient: { ...recipient, creditsEarned: '2.5' } }],
    ]
    for (const [code, pointer, changes] of wrong)
      it(`refuses a wrong ${pointer}: ${code}`, () => {
        const clean = JSON.parse(JSON.stringify({ ...options, ...changes }))
        const error = failure(() => AchievementCredential.build(clean))
        expect(error).to.include({ code, name: 'Shape.ShapeError' })
        expect(error.facts.pointers).to.include(pointer)
      })
  })
})
