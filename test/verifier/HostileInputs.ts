import { existsSync, readFileSync } from 'node:fs'

/** An input of the table. */
export type Entry = {
  readonly id: string
  readonly surface: string
  readonly description: string
  readonly generator?: string
  readonly input?: { readonly value: string } | null
  readonly expected: { readonly verdict: string }
}

const table = new URL('../../../shared/reference/hostile-inputs.json', import.meta.url)

/** What the table has for some surfaces; nothing where it is not beside this clone. */
export function entries(...surfaces: readonly string[]): readonly Entry[] | undefined {
  if (!existsSync(table)) return undefined
  const all: readonly Entry[] = JSON.parse(readFileSync(table, 'utf8'))
  return all.filter(({ surface }) => surfaces.includes(surface))
}
