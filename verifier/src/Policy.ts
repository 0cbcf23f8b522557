import type * as Report from './Report.ts'

/** The answer to whether a credential may be relied on, and the check that decided it. */
export type Decision = {
  readonly verdict: 'accepted' | 'rejected' | 'unknown'
  readonly check?: Report.Name
  readonly code: string
  readonly message: string
}

/** Checks that may be skipped: a credential need not have a status, nor be asked about its recipient. */
const optional: readonly Report.Name[] = ['status', 'recipient']

/**
 * Decides on a report. Whatever failed rejects; whatever could not be checked, or was skipped though it counts, leaves
 * the verdict unknown. Only then it is accepted.
 *
 * Of several checks the first in order decides.
 */
export function decide({ checks }: Report.Report): Decision {
  const failed = checks.find(({ outcome }) => outcome === 'failed')
  if (failed !== undefined) return { verdict: 'rejected', ...reason(failed) }
  const open = checks.find((each) => each.outcome === 'unknown' || (each.outcome === 'skipped' && counts(each)))
  if (open !== undefined) return { verdict: 'unknown', ...reason(open) }
  return { verdict: 'accepted', code: 'ACCEPTED', message: 'Every check was made and passed.' }
}

function counts({ check, code }: Report.Check): boolean {
  return !optional.includes(check) && code !== 'ANCHOR_OPTIONAL'
}

function reason({ check, code, message }: Report.Check): Omit<Decision, 'verdict'> {
  return { check, code, message }
}
