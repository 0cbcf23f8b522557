import fc from 'fast-check'
import * as Contexts from '../../core/src/Contexts.ts'
import type * as Json from '../../core/src/Json.ts'
import * as Shape from '../../core/src/Shape.ts'
import { anyCharacters } from './support.ts'

/** Draws a value; see `fc.gen`. */
type Draw = fc.GeneratorValue

/** A credential of any shape that Open Badges 3.0.3 knows, and of many that it does not; one in six is spoilt somewhere. */
export function draw(g: Draw): Json.Object {
  const state: State = { g, ids: [], depth: 0, isWild: chance(g, 6) }
  const credential = object(state, oneOf(g, ['AchievementCredential', 'AchievementCredential', 'Credential'] as const))
  const document = { ...credential, '@context': contexts(state) }
  return chance(g, 6) ? spoil(g, document) : document
}

/** `isWild`: whether types may be missing or other than a reader expects, which leaves names without meaning. */
type State = { readonly g: Draw; readonly ids: string[]; readonly depth: number; readonly isWild: boolean }

const deepest = 6

/** Text of all kinds: what N-Quads escape, what lies beyond 16 bits and what is sorted around it, and plain words. */
const texts = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('', 'a', 'b', 'Gewässergüte', 'x y', 'true', '0', '2.5', '2026-03-01T00:00:00Z'),
  },
  {
    weight: 2,
    arbitrary: fc.string({
      unit: fc.constantFrom(
        '\u0000',
        '\b',
        '\t',
        '\n',
        '\f',
        '\r',
        '"',
        '\\',
        '\u007f',
        '\u0080',
        '\u2028',
        '\ue000',
        '\uffff',
        '🏅',
        '𐀀',
        'é',
        'e\u0301',
        ' ',
        'a',
        '@',
        ':',
        '_',
      ),
    }),
  },
  { weight: 2, arbitrary: anyCharacters(8) },
)
const iris = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      'urn:a',
      'urn:b',
      'urn:uuid:08780294-64fc-4a27-bbe3-829ee0b3bd4e',
      'https://a.example/',
      'https://a.example/b?c#d',
      'did:web:a.example',
      'mailto:a@example.org',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '_:a',
      '_:b',
      '_:c',
      'xsd:string',
      'cred:holder',
      'urn:ä',
      'urn:🏅',
      'urn:\ue000',
      'urn:a"b',
      'urn:{a}',
      'urn:a\\u0041',
      'a:b',
      'a+b-c.d,e:f',
    ),
  },
)
const numbers = fc.oneof(
  fc.constantFrom(0, 1, -1, 2.5, 0.1, -180, 1e20, 1e21, 1.5e300, 123456789, 0.5e-3, 5e-324, 2 ** 53),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -1000, max: 1000 }).map((value) => value / 8),
)
const dates = fc.constantFrom('2026-03-01T00:00:00Z', '2026-03-01T00:00:00+01:00', '2026-03-01')
const strangeNames = ['https://a.example/p', 'urn:p', 'xsd:string', 'name'] as const
const languages = ['en', 'DE', 'zh-Hant-TW', 'en-a-bbbbbbbb'] as const
const anyText = () => texts
const anyIri = () => iris
const anyNumber = () => numbers
const anyDate = () => dates

