import pc from 'picocolors'
import type * as Duplicates from '../inputs/Duplicates.ts'
import * as Policy from '../Policy.ts'
import { printable, unprintable } from '../printable.ts'
import type { Check, Evidence, Refresh, Report } from '../Report.ts'
import { todo } from '../todo.ts'

export { printable } from '../printable.ts'

/** A file, or a credential in it; the evidence on it, the verdict, and which of those before it it is like. */
export type Verified = {
  readonly file: string
  readonly report: Evidence
  readonly decision: Policy.Decision<string>
  readonly likeness: Duplicates.Likeness
}

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
  const rows = all.map(({ file, report, decision }) => ({
    file,
    verdict: decision.verdict,
    ...(report.holder === undefined ? {} : { holder: report.holder }),
    checks: report.checks,
    ...(report.endorsements === undefined ? {} : { endorsements: report.endorsements.map(endorsementRow) }),
    ...(report.refresh === undefined ? {} : { refresh: refreshRow(report.refresh) }),
  }))
  const text = JSON.stringify(rows, null, 2)
  return `${text.replaceAll(unprintable, (character) => (character === '\n' ? character : escaped(character)))}\n`
}

/** One file, for a person: the verdict, and why; every check, and what to do, where there is only one file. */
export function describe({ file, report, decision, likeness }: Verified, detailed: boolean): string {
  const lines = [`${verdicts[decision.verdict](names[decision.verdict])}  ${printable(file)}`]
  if (!detailed) {
    if (decision.verdict !== 'accepted')
      lines.push(`    ${printable(decision.message)} ${pc.dim(`[${decision.code}]`)}`)
    if (likeness.duplicateOf !== undefined) lines.push(`    The same credential as ${printable(likeness.duplicateOf)}`)
    if (likeness.similarTo !== undefined) lines.push(`    Another credential like ${printable(likeness.similarTo)}`)
    return `${lines.join('\n')}\n`
  }
  if (report.achievement !== undefined) lines.push(`  ${pc.bold(printable(report.achievement))}`)
  if (report.issuer !== undefined) lines.push(`  issued by ${printable(report.issuer)}`)
  if (report.holder !== undefined) lines.push(`  presented by ${printable(report.holder)}`)
  lines.push('')
  for (const check of report.checks) if (isTelling(check)) lines.push(line(check))
  if (report.refresh !== undefined) lines.push(line({ check: 'refresh', ...report.refresh }))
  for (const endorsement of report.endorsements ?? []) lines.push(endorsed(endorsement))
  if (decision.verdict !== 'accepted') lines.push('', ...advise([decision.code]))
  return `${lines.join('\n')}\n`
}

/** How many of each, where there are several. */
export function summarise(all: readonly Verified[]): string {
  const count = (verdict: Policy.Decision['verdict']) =>
    all.filter(({ decision }) => decision.verdict === verdict).length
  const parts = (['accepted', 'rejected', 'unknown'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => verdicts[verdict](`${count(verdict)} ${names[verdict]}`))
  const codes = all.filter(({ decision }) => decision.verdict !== 'accepted').map(({ decision }) => decision.code)
  const advice = [...new Set(codes)].sort().flatMap((code) => advise([code], `${pc.dim(`[${code}]`)} `))
  return `${[`${parts.join('  ')}  of ${all.length} files`, ...(advice.length > 0 ? ['', ...advice] : [])].join('\n')}\n`
}

function advise(codes: readonly string[], prefix = ''): readonly string[] {
  return codes.flatMap((code) => {
    const text = todo(code)
    return text === undefined ? [] : [`  → ${prefix}${text}`]
  })
}

function refreshRow({ report, ...rest }: Refresh) {
  return report === undefined ? rest : { ...rest, newer: endorsementRow(report) }
}

function endorsementRow(report: Report) {
  return { issuer: report.issuer ?? null, verdict: Policy.decide(report).verdict, checks: report.checks }
}

function endorsed(report: Report): string {
  const { verdict, message, code } = Policy.decide(report)
  const mark = { accepted: outcomes.passed, rejected: outcomes.failed, unknown: outcomes.unknown }[verdict]
  return `  ${mark} endorsement   ${printable(`${report.issuer ?? 'somebody'}: ${message}`)} ${pc.dim(`[${code}]`)}`
}

function isTelling({ outcome, code }: Check<string>): boolean {
  return outcome !== 'skipped' || (code !== 'NOT_CHECKED' && code !== 'RECIPIENT_NOT_ASKED')
}

function line({ check, outcome, code, message }: Check<string>): string {
  return `  ${outcomes[outcome]} ${check.padEnd(13)} ${printable(message)} ${pc.dim(`[${code}]`)}`
}

/** JSON escapes the rest by itself. */
function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('')
}
