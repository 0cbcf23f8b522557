import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Bug } from './bugs.ts'
import type { Outcome } from './Reporter.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const mocha = join(root, 'node_modules/mocha/bin/mocha.js')
const reporter = fileURLToPath(new URL('Reporter.ts', import.meta.url))

/** After how many milliseconds a run is killed; it counts as one that says nothing. */
const limit = 120_000

/** Runs the tests that are to notice a bug: with the bug planted in every process that they start, or without it. */
export async function run({ name, test }: Bug, isPlanted: boolean): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-planted-'))
  const file = join(folder, 'outcome.json')
  const plant = `--import=${new URL('plant.ts', import.meta.url).href}`
  const options = [process.env.NODE_OPTIONS, isPlanted ? plant : undefined].filter((each) => each !== undefined)
  const { LAUREL_TEST_TOTALS: _, NODE_V8_COVERAGE: __, ...rest } = process.env
  try {
    const args = [mocha, '--reporter', reporter, '--grep', test.title, test.file]
    const env = { ...rest, NODE_OPTIONS: options.join(' '), PLANTED_BUG: name, PLANTED_OUTCOME: file }
    // The exit code says less than the outcome does.
    const said = await promisify(execFile)(process.execPath, args, { cwd: root, env, timeout: limit }).catch(
      (error) => error as { readonly stdout: string; readonly stderr: string },
    )
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) throw new Error(`${test.file} has not come to its end:\n${said.stdout}${said.stderr}`)
    return JSON.parse(text)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
