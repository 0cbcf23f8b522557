import * as Contexts from './Contexts.ts'
import * as DateTimeStamp from './DateTimeStamp.ts'
import * as Errors from './Errors.ts'
import type * as Json from './Json.ts'
import * as Shape from './Shape.ts'

// The classes of Open Badges 3.0.3 §B.1, each with all its members.

export type Image = { readonly id: string; readonly type: 'Image'; readonly caption?: string }

export type IdentifierEntry = {
  readonly type: 'IdentifierEntry'
  readonly identifier: string
  readonly identifierType: string
}

export type GeoCoordinates = {
  readonly type: 'GeoCoordinates'
  readonly latitude: number
  readonly longitude: number
}

export type Address = {
  readonly type: readonly string[]
  readonly addressCountry?: string
  readonly addressCountryCode?: string
  readonly addressRegion?: string
  readonly addressLocality?: string
  readonly streetAddress?: string
  readonly postOfficeBoxNumber?: string
  readonly postalCode?: string
  readonly geo?: GeoCoordinates
}

/** A person or an organisation. `dateOfBirth` is `YYYY-MM-DD`. */
export type Profile = {
  readonly id: string
  readonly type: readonly string[]
  readonly name?: string
  readonly url?: string
  readonly phone?: string
  readonly description?: string
  readonly endorsement?: readonly Json.Object[]
  readonly image?: Image
  readonly email?: string
  readonly address?: Address
  readonly otherIdentifier?: readonly IdentifierEntry[]
  readonly official?: string
  readonly parentOrg?: Profile
  readonly familyName?: string
  readonly givenName?: string
  readonly additionalName?: string
  readonly patronymicName?: string
  readonly honorificPrefix?: string
  readonly honorificSuffix?: string
  readonly familyNamePrefix?: string
  readonly dateOfBirth?: string
}

/** Who issues: a profile whose `id` is a DID. */
export type IssuerProfile = Profile

export type Alignment = {
  readonly type: readonly string[]
  readonly targetCode?: string
  readonly targetDescription?: string
  readonly targetFramework?: string
  readonly targetName: string
  readonly targetType?: string
  readonly targetUrl: string
}

export type RubricCriterionLevel = {
  readonly id: string
  readonly type: readonly string[]
  readonly alignment?: readonly Alignment[]
  readonly description?: string
  readonly level?: string
  readonly name: string
  readonly points?: string
}

export type ResultDescription = {
  readonly id: string
  readonly type: readonly string[]
  readonly alignment?: readonly Alignment[]
  readonly allowedValue?: readonly string[]
  readonly name: string
  readonly requiredLevel?: string
  readonly requiredValue?: string
  readonly resultType: string
  readonly rubricCriterionLevel?: readonly RubricCriterionLevel[]
  readonly valueMax?: string
  readonly valueMin?: string
}

export type Related = {
  readonly id: string
  readonly type: readonly string[]
  readonly inLanguage?: string
  readonly version?: string
}

/** What can be accomplished. */
export type Achievement = {
  readonly id: string
  readonly type: readonly string[]
  readonly alignment?: readonly Alignment[]
  readonly achievementType?: string
  readonly creator?: Profile
  readonly creditsAvailable?: number
  readonly criteria: { readonly id?: string; readonly narrative?: string }
  readonly description: string
  readonly endorsement?: readonly Json.Object[]
  readonly fieldOfStudy?: string
  readonly humanCode?: string
  readonly image?: Image
  readonly inLanguage?: string
  readonly name: string
  readonly otherIdentifier?: readonly IdentifierEntry[]
  readonly related?: readonly Related[]
  readonly resultDescription?: readonly ResultDescription[]
  readonly specialization?: string
  readonly tag?: readonly string[]
  readonly version?: string
}

/** Unhashed, in a document that its learner holds. `type` is one of the standard's identifier types, or `ext:…`. */
export type Identifier = { readonly type: string; readonly value: string }

/** `id` is required here, although the standard leaves it open: other readers stumble over evidence without one. */
export type Evidence = {
  readonly id: string
  readonly name?: string
  readonly description?: string
  readonly narrative?: string
  readonly genre?: string
  readonly audience?: string
}

/** `resultDescription` and `achievedLevel` are ids of the achievement's. */
export type Result = {
  readonly achievedLevel?: string
  readonly alignment?: readonly Alignment[]
  readonly resultDescription?: string
  readonly status?: string
  readonly value?: string
}

/** Who receives the credential, and everything that is said of them. Dates are `dateTimeStamp`s. */
export type Recipient = {
  /** A DID of the learner's choosing. */
  readonly id?: string
  readonly identifiers?: readonly Identifier[]
  readonly image?: Image
  readonly creditsEarned?: number
  readonly activityStartDate?: string
  readonly activityEndDate?: string
  readonly licenseNumber?: string
  readonly narrative?: string
  readonly role?: string
  readonly source?: Profile
  readonly term?: string
  readonly results?: readonly Result[]
  readonly evidence?: readonly Evidence[]
}

