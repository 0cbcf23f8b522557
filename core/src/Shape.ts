import * as Contexts from './Contexts.ts'
import * as DateTimeStamp from './DateTimeStamp.ts'
import * as Errors from './Errors.ts'
import * as Json from './Json.ts'

/**
 * The shapes of an Open Badges 3.0.3 credential, and of what presents them, as JSON: which members an object of each class has, of what kind, one
 * or many. JSON-LD cannot tell `"x"` from `["x"]`, `false` from `"false"^^xsd:boolean`, or a dropped `null` from
 * nothing: a signature over statements leaves these open. Whoever reads the JSON must therefore close them.
 *
 * `endorsementJwt` is left out: the context of Open Badges 3.0.3 has no such term, so it can never be signed.
 *
 * Source: the JSON Schema of the AchievementCredential (2024 edition), VC Data Model 2.0 §4 and 1.1 §4, Data Integrity 1.0 §2.1.
 */
export type Kind = 'text' | 'label' | 'iri' | 'number' | 'boolean' | 'dateTime' | 'date' | 'any'
/** `many`: a list; `maybe`: one value in our format, which may be a list in documents of others. */
type Member = { readonly is: Kind | ClassName; readonly many?: true | 'maybe'; readonly required?: true }
type Class = { readonly members: Readonly<Record<string, Member>>; readonly open?: true }

/** A place where a document is not of its shape: a JSON Pointer (RFC 6901), a stable code and a sentence. */
export type Problem = { readonly pointer: string; readonly code: ProblemCode; readonly message: string }
export type ProblemCode =
  | 'SHAPE_MEMBER_UNKNOWN'
  | 'SHAPE_MEMBER_MISSING'
  | 'SHAPE_TYPE'
  | 'SHAPE_CARDINALITY'
  | 'SHAPE_VALUE'
  | 'SHAPE_REPEATED'
  | 'SHAPE_ID_REPEATED'

/** `exact`: arrays just where the format has them. `lenient`: one value may stand for an array of one. */
export type Strictness = 'exact' | 'lenient'

/** A class of Open Badges 3.0.3 or of the VC Data Model 2.0. */
export type ClassName =
  | 'Achievement'
  | 'AchievementSubject'
  | 'Address'
  | 'Alignment'
  | 'Credential'
  | 'AchievementCredential'
  | 'CredentialV1'
  | 'AchievementCredentialV1'
  | 'Criteria'
  | 'EndorsementSubject'
  | 'Evidence'
  | 'GeoCoordinates'
  | 'Holder'
  | 'IdentifierEntry'
  | 'IdentityObject'
  | 'Image'
  | 'Presentation'
  | 'Profile'
  | 'Proof'
  | 'Reference'
  | 'RelatedResource'
  | 'Related'
  | 'Result'
  | 'ResultDescription'
  | 'RubricCriterionLevel'
  | 'Status'
  | 'Typed'

const text = { is: 'text' } as const
const texts = { is: 'text', many: true } as const
const iri = { is: 'iri' } as const
const id = { is: 'iri', required: true } as const
const type = { is: 'text', many: true, required: true } as const
const scalarType = { is: 'text', required: true } as const
const requiredText = { is: 'text', required: true } as const
const number = { is: 'number' } as const
const image = { is: 'Image' } as const
const alignments = { is: 'Alignment', many: true } as const
const endorsements = { is: 'Credential', many: true } as const

const credential = {
  '@context': { is: 'any', many: true, required: true },
  id,
  type,
  name: { is: 'label', many: 'maybe' },
  description: { is: 'label', many: 'maybe' },
  image,
  issuer: { is: 'Profile', required: true },
  validFrom: { is: 'dateTime', required: true },
  validUntil: { is: 'dateTime' },
  awardedDate: { is: 'dateTime' },
  evidence: { is: 'Evidence', many: true },
  endorsement: endorsements,
  credentialSchema: { is: 'Reference', many: true },
  credentialStatus: { is: 'Status', many: 'maybe' },
  refreshService: { is: 'Reference' },
  relatedResource: { is: 'RelatedResource', many: true },
  termsOfUse: { is: 'Typed', many: true },
  proof: { is: 'Proof', many: true },
} as const satisfies Record<string, Member>

const { validFrom, validUntil, ...lasting } = credential

