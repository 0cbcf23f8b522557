import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import type { NQuads } from 'rdf-canonize'
import * as AchievementCredential from '../../core/src/AchievementCredential.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Contexts from '../../core/src/Contexts.ts'
import * as Errors from '../../core/src/Errors.ts'
import type * as Json from '../../core/src/Json.ts'
import * as Multibase from '../../core/src/Multibase.ts'
import * as Rdfc from '../../core/src/Rdfc.ts'
import * as Shape from '../../core/src/Shape.ts'
import * as Stamp from '../../core/src/Stamp.ts'
import * as JsonLdJudge from './JsonLdJudge.ts'
import { anyCharacters } from './support.ts'

export type Common = Pick<AchievementCredential.Options, 'issuer' | 'achievement'>

/** A batch: what is common, and the awards. */
export type Batch = { readonly common: Common; readonly awards: readonly Json.Object[] }

export const verificationMethod = 'did:web:issuer.example.org#z6Mks931aemXLmTDGrasbApX8araucPWxRhzP8iqL7XHhXeC'

/** The stamp of a batch. */
export function stampOf(common: Common): Stamp.Stamp {
  const options = (award: Json.Object) => ({ ...common, ...award }) as unknown as AchievementCredential.Options
  return Stamp.create({
    layout: (award) => AchievementCredential.layout(options(award)),
    className: 'AchievementCredential',
    check: (award) => AchievementCredential.check(options(award)),
    verificationMethod,
  })
}

const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest()

/** No signature, but 64 bytes that depend on what is signed. */
const signer = (seen: Uint8Array[]) => async (message: Uint8Array) => {
  seen.push(Uint8Array.from(message))
  return Bytes.concat(sha256(message), sha256(sha256(message)))
}

function canonical(quads: readonly NQuads.Quad[]): string {
  const outcome = JsonLdJudge.canonize(quads)
  if ('code' in outcome) throw new Error(outcome.code)
  return outcome.text
}

/** The canonical N-Quads of a document by jsonld and rdf-canonize. */
export async function reference(document: Json.Object): Promise<string> {
  return canonical(await JsonLdJudge.toQuads(document))
}

/** The same without its proof and with it. Expanded once: the proof is a graph and the statement that leads there. */
async function references(document: Json.Object): Promise<readonly [unsecured: string, secured: string]> {
  const quads = await JsonLdJudge.toQuads(document)
  const isProof = ({ predicate, graph }: NQuads.Quad) =>
    graph.termType !== 'DefaultGraph' || predicate.value === 'https://w3id.org/security#proof'
  return [canonical(quads.filter((quad) => !isProof(quad))), canonical(quads)]
}

/**
 * Holds everything that a stamp makes of an award against jsonld, rdf-canonize, JSON.stringify and node:crypto.
 *
 * @param lay lays out the document without any check
 */
export async function agree(
  stamp: Stamp.Stamp,
  award: Json.Object,
  id = 'urn:uuid:72097e7d-873f-44a3-a4de-23baaf165c94',
  created = '2026-03-04T09:00:00Z',
): Promise<void> {
  const document = stamp.layout(award)
  const seen: Uint8Array[] = []
  const made = await outcome(async () => ({
    quads: Stamp.canonize(stamp, award),
    ...(await Stamp.sign(stamp, award, { id, created }, signer(seen))),
  }))
  if (made instanceof Errors.BaseError) {
    const expected = await outcome(async () => {
      Shape.assert(document, stamp.className)
      stamp.check(award)
      const proof = { id, type: 'DataIntegrityProof', created, verificationMethod, cryptosuite: 'eddsa-rdfc-2022' }
      return Rdfc.canonize({ ...document, proof: [proof] })
    })
    expect(expected).to.be.instanceOf(Errors.BaseError).with.property('code', made.code)
    return
  }
  const proof = made.proof as unknown as Json.Object
  const { proofValue, ...options } = proof
  const [unsecured, secured] = await references({ ...document, proof: [proof] })
  const config = await optionsReference({ ...options, '@context': document['@context'] as Json.Value })
  expect(made.quads).to.equal(unsecured)
  expect(seen.map(Bytes.toHex)).to.deep.equal([Bytes.toHex(Bytes.concat(sha256(config), sha256(unsecured)))])
  expect(proof).to.deep.equal({
    ...{ id, type: 'DataIntegrityProof', created, verificationMethod, cryptosuite: 'eddsa-rdfc-2022' },
    ...{ proofPurpose: 'assertionMethod', proofValue: Multibase.toBase58(await signer([])(seen[0] as Uint8Array)) },
  })
  expect(Bytes.toHex(made.documentDigest)).to.equal(Bytes.toHex(sha256(secured)))
  for (const indent of [0, 2] as const)
    expect(Stamp.text(stamp, award, [proof], indent)).to.equal(
      JSON.stringify({ ...document, proof: [proof] }, null, indent),
    )
}

