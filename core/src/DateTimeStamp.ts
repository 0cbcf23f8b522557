import * as Errors from './Errors.ts'

// XML Schema 1.1 part 2, §3.4.28: a dateTime whose time zone is required. Years of four digits are all we accept.
const form =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:Z|([+-])(0\d|1[0-3]):([0-5]\d)|([+-])(14):(00))$/

/**
 * Reads an XML Schema `dateTimeStamp`. Digits beyond the millisecond are cut.
 *
 * @returns milliseconds since 1970-01-01T00:00:00Z
 * @throws {FormatError} DATE_FORMAT when it is written otherwise: no time zone, hour 24, second 60
 * @throws {InvalidDateError} DATE_INVALID for a day that the month has not
 */
export function toMilliseconds(text: string): number {
  const known = read.get(text)
  if (known !== undefined) return known
  const milliseconds = parse(text)
  if (read.size === mostRead) read.clear()
  read.set(text, milliseconds)
  return milliseconds
}

// The credentials of a batch have few dates, which are asked for again with each.
const read = new Map<string, number>()
const mostRead = 1000

function parse(text: string): number {
  const match = form.exec(text)
  if (match === null) throw new FormatError()
  const part = (group: number) => Number(match[group] ?? 0)
  const date = new Date(0)
  date.setUTCFullYear(part(1), part(2) - 1, part(3))
  if (date.getUTCDate() !== part(3)) throw new InvalidDateError()
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const offset = ((part(9) || part(12)) * 60 + part(10)) * ((match[8] ?? match[11]) === '-' ? -1 : 1)
  return date.getTime() + ((part(4) * 60 + part(5) - offset) * 60 + part(6)) * 1000 + milliseconds
}

/** Whether a text is a `dateTimeStamp` of a day that exists. */
export function isValid(text: string): boolean {
  try {
    toMilliseconds(text)
    return true
  } catch {
    return false
  }
}

/** Writes whole seconds since 1970 as `2026-03-01T00:00:00Z`. */
export function fromSeconds(seconds: number): string {
  if (!Number.isSafeInteger(seconds) || seconds < -62167219200 || seconds > 253402300799)
    throw new TypeError(`${seconds} is not a second of the years 0000 to 9999`)
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}

/** Thrown when a text is not written as a date and time with its time zone. */
export class FormatError extends Errors.BaseError<'DATE_FORMAT'> {
  override readonly name = 'DateTimeStamp.FormatError'
  constructor() {
    super('DATE_FORMAT', 'This is not a date and time with a time zone, such as 2026-03-01T00:00:00Z.')
  }
}

/** Thrown when a date is well written and does not exist, such as 30 February. */
export class InvalidDateError extends Errors.BaseError<'DATE_INVALID'> {
  override readonly name = 'DateTimeStamp.InvalidDateError'
  constructor() {
    super('DATE_INVALID', 'This day does not exist.')
  }
}
