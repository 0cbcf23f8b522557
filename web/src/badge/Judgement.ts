import type { Check, Outcome, Report } from '@laurel/verifier'
import type { Tone } from './Banner.tsx'

/** What is said of a badge as a whole; each is a `verdict.` of the catalogues. */
export type Verdict =
  | 'valid'
  | 'test'
  | 'revoked'
  | 'suspended'
  | 'expired'
  | 'early'
  | 'changed'
  | 'invalid'
  | 'unknown'
  | 'unloaded'

/** What people ask of a badge; each is a `check.` of the catalogues. */
export type Question = 'unchanged' | 'issuer' | 'record' | 'status' | 'period'

/** What came of a question, and the code of the check that decided it. */
export type Answer = { readonly question: Question; readonly outcome: Outcome; readonly code: string }

/** What is said of a badge, and of each question; and for experts, all checks. */
export type Judgement = {
  readonly verdict: Verdict
  /** As whoever is trusted calls it, once it is sure that it is that one; otherwise as the badge does. */
  readonly issuer: string | undefined
  readonly answers: readonly Answer[]
  readonly checks: readonly Check[]
}

/** What could not be found out. */
export const nothing: Judgement = { verdict: 'unloaded', issuer: undefined, answers: [], checks: [] }

export const tones: Readonly<Record<Verdict, Tone>> = {
  valid: 'good',
  test: 'test',
  revoked: 'bad',
  suspended: 'bad',
  expired: 'bad',
  early: 'open',
  changed: 'bad',
  invalid: 'bad',
  unknown: 'open',
  unloaded: 'open',
}

/** Which checks answer which question. That nobody has asked for whom it is answers none. */
const questions: Readonly<Record<Question, readonly Check['check'][]>> = {
  unchanged: ['conforms', 'signed'],
  issuer: ['issuer-bound'],
  record: ['included', 'anchored', 'manifest'],
  status: ['status'],
  period: ['valid-period'],
}

/** From the worst to the best. */
const severity: readonly Outcome[] = ['failed', 'unknown', 'skipped', 'passed']

/** Answers each question by the worst of its checks; the first of several. */
export function answers({ checks }: Pick<Report, 'checks'>): readonly Answer[] {
  return Object.entries(questions).map(([question, names]) => {
    const mine = checks.filter(({ check }) => names.includes(check))
    const worst = severity.flatMap((outcome) => mine.find((each) => each.outcome === outcome) ?? [])[0]
    if (worst === undefined) throw new TypeError('Every check is in a report')
    return { question: question as Question, outcome: worst.outcome, code: worst.code }
  })
}

/** What is said of a badge that was rejected, by the check that has decided so. */
export function rejection({ check, code }: { readonly check?: string; readonly code: string }): Verdict {
  const known = reasons.get(code)
  if (known !== undefined) return known
  return check === 'signed' || check === 'included' ? 'changed' : 'invalid'
}

const reasons: ReadonlyMap<string, Verdict> = new Map([
  ['REVOKED', 'revoked'],
  ['SUSPENDED', 'suspended'],
  ['EXPIRED', 'expired'],
  ['NOT_YET_VALID', 'early'],
])
