import * as Errors from '@laurel/core/Errors'

/** Whose data there is: everything that belongs to one is seen and changed by nobody of another. */
export type Organisation = {
  /** Lower-case letters, digits and hyphens. It stands in addresses, and never changes. */
  readonly id: string
  readonly name: string
  readonly settings: Settings
  readonly quotas: Quotas
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export type Settings = {
  /** In which it writes to people of whom nothing else is known (BCP 47). */
  readonly language?: string
}

/** How much may be accepted of an organisation; what is missing has no end. */
export type Quotas = { readonly [name in Quota]?: number }

/** Each quota with a sentence for whoever sets it. */
export const quotas = {
  recipientsPerDay: 'credentials that may be asked for in a day (UTC)',
  recipientsPerMonth: 'credentials that may be asked for in a month (UTC)',
  bytesPerMonth: 'bytes of what is said of their recipients, in a month (UTC)',
  openBatches: 'batches that may be on their way at once',
  requestsPerMinute: 'requests that all its keys and members may make in a minute, by each server',
} as const

export type Quota = keyof typeof quotas

/** What was accepted of an organisation lately, in days and months of UTC. */
export type Use = {
  readonly recipientsToday: number
  readonly recipientsThisMonth: number
  readonly bytesThisMonth: number
  readonly openBatches: number
}

/** A part of an organisation: a faculty, a school, a branch. */
export type Department = {
  readonly id: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** Asserts that a text may be the id of an organisation. */
export function toId(text: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) throw new InvalidOrganisationError()
  return text
}

/** The periods in which a moment lies: its day and its month, in UTC. */
export function periodsOf(now: number): { readonly day: string; readonly month: string } {
  const text = new Date(now).toISOString()
  return { day: text.slice(0, 10), month: text.slice(0, 7) }
}

/** What is asked for, beside what was accepted before, that included. */
export type Counted = { readonly quota: Quota; readonly asked: number; readonly used: number }

/**
 * Holds what would be accepted against the quotas.
 *
 * @throws {QuotaExceededError} QUOTA_EXCEEDED where it is too much now
 * @throws {QuotaTooSmallError} QUOTA_TOO_SMALL where it is too much by itself, whenever it comes
 */
export function demand(limits: Quotas, counted: readonly Counted[], now: number): void {
  for (const { quota, asked, used } of counted) {
    const limit = limits[quota]
    if (limit === undefined || used <= limit) continue
    if (asked > limit) throw new QuotaTooSmallError(quota, { limit, asked })
    throw new QuotaExceededError(quota, { limit, asked, used: used - asked }, secondsUntilMore(quota, now))
  }
}

function secondsUntilMore(quota: Quota, now: number): number {
  if (quota === 'openBatches') return 60
  const date = new Date(now)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const next = quota === 'recipientsPerDay' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1)
  return Math.ceil((next - now) / 1_000)
}

/** Thrown when an organisation has used up what it may have in a period, or at once. Nothing was accepted. */
export class QuotaExceededError extends Errors.BaseError<'QUOTA_EXCEEDED'> {
  override readonly name = 'Organisation.QuotaExceededError'
  /** After how many seconds there may be room again. */
  readonly retryAfter: number
  constructor(quota: Quota, facts: { limit: number; asked: number; used: number }, retryAfter: number) {
    const { limit, asked, used } = facts
    super('QUOTA_EXCEEDED', `Of ${limit} ${quotas[quota]}, ${used} are used; ${asked} more were not accepted.`, {
      facts: { quota, ...facts },
    })
    this.retryAfter = retryAfter
  }
}

/** Thrown when one request alone is more than an organisation may ever have. Nothing was accepted. */
export class QuotaTooSmallError extends Errors.BaseError<'QUOTA_TOO_SMALL'> {
  override readonly name = 'Organisation.QuotaTooSmallError'
  constructor(quota: Quota, facts: { limit: number; asked: number }) {
    super('QUOTA_TOO_SMALL', `These are ${facts.asked} of ${facts.limit} ${quotas[quota]}.`, {
      facts: { quota, ...facts },
    })
  }
}

/** Thrown when a text cannot be the id of an organisation. */
export class InvalidOrganisationError extends Errors.BaseError<'ORGANISATION_INVALID'> {
  override readonly name = 'Organisation.InvalidOrganisationError'
  constructor() {
    super('ORGANISATION_INVALID', 'The id of an organisation has 1 to 63 lower-case letters, digits and hyphens.')
  }
}

/** Thrown when there is no organisation with this id. */
export class UnknownOrganisationError extends Errors.BaseError<'ORGANISATION_UNKNOWN'> {
  override readonly name = 'Organisation.UnknownOrganisationError'
  constructor(id: string) {
    super('ORGANISATION_UNKNOWN', `There is no organisation ${id.slice(0, 63)} here.`)
  }
}

/** Thrown when something of this name is there already. */
export class TakenError extends Errors.BaseError<'NAME_TAKEN'> {
  override readonly name = 'Organisation.TakenError'
  constructor() {
    super('NAME_TAKEN', 'Something of this name is there already; nothing was changed.')
  }
}
