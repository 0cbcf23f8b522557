import type * as Json from '@laurel/core/Json'
import type { Fields } from '../../../server/src/Document.ts'
import * as Roster from '../../../server/src/roster/Roster.ts'
import type { Source } from '../../../server/src/roster/Source.ts'

/** Text as bytes. */
export const utf8 = (text: string) => new TextEncoder().encode(text)

/** An achievement with a result of every kind. */
export const achievement: Json.Object = {
  id: 'https://example.org/achievements/a1',
  humanCode: 'A1',
  name: 'Reading rivers',
  creator: { id: 'https://example.org/', type: ['Profile'] },
  resultDescription: [
    {
      id: 'urn:uuid:1',
      name: 'Exam',
      resultType: 'Percent',
      valueMin: '0',
      valueMax: '100',
      type: ['ResultDescription'],
    },
    {
      id: 'urn:uuid:2',
      name: 'Grade',
      resultType: 'LetterGrade',
      allowedValue: ['A', 'B'],
      type: ['ResultDescription'],
    },
    {
      id: 'urn:uuid:3',
      name: 'Field, work',
      resultType: 'RubricCriterionLevel',
      type: ['ResultDescription'],
      rubricCriterionLevel: [
        { id: 'urn:uuid:31', name: 'passed', level: '1', type: ['RubricCriterionLevel'] },
        { id: 'urn:uuid:32', name: 'with distinction', level: '2', type: ['RubricCriterionLevel'] },
      ],
    },
    { id: 'urn:uuid:4', name: 'Standing', resultType: 'Status', type: ['ResultDescription'] },
    { id: 'urn:uuid:5', name: 'Essay', resultType: 'Result', type: ['ResultDescription'] },
  ],
}
/** What a roster is read against. */
export const options = { achievement, issuer: 'did:web:issuer.example.org', now: Date.parse('2026-03-01T00:00:00Z') }

/** A roster in pieces of some bytes. */
export function source(roster: string | Uint8Array, piece = 50_000): Source {
  const bytes = typeof roster === 'string' ? utf8(roster) : roster
  return async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
  }
}

/** Reads a roster both times, as 1-intake does. */
export async function read(roster: string | Uint8Array, more: Roster.Options = {}): Promise<readonly Fields[]> {
  const bytes = source(roster)
  const digest = await Roster.digest(bytes, more)
  const size = await Roster.check(bytes, digest, more)
  const people: Fields[] = []
  for await (const some of Roster.people(bytes, digest, more)) people.push(...some)
  if (people.length !== size) throw new Error(`${size} people were counted and ${people.length} read`)
  return people
}

/** The error with which a roster is refused. */
export async function refusal(
  roster: string | Uint8Array,
  more: Roster.Options = {},
): Promise<Roster.InvalidRosterError> {
  try {
    await read(roster, { ...options, ...more })
  } catch (error) {
    if (error instanceof Roster.InvalidRosterError) return error
    throw error
  }
  throw new Error('The roster was taken')
}

/** The same in short: row, column and code of every problem. */
export async function codes(roster: string | Uint8Array, more: Roster.Options = {}): Promise<readonly string[]> {
  const { code, problems } = await refusal(roster, more)
  if (problems.length === 0) return [code]
  return problems.map((problem) => `${problem.row} ${problem.column ?? '-'} ${problem.code}`)
}

/** The people on a roster that is taken. */
export const taken = (roster: string | Uint8Array, more: Roster.Options = {}) => read(roster, { ...options, ...more })

/** A roster of one person, whose column has this cell. */
export const one = (column: string, cell: string) =>
  `name,email,${column}\nAnn,ann@example.org,"${cell.replaceAll('"', '""')}"\n`

/** Their names. */
export const namesOf = async (roster: string | Uint8Array) =>
  (await taken(roster)).map(({ recipient }) => recipient.identifiers?.[0]?.value)
