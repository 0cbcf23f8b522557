import { createInterface } from 'node:readline/promises'
import * as Errors from '@laurel/core/Errors'

/**
 * Asks on the terminal whether something is to be done that cannot be undone.
 *
 * @throws {UnconfirmedError} CONFIRMATION_MISSING when the answer is not yes, or nobody is there to give one
 */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return
  if (!process.stdin.isTTY) throw new UnconfirmedError('Nobody is there to confirm it.')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    if ((await terminal.question(`${question} Type yes: `)).trim().toLowerCase() !== 'yes')
      throw new UnconfirmedError('It was not confirmed.')
  } finally {
    terminal.close()
  }
}

/** Thrown when something that cannot be undone was not confirmed. */
export class UnconfirmedError extends Errors.BaseError<'CONFIRMATION_MISSING'> {
  override readonly name = 'confirm.UnconfirmedError'
  constructor(why: string) {
    super('CONFIRMATION_MISSING', `${why} Nothing was done.`)
  }
}
