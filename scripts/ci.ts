/**
 * All that a commit has to pass, in one run, closing with one line over everything: `bash .ci/run`.
 *
 * A step that is no test suite counts as one test: passed or failed.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as Runner from './test/Runner.ts'
import * as Totals from './test/Totals.ts'

const root = resolve(import.meta.dirname, '..')
process.chdir(root)
const script = (path: string, ...args: readonly string[]) => [process.execPath, join(root, path), ...args]

const steps: readonly Runner.Runner[] = [
  { name: 'npm test', command: script('scripts/test.ts'), totals: Totals.fromText },
  { name: 'npm run check', command: script('scripts/check.ts'), totals: 'exit-code' },
  {
    name: 'slow tests',
    command: script('scripts/test.ts', '--only-slow'),
    limit: 35 * 60_000,
    totals: Totals.fromText,
  },
  { name: 'coverage of contracts', command: script('scripts/coverage.ts'), totals: 'exit-code' },
  {
    name: 'mutants of the registries',
    command: script('scripts/mutate.ts', 'AnchorRegistry', 'StatusRegistry', '--sample', '12'),
    totals: 'exit-code',
  },
  {
    name: 'mutants of the directory',
    command: script('scripts/mutate.ts', 'IssuerDirectory', '--sample', '8', '--seed', 'directory'),
    totals: 'exit-code',
  },
  {
    name: 'mutants of the collection',
    command: script(
      'scripts/mutate.ts',
      'contracts/BadgeCollection',
      'contracts/abstracts',
      'contracts/libraries',
      '--sample',
      '6',
      '--seed',
      'badges',
    ),
    totals: 'exit-code',
  },
  { name: 'blockcerts', command: script('scripts/test.ts', '--only-blockcerts'), totals: Totals.fromText },
  { name: 'npm run demo', command: script('scripts/demo.ts'), totals: 'exit-code' },
  { name: 'npm run bench', command: script('bench/bench.ts', '--smoke'), totals: 'exit-code' },
  { name: 'npm run bench:gas', command: script('bench/gas/bench.ts'), totals: 'exit-code' },
]

const outcomes: Runner.Outcome[] = []
for (const step of steps) {
  if (existsSync(step.command[1] ?? '')) outcomes.push(await Runner.run(step))
}
for (const { name, totals, seconds } of outcomes) {
  console.log(`${totals.failed === 0 ? '✔' : '✖'} ${name}: ${Totals.toLine(totals)} (${seconds.toFixed(0)} s)`)
}
const totals = Totals.sum(outcomes.map((outcome) => outcome.totals))
console.log(Totals.toLine(totals))
process.exitCode = totals.failed > 0 ? 1 : 0
