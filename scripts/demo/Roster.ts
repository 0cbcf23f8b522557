import { readFile, writeFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'

const sample = 'samples/roster.csv'

const scripts = [
  'Arabic',
  'Armenian',
  'Bengali',
  'Cyrillic',
  'Devanagari',
  'Ethiopic',
  'Georgian',
  'Greek',
  'Gujarati',
  'Gurmukhi',
  'Han',
  'Hangul',
  'Hebrew',
  'Hiragana',
  'Kannada',
  'Katakana',
  'Khmer',
  'Lao',
  'Latin',
  'Malayalam',
  'Myanmar',
  'Sinhala',
  'Tamil',
  'Telugu',
  'Thai',
  'Tibetan',
]

/**
 * Writes the roster of the demo: the sample as it is, or, where more people are wanted, the sample again and again with
 * numbered names and addresses.
 *
 * @param wanted how many people, as text; at least as many as the sample has
 */
export async function write(
  file: string,
  wanted: string | undefined,
): Promise<{ readonly file: string; readonly size: number; readonly scripts: number }> {
  const text = await readFile(sample, 'utf8')
  const rows: Record<string, string>[] = parse(text, { columns: true, bom: true })
  const size = wanted === undefined ? rows.length : Number(wanted)
  if (!Number.isSafeInteger(size) || size < rows.length)
    throw new RangeError(`--recipients must be a whole number of at least ${rows.length}, which the sample roster has`)
  const written = new Set(rows.flatMap(({ name = '' }) => scripts.filter((script) => occurs(script, name))))
  if (size === rows.length) return { file: sample, size, scripts: written.size }
  const people = Array.from({ length: size }, (_, i) => again(rows[i % rows.length] ?? {}, Math.floor(i / rows.length)))
  const columns = Object.keys(rows[0] ?? {})
  const lines = [columns, ...people.map((person) => columns.map((column) => person[column] ?? ''))]
  await writeFile(file, `${lines.map((cells) => cells.map(quote).join(',')).join('\n')}\n`)
  return { file, size, scripts: written.size }
}

function again(person: Record<string, string>, round: number): Record<string, string> {
  if (round === 0) return person
  // A DID and a wallet belong to one person only.
  return {
    ...person,
    name: `${person.name} ${round + 1}`,
    email: `${round + 1}.${person.email || 'somebody@example.org'}`,
    did: '',
    wallet: '',
  }
}

function occurs(script: string, name: string): boolean {
  return new RegExp(`\\p{Script=${script}}`, 'u').test(name)
}

function quote(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`
}