const known = new Map<string, Promise<string>>()

/** The same for the options of a proof, which are the same in most tests. */
function optionsReference(options: Json.Object): Promise<string> {
  const key = JSON.stringify(options)
  const quads = known.get(key) ?? reference(options)
  known.set(key, quads)
  return quads
}

async function outcome<value>(run: () => Promise<value>): Promise<value | Errors.BaseError> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof Errors.BaseError) return error
    throw error
  }
}

// Texts that mean something to somebody on the way: to JSON, JSON-LD, N-Quads, JavaScript, or to a stamp.
const odd = [
  ...[
    '',
    ' ',
    '"',
    '\\',
    '\\"',
    '\n',
    '\r\n',
    '\t',
    '\b\f\v',
    '\0',
    '\x1f',
    '\x7f',
    '\x80',
    '\xa0',
    '\ufeff',
    '\u2028',
  ],
  ...[
    '🏅',
    '\uffff',
    '\ue000',
    'é',
    'e\u0301',
    '水質',
    '\u05e2\u05d1',
    '\ud83c',
    '\udfc5x',
    'a'.repeat(3000),
    '水'.repeat(3000),
  ],
  ...[
    '_:b0',
    '_:c14n0',
    '@id',
    '@type',
    '@value',
    '@json',
    'id',
    'type',
    'name',
    'urn:a',
    '<urn:a>',
    '> .',
    ' .\n',
    '#',
  ],
  ...[
    '"x"@en',
    '"1"^^<urn:t>',
    '{"@value":"x"}',
    '[]',
    'null',
    'true',
    '0',
    '1e3',
    '__proto__',
    'constructor',
    '$&',
    '$1',
  ],
  ...['urn:laurel:plain:0', 'urn:laurel:slot:0', '"urn:laurel:slot:1"', 'IdentityObject', '2026-03-01T00:00:00Z'],
]
const text = fc.oneof(
  { arbitrary: fc.string({ maxLength: 20 }), weight: 3 },
  { arbitrary: anyCharacters(8), weight: 2 },
  { arbitrary: fc.constantFrom(...odd), weight: 3 },
  { arbitrary: fc.tuple(fc.constantFrom(...odd), fc.constantFrom(...odd)).map((pair) => pair.join('')), weight: 1 },
)
const plainIri = fc.oneof(
  fc.uuid().map((uuid) => `urn:uuid:${uuid}`),
  fc.stringMatching(/^[1-9A-HJ-NP-Za-km-z]{5,40}$/).map((key) => `did:key:z6Mk${key}`),
  fc.stringMatching(/^[a-z0-9._~!$&'()*+,;=:@/?#[\]%-]{0,30}$/).map((path) => `https://example.org/${path}`),
  fc.constantFrom(
    'urn:a',
    'URN:b',
    'x-y.z+1:q',
    "urn:a'b()*!;,[]",
    'urn:%20',
    'mailto:a@example.org',
    'https:x',
    'did:x',
  ),
)
const oddIri = fc.oneof(
  plainIri,
  fc.constantFrom(
    ...[
      '',
      'a',
      'a b',
      '_:b0',
      '_:c14n1',
      '@id',
      '@id:x',
      'name:x',
      'id:x',
      'type:x',
      'Profile:x',
      '#f',
      '/p',
      '//h/p',
    ],
    ...[
      'urn:',
      'urn:a b',
      'urn:a\\b',
      'urn:a"b',
      'urn:<>',
      'urn:{a}',
      'urn:a|b',
      'urn:a^b',
      'urn:a`b',
      'urn:a\n',
      'urn:é',
    ],
    ...['https://exämple.org/ü', 'https://e.org/🏅', 'urn:\ue000', '1a:b', 'a_b:c', ':', 'a:', 'xsd:string', 'xsd://x'],
  ),
)
const dates = [
  '2026-03-01T00:00:00Z',
  '2026-03-01T00:00:00.000Z',
  '2026-03-01T00:00:00+00:00',
  '2025-12-31T23:30:00-00:30',
]
const plainDate = fc.oneof(
  fc.constantFrom(...dates),
  fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000).toISOString()),
)
const oddDate = fc.oneof(
  plainDate,
  fc.constantFrom('2026-02-30T00:00:00Z', '2026-03-01', 'now', '', '2026-03-01T24:00:00Z'),
)
const plainNumber = fc.oneof(
  fc.nat(100),
  fc.integer(),
  fc.nat(800).map((eighths) => eighths / 8),
  fc.constantFrom(1e21, 0.1, 2 ** 53),
)
const oddNumber = fc.oneof(plainNumber, fc.double(), fc.constantFrom(-0, 1e-7, 0.30000000000000004, 1e300))

