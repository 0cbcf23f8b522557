import * as Errors from '@laurel/core/Errors'

/**
 * One wrong place. `row` is as a spreadsheet numbers it: the header is 1. `column` is the column's name, or the letter of
 * one that has no name of ours. What stands in the cell is never repeated.
 */
export type Problem = {
  readonly row: number
  readonly column?: string
  readonly code: string
  readonly message: string
}

/** Wrong places as they are found, in the order of rows. */
export type Refusal = { readonly problems: Problem[]; total: number; rows: number; last: number }

/** How many wrong places are named. More are counted: nobody corrects them one by one. */
const named = 100_000

export function create(): Refusal {
  return { problems: [], total: 0, rows: 0, last: 0 }
}

/** Notes a wrong place. */
export function add(refusal: Refusal, problem: Problem): void {
  if (refusal.total++ < named) refusal.problems.push(problem)
  if (problem.row !== refusal.last) refusal.rows++
  refusal.last = problem.row
}

/** The error that names them. */
export function toError({ problems, total, rows }: Refusal, facts: Errors.Facts): InvalidRosterError {
  const places = `${total} ${total === 1 ? 'place' : 'places'} in ${rows} ${rows === 1 ? 'row' : 'rows'}`
  const message = `The roster is wrong at ${places}; nothing was issued.`
  return new InvalidRosterError('ROW_INVALID', message, problems, { ...facts, problems: total })
}

/** Thrown when a roster is not taken. `problems` has every wrong place, in the order of rows; none where it is no table. */
export class InvalidRosterError extends Errors.BaseError {
  override readonly name = 'Roster.InvalidRosterError'
  readonly problems: readonly Problem[]
  constructor(code: string, message: string, problems: readonly Problem[] = [], facts: Errors.Facts = {}) {
    super(code, message, { facts: { problems: problems.length, ...facts } })
    this.problems = problems
  }
}
