/** What can become of a check. `unknown`: it could not be made. `skipped`: there was nothing to check. */
export type Outcome = 'passed' | 'failed' | 'unknown' | 'skipped'

/** The checks, in the order in which they are made and in which they decide. */
export const names = [
  'conforms',
  'signed',
  'included',
  'anchored',
  'manifest',
  'issuer-bound',
  'status',
  'valid-period',
  'recipient',
] as const

export type Name = (typeof names)[number]

/** The checks of a presentation, which say who presents what is in it; in the order in which they decide. */
export const presentationNames = ['conforms', 'signed', 'answers', 'holder'] as const

export type PresentationName = (typeof presentationNames)[number]

/** One check's result: a stable code for programs and one sentence for people. */
export type Check<name extends string = Name> = {
  readonly check: name
  readonly outcome: Outcome
  readonly code: string
  readonly message: string
}

/** The evidence on one document: every check once, in order. The verdict is the policy's business. */
export type Report = {
  readonly credentialId?: string
  readonly issuer?: string
  readonly achievement?: string
  readonly checks: readonly Check[]
  /** On each endorsement in it, in order; what they say decides nothing about the credential. */
  readonly endorsements?: readonly Report[]
  /** Whether it is the newest version, where that was asked; what is said there decides nothing about this one. */
  readonly refresh?: Refresh
}

/** Whether a credential is the newest version: passed, or failed with the evidence on the newer one. */
export type Refresh = Result & { readonly report?: Report }

/** The evidence on who presents some credentials. */
export type Presented = {
  /** Who signed the presentation: a DID. Absent unless that has been checked. */
  readonly holder?: string
  readonly checks: readonly Check<PresentationName>[]
}

/** The evidence on a credential, or on who presents some. */
export type Evidence = Omit<Report, 'checks'> &
  Omit<Presented, 'checks'> & { readonly checks: readonly Check<Name | PresentationName>[] }

/** The evidence on a presentation, and on each credential in it, which stands where it says (JSON Pointer). */
export type PresentationReport = Presented & {
  readonly credentials: readonly { readonly place: string; readonly report: Report }[]
}

/** A result of a check that does not say yet whose it is. */
export type Result = Omit<Check, 'check'>

/** The results of those checks that were made. */
export type Results = Partial<Record<Name, Result>>

/** Every check once, in order: filled up with what was not checked because something before it did not pass. */
export function complete(results: Results): readonly Check[] {
  return fill(names, results)
}

/** The same of any checks. */
export function fill<name extends string>(
  names: readonly name[],
  results: Partial<Readonly<Record<name, Result>>>,
): readonly Check<name>[] {
  return names.map((check) => ({ check, ...(results[check] ?? notChecked()) }))
}

/** What is said of a check that was not made because something before it did not pass. */
export function notChecked(): Result {
  return skipped('NOT_CHECKED', 'Not checked, because an earlier check did not pass.')
}

export function passed(code: string, message: string): Result {
  return { outcome: 'passed', code, message }
}

export function failed(code: string, message: string): Result {
  return { outcome: 'failed', code, message }
}

export function unknown(code: string, message: string): Result {
  return { outcome: 'unknown', code, message }
}

export function skipped(code: string, message: string): Result {
  return { outcome: 'skipped', code, message }
}
