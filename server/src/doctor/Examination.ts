import * as Errors from '@laurel/core/Errors'
import type { Config } from '../config.ts'

/** `unknown`: it could not be looked at. `skipped`: there is nothing of the kind here. */
export type Outcome = 'passed' | 'failed' | 'unknown' | 'skipped'

/** What was found, in one sentence, and the command that mends it. */
export type Finding = { readonly outcome: Outcome; readonly sentence: string; readonly mend?: string }

/** One thing that is looked at. It changes nothing, and throws where it cannot look. */
export type Check = { readonly name: string; readonly look: () => Promise<Finding> }

export type Examined = Finding & { readonly check: string }

/** What every check may use. */
export type Patient = { readonly config: Config; readonly now: () => number }

/** How long one check may take, in milliseconds. */
const patience = 15_000

export const passed = (sentence: string): Finding => ({ outcome: 'passed', sentence })
export const failed = (sentence: string, mend: string): Finding => ({ outcome: 'failed', sentence, mend })
export const unknown = (sentence: string, mend?: string): Finding => ({
  outcome: 'unknown',
  sentence,
  ...(mend === undefined ? {} : { mend }),
})
export const skipped = (sentence: string): Finding => ({ outcome: 'skipped', sentence })

/**
 * Makes all checks at once. One that takes too long, or could not be made, is unknown: never passed, never failed.
 *
 * @param limit how long one may take, in milliseconds
 */
export async function examine(checks: readonly Check[], limit: number = patience): Promise<readonly Examined[]> {
  return Promise.all(checks.map(async ({ name, look }) => ({ check: name, ...(await inTime(look, limit)) })))
}

/** What a program is told: 0 nothing is wrong, 1 something is, 2 something could not be looked at. */
export function exitCode(found: readonly Finding[]): 0 | 1 | 2 {
  if (found.some(({ outcome }) => outcome === 'failed')) return 1
  return found.some(({ outcome }) => outcome === 'unknown') ? 2 : 0
}

async function inTime(look: Check['look'], limit: number): Promise<Finding> {
  const late = Promise.withResolvers<Finding>()
  const timer = setTimeout(
    () => late.resolve(unknown(`It could not be looked at within ${limit / 1_000} seconds.`)),
    limit,
  )
  try {
    return await Promise.race([look(), late.promise])
  } catch (error) {
    if (error instanceof TypeError) throw error
    return unknown(error instanceof Errors.BaseError ? error.message : 'It could not be looked at.')
  } finally {
    clearTimeout(timer)
  }
}
