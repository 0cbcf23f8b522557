import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import { printable } from '@laurel/verifier/printable'

/** A link to somewhere else, or only what would be its text. */
export type Reference = { readonly label: string; readonly href: string | undefined; readonly note: string | undefined }

/** What a badge says that people want to know: text, of which nothing is markup. Moments are in milliseconds since 1970. */
export type Facts = {
  readonly name: string
  readonly description: string | undefined
  /** The language in which its issuer has written (BCP 47), where they say so. */
  readonly language: string | undefined
  readonly issuer: string
  /** As it stands there, to be asked for. */
  readonly issuerId: string | undefined
  readonly issuerUrl: string | undefined
  readonly recipient: string | undefined
  readonly issued: number | undefined
  readonly awarded: number | undefined
  readonly expires: number | undefined
  readonly field: string | undefined
  readonly credits: number | undefined
  /** In Markdown (Open Badges 3.0 §B.1.8). */
  readonly criteria: string | undefined
  readonly criteriaUrl: string | undefined
  /** The identifier under which this server has the image. */
  readonly image: string | undefined
  readonly skills: readonly Reference[]
  readonly results: readonly { readonly name: string; readonly value: string }[]
  readonly evidence: readonly (Omit<Reference, 'label'> & {
    readonly label: string | undefined
    readonly narrative: string | undefined
  })[]
}

/**
 * Reads a credential for a page. Everything in it is hostile: it comes from rosters and from definitions of anybody. Of
 * the identifiers of a recipient only a name is shown, never an address or a number: who follows a link has no need of them.
 */
export function read(credential: Json.Object): Facts {
  const subject = objectIn(credential.credentialSubject)
  const achievement = objectIn(subject.achievement)
  const criteria = objectIn(achievement.criteria)
  const issuer = objectIn(credential.issuer)
  return {
    name: text(achievement.name) ?? text(credential.name) ?? '',
    description: text(achievement.description, longest),
    language: languageIn(achievement.inLanguage),
    issuer: text(issuer.name) ?? text(issuer.id) ?? '',
    issuerId: typeof issuer.id === 'string' ? issuer.id : undefined,
    issuerUrl: link(issuer.url),
    recipient: nameIn(subject),
    issued: moment(credential.validFrom),
    awarded: moment(credential.awardedDate),
    expires: moment(credential.validUntil),
    field: text(achievement.fieldOfStudy),
    credits: numberIn(subject.creditsEarned) ?? numberIn(achievement.creditsAvailable),
    criteria: text(criteria.narrative, longest),
    criteriaUrl: link(criteria.id),
    image: /^ipfs:\/\/([a-z2-7]{10,100})$/.exec(String(objectIn(achievement.image).id))?.[1],
    skills: objectsIn(achievement.alignment).flatMap(reference),
    results: resultsIn(subject, achievement),
    evidence: objectsIn(credential.evidence).map((each) => ({
      label: text(each.name),
      href: link(each.id),
      note: text(each.description, longest),
      narrative: text(each.narrative, longest),
    })),
  }
}

const longest = 20_000

function reference({ targetName, targetUrl, targetFramework }: Json.Object): readonly Reference[] {
  const label = text(targetName)
  return label === undefined ? [] : [{ label, href: link(targetUrl), note: text(targetFramework) }]
}

function resultsIn(subject: Json.Object, achievement: Json.Object): Facts['results'] {
  const descriptions = objectsIn(achievement.resultDescription)
  return objectsIn(subject.result).flatMap((result) => {
    const description = descriptions.find(({ id }) => id === result.resultDescription)
    const level = objectsIn(description?.rubricCriterionLevel).find(({ id }) => id === result.achievedLevel)
    const name = text(description?.name)
    const value = text(result.value) ?? text(level?.name) ?? text(result.status)
    if (name === undefined || value === undefined) return []
    return [{ name, value: description?.resultType === 'Percent' ? `${value} %` : value }]
  })
}

function nameIn({ identifier }: Json.Object): string | undefined {
  const named = objectsIn(identifier).find(({ identityType, hashed }) => identityType === 'name' && hashed === false)
  return text(named?.identityHash)
}

/** Only where a browser goes to look at something: no script, no file, no program. */
function link(value: Json.Value | undefined): string | undefined {
  if (typeof value !== 'string' || !/^https?:\/\//i.test(value) || !URL.canParse(value)) return undefined
  return new URL(value).href
}

/** Lines stay; what could rewrite the order of text goes. */
function text(value: Json.Value | undefined, most?: number): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined
  if (most === undefined) return printable(value)
  return value
    .slice(0, most)
    .split(/\r\n?|\n/)
    .map(lineOf)
    .join('\n')
}

/** A line of any length: `printable` would cut it. */
function lineOf(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u{e0000}-\u{e007f}]/gu, '\ufffd')
}

function numberIn(value: Json.Value | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function languageIn(value: Json.Value | undefined): string | undefined {
  try {
    return typeof value === 'string' ? Intl.getCanonicalLocales(value)[0] : undefined
  } catch {
    return undefined
  }
}

function moment(value: Json.Value | undefined): number | undefined {
  if (typeof value !== 'string') return undefined
  try {
    return DateTimeStamp.toMilliseconds(value)
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
}

function objectIn(value: Json.Value | undefined): Json.Object {
  return Json.isObject(value) ? value : {}
}

function objectsIn(value: Json.Value | undefined): readonly Json.Object[] {
  return (Json.isArray(value) ? value : [value]).filter(Json.isObject)
}
