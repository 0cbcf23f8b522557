/**
 * Measures Laurel against its peers: `npm run bench`, or `npm run bench -- S3 S9` for some rows.
 *
 *     --quick   smaller inputs and shorter turns: within two minutes
 *     --smoke   one short turn each, only to see that everything runs
 *     --write   publishes the results in docs/performance.md
 */
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import * as Package from '../scripts/Package.ts'
import { generate } from './generate.ts'
import * as Page from './Page.ts'
import * as Publication from './Publication.ts'
import type { Program, Scale } from './Row.ts'
import { rounds, rows } from './rows.ts'
import { runRow } from './run-row.ts'

const { values: options, positionals: wanted } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const scale: Scale = options.smoke ? 'smoke' : options.quick ? 'quick' : 'full'
const all = rows(scale)
const chosen = all.filter(({ id }) => wanted.length === 0 || wanted.some((name) => name.toUpperCase() === id))
const unknown = wanted.filter((name) => !all.some(({ id }) => id === name.toUpperCase()))
if (unknown.length > 0)
  fail(`There is no ${unknown.join(', ')}. There are ${[...new Set(all.map(({ id }) => id))].join(', ')}.`)
else if (options.write && scale !== 'full')
  fail('What is published comes from a full run: leave out --quick and --smoke.')
else await measure()

async function measure(): Promise<void> {
  const programs = chosen.flatMap(({ ours, peers, witness }) => [
    ours,
    ...peers,
    ...(witness === undefined ? [] : [witness]),
  ])
  for (const folder of new Set(programs.map(packageOf))) await Package.install(folder, say)

  const results: Publication.Dated[] = []
  for (const row of chosen) {
    say(`${row.id} ${row.work} …`)
    results.push({ ...(await runRow(row, rounds(scale))), ...Publication.now() })
  }
  if (scale === 'smoke') return say('Every row runs. One short turn each measures nothing.')
  const publication = { machine: Publication.machine(), results }
  console.log(`\n${Page.table(publication)}\n\n${Page.facts(publication)}`)
  Publication.write(Publication.last, publication)
  if (!options.write) return
  const order = all.map(({ work }) => work)
  Publication.write(
    Publication.published,
    Publication.merge(Publication.read(Publication.published), publication, order),
  )
  await generate()
}

/** The package apart from the workspaces in which a program lies; this one, for ours and most peers. */
function packageOf({ module }: Program): string {
  const [first, second] = module.split('/')
  return first === 'peers' && second !== undefined && !second.includes('.')
    ? join(import.meta.dirname, dirname(module))
    : import.meta.dirname
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

function fail(sentence: string): void {
  say(`✖ ${sentence}`)
  process.exitCode = 1
}
