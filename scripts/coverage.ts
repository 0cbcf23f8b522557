/**
 * Measures which lines and branches of the contracts all their tests reach together, mocha's and Hardhat's Solidity
 * tests: `npm run coverage:contracts`. Everything has to be reached but what test/contracts/unreached.json names and explains.
 *
 * Hardhat's own `--coverage` counts statements, not branches, and only of tests that Hardhat starts. So the
 * contracts are instrumented here, in a copy of the project: before each statement, and around each condition, they call
 * an address that Hardhat's EVM collects calls to. That survives a revert, and needs nothing of the tests. What is
 * measured is the default profile; tests of the committed bytes, which say so in their titles, and slow ones are left out.
 *
 * A word picks contracts whose path contains it: their tests alone are run, and they alone are counted.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Command from './Command.ts'
import * as Instrument from './coverage/Instrument.ts'
import * as Report from './coverage/Report.ts'
import * as Copy from './solidity/Copy.ts'
import * as Source from './solidity/Source.ts'

const filters = process.argv.slice(2)
const exceptionsFile = join(Copy.root, 'test/contracts/unreached.json')
const isWanted = (path: string) => filters.length === 0 || filters.some((filter) => path.includes(filter))

// Ours is the only instrumentation; the option makes Hardhat collect and save what its EVM is told. A few runs reach what
// many do, and instrumented code is slow: what a test says of its own runs is taken out too.
const coverageConfig = `import config from './hardhat.config.ts'
const { solidity: all } = config.test ?? {}
const solidity = { ...all, fuzz: { ...all?.fuzz, runs: 64 }, invariant: { ...all?.invariant, runs: 8, depth: 32 } }
export default { ...config, coverage: { skipFiles: ['**'] }, test: { solidity } }
`

const copy = Copy.create()
try {
  const points = instrumentAll(copy.folder).filter(({ path }) => isWanted(path))
  const reached = new Set([...(await runMocha(copy.folder)), ...(await runSolidity(copy.folder))])
  const exceptions: readonly Report.Exception[] = JSON.parse(readFileSync(exceptionsFile, 'utf8'))
  const report = Report.create(
    points,
    reached,
    exceptions.filter(({ path }) => isWanted(path)),
  )
  mkdirSync(join(Copy.root, 'coverage'), { recursive: true })
  writeFileSync(join(Copy.root, 'coverage/contracts.lcov'), report.files.map(({ lcov }) => `${lcov}\n`).join(''))
  console.log(Report.render(report))
  for (const problem of report.problems) console.error(problem)
  if (report.problems.length > 0 || points.length === 0) process.exitCode = 1
} finally {
  copy.remove()
}

/** Rewrites the contracts and the Solidity tests in the copy. */
function instrumentAll(folder: string): readonly Instrument.Point[] {
  const rewrite = (pattern: string, change: (source: Source.Source) => Instrument.Instrumented) =>
    globSync(pattern, { cwd: folder })
      .map((path) => path.replaceAll('\\', '/'))
      .toSorted()
      .flatMap((path) => {
        const { text, points } = change(Source.parse(path, readFileSync(join(folder, path), 'utf8')))
        writeFileSync(join(folder, path), text)
        return points
      })
  const points = rewrite('contracts/**/*.sol', Instrument.instrument)
  const inline = /^ *\/\/\/ hardhat-config: .*\n/gm
  rewrite('test/contracts/**/*.sol', (source) => ({ text: Instrument.relax(source).replace(inline, ''), points: [] }))
  writeFileSync(join(folder, Instrument.libraryPath), Instrument.library)
  return points
}

async function runMocha(folder: string): Promise<readonly string[]> {
  const file = join(folder, 'points.json')
  const slow = ['**/*.slow.test.ts']
  const files = globSync('test/contracts/**/*.test.ts', { cwd: folder, exclude: slow }).filter(isWanted)
  if (files.length === 0) return []
  await succeed(folder, { LAUREL_POINTS: file }, Copy.tests.mocha(files, '--require', 'scripts/coverage/collect.ts'))
  return JSON.parse(readFileSync(file, 'utf8'))
}

async function runSolidity(folder: string): Promise<readonly string[]> {
  writeFileSync(join(folder, 'coverage.config.ts'), coverageConfig)
  const files = globSync('test/contracts/**/*.t.sol', { cwd: folder }).filter(isWanted)
  if (files.length === 0) return []
  await succeed(folder, {}, Copy.tests.solidity(files, '--config', 'coverage.config.ts', '--coverage'))
  return globSync('coverage/data/**/*.json', { cwd: folder }).flatMap((path) =>
    Object.keys(JSON.parse(readFileSync(join(folder, path), 'utf8'))),
  )
}

async function succeed(cwd: string, env: NodeJS.ProcessEnv, command: readonly string[]): Promise<void> {
  // The instrumented contracts are warned of: a view that looks at nothing, a line that is not reached.
  const environment = { ...process.env, ...env, LAUREL_COMPILER_WARNINGS: 'allowed' }
  const { code, output } = await Command.run(command, { cwd, env: environment })
  if (code !== 0) throw new Error(`The tests do not pass on the instrumented contracts:\n${output}`)
}
