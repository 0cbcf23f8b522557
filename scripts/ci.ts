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

const mutants = (of: string, paths: readonly string[], sample: string, seed: string): Runner.Runner => ({
  name: `mutants of the ${of}`,
  command: script('scripts/mutate.ts', ...paths, '--sample', sample, '--seed', seed),
  totals: 'exit-code',
})

const steps: readonly Runner.Runner[] = [
  { name: 'npm test', command: script('scripts/test.ts'), limit: 30 * 60_000, totals: Totals.fromText },
  { name: 'npm run check', command: script('scripts/check.ts'), totals: 'exit-code' },
  {
    name: 'slow tests',
    command: script('scripts/test.ts', '--only-slow'),
    limit: 35 * 60_000,
    totals: Totals.fromText,
  },
  { name: 'coverage of contracts', command: script('scripts/coverage.ts'), totals: 'exit-code' },
  mutants('registries', ['AnchorRegistry', 'StatusRegistry'], '2', 'laurel'),
  mutants('directory', ['IssuerDirectory'], '2', 'directory'),
  mutants('collection', ['contracts/BadgeCollection', 'contracts/abstracts', 'contracts/libraries'], '1', 'badges'),
  { name: 'blockcerts', command: script('scripts/test.ts', '--only-blockcerts'), totals: Totals.fromText },
  { name: 'npm run demo', command: script('scripts/demo.ts'), totals: 'exit-code' },
  { name: 'npm run bench', command: script('bench/bench.ts', '--smoke'), totals: 'exit-code' },
  { name: 'npm run bench:server', command: script('bench/server/bench.ts', '--quick'), totals: 'exit-code' },
  { name: 'npm run bench:gas', command: script('bench/gas/bench.ts'), totals: 'exit-code' },
]

const outcomes: Runner.Outcome[] = []
for (const step of steps) {
  if (existsSync(step.command[1] ?? '')) outcomes.push(await Runner.run(step))
}
Runner.recall(outcomes)
for (const { name, totals, seconds } of outcomes) {
  console.log(`${totals.failed === 0 ? '✔' : '✖'} ${name}: ${Totals.toLine(totals)} (${seconds.toFixed(0)} s)`)
}
const totals = Totals.sum(outcomes.map((outcome) => outcome.totals))
console.log(Totals.toLine(totals))
process.exitCode = totals.failed > 0 ? 1 : 0
