import pc from 'picocolors'
import type * as Policy from '../Policy.ts'
import type { Check, Report } from '../Report.ts'

/** A file, the evidence on it, and the verdict. */
export type Verified = { readonly file: string; readonly report: Report; readonly decision: Policy.Decision }

const verdicts = {
  accepted: (text: string) => pc.green(`✔ ${text}`),
  rejected: (text: string) => pc.red(`✖ ${text}`),
  unknown: (text: string) => pc.yellow(`? ${text}`),
} as const

const outcomes = {
  passed: pc.green('✔'),
  failed: pc.red('✖'),
  unknown: pc.yellow('?'),
  skipped: pc.dim('–'),
} as const

const names = { accepted: 'accepted', rejected: 'rejected', unknown: 'could not tell' } as const

/** The verdicts for a program: the shape is promised. */
export function json(all: readonly Verified[]): string {
  const rows = all.map(({ file, report, decision }) => ({ file, verdict: decision.verdict, checks: report.checks }))
  return `${JSON.stringify(rows, null, 2)}\n`
}

/** One file, for a person: the verdict, and why; every check where there is only one file. */
export function describe({ file, report, decision }: Verified, detailed: boolean): string {
  const lines = [`${verdicts[decision.verdict](names[decision.verdict])}  ${file}`]
  if (!detailed) {
    if (decision.verdict !== 'accepted') lines.push(`    ${decision.message} ${pc.dim(`[${decision.code}]`)}`)
    return `${lines.join('\n')}\n`
  }
  if (report.achievement !== undefined) lines.push(`  ${pc.bold(printable(report.achievement))}`)
  if (report.issuer !== undefined) lines.push(`  issued by ${printable(report.issuer)}`)
  lines.push('')
  for (const check of report.checks) if (isTelling(check)) lines.push(line(check))
  return `${lines.join('\n')}\n`
}

/** How many of each, where there are several. */
export function summarise(all: readonly Verified[]): string {
  const count = (verdict: Policy.Decision['verdict']) =>
    all.filter(({ decision }) => decision.verdict === verdict).length
  const parts = (['accepted', 'rejected', 'unknown'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => verdicts[verdict](`${count(verdict)} ${names[verdict]}`))
  return `${parts.join('  ')}  of ${all.length} files\n`
}

function isTelling({ outcome, code }: Check): boolean {
  return outcome !== 'skipped' || (code !== 'NOT_CHECKED' && code !== 'RECIPIENT_NOT_ASKED')
}

function line({ check, outcome, code, message }: Check): string {
  return `  ${outcomes[outcome]} ${check.padEnd(13)} ${message} ${pc.dim(`[${code}]`)}`
}

/** Text out of a document may hold control characters that would rewrite the terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�')
}
