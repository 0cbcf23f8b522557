import * as Bytes from '@laurel/core/Bytes'
import { pointer } from '../internal/pointer.ts'
import * as Columns from './Columns.ts'
import type { Problem } from './Refusal.ts'
import type { Source } from './Source.ts'

/** A person by the columns of a roster, and by the names of the results that the achievement describes. */
export type Recipient = { readonly [column in Exclude<Columns.Name, 'achievement'>]?: string | undefined } & {
  readonly results?: Readonly<Record<string, string>> | undefined
}

/** How many are written before others have their turn. */
const page = 500

/** The roster that says the same as a list of people: rows in their order, the header first. */
export function toRoster(people: readonly Recipient[]): Source {
  const used = Columns.names.filter(
    (name): name is Exclude<Columns.Name, 'achievement'> =>
      name === 'name' ||
      name === 'email' ||
      people.some((person) => (person as Record<string, unknown>)[name] !== undefined),
  )
  const results = [...new Set(people.flatMap(({ results }) => Object.keys(results ?? {})))]
  return async function* () {
    yield line([...used, ...results.map((name) => `result:${name}`)])
    for (let from = 0; from < people.length; from += page) {
      const rows = people.slice(from, from + page).map((person) => {
        const named = person.results ?? {}
        const own = results.map((name) => (Object.hasOwn(named, name) ? named[name] : undefined))
        return line([...used.map((name) => person[name]), ...own])
      })
      yield Bytes.concat(...rows)
    }
  }
}

/** Where a wrong place of such a roster stands in the list, as a JSON Pointer. What is wrong with the header is in all of them. */
export function place({ row, column }: Problem, list: string): string {
  if (row === 1) return list
  const [, result] = /^result:(.*)$/s.exec(column ?? '') ?? []
  const path = column === undefined ? [] : result === undefined ? [column] : ['results', result]
  return pointer(list, [row - 2, ...path])
}

function line(cells: readonly (string | undefined)[]): Uint8Array {
  return Bytes.fromUtf8(`${cells.map((cell) => `"${(cell ?? '').replaceAll('"', '""')}"`).join(',')}\r\n`)
}