/** VC Data Model 1.1 §4.5, §4.6: the period has other names. */
const credentialV1 = { ...lasting, issuanceDate: validFrom, expirationDate: validUntil } as const

/** The members of every class. */
export const classes: Readonly<Record<ClassName, Class>> = {
  Achievement: {
    members: {
      id,
      type,
      alignment: alignments,
      achievementType: text,
      creator: { is: 'Profile' },
      creditsAvailable: number,
      criteria: { is: 'Criteria', required: true },
      description: requiredText,
      endorsement: endorsements,
      fieldOfStudy: text,
      humanCode: text,
      image,
      inLanguage: text,
      name: requiredText,
      otherIdentifier: { is: 'IdentifierEntry', many: true },
      related: { is: 'Related', many: true },
      resultDescription: { is: 'ResultDescription', many: true },
      specialization: text,
      tag: texts,
      version: text,
    },
  },
  AchievementSubject: {
    members: {
      id: iri,
      type,
      identifier: { is: 'IdentityObject', many: true },
      image,
      achievement: { is: 'Achievement', required: true },
      activityStartDate: { is: 'dateTime' },
      activityEndDate: { is: 'dateTime' },
      creditsEarned: number,
      licenseNumber: text,
      narrative: text,
      result: { is: 'Result', many: true },
      role: text,
      source: { is: 'Profile' },
      term: text,
    },
  },
  Address: {
    members: {
      type,
      addressCountry: text,
      addressCountryCode: text,
      addressRegion: text,
      addressLocality: text,
      streetAddress: text,
      postOfficeBoxNumber: text,
      postalCode: text,
      geo: { is: 'GeoCoordinates' },
    },
  },
  Alignment: {
    members: {
      type,
      targetCode: text,
      targetDescription: text,
      targetFramework: text,
      targetName: requiredText,
      targetType: text,
      targetUrl: id,
    },
  },
  Credential: { members: { ...credential, credentialSubject: { is: 'EndorsementSubject', required: true } } },
  AchievementCredential: {
    members: { ...credential, credentialSubject: { is: 'AchievementSubject', required: true } },
  },
  CredentialV1: { members: { ...credentialV1, credentialSubject: { is: 'EndorsementSubject', required: true } } },
  AchievementCredentialV1: {
    members: { ...credentialV1, credentialSubject: { is: 'AchievementSubject', required: true } },
  },
  Criteria: { members: { id: iri, narrative: text } },
  EndorsementSubject: { members: { id, type, endorsementComment: text } },
  Evidence: {
    members: {
      id: iri,
      type,
      name: text,
      description: text,
      narrative: text,
      genre: text,
      audience: text,
    },
  },
  GeoCoordinates: {
    members: {
      type: scalarType,
      latitude: { is: 'number', required: true },
      longitude: { is: 'number', required: true },
    },
  },
  Holder: { members: { id, type: texts, name: text }, open: true },
  IdentifierEntry: { members: { type: scalarType, identifier: requiredText, identifierType: requiredText } },
  IdentityObject: {
    members: {
      type: scalarType,
      hashed: { is: 'boolean', required: true },
      identityHash: requiredText,
      identityType: requiredText,
      salt: text,
    },
  },
  Image: { members: { id, type: scalarType, caption: text } },
  Presentation: {
    members: {
      '@context': { is: 'any', many: true, required: true },
      id: iri,
      type,
      holder: { is: 'Holder' },
      verifiableCredential: { is: 'any', many: true },
      termsOfUse: { is: 'Typed', many: true },
      proof: { is: 'Proof', many: true },
    },
  },
  Profile: {
    members: {
      id,
      type,
      name: text,
      url: iri,
      phone: text,
      description: text,
      endorsement: endorsements,
      image,
      email: text,
      address: { is: 'Address' },
      otherIdentifier: { is: 'IdentifierEntry', many: true },
      official: text,
      parentOrg: { is: 'Profile' },
      familyName: text,
      givenName: text,
      additionalName: text,
      patronymicName: text,
      honorificPrefix: text,
      honorificSuffix: text,
      familyNamePrefix: text,
      dateOfBirth: { is: 'date' },
    },
  },
  Proof: {
    members: {
      '@context': { is: 'any', many: true },
      id: iri,
      type: scalarType,
      cryptosuite: text,
      created: { is: 'dateTime' },
      expires: { is: 'dateTime' },
      verificationMethod: iri,
      proofPurpose: text,
      proofValue: text,
      previousProof: { is: 'iri', many: 'maybe' },
      domain: { is: 'text', many: 'maybe' },
      challenge: text,
      nonce: text,
    },
  },
  Reference: { members: { id, type: scalarType } },
  RelatedResource: { members: { id, mediaType: text, digestSRI: text, digestMultibase: text } },
  Related: { members: { id, type, inLanguage: text, version: text } },
  Result: {
    members: {
      type,
      achievedLevel: iri,
      alignment: alignments,
      resultDescription: iri,
      status: text,
      value: text,
    },
  },
  ResultDescription: {
    members: {
      id,
      type,
      alignment: alignments,
      allowedValue: texts,
      name: requiredText,
      requiredLevel: iri,
      requiredValue: text,
      resultType: requiredText,
      rubricCriterionLevel: { is: 'RubricCriterionLevel', many: true },
      valueMax: text,
      valueMin: text,
    },
  },
  RubricCriterionLevel: {
    members: { id, type, alignment: alignments, description: text, level: text, name: requiredText, points: text },
  },
  Status: {
    members: {
      id: iri,
      type: scalarType,
      statusPurpose: text,
      statusListIndex: text,
      statusListCredential: iri,
      statusReference: { is: 'iri', many: true },
    },
  },
  Typed: { members: { id: iri, type: scalarType }, open: true },
}

