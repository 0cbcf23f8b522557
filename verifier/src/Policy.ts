import type * as Report from './Report.ts'

/** The answer to whether a credential may be relied on, and the check that decided it. */
export type Decision<name extends string = Report.Name> = {
  readonly verdict: 'accepted' | 'rejected' | 'unknown'
  readonly check?: name
  readonly code: string
  readonly message: string
}

/**
 * Checks that may be skipped: a credential need not have a status, nor be asked about its recipient; nor need anybody be asked
 * to show at this moment that a presentation is theirs.
 */
const optional: readonly string[] = ['status', 'recipient', 'answers', 'holder'] satisfies readonly (
  | Report.Name
  | Report.PresentationName
)[]

/**
 * Decides on a report. Whatever failed rejects; whatever could not be checked, or was skipped though it counts, leaves
 * the verdict unknown. Only then it is accepted.
 *
 * Of several checks the first in order decides.
 */
export function decide<name extends string>({
  checks,
}: {
  readonly checks: readonly Report.Check<name>[]
}): Decision<name> {
  const failed = checks.find(({ outcome }) => outcome === 'failed')
  if (failed !== undefined) return { verdict: 'rejected', ...reason(failed) }
  const open = checks.find((each) => each.outcome === 'unknown' || (each.outcome === 'skipped' && counts(each)))
  if (open !== undefined) return { verdict: 'unknown', ...reason(open) }
  return { verdict: 'accepted', code: 'ACCEPTED', message: 'Every check was made and passed.' }
}

/**
 * Decides on a presentation and all that is in it: it is accepted when its holder presents it, and every credential is accepted
 * by itself. The worst decides; of several the first.
 */
export function decidePresentation(
  report: Report.PresentationReport,
): Decision<Report.Name | Report.PresentationName> & { readonly place?: string } {
  const own = decide(report)
  const others = report.credentials.map(({ place, report }) => ({ place, ...decide(report) }))
  const all = [own, ...others]
  return all.find(({ verdict }) => verdict === 'rejected') ?? all.find(({ verdict }) => verdict === 'unknown') ?? own
}

function counts({ check, code }: Report.Check<string>): boolean {
  return !optional.includes(check) && code !== 'ANCHOR_OPTIONAL' && code !== 'MANIFEST_NONE'
}

function reason<name extends string>({ check, code, message }: Report.Check<name>): Omit<Decision<name>, 'verdict'> {
  return { check, code, message }
}
