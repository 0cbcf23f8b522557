import type * as Json from '@laurel/core/Json'
import * as Roster from '../../../server/src/roster/Roster.ts'

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

/** The error with which a roster is refused. */
export function refusal(roster: string | Uint8Array, more: Roster.Options = {}): Roster.InvalidRosterError {
  try {
    Roster.read(typeof roster === 'string' ? utf8(roster) : roster, { ...options, ...more })
  } catch (error) {
    if (error instanceof Roster.InvalidRosterError) return error
    throw error
  }
  throw new Error('The roster was taken')
}

/** The same in short: row, column and code of every problem. */
export function codes(roster: string | Uint8Array, more: Roster.Options = {}): readonly string[] {
  const { code, problems } = refusal(roster, more)
  if (problems.length === 0) return [code]
  return problems.map((problem) => `${problem.row} ${problem.column ?? '-'} ${problem.code}`)
}

/** The people on a roster that is taken. */
export const taken = (roster: string | Uint8Array, more: Roster.Options = {}) =>
  Roster.read(typeof roster === 'string' ? utf8(roster) : roster, { ...options, ...more })

/** A roster of one person, whose column has this cell. */
export const one = (column: string, cell: string) =>
  `name,email,${column}\nAnn,ann@example.org,"${cell.replaceAll('"', '""')}"\n`

/** Their names. */
export const namesOf = (roster: string | Uint8Array) =>
  taken(roster).map(({ recipient }) => recipient.identifiers?.[0]?.value)