const achievementTypes = ['VerifiableCredential', 'OpenBadgeCredential']
const endorsementTypes = ['VerifiableCredential', 'EndorsementCredential']

const credentialTypes: Partial<Record<ClassName, readonly string[]>> = {
  AchievementCredential: achievementTypes,
  AchievementCredentialV1: achievementTypes,
  Credential: endorsementTypes,
  CredentialV1: endorsementTypes,
}

/** What a class is in documents of the VC Data Model 1.1, which others have still. */
const older: Partial<Record<ClassName, ClassName>> = {
  AchievementCredential: 'AchievementCredentialV1',
  Credential: 'CredentialV1',
}

/** The types of the classes that are not called by their own name; none where a class stands for many. */
const types: Partial<Record<ClassName, readonly string[]>> = {
  ...credentialTypes,
  Holder: [],
  Presentation: ['VerifiablePresentation'],
  Proof: ['DataIntegrityProof'],
  Reference: [],
  Status: ['BitstringStatusListEntry'],
  Typed: [],
}

/**
 * Every place where a value is not of a class's shape; none when it is. Total: never throws on what
 * {@link Json.parse} reads.
 */
export function check(value: Json.Value, className: ClassName, strictness: Strictness): readonly Problem[] {
  const problems: Problem[] = []
  const state = { problems, strictness }
  checkClass(state, value, className, '')
  checkIds(state, value, '', new Map())
  return problems
}

/**
 * Asserts the exact shape.
 *
 * @throws {ShapeError} with the code of the first problem and the pointers of all
 */
export function assert(value: Json.Value, className: ClassName): void {
  const problems = check(value, className, 'exact')
  if (problems[0] !== undefined) throw new ShapeError(problems)
}

/** Every text, number and truth value of a value that has its exact shape, each with what it has to be. */
export function* leaves(
  value: Json.Value,
  className: ClassName,
): Generator<{ readonly kind: Kind; readonly value: Json.Value }> {
  for (const [name, item] of Object.entries(Json.isObject(value) ? value : {})) {
    const kind = classes[className].members[name]?.is
    if (kind !== undefined)
      for (const one of Json.isArray(item) ? item : [item]) {
        if (isKind(kind)) yield { kind, value: one }
        else yield* leaves(one, kind)
      }
  }
}

function isKind(name: Kind | ClassName): name is Kind {
  return !Object.hasOwn(classes, name)
}

/** Whether a value is of a kind, as an exact shape has it. */
export function isOfKind(value: Json.Value, kind: Kind): boolean {
  const problems: Problem[] = []
  checkItem({ problems, strictness: 'exact' }, value, kind, '')
  return problems.length === 0
}

type State = { readonly problems: Problem[]; readonly strictness: Strictness }

/** A place in the document: the whole, or what has a name or a number in another place. */
type Place = '' | { readonly parent: Place; readonly name: string | number }