type Values = {
  readonly text: fc.Arbitrary<string>
  readonly iri: fc.Arbitrary<string>
  readonly date: fc.Arbitrary<string>
  readonly number: fc.Arbitrary<number>
}
const plain: Values = { text, iri: plainIri, date: plainDate, number: plainNumber }
const hostile: Values = { text, iri: oddIri, date: oddDate, number: oddNumber }

/** Which of some members are there. */
function some<members extends Record<string, fc.Arbitrary<unknown>>>(members: members) {
  return fc
    .subarray(Object.keys(members))
    .map((names) => Object.fromEntries(names.map((name) => [name, members[name]])))
}

/** Records of some arbitraries. */
function record(members: object): fc.Arbitrary<Json.Object> {
  return fc.record(members as Record<string, fc.Arbitrary<Json.Value>>) as fc.Arbitrary<Json.Object>
}

function optional(members: Record<string, fc.Arbitrary<unknown>>, required: object): fc.Arbitrary<Json.Object> {
  return some(members).chain((chosen) => record({ ...constants(required), ...chosen }))
}

function constants(values: object): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value instanceof fc.Arbitrary ? value : fc.constant(value)]),
  )
}

const list = <item>(item: fc.Arbitrary<item>, maxLength = 3) => fc.array(item, { minLength: 1, maxLength })
const image = ({ iri, text }: Values) => optional({ caption: text }, { id: iri, type: 'Image' })
const alignment = ({ iri, text }: Values) =>
  optional(
    { targetCode: text, targetDescription: text, targetFramework: text, targetType: text },
    { type: ['Alignment'], targetName: text, targetUrl: iri },
  )
const entry = ({ text }: Values) =>
  record({ type: fc.constant('IdentifierEntry'), identifier: text, identifierType: text })
const address = ({ text, number }: Values) => {
  const geo = record({ type: fc.constant('GeoCoordinates'), latitude: number, longitude: number })
  return optional({ addressCountry: text, addressLocality: text, postalCode: text, geo }, { type: ['Address'] })
}
const profile = (values: Values, depth = 1): fc.Arbitrary<Json.Object> => {
  const { iri, text } = values
  const simple = { name: text, url: iri, phone: text, description: text, email: text, official: text, givenName: text }
  const nested = {
    image: image(values),
    address: address(values),
    otherIdentifier: list(entry(values), 2),
    dateOfBirth: fc.constantFrom('2000-02-29', '1999-12-31'),
    ...(depth > 0 && { parentOrg: profile(values, depth - 1) }),
  }
  return optional({ ...simple, ...nested }, { id: iri, type: ['Profile'] })
}
const level = (values: Values) =>
  optional(
    { alignment: list(alignment(values), 2), description: values.text, level: values.text, points: values.text },
    { id: values.iri, type: ['RubricCriterionLevel'], name: values.text },
  )
const description = (values: Values) => {
  const { text, iri } = values
  const members = {
    requiredValue: text,
    valueMin: text,
    valueMax: text,
    allowedValue: list(text, 4),
    alignment: list(alignment(values), 2),
  }
  return optional(
    { ...members, rubricCriterionLevel: list(level(values)) },
    { id: iri, type: ['ResultDescription'], name: text, resultType: text },
  )
}
const endorsement = (values: Values) => {
  const subject = optional({ endorsementComment: values.text }, { id: values.iri, type: ['EndorsementSubject'] })
  return record({
    '@context': fc.constant([Contexts.credentialsV2, Contexts.openBadges]),
    id: values.iri,
    type: fc.constant(['VerifiableCredential', 'EndorsementCredential']),
    name: values.text,
    issuer: profile(values, 0),
    validFrom: values.date,
    credentialSubject: subject,
  })
}
const achievement = (values: Values) => {
  const { text, iri, number } = values
  const texts = {
    achievementType: text,
    fieldOfStudy: text,
    humanCode: text,
    inLanguage: text,
    specialization: text,
    version: text,
  }
  const others = {
    alignment: list(alignment(values)),
    creator: profile(values),
    creditsAvailable: number,
    endorsement: list(endorsement(values), 1),
    image: image(values),
    otherIdentifier: list(entry(values), 2),
    related: list(optional({ inLanguage: text, version: text }, { id: iri, type: ['Related'] }), 2),
    resultDescription: list(description(values)),
    tag: list(text, 4),
  }
  const criteria = fc.oneof(record({ id: iri }), record({ narrative: text }), record({ id: iri, narrative: text }))
  return optional({ ...texts, ...others }, { id: iri, type: ['Achievement'], criteria, description: text, name: text })
}

