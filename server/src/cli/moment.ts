import * as Errors from '@laurel/core/Errors'

/**
 * Reads a moment with its time zone, `2026-03-01T09:30:00Z`: milliseconds since 1970.
 *
 * @throws {InvalidMomentError} DATE_FORMAT
 */
export function moment(text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw new InvalidMomentError(text)
  return time
}

/** Thrown when a moment is not written so that it is the same everywhere. */
export class InvalidMomentError extends Errors.BaseError<'DATE_FORMAT'> {
  override readonly name = 'moment.InvalidMomentError'
  constructor(text: string) {
    super('DATE_FORMAT', `${text} is not a moment with its time zone.`)
  }
}