/** As a JSON Pointer (RFC 6901). Few documents have a problem, so nobody writes pointers before there is one. */
function toPointer(place: Place): string {
  if (place === '') return ''
  return `${toPointer(place.parent)}/${String(place.name).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

const requiredNames: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(classes).map(([className, { members }]) => [
    className,
    Object.keys(members).filter((name) => members[name]?.required === true),
  ]),
)

function checkClass(state: State, value: Json.Value, className: ClassName, place: Place): void {
  if (!Json.isObject(value)) {
    report(state, place, 'SHAPE_TYPE', 'An object is expected here.')
    return
  }
  const version = state.strictness === 'lenient' && isV1(value) ? older[className] : undefined
  if (version !== undefined) {
    checkClass(state, value, version, place)
    return
  }
  const { members, open } = classes[className]
  for (const name of Object.keys(value)) {
    const member = Object.hasOwn(members, name) ? members[name] : undefined
    const at = { parent: place, name }
    if (member !== undefined) checkMember(state, value[name] as Json.Value, member, at)
    else if (open !== true || state.strictness === 'exact')
      report(state, at, 'SHAPE_MEMBER_UNKNOWN', 'No standard gives this member a meaning here.')
  }
  checkType(state, value, className, place)
  for (const name of requiredNames.get(className) ?? [])
    if (!Object.hasOwn(value, name))
      report(state, { parent: place, name }, 'SHAPE_MEMBER_MISSING', 'This member is required and missing.')
}

/** Whether a credential, or what presents some, is of the VC Data Model 1.1: by its first context. */
export function isV1({ '@context': context }: Json.Object): boolean {
  return (Json.isArray(context) ? context[0] : context) === Contexts.credentialsV1
}

/** Classes whose types others choose for themselves, or by which the class was found. */
const chosen: readonly ClassName[] = [
  'AchievementCredential',
  'AchievementCredentialV1',
  'Credential',
  'CredentialV1',
  'Presentation',
  'Proof',
  'Status',
]

/** Every class by its own name: other names and absolute IRIs can be the same statement. */
function checkType(state: State, { type }: Json.Object, className: ClassName, place: Place): void {
  if (state.strictness === 'lenient' && chosen.includes(className)) return
  const expected = types[className] ?? [className]
  const found = Json.isArray(type) ? type : [type]
  const isWell = Object.hasOwn(credentialTypes, className)
    ? found.length === expected.length && found.every((name, i) => name === expected[i])
    : expected.every((name) => found.includes(name))
  if (type !== undefined && !isWell)
    report(state, { parent: place, name: 'type' }, 'SHAPE_VALUE', `The type here is ${expected.join(', ')}.`)
}

function checkMember(state: State, value: Json.Value, member: Member, place: Place): void {
  const wrapped = Json.isArray(value)
  const exact = state.strictness === 'exact'
  const isList = member.many === true
  if (isList ? !wrapped && exact : wrapped && (exact || member.many === undefined)) {
    const message = isList ? 'A list is expected here.' : 'One value is expected here.'
    report(state, place, 'SHAPE_CARDINALITY', message)
    return
  }
  if (!wrapped) {
    checkItem(state, value, member.is, place)
    return
  }
  if (value.length === 0)
    report(state, place, 'SHAPE_CARDINALITY', 'An empty list says nothing and may not stand here.')
  const seen = Json.isRepetitive(value) ? new Set<string>() : undefined
  value.forEach((item, i) => {
    const at = { parent: place, name: i }
    if (seen?.has(JSON.stringify(item)))
      report(state, at, 'SHAPE_REPEATED', 'The same value stands twice in this list.')
    seen?.add(JSON.stringify(item))
    checkItem(state, item, member.is, at)
  })
}

function checkItem(state: State, value: Json.Value, is: Kind | ClassName, place: Place): void {
  switch (is) {
    case 'any':
      break
    case 'text':
      expect(state, place, typeof value === 'string', 'text')
      break
    case 'label':
      checkLabel(state, value, place)
      break
    case 'number':
      expect(state, place, typeof value === 'number', 'a number')
      break
    case 'boolean':
      expect(state, place, typeof value === 'boolean', 'true or false')
      break
    case 'iri':
      checkForm(state, value, place, isIri, 'an absolute identifier')
      break
    case 'dateTime':
      checkForm(state, value, place, DateTimeStamp.isValid, 'a date and time with a time zone')
      break
    case 'date':
      checkForm(state, value, place, (date) => DateTimeStamp.isValid(`${date}T00:00:00Z`), 'a date')
      break
    case 'Holder':
    case 'Profile':
      // VC Data Model 2.0 §4.7, §4.13: an issuer is an object or its URL alone, and so is a holder.
      if (typeof value === 'string' && state.strictness === 'lenient') checkItem(state, value, 'iri', place)
      else checkClass(state, value, is, place)
      break
    default:
      checkClass(state, value, is, place)
  }
}

function checkForm(
  state: State,
  value: Json.Value,
  place: Place,
  isWell: (text: string) => boolean,
  what: string,
): void {
  if (typeof value !== 'string') expect(state, place, false, what)
  else if (!isWell(value)) report(state, place, 'SHAPE_VALUE', `This is not ${what}.`)
}

// VC Data Model 2.0 §11.1: a language value object has @value and @language, and may have @direction.
function checkLabel(state: State, value: Json.Value, place: Place): void {
  if (typeof value === 'string') return
  const {
    '@value': content,
    '@language': language,
    '@direction': direction,
    ...rest
  } = Json.isObject(value) ? value : {}
  const well =
    typeof content === 'string' &&
    typeof language === 'string' &&
    (direction === undefined || direction === 'ltr' || direction === 'rtl') &&
    Object.keys(rest).length === 0
  expect(state, place, state.strictness === 'lenient' && well, 'text')
}

/**
 * One node may be described in one place only: what is said of an `id` in two places could be moved from one to the
 * other, and no signature over the statements would see it.
 *
 * What an endorsement is about is described elsewhere in the document, and has its place here all the same: the
 * endorsement has a signature of its own, which nothing can be moved out of or into.
 *
 * Others often describe a person twice: an issuer as the creator as well, or as the recipient. Whatever is moved between the
 * two is still said of that person, by the same issuer, and each keeps its type.
 *
 * @param nodes where each id was last seen
 */
function checkIds(state: State, value: Json.Value, place: Place, nodes: Map<string, Json.Object>): void {
  if (Json.isArray(value))
    for (const [i, item] of value.entries()) checkIds(state, item, { parent: place, name: i }, nodes)
  if (!Json.isObject(value)) return
  const isLenient = state.strictness === 'lenient'
  if (typeof value.id === 'string' && !(isLenient && isEndorsed(value))) {
    const other = nodes.get(value.id)
    const isSame = other === undefined || JSON.stringify(other) === JSON.stringify(value)
    if (!isSame && !(isLenient && isSomebody(other) && isSomebody(value)))
      report(state, place, 'SHAPE_ID_REPEATED', 'The same thing is described in two places, and differently.')
    nodes.set(value.id, value)
  }
  for (const name of Object.keys(value)) checkIds(state, value[name] as Json.Value, { parent: place, name }, nodes)
}

function isSomebody(value: Json.Object): boolean {
  return isOf(value, 'Profile') || isOf(value, 'AchievementSubject')
}

function isOf({ type }: Json.Object, className: ClassName): boolean {
  return Json.isArray(type) ? type.includes(className) : type === className
}

function isEndorsed({ type, ...rest }: Json.Object): boolean {
  return (
    isOf({ type: type ?? null }, 'EndorsementSubject') &&
    Object.keys(rest).every((name) => name === 'id' || name === 'endorsementComment')
  )
}

function isIri(value: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(value)
}

function expect(state: State, place: Place, condition: boolean, what: string): void {
  if (!condition) report(state, place, 'SHAPE_TYPE', `Here stands something else than ${what}.`)
}

function report(state: State, place: Place, code: ProblemCode, message: string): void {
  state.problems.push({ pointer: toPointer(place), code, message })
}

/** Thrown when a document about to be signed is not of the exact shape. */
export class ShapeError extends Errors.BaseError<ProblemCode> {
  override readonly name = 'Shape.ShapeError'
  constructor(problems: readonly Problem[]) {
    const [first = { pointer: '', code: 'SHAPE_TYPE' as const, message: '' }] = problems
    super(first.code, `${first.pointer}: ${first.message}`, {
      facts: { pointers: problems.map(({ pointer }) => pointer) },
    })
  }
}