/** Anything that is common to a batch, in the exact shape of the standard. */
export const anyCommon: fc.Arbitrary<Common> = record({ issuer: profile(plain), achievement: achievement(plain) })
  .map((common) => common as unknown as Common)
  .filter((common) => {
    const document = AchievementCredential.layout({
      ...common,
      id: 'urn:x',
      recipient: {},
      validFrom: dates[0] as string,
    })
    return isWellFormed(document) && Shape.check(document, 'AchievementCredential', 'exact').length === 0
  })

function isWellFormed(value: Json.Value): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  return typeof value !== 'object' || value === null || Object.values(value).every(isWellFormed)
}

/** Awards of one outline: which members, items and types there are is drawn first, then the values of each. */
function anyAwards({ achievement }: Common, least: number): fc.Arbitrary<readonly Json.Object[]> {
  const descriptions = achievement.resultDescription ?? []
  const leveled = descriptions.filter(({ rubricCriterionLevel }) => rubricCriterionLevel !== undefined)
  const outline = fc.record({
    id: fc.boolean(),
    types: fc.subarray(['name', 'emailAddress', 'ext:studentId', 'name'], { minLength: 0 }),
    members: fc.subarray([
      ...[
        'creditsEarned',
        'activityStartDate',
        'activityEndDate',
        'licenseNumber',
        'narrative',
        'role',
        'term',
        'image',
      ],
      ...['source', 'results', 'evidence', 'validUntil', 'awardedDate', 'status'],
    ]),
    results: list(
      fc.subarray(['value', 'status', 'alignment', 'resultDescription', 'achievedLevel'], { minLength: 1 }),
    ),
    evidence: list(fc.subarray(['name', 'description', 'narrative', 'genre', 'audience'])),
    caption: fc.boolean(),
  })
  return outline.chain(({ id, types, members, results, evidence, caption }) => {
    const award = (values: Values) => {
      const { text, iri, date, number } = values
      const described = (names: readonly string[]): fc.Arbitrary<Json.Object> => {
        const own: Record<string, fc.Arbitrary<unknown>> = {}
        const reference = names.includes('achievedLevel') ? leveled : descriptions
        if (names.includes('value')) own.value = text
        if (names.includes('status')) own.status = text
        if (names.includes('alignment'))
          own.alignment = fc.tuple(alignment({ ...values, text: fc.constantFrom('a', 'b') }))
        if (names.includes('resultDescription') && reference.length > 0) own.resultDescription = fc.constant('')
        if (own.value === undefined && own.status === undefined) own.value = text
        if (own.resultDescription === undefined) return record(own)
        return fc.constantFrom(...reference).chain(({ id, rubricCriterionLevel: levels = [] }) =>
          record({
            ...own,
            resultDescription: fc.constant(id),
            ...(names.includes('achievedLevel') && { achievedLevel: fc.constantFrom(...levels.map((one) => one.id)) }),
          }),
        )
      }
      const all: Record<string, fc.Arbitrary<unknown>> = {
        creditsEarned: number,
        activityStartDate: fc.constantFrom('2019-01-01T00:00:00Z', '2019-01-01T00:00:00+01:00'),
        activityEndDate: date,
        licenseNumber: text,
        narrative: text,
        role: text,
        term: text,
        image: record({ id: iri, type: fc.constant('Image'), ...(caption && { caption: text }) }),
        source: record({ id: iri, type: fc.constant(['Profile']), name: text }),
        results: fc.tuple(...results.map(described)),
        evidence: fc.tuple(
          ...evidence.map((names) => record({ id: iri, ...Object.fromEntries(names.map((name) => [name, text])) })),
        ),
      }
      const recipient = {
        ...((id || types.length === 0) && { id: iri }),
        ...(types.length > 0 && {
          identifiers: fc.tuple(...types.map((type) => record({ type: fc.constant(type), value: text }))),
        }),
        ...Object.fromEntries(members.filter((name) => name in all).map((name) => [name, all[name]])),
      }
      const status = record({
        id: iri,
        type: fc.constant('BitstringStatusListEntry'),
        statusPurpose: fc.constant('revocation'),
        statusListIndex: fc.nat(131071).map(String),
        statusListCredential: fc.constant('https://issuer.example.org/status-lists/revocation-1'),
      })
      return record({
        id: iri,
        recipient: record(recipient),
        validFrom: fc.constantFrom('2018-03-01T00:00:00Z', '2018-03-01T01:00:00.5+14:00'),
        ...(members.includes('validUntil') && { validUntil: date }),
        ...(members.includes('awardedDate') && { awardedDate: date }),
        ...(members.includes('status') && { status }),
      })
    }
    const one = fc.oneof({ arbitrary: award(plain), weight: 5 }, { arbitrary: award(hostile), weight: 1 })
    return fc.array(one, { minLength: least, maxLength: least })
  })
}