export type Options = {
  /** A random `urn:uuid:`. */
  readonly id: string
  readonly issuer: IssuerProfile
  readonly achievement: Achievement
  readonly recipient: Recipient
  readonly validFrom: string
  readonly validUntil?: string
  readonly awardedDate?: string
  /** The entry in a status list, see `StatusList.entry`. */
  readonly status?: Json.Object
}

/** What differs from recipient to recipient of one batch. */
export type Award = Omit<Options, 'issuer' | 'achievement'>

/**
 * Builds an achievement credential without proof (VC Data Model 2.0, Open Badges 3.0.3) in the one shape in which
 * Laurel issues it. The same options give the same document, member for member.
 *
 * @throws {Shape.ShapeError} SHAPE_… when a value is not what the standard has in its place
 * @throws {RecipientError} RECIPIENT_UNKNOWN when nothing says who received it
 * @throws {PeriodError} PERIOD_INVALID when it ends before it begins
 * @throws {ResultError} RESULT_UNKNOWN when a result refers to nothing in the achievement
 */
export function build(options: Options): Json.Object {
  const credential = layout(options)
  Shape.assert(credential, 'AchievementCredential')
  check(options)
  return credential
}

/** Lays out what {@link build} builds, and checks nothing. */
export function layout(options: Options): Json.Object {
  const { id, issuer, achievement, recipient, validFrom, validUntil, awardedDate, status } = options
  return compact({
    '@context': [Contexts.credentialsV2, Contexts.openBadges],
    id,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer,
    validFrom,
    validUntil,
    awardedDate,
    name: achievement.name,
    credentialSubject: compact({
      id: recipient.id,
      type: ['AchievementSubject'],
      identifier: recipient.identifiers?.map(identityObject),
      image: recipient.image,
      creditsEarned: recipient.creditsEarned,
      activityStartDate: recipient.activityStartDate,
      activityEndDate: recipient.activityEndDate,
      licenseNumber: recipient.licenseNumber,
      narrative: recipient.narrative,
      role: recipient.role,
      source: recipient.source,
      term: recipient.term,
      achievement,
      result: recipient.results?.map((result) => compact({ type: ['Result'], ...result })),
    }),
    evidence: recipient.evidence?.map(({ id, ...rest }) => compact({ id, type: ['Evidence'], ...rest })),
    credentialStatus: status,
  })
}

/**
 * Checks what a shape cannot say: that the members make sense together.
 *
 * @throws {RecipientError}, {PeriodError}, {ResultError} as {@link build} does
 */
export function check({ achievement, recipient, validFrom, validUntil }: Options): void {
  if (recipient.id === undefined && !recipient.identifiers?.length) throw new RecipientError()
  checkPeriod('validUntil', validFrom, validUntil)
  checkPeriod('activityEndDate', recipient.activityStartDate, recipient.activityEndDate)
  checkResults(achievement, recipient.results ?? [])
}

function identityObject({ type, value }: Identifier): Json.Object {
  return { type: 'IdentityObject', hashed: false, identityHash: value, identityType: type }
}

/** Leaves out what is absent: the standard has no empty lists. */
function compact(members: Readonly<Record<string, unknown>>): Json.Object {
  const present = Object.entries(members).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(present) as Json.Object
}

function checkPeriod(member: string, from: string | undefined, until: string | undefined): void {
  if (from === undefined || until === undefined) return
  if (DateTimeStamp.toMilliseconds(until) < DateTimeStamp.toMilliseconds(from)) throw new PeriodError(member)
}

function checkResults(achievement: Achievement, results: readonly Result[]): void {
  const descriptions = new Map(achievement.resultDescription?.map((description) => [description.id, description]))
  for (const { resultDescription, achievedLevel } of results) {
    const description = resultDescription === undefined ? undefined : descriptions.get(resultDescription)
    if (resultDescription !== undefined && description === undefined) throw new ResultError()
    const levels = description?.rubricCriterionLevel?.map((level) => level.id) ?? []
    if (achievedLevel !== undefined && !levels.includes(achievedLevel)) throw new ResultError()
  }
}

/** Thrown when a recipient has neither a DID nor another identifier. */
export class RecipientError extends Errors.BaseError<'RECIPIENT_UNKNOWN'> {
  override readonly name = 'AchievementCredential.RecipientError'
  constructor() {
    super('RECIPIENT_UNKNOWN', 'A credential says for whom it is: by a DID, a name, an e-mail address or the like.')
  }
}

/** Thrown when a period ends before it begins. `member` is the one that ends it. */
export class PeriodError extends Errors.BaseError<'PERIOD_INVALID'> {
  override readonly name = 'AchievementCredential.PeriodError'
  constructor(member: string) {
    super('PERIOD_INVALID', 'This period ends before it begins.', { facts: { member } })
  }
}

/** Thrown when a result names a description, or a level, that the achievement has not. */
export class ResultError extends Errors.BaseError<'RESULT_UNKNOWN'> {
  override readonly name = 'AchievementCredential.ResultError'
  constructor() {
    super('RESULT_UNKNOWN', 'A result refers to something that the achievement does not describe.')
  }
}
