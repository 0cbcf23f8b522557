/**
 * Runs the tests: `npm test` all fast ones with the coverage of core, `--slow` the slow ones too, `--only-slow` just
 * those, `--only-blockcerts` those that need the package in test/blockcerts, `--faults` all that breaks something on
 * purpose. A word picks the files whose path contains it: `npm test -- core/Tree`.
 */
import { existsSync, globSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import * as Rig from './test/Rig.ts'
import * as Runner from './test/Runner.ts'
import * as Totals from './test/Totals.ts'

const root = resolve(import.meta.dirname, '..')
process.chdir(root)
const { values: options, positionals: filters } = parseArgs({
  options: {
    slow: { type: 'boolean', default: false },
    'only-slow': { type: 'boolean', default: false },
    'only-blockcerts': { type: 'boolean', default: false },
    faults: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const coverage = join(root, 'coverage')
/** Per cent of branches; and of lines, because a file that nothing loads counts as a single branch. */
const minimum = '95'
const ci = ['ci', '--no-audit', '--no-fund']

function bin(name: string): string {
  return join(root, 'node_modules', name)
}

function files(pattern: string, except: (path: string) => boolean = () => false): string[] {
  return globSync(pattern)
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('node_modules') && !except(path))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .sort()
}

const isSlow = (path: string) => path.endsWith('.slow.test.ts')
const isApart = (path: string) => path.startsWith('test/blockcerts/')

function mocha(name: string, paths: readonly string[], environment: Record<string, string> = {}): Chain {
  if (paths.length === 0) return []
  const command = [process.execPath, bin('mocha/bin/mocha.js'), '--reporter', './scripts/test/Reporter.ts', ...paths]
  return [{ name, command, environment, totals: 'mocha' }]
}

/** Runners that follow each other, because the later need what the earlier leave. */
type Chain = readonly Runner.Runner[]

function fast(afterContracts: Chain = []): Chain[] {
  const all = files('test/**/*.test.ts', (path) => isSlow(path) || isApart(path))
  const everything = filters.length === 0
  rmSync(coverage, { recursive: true, force: true })
  const areas = new Set(all.map((path) => path.split('/')[1] ?? ''))
  const area = (name: string, environment?: Record<string, string>, except: readonly string[] = []) => {
    areas.delete(name)
    const lies = (path: string, within: string) => path.startsWith(`test/${within}/`)
    const isOf = (path: string) => lies(path, name) && !except.some((each) => lies(path, each))
    return mocha(name, all.filter(isOf), environment)
  }
  // Core by its own tests and by those of the verifier, which runs all of it.
  const measured = everything
    ? // What comes out of the compile cache is counted less exactly.
      { NODE_V8_COVERAGE: join(coverage, 'tmp'), NODE_DISABLE_COMPILE_CACHE: '1' }
    : {}
  const report: Chain = everything ? [{ name: 'coverage of core', command: measure, totals: 'exit-code' }] : []
  // The longest first. Nothing of the contracts runs while Hardhat builds them: it would read half an artifact.
  const chains = [
    area('server/cli'),
    area('server/http'),
    area('server/store'),
    area('server', {}, ['server/cli', 'server/http', 'server/store']),
    [...area('core', measured), ...area('verifier', measured), ...report],
    [...solidity('default'), ...area('contracts'), ...afterContracts],
  ]
  const rest = [...areas].flatMap((name) => all.filter((path) => path.startsWith(`test/${name}/`)))
  return [...chains, mocha([...areas].join(', '), rest)]
}

const measure = [
  process.execPath,
  bin('c8/bin/c8.js'),
  'report',
  ...['--temp-directory', join(coverage, 'tmp'), '--reports-dir', coverage],
  ...['--all', '--src', 'core/src', '--include', 'core/src/**/*.ts', '--exclude', '**/*.d.ts'],
  ...['--exclude', 'core/src/generated/**', '--reporter', 'text', '--reporter', 'lcovonly'],
  ...['--check-coverage', '--lines', minimum, '--branches', minimum],
]

/** All Solidity tests, or the picked ones. The word `solidity` picks them all. */
function solidity(profile: 'default' | 'production', environment: Record<string, string> = {}): Chain {
  const isAll = filters.length === 0 || filters.includes('solidity')
  const picked = isAll ? [] : files('test/contracts/**/*.t.sol')
  if (!isAll && picked.length === 0) return []
  const hardhat = [process.execPath, bin('hardhat/dist/src/cli.js')]
  const command = [...hardhat, '--build-profile', profile, 'test', 'solidity', ...picked]
  return [{ name: `solidity, ${profile} profile`, command, environment, totals: Totals.fromHardhat }]
}

/** What hardhat.config.ts lets the Solidity tests try when there is time. */
const thorough = { SOLIDITY_FUZZ_RUNS: '2000', SOLIDITY_INVARIANT_RUNS: '256', SOLIDITY_INVARIANT_DEPTH: '500' }

/** Half of it, for CI, which has an hour for everything. */
const brisk = { SOLIDITY_FUZZ_RUNS: '1000', SOLIDITY_INVARIANT_RUNS: '128', SOLIDITY_INVARIANT_DEPTH: '500' }

const slow = () => files('test/**/*.slow.test.ts', isApart)
const isOfContracts = (path: string) => path.startsWith('test/contracts/')

const slowContracts = () => mocha('slow contracts', slow().filter(isOfContracts))
const thoroughContracts = (): Chain => [
  ...solidity('production', thorough),
  ...solidity('default', thorough),
  ...slowContracts(),
]

/** A hundred thousand documents, and as many credentials, instead of ten thousand each. */
const patient = { FAST_CHECK_RUNS: process.env.FAST_CHECK_RUNS ?? '1000' }

/** Each file by itself: what hangs keeps nothing else from being told. */
function slowOthers(environment: Record<string, string> = {}): Chain[] {
  const others = slow().filter((path) => !isOfContracts(path))
  return others.map((path) =>
    mocha(
      `slow ${path.slice('test/'.length, -'.slow.test.ts'.length)}`,
      [path],
      path.startsWith('test/core/') ? environment : {},
    ),
  )
}

/** The Blockcerts verifier is a package of its own, with its own lock file: its overrides clash with our dependencies. */
function blockcerts(): Chain[] {
  const folder = join(root, 'test/blockcerts')
  const tests = mocha('blockcerts', files('test/blockcerts/**/*.test.ts', isSlow))
  if (tests.length === 0) return []
  const install: Runner.Runner = {
    name: 'install test/blockcerts',
    command: process.platform === 'win32' ? ['cmd', '/c', 'npm', ...ci] : ['npm', ...ci],
    folder,
    totals: 'setup',
  }
  return [[...(existsSync(join(folder, 'node_modules/.package-lock.json')) ? [] : [install]), ...tests]]
}

/** All of what `npm test` and CI take a sample of. */
const whole = { FAULTS: 'all', FAST_CHECK_RUNS: process.env.FAST_CHECK_RUNS ?? '60' }

/** How long one file of it may take, in milliseconds: somewhat longer than the longest allows itself. */
const longest = 70 * 60_000

function faults(): Chain[] {
  const name = (path: string) => path.slice('test/'.length, -'.test.ts'.length)
  return Rig.patterns
    .flatMap((pattern) => files(pattern))
    .map((path) => mocha(name(path), [path], whole).map((runner) => ({ ...runner, limit: longest })))
}

function choose(): Chain[] {
  if (options.faults) return faults()
  if (options['only-blockcerts']) return blockcerts()
  // The slow tests of contracts read no artifact, so that Hardhat may build some meanwhile. The thorough run of the other
  // profile, and the most patient of core, take longer than CI has: `--slow` makes them.
  if (options['only-slow']) return [solidity('production', brisk), ...slowOthers(), slowContracts()]
  return options.slow ? [...fast(thoroughContracts()), ...slowOthers(patient)] : fast()
}

const chains = choose()
const start = performance.now()
const outcomes: Runner.Outcome[] = []
const queue = chains.values()
const work = async () => {
  for (const chain of queue) {
    for (const runner of chain) outcomes.push(await Runner.run(runner))
  }
}
// One at a time for each of two cores, whatever the machine has: tests that measure time stay comparable.
await Promise.all([work(), work()])
Runner.recall(outcomes)
const totals = Totals.sum(outcomes.map((outcome) => outcome.totals))
console.log(`${((performance.now() - start) / 1000).toFixed(0)} seconds`)
if (outcomes.length === 0) console.log('No test file has that in its path.')
console.log(Totals.toLine(totals))
process.exitCode = totals.failed > 0 || outcomes.length === 0 ? 1 : 0
