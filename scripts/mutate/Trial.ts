import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as Command from '../Command.ts'
import * as Copy from '../solidity/Copy.ts'
import * as Importers from '../solidity/Importers.ts'
import type { Mutant } from './Mutant.ts'

/** The test files that are run against a contract's mutants. */
export type Tests = { readonly mocha: readonly string[]; readonly solidity: readonly string[] }

/** Who noticed the mutant. One that keeps the tests from ending is noticed too. */
export type Verdict = 'mocha' | 'solidity' | 'time limit' | 'survived'

/**
 * The tests of a contract: those whose file is called after it, or after a contract that imports it. Without any such,
 * all of them. Slow tests are left out, which do more of what others do.
 */
export function testsOf(folder: string, path: string): Tests {
  const names = Importers.of(folder, path).map((file) => basename(file, '.sol'))
  const all = globSync('test/contracts/**/*.{test.ts,t.sol}', { cwd: folder, exclude: ['**/*.slow.test.ts'] }).map(
    (file) => file.replaceAll('\\', '/'),
  )
  const isOwn = (file: string) => names.some((name) => file.split('/').some((part) => part.split('.')[0] === name))
  const own = all.some(isOwn) ? all.filter(isOwn) : all
  return {
    mocha: own.filter((file) => file.endsWith('.ts')).toSorted(),
    solidity: own.filter((file) => file.endsWith('.sol')).toSorted(),
  }
}

/** How long the tests take on the contract as it is. Throws where they do not pass: then no mutant means anything. */
export async function rehearse({ folder }: Copy.Copy, tests: Tests): Promise<number> {
  const start = performance.now()
  for (const [name, command] of commands(tests)) {
    const { code, output } = await run(folder, command)
    if (code !== 0) throw new Error(`The tests (${name}) do not pass on the contract as it is:\n${output}`)
  }
  return performance.now() - start
}

/**
 * Runs the tests against a mutant until one of them fails: mocha's first, and of these first the file that is called
 * after the function that is changed, which is the likeliest to notice.
 */
export async function judge(
  { folder }: Copy.Copy,
  mutant: Pick<Mutant, 'path' | 'text' | 'within'>,
  tests: Tests,
  limit: number,
): Promise<Verdict> {
  const file = join(folder, mutant.path)
  const original = readFileSync(file, 'utf8')
  writeFileSync(file, mutant.text)
  try {
    for (const [name, command] of commands(nearestFirst(tests, mutant.within))) {
      const { code } = await run(folder, command, limit)
      if (code === 'SIGKILL') return 'time limit'
      if (code !== 0) return name
    }
    return 'survived'
  } finally {
    writeFileSync(file, original)
  }
}

function nearestFirst({ mocha, solidity }: Tests, within: string): Tests {
  const name = within.replace(/^_+/, '')
  const isNear = (file: string) => name !== '' && basename(file).split('.').includes(name)
  return { mocha: [...mocha.filter(isNear), ...mocha.filter((file) => !isNear(file))], solidity }
}

function commands({ mocha, solidity }: Tests): readonly (readonly ['mocha' | 'solidity', readonly string[]])[] {
  return [
    ...(mocha.length === 0 ? [] : [['mocha', Copy.tests.mocha(mocha, '--bail')] as const]),
    ...(solidity.length === 0 ? [] : [['solidity', Copy.tests.solidity(solidity)] as const]),
  ]
}

/** A mutant may be warned of where the contract is not; that alone is no test. */
function run(cwd: string, command: readonly string[], limit?: number): Promise<Command.Ended> {
  const env = { ...process.env, LAUREL_COMPILER_WARNINGS: 'allowed' }
  return Command.run(command, { cwd, env, ...(limit === undefined ? {} : { limit }) })
}
