import pc from 'picocolors'
import type { Config } from '../config.ts'
import { createChecks } from '../doctor/create.ts'
import * as Examination from '../doctor/Examination.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'

const marks = {
  passed: pc.green('✔'),
  failed: pc.red('✖'),
  unknown: pc.yellow('?'),
  skipped: pc.dim('–'),
} as const

/**
 * Looks at everything and says what is wrong, with the command that mends it. Changes nothing.
 *
 * @returns the exit code: 0 nothing is wrong, 1 something is, 2 something could not be looked at
 */
export async function doctor(options: Answering, config: Config): Promise<number> {
  const found = await Examination.examine(createChecks(config))
  const width = Math.max(...found.map(({ check }) => check.length))
  const lines = found.flatMap(({ check, outcome, sentence, mend }) => [
    `${marks[outcome]} ${check.padEnd(width)}  ${sentence}`,
    ...(mend === undefined ? [] : [`  ${' '.repeat(width)}  ${pc.bold(mend)}`]),
  ])
  say(options, { checks: found }, lines)
  return Examination.exitCode(found)
}
