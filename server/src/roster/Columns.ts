import type * as AchievementCredential from '@laurel/core/AchievementCredential'
import * as Table from './Table.ts'

/** The columns that a roster may have, beside one `result:NAME` for each result that the achievement describes. */
export const names = [
  'name',
  'email',
  'did',
  'wallet',
  'language',
  'achievement',
  'validFrom',
  'validUntil',
  'awardedDate',
  'activityStartDate',
  'activityEndDate',
  'creditsEarned',
  'licenseNumber',
  'role',
  'term',
  'narrative',
  'evidenceUrl',
  'evidenceName',
  'evidenceDescription',
  'evidenceNarrative',
  'evidenceGenre',
  'evidenceAudience',
] as const

export type Name = (typeof names)[number]

/** Where each column stands, and which result description each result column is for. Places count from 0. */
export type Columns = {
  readonly places: ReadonlyMap<Name, number>
  readonly results: readonly {
    readonly place: number
    readonly name: string
    readonly description: AchievementCredential.ResultDescription
  }[]
  readonly problems: readonly Problem[]
}

type Problem = { readonly column: string; readonly code: string; readonly message: string }

const byKey: ReadonlyMap<string, Name> = new Map(names.map((name) => [key(name), name]))

/** Whether a text is the name of a column. Case, spaces, hyphens and underscores do not count. */
export function isName(text: string): boolean {
  return byKey.has(key(text)) || resultName(text) !== undefined
}

/** What columns are called elsewhere, by what they are called here; `null` for those that are left out. */
export type Mapping = ReadonlyMap<string, string | null>

/** Finds the columns that a header names, and everything that is wrong with it. */
export function find(
  header: readonly string[],
  descriptions: readonly AchievementCredential.ResultDescription[],
  mapping: Mapping = new Map(),
): Columns {
  const places = new Map<Name, number>()
  const results: { place: number; name: string; description: AchievementCredential.ResultDescription }[] = []
  const problems: Problem[] = []
  for (const [place, own] of header.entries()) {
    const text = mapping.has(own) ? mapping.get(own) : own
    if (text === null || text === undefined) continue
    const result = resultName(text)
    const name = byKey.get(key(text))
    if (result !== undefined) {
      const description = describe(result, descriptions)
      if (description === undefined) problems.push(unknownResult(place, descriptions))
      else if (results.some((one) => one.description === description)) problems.push(twice(place))
      else results.push({ place, name: `result:${description.name}`, description })
    } else if (name === undefined) problems.push(unknown(place, text))
    else if (places.has(name)) problems.push(twice(place, name))
    else places.set(name, place)
  }
  for (const [own, text] of mapping) {
    if (!header.includes(own)) problems.push(absent(own))
    else if (text !== null && !isName(text)) problems.push(unmapped(own))
  }
  if (!places.has('name')) problems.push(missing('name', 'There is no column name.'))
  if (!(places.has('email') || places.has('did') || places.has('wallet')))
    problems.push(
      missing('email', 'There is none of the columns email, did and wallet, by which a person is identified.'),
    )
  return { places, results, problems }
}

function key(text: string): string {
  return text.toLowerCase().replace(/[ _-]/g, '')
}

function resultName(text: string): string | undefined {
  return /^ *results? *: *(.*?) *$/is.exec(text)?.[1]
}

/** The description of this very name, or else the only one that differs from it in case or composition alone. */
function describe(name: string, descriptions: readonly AchievementCredential.ResultDescription[]) {
  const exact = descriptions.filter((description) => description.name === name)
  const fold = (text: string) => text.normalize('NFC').toLowerCase()
  const alike = exact.length > 0 ? exact : descriptions.filter((description) => fold(description.name) === fold(name))
  return alike.length === 1 ? alike[0] : undefined
}

// The name found is not repeated: where a roster has no header, it is a person's.
function unknown(place: number, text: string): Problem {
  const message =
    text.trim() === ''
      ? 'This column has no name.'
      : `The name of this column is not one that a roster has: ${names.join(', ')}, result:NAME.`
  return { column: Table.letter(place), code: 'CSV_UNKNOWN_COLUMN', message }
}

function unknownResult(place: number, descriptions: readonly AchievementCredential.ResultDescription[]): Problem {
  const known = descriptions.map((description) => `result:${description.name}`).join(', ')
  return {
    column: Table.letter(place),
    code: 'RESULT_UNKNOWN',
    message: `The achievement describes no such result, or more than one. It has ${known === '' ? 'none' : known}.`,
  }
}

function twice(place: number, name?: Name): Problem {
  return {
    column: name ?? Table.letter(place),
    code: 'CSV_DUPLICATE_HEADER',
    message: `Column ${Table.letter(place)} has the name of an earlier column.`,
  }
}

function absent(own: string): Problem {
  const message = 'A column that the mapping names is not in the header.'
  return { column: own.slice(0, 80), code: 'CSV_MISSING_COLUMN', message }
}

function unmapped(own: string): Problem {
  const message = `A column is mapped to a name that a roster does not have: ${names.join(', ')}, result:NAME.`
  return { column: own.slice(0, 80), code: 'CSV_UNKNOWN_COLUMN', message }
}

function missing(column: Name, message: string): Problem {
  return { column, code: 'CSV_MISSING_COLUMN', message }
}
