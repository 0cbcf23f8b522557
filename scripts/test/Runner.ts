import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Command from '../Command.ts'
import * as Totals from './Totals.ts'

/** A process that runs tests, and how its totals are read: undefined means that it crashed. */
export type Runner = {
  readonly name: string
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly folder?: string
  /** After how many milliseconds it is killed. */
  readonly limit?: number
  /** `exit-code`: the process is one test. `setup`: it is none, unless it fails. `mocha` writes its totals into a file. */
  readonly totals: 'mocha' | 'exit-code' | 'setup' | ((output: string) => Totals.Totals | undefined)
}

export type Outcome = {
  readonly name: string
  readonly totals: Totals.Totals
  readonly seconds: number
  /** The end of all that it printed. */
  readonly ending: string
}

/** How many characters of an ending are kept: enough for the failures, which stand last. */
const ending = 6_000

/** No runner takes twenty minutes unless it says so; one that hangs would take the whole run with it. */
const usualLimit = 20 * 60_000

/** Runs one process to its end, then prints all it said in one piece, so that two at a time stay readable. */
export async function run(
  { name, command, environment, folder: cwd, totals, limit = usualLimit }: Runner,
  say: (text: string) => void = console.log,
): Promise<Outcome> {
  const start = performance.now()
  say(`▶ ${name}`)
  const folder = mkdtempSync(join(tmpdir(), 'laurel-test-'))
  const file = join(folder, 'totals.json')
  try {
    const { code, output } = await Command.run(command, {
      limit,
      env: { ...process.env, LAUREL_TEST_TOTALS: file, ...environment },
      ...(cwd === undefined ? {} : { cwd }),
    })
    const counted = count(totals, { code, output, file })
    // An exit code that the counts do not explain is a crash: after the last test, or before the first.
    const crashed = counted === undefined || (code !== 0 && counted.failed === 0)
    const final = crashed ? Totals.sum([counted ?? Totals.none, Totals.crash]) : counted
    const seconds = (performance.now() - start) / 1000
    if (output !== '') say(`\n${output.trimEnd()}`)
    say(
      `${final.failed === 0 ? '✔' : '✖'} ${name}: ${Totals.toLine(final)} (${seconds.toFixed(1)} s)${crashed ? `, ended with ${code}` : ''}\n`,
    )
    return { name, totals: final, seconds, ending: output.slice(-ending).trim() }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Says again at the end of a run of several what has failed in it: who looks there first finds it. */
export function recall(outcomes: readonly Outcome[], say: (text: string) => void = console.log): void {
  if (outcomes.length === 1) return
  for (const { name, totals, ending } of outcomes) if (totals.failed > 0) say(`✖ ${name} ended so:\n\n${ending}\n`)
}

function count(
  totals: Runner['totals'],
  { code, output, file }: Command.Ended & { readonly file: string },
): Totals.Totals | undefined {
  if (totals === 'exit-code') return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
  if (totals === 'setup') return code === 0 ? Totals.none : Totals.crash
  if (totals !== 'mocha') return totals(output)
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
