/**
 * Changes the contracts one place at a time and sees whether their tests notice: `npm run mutate:contracts`.
 *
 *   npm run mutate:contracts                          every mutant of every contract; long
 *   npm run mutate:contracts -- StatusRegistry        of the contracts whose path contains the word
 *   npm run mutate:contracts -- --sample 12 --seed x  twelve of them, drawn by the seed; CI does this
 *   npm run mutate:contracts -- --jobs 1              how many at a time, 2 unless told
 *   npm run mutate:contracts -- --list                names the mutants and runs nothing
 *
 * A mutant that survives has to be killed by a better test, or explained in test/contracts/survivors.json; one that is
 * neither fails the run, and so does an explanation of a mutant that is killed or is no more. Works in copies of the
 * project: nothing is written into the work tree. What is tested is the default profile, by the tests that are called
 * after the contract.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as Mutant from './mutate/Mutant.ts'
import * as Trial from './mutate/Trial.ts'
import * as Copy from './solidity/Copy.ts'

type Explanation = Mutant.Key & { readonly why: string }
type Result = { readonly mutant: Mutant.Mutant; readonly verdict: Trial.Verdict }

const { values: options, positionals: filters } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: 'laurel' },
    jobs: { type: 'string', default: '2' },
    list: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const sample = options.sample === undefined ? undefined : { size: Number(options.sample), seed: options.seed }
const jobs = Number(options.jobs)
if ([sample?.size ?? 1, jobs].some((each) => !Number.isInteger(each) || each < 1))
  throw new TypeError('--sample and --jobs are whole numbers above zero')

const explanations: readonly Explanation[] = JSON.parse(
  readFileSync(join(Copy.root, 'test/contracts/survivors.json'), 'utf8'),
)
const paths = globSync('contracts/**/*.sol', { cwd: Copy.root, exclude: ['contracts/interfaces/**'] })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
  .toSorted()

const drawn = Mutant.mutants(Copy.root, paths, sample)
if (options.list) {
  let count = 0
  for (const mutant of drawn) {
    show(mutant)
    count++
  }
  console.log(`${count} mutants`)
} else {
  report(await tryAll())
}

async function tryAll(): Promise<readonly Result[]> {
  const results: Result[] = []
  const limits = new Map<string, Promise<number>>()
  /** Ten times as long as without a mutant is no slowness of the machine any more. */
  const limitOf = (copy: Copy.Copy, tests: Trial.Tests) => {
    const key = JSON.stringify(tests)
    const limit = limits.get(key) ?? Trial.rehearse(copy, tests).then((time) => 60_000 + 10 * time)
    limits.set(key, limit)
    return limit
  }
  const work = async (copy: Copy.Copy) => {
    for (const mutant of drawn) {
      const tests = Trial.testsOf(copy.folder, mutant.path)
      const verdict = await Trial.judge(copy, mutant, tests, await limitOf(copy, tests))
      results.push({ mutant, verdict })
      process.stderr.write(verdict === 'survived' ? 'S' : '.')
    }
  }
  const copies = Array.from({ length: jobs }, () => Copy.create())
  try {
    await Promise.all(copies.map(work))
  } finally {
    for (const copy of copies) copy.remove()
    process.stderr.write('\n')
  }
  return results
}

function report(results: readonly Result[]): void {
  const isExplained = (mutant: Mutant.Mutant) => explanations.some((each) => Mutant.isSame(each, mutant))
  const survivors = results.filter(({ verdict }) => verdict === 'survived').map(({ mutant }) => mutant)
  const unexplained = survivors.filter((mutant) => !isExplained(mutant))
  for (const path of paths) {
    const own = results.filter(({ mutant }) => mutant.path === path)
    const count = (verdict: Trial.Verdict) => own.filter((result) => result.verdict === verdict).length
    console.log(
      `${path}: ${own.length} mutants; killed by mocha ${count('mocha')}, by Solidity tests ${count('solidity')}, ` +
        `by the time limit ${count('time limit')}; survived ${count('survived')}`,
    )
  }
  // Of a mutant that was not drawn nothing is known.
  const stale = explanations.filter((explanation) => {
    if (!paths.includes(explanation.path)) return filters.length === 0
    const result = results.find(({ mutant }) => Mutant.isSame(explanation, mutant))
    return result === undefined ? sample === undefined : result.verdict !== 'survived'
  })
  for (const mutant of unexplained) show(mutant)
  for (const { path, after } of stale)
    console.error(`${path}: is killed or no more, and needs no explanation: ${after}`)
  const explained = survivors.length - unexplained.length
  console.log(
    `${results.length} mutants: ${results.length - survivors.length} killed, ${explained} explained, ${unexplained.length} survived`,
  )
  if (unexplained.length > 0 || stale.length > 0 || results.length === 0) process.exitCode = 1
}

function show({ path, line, operator, before, after }: Mutant.Mutant): void {
  console.log(`${path}:${line} ${operator}\n  - ${before}\n  + ${after}`)
}