/** Any batch of so many awards, of a few outlines. */
export function anyBatch(outlines: number, each: number): fc.Arbitrary<Batch> {
  return anyCommon.chain((common) =>
    fc.record({
      common: fc.constant(common),
      awards: fc
        .array(anyAwards(common, each), { minLength: outlines, maxLength: outlines })
        .map((lists) => lists.flat()),
    }),
  )
}

/** Fields of the same outline with another text, or another IRI, in each place that is not a date. */
export function varied(fields: Json.Object, seed: number): Json.Object {
  let place = 0
  const vary = (value: Json.Value, name: string): Json.Value => {
    if (typeof value === 'string' && name !== 'type' && name !== '@context')
      return variedText(value, seed + 7 * place++)
    if (typeof value !== 'object' || value === null || name === '@context') return value
    if (Array.isArray(value)) return value.map((item) => vary(item, name))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, vary(item as Json.Value, name)]))
  }
  return vary(fields, '') as Json.Object
}

function variedText(value: string, seed: number): string {
  if (/^\d{4}-\d\d-\d\d/.test(value)) return value
  return /^[A-Za-z][A-Za-z0-9+.-]*:[!-~]*$/.test(value) ? `${value}${seed}` : (odd[seed % odd.length] as string)
}

/** The stamp of awards whose issuer and achievement are fields too. */
export function openStamp(): Stamp.Stamp {
  return Stamp.create({
    layout: (fields) => AchievementCredential.layout(fields as unknown as AchievementCredential.Options),
    className: 'AchievementCredential',
    check: (fields) => AchievementCredential.check(fields as unknown as AchievementCredential.Options),
    verificationMethod,
  })
}

/** Draws batches of so many awards, a number of each outline, and holds all that their stamps make against others. */
export async function agreeOnBatches(batches: number, outlines: number, each: number): Promise<void> {
  const total = { stamped: 0, general: 0 }
  await fc.assert(
    fc.asyncProperty(anyBatch(outlines, each), async ({ common, awards }) => {
      const stamp = stampOf(common)
      for (const award of awards) await agree(stamp, award)
      add(total, stamp.tally)
    }),
    { numRuns: batches },
  )
  // Or it would be the general way alone that is held against others. Some batches are never stamped: not most of them.
  expect(total.stamped).to.be.above((total.stamped + total.general) / 10)
}

/** Draws achievements, awards them with other texts in all places, and holds what the stamps make against others. */
export async function agreeOnAchievements(achievements: number, each: number): Promise<void> {
  const total = { stamped: 0, general: 0 }
  await fc.assert(
    fc.asyncProperty(anyBatch(1, 1), fc.nat(1000), async ({ common, awards }, seed) => {
      const stamp = openStamp()
      const fields = { ...common, ...awards[0] } as unknown as Json.Object
      await agree(stamp, fields)
      for (let i = 1; i < each; i++) await agree(stamp, varied(fields, seed + i))
      add(total, stamp.tally)
    }),
    { numRuns: achievements },
  )
  expect(total.stamped).to.be.above(0)
}

function add(total: { stamped: number; general: number }, { stamped, outline, value, repeated }: Stamp.Tally): void {
  total.stamped += stamped
  total.general += outline + value + repeated
}
