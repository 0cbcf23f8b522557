import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import type { Config } from '../config.ts'
import * as Log from '../Log.ts'
import * as Progress from './Progress.ts'

/** Whoever watches a process that serves or works: a person at a terminal, or a program that reads lines of JSON. */
export type Operator = Progress.Reporter & {
  /** Hears of what could not be done now and is tried again: for one batch, or for all. */
  readonly trouble: (batch: string | undefined, error: Error) => void
  /** Takes what only programs read: every request, for one. */
  readonly log: Log.Log
}

/** Speaks to the operator as the configuration says: to a person on stderr, to a program on stdout. */
export function open({ log: form }: Pick<Config, 'log'>): Operator {
  if (form === 'human') {
    const reporter = Progress.create(process.stderr, () => performance.now())
    const trouble = (batch: string | undefined, error: Error) =>
      reporter.say(`${pc.yellow('!')} ${batch === undefined ? '' : `batch ${batch}: `}${error.message}`)
    return { ...reporter, trouble, log: Log.silent }
  }
  const log = Log.create((line) => process.stdout.write(line), Date.now)
  return {
    // How far a step is, metrics tell.
    report: () => {},
    say: (sentence) => log('told', { sentence }),
    trouble: (batch, error) => log('trouble', { batch, ...Log.ofError(error) }),
    end: () => {},
    log,
  }
}

/**
 * Says of an error that nobody has caught what may be said, and ends: what was saved is safe, and whoever starts this
 * process again starts from there. Going on would be to guess.
 *
 * @returns what takes the listener away
 */
export function listenForTheWorst({ log }: Pick<Operator, 'log'>): () => void {
  const hear = (error: unknown) => {
    if (log === Log.silent) {
      const detail = error instanceof Errors.BaseError ? error.message : error instanceof Error ? error.stack : error
      process.stderr.write(`${pc.red('✖')} Nobody has caught this. What was saved is safe.\n${detail}\n`)
    } else log('crash', Log.ofError(error))
    process.exit(1)
  }
  // A promise that is rejected and that nobody waits for comes here, too.
  process.on('uncaughtException', hear)
  return () => process.off('uncaughtException', hear)
}
