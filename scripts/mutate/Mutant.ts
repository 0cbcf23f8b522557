import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import hre from 'hardhat'
import solc from 'solc'
import * as Importers from '../solidity/Importers.ts'
import * as Source from '../solidity/Source.ts'
import * as Operators from './Operators.ts'

/** A contract with one change that compiles to other code. */
export type Mutant = {
  readonly path: string
  readonly operator: string
  readonly line: number
  /** The name of the function that is changed; empty outside of any. */
  readonly within: string
  /** What was there and what is there instead, each with its line around it. */
  readonly before: string
  readonly after: string
  /** The whole file. */
  readonly text: string
}

/** Tells mutants apart by their text, so that a line that moves does not matter. */
export type Key = Pick<Mutant, 'path' | 'operator' | 'before' | 'after'>

export const isSame = (a: Key, b: Key) =>
  a.path === b.path && a.operator === b.operator && a.before === b.before && a.after === b.after

/**
 * The mutants of some contracts: all, in the order of the text, or a sample of some, drawn by a seed.
 *
 * A change that does not compile, or whose code is the contract's or another mutant's, makes none: the first no test can
 * meet, the second none can tell.
 */
export function* mutants(
  root: string,
  paths: readonly string[],
  sample?: { readonly size: number; readonly seed: string },
): Generator<Mutant> {
  const sources = paths.map((path) => Source.parse(path, readFileSync(join(root, path), 'utf8')))
  const all = sources.flatMap((source) => Operators.changes(source).map((change) => ({ source, change })))
  const seen = new Set(sources.map(({ path, bytes }) => compile(root, path, bytes.toString())))
  if (seen.has(undefined)) throw new Error('A contract does not compile as it is')
  const enough = seen.size + (sample?.size ?? all.length)
  for (const { source, change } of sample === undefined ? all : shuffle(all, sample.seed)) {
    if (seen.size === enough) return
    const { path } = source
    const text = Source.edit(source, [change])
    const code = compile(root, path, text)
    if (code === undefined || seen.has(code)) continue
    seen.add(code)
    const within = Source.functionAt(source, change.start)
    yield { path, operator: change.operator, text, within, ...excerpt(source, change) }
  }
}

/** By a hash of seed and change, so that the draw is the same everywhere. */
function shuffle<T extends { readonly source: Source.Source; readonly change: Operators.Change }>(
  all: readonly T[],
  seed: string,
): readonly T[] {
  const rank = ({ source: { path }, change: { operator, start, text } }: T) =>
    createHash('sha256')
      .update(JSON.stringify([seed, path, operator, start, text]))
      .digest('hex')
  return all
    .map((one) => ({ one, rank: rank(one) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ one }) => one)
}

/** The lines of a change, before and after it. */
function excerpt(source: Source.Source, { start, end, text }: Source.Edit): Pick<Mutant, 'line' | 'before' | 'after'> {
  const all = source.bytes.toString('latin1')
  const from = all.lastIndexOf('\n', start - 1) + 1
  const to = all.indexOf('\n', end) === -1 ? source.bytes.length : all.indexOf('\n', end)
  const tidy = (lines: string) => lines.replace(/\s+/g, ' ').trim()
  const [head, tail] = [
    Source.textOf(source, { start: from, end: start }),
    Source.textOf(source, { start: end, end: to }),
  ]
  return {
    line: Source.lineOf(source, start),
    before: tidy(Source.textOf(source, { start: from, end: to })),
    after: tidy(`${head}${text}${tail}`),
  }
}

/**
 * A hash of all code that a file is in under the default profile: its own and, because a library or an abstract contract
 * has none, that of all which import it. Undefined where it does not compile.
 */
function compile(root: string, path: string, text: string): string | undefined {
  const [profile] = hre.config.solidity.profiles.default?.compilers ?? []
  const files = Importers.of(root, path)
  const source = (file: string) => (file === path ? text : readFileSync(join(root, file), 'utf8'))
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(files.map((file) => [file, { content: source(file) }])),
    settings: { ...profile?.settings, outputSelection: { '*': { '*': ['evm.bytecode.object'] } } },
  }
  const find = (name: string) => {
    const file = [join(root, name), join(root, 'node_modules', name)].find((each) => existsSync(each))
    return file === undefined ? { error: `${name} is not there` } : { contents: readFileSync(file, 'utf8') }
  }
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input), { import: find }))
  if (errors.some((error: { readonly severity: string }) => error.severity === 'error')) return undefined
  const hash = createHash('sha256').update(path)
  for (const file of files) {
    for (const [name, { evm }] of Object.entries<{ evm: { bytecode: { object: string } } }>(contracts[file] ?? {})) {
      hash.update(`${name} ${evm.bytecode.object}\n`)
    }
  }
  return hash.digest('hex')
}