function contexts({ g, isWild }: State): Json.Value {
  const list: Json.Value[] = [Contexts.credentialsV2, Contexts.openBadges]
  const v1 = 'https://www.w3.org/2018/credentials/v1'
  const older = Contexts.urls().filter((url) => /\/context(-3\.0\.[12])?\.json$/.test(url))
  if (!chance(g, 4)) return list
  if (!isWild || chance(g, 2))
    return oneOf<Json.Value>(g, [
      [...list, ...list],
      [...list, 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'],
      [...list, { '@vocab': 'https://www.w3.org/ns/credentials/examples#' }],
      [null, ...list],
      [Contexts.openBadges, Contexts.credentialsV2],
    ])
  return oneOf<Json.Value>(g, [
    Contexts.credentialsV2,
    [Contexts.openBadges],
    [],
    v1,
    [v1, Contexts.openBadges],
    ...older.flatMap((url) => [
      [Contexts.credentialsV2, url],
      [v1, url],
    ]),
  ])
}

function object(state: State, className: Shape.ClassName): Json.Object {
  const { g } = state
  const { members } = Shape.classes[className]
  const inner = { ...state, depth: state.depth + 1 }
  const made: Record<string, Json.Value> = {}
  for (const [name, { is, many, required }] of Object.entries(members)) {
    if (name === '@context' || name === 'type' || name === 'id') continue
    if (!required && !chance(g, isClass(is) ? 5 + 3 * state.depth : 4)) continue
    if (isClass(is) && state.depth >= deepest) continue
    made[name] = several(inner, many !== undefined, () => one(inner, is))
  }
  if ('id' in members && !chance(g, 4)) made.id = id(state)
  if ('type' in members) made.type = type(state, className)
  if (chance(g, 25)) made[oneOf(g, strangeNames)] = one(inner, 'text')
  return made
}

function several(state: State, many: boolean, make: () => Json.Value): Json.Value {
  const { g } = state
  const kind = upTo(g, 19)
  if (kind === 0) return oneOf<Json.Value>(g, [null, [], [null], [[]], [[null], null]])
  if (kind === 1) return [[make()], make()]
  if (kind === 2) {
    const item = make()
    return [item, make(), item]
  }
  if (many ? kind < 14 : kind === 3) return Array.from({ length: 1 + upTo(g, 2) }, make)
  return make()
}

function one(state: State, is: Shape.Kind | Shape.ClassName): Json.Value {
  const { g } = state
  if (isClass(is)) {
    if (state.depth > deepest || chance(g, 30)) return g(anyIri)
    return chance(g, 400) ? {} : object(state, is)
  }
  if (chance(g, 100)) return oddValue(g)
  switch (is) {
    case 'number':
      return g(anyNumber)
    case 'boolean':
      return g(fc.boolean)
    case 'iri':
      return id(state)
    case 'date':
    case 'dateTime':
      return g(anyDate)
    case 'label':
      return chance(g, 3) ? languageValue(g) : g(anyText)
    default:
      return g(anyText)
  }
}

/** The same value under many guises, and other types than a reader expects. */
function oddValue(g: Draw): Json.Value {
  const text = g(anyText)
  return oneOf<Json.Value>(g, [
    text,
    g(anyNumber),
    g(fc.boolean),
    { '@value': text },
    { '@value': g(anyNumber) },
    { '@value': g(fc.boolean) },
    { '@value': text, type: 'https://www.w3.org/2001/XMLSchema#float' },
    { '@value': text, '@type': 'http://www.w3.org/2001/XMLSchema#double' },
    { '@value': g(anyNumber), '@type': ['http://www.w3.org/2001/XMLSchema#double'] },
    { '@value': '2.5', '@type': 'http://www.w3.org/2001/XMLSchema#double' },
    { '@value': '-2.5E-1', '@type': 'http://www.w3.org/2001/XMLSchema#double' },
    { '@value': text, '@type': 'http://www.w3.org/2001/XMLSchema#string' },
    { '@value': text, type: 'Profile' },
    { '@id': g(anyIri) },
    { id: g(anyIri) },
    { id: g(anyIri), type: 'Profile' },
    { '@type': 'Image', '@id': g(anyIri) },
    languageValue(g),
    {},
  ])
}

function languageValue(g: Draw): Json.Object {
  return { '@value': g(anyText), '@language': oneOf(g, languages) }
}

/** Ids that come again, because then statements meet that stand in different places. */
function id({ g, ids }: State): string {
  if (ids.length > 0 && chance(g, 4)) return oneOf(g, ids)
  const made = chance(g, 3) ? `urn:uuid:${g(fc.uuid)}` : g(anyIri)
  ids.push(made)
  return made
}

const typeNames: Partial<Record<Shape.ClassName, readonly string[]>> = {
  AchievementCredential: ['VerifiableCredential', 'OpenBadgeCredential'],
  Credential: ['VerifiableCredential', 'EndorsementCredential'],
  Proof: ['DataIntegrityProof'],
  Reference: ['JsonSchema'],
  RelatedResource: ['Image'],
  Status: ['BitstringStatusListEntry'],
  Typed: ['Profile'],
}

function type({ g, isWild }: State, className: Shape.ClassName): Json.Value {
  const own = typeNames[className] ?? [className]
  switch (isWild ? upTo(g, 20) : 10 + upTo(g, 10)) {
    case 0:
      return [...own, oneOf(g, Object.keys(Shape.classes))]
    case 1:
      return [oneOf(g, own), g(anyIri)]
    case 2:
      return []
    case 3:
      return oneOf(g, own)
    case 10:
      return [...own, ...own]
    case 11:
      return [...own].toReversed()
    case 12:
      return [...own, g(anyIri)]
    default:
      return own.length === 1 && chance(g, 2) ? (own[0] as string) : own
  }
}

/** A context that is not bundled, and that nobody gives out. */
export const unknownContext = 'https://unknown.example/'

/** Members that nobody should write, or that few do. */
const additions: readonly Json.Object[] = [
  { grade: 'A+' },
  { grade: null },
  { '': 'A+' },
  { 'a b': 'A+' },
  { 'urn:a b': 'A+' },
  { '_:p': 'A+' },
  { '_:p': [] },
  { '@grade': 'A+' },
  { '@id': 'urn:x' },
  { '@type': 'Profile' },
  { '@language': 'en' },
  { id: 'relative' },
  { id: 'urn:a b' },
  { id: 5 },
  { id: '@grade' },
  { id: '@type' },
  { id: '' },
  { type: 'Diploma' },
  { type: null },
  { type: [5] },
  { type: '_:type' },
  { '@context': Contexts.openBadges },
  { '@context': [Contexts.credentialsV2, Contexts.openBadges] },
  { '@context': 'https://www.w3.org/2018/credentials/v1' },
  { '@context': unknownContext },
  { '@context': null },
  { '@context': [] },
  { '@context': 5 },
  { '@context': { grade: 'urn:grade' } },
  { cnf: { jwk: { kty: 'OKP', x: [null, 1, { b: 1, a: 2 }] } } },
  { jsonSchema: { b: ['x', null], a: true } },
  { verifiableCredential: [{ id: 'urn:x', type: 'VerifiableCredential' }] },
  { proof: [{ type: 'DataIntegrityProof', proofPurpose: 'assertionMethod' }, { id: 'urn:only' }] },
  { proof: [{ type: 'DataIntegrityProof', proofPurpose: 'assertionMethod' }, {}] },
  { proof: 'urn:proof' },
  { allowedValue: [['a', 'b'], [], 'a', null, { id: 'urn:x', type: 'Profile' }] },
  { '@included': { id: 'urn:x', type: 'Profile' } },
  { '@index': 'x' },
  { '@version': 1 },
]

/** Values of the same kind. */
const replacements: readonly Json.Value[] = [
  { '@value': 'x', '@language': 'not a language' },
  { '@value': 'x', '@language': 5 },
  { '@value': 'x', '@language': null },
  { '@value': 5, '@language': 'en' },
  { '@value': 'x', '@language': 'en', '@direction': 'ltr' },
  { '@value': 'x', '@direction': 'rtl' },
  { '@value': 'x', '@direction': null },
  { '@value': 'x', '@language': 'en', '@type': 'urn:t' },
  { '@value': 'x', '@type': 'relative' },
  { '@value': 'x', '@type': '_:t' },
  { '@value': 'x', '@type': [] },
  { '@value': 'x', '@type': '@json' },
  { '@value': null },
  { '@value': {} },
  { '@value': ['x'] },
  { '@value': 'x', name: 'y' },
  { '@value': 'x', name: null },
  { '@value': 'x', id: 'urn:x' },
  { '@set': ['x'] },
  { '@list': ['x'] },
  { '@graph': [] },
  { id: '' },
  'relative',
  '@grade',
  '@type',
  '',
  [[['x']], ['y']],
  null,
  0.30000000000000004,
]

function spoil(g: Draw, document: Json.Object): Json.Object {
  const visit = (value: Json.Value): Json.Value => {
    const names =
      isObject(value) || Array.isArray(value) ? Object.keys(value).filter((name) => name !== '@context') : []
    if (names.length === 0 || chance(g, 4))
      return isObject(value) && !chance(g, 3) ? { ...value, ...oneOf(g, additions) } : oneOf(g, replacements)
    const chosen = oneOf(g, names)
    if (Array.isArray(value)) return value.map((item, i) => (String(i) === chosen ? visit(item) : item))
    return Object.fromEntries(
      Object.entries(value as Json.Object).map(([name, item]) => [name, name === chosen ? visit(item) : item]),
    )
  }
  const spoilt = visit(document)
  return isObject(spoilt) ? spoilt : document
}

const isObject = (value: Json.Value): value is Json.Object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isClass(is: Shape.Kind | Shape.ClassName): is is Shape.ClassName {
  return Object.hasOwn(Shape.classes, is)
}

/** A number from 0 to another. `g` looks for one with the same arguments among all that it was given: it is given none. */
function upTo(g: Draw, most: number): number {
  const numbers = upToMost.get(most) ?? remember(fc.nat(most))
  upToMost.set(most, numbers)
  return g(numbers)
}

const upToMost = new Map<number, () => fc.Arbitrary<number>>()
const remember =
  <value>(arbitrary: fc.Arbitrary<value>) =>
  () =>
    arbitrary

/** True once in so many times. */
function chance(g: Draw, times: number): boolean {
  return upTo(g, times - 1) === 0
}

function oneOf<item>(g: Draw, items: readonly item[]): item {
  return items[upTo(g, items.length - 1)] as item
}
