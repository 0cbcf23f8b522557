import * as Problem from './Problem.ts'

/** How many are named on a page unless told otherwise. */
const usual = 50

/** A place in a list, as a text that says nothing to its reader and is checked when it comes back. */
export function write(list: string, place: string | number): string {
  return Buffer.from(`1:${list}:${place}`).toString('base64url')
}

/**
 * The place in a list that a cursor was made for; `undefined` for none.
 *
 * @throws {Problem.RefusedError} PAGINATION_INVALID for a cursor that was not made for this list
 */
export function read(list: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const text = Buffer.from(cursor, 'base64url').toString()
  const prefix = `1:${list}:`
  if (!text.startsWith(prefix) || write(list, text.slice(prefix.length)) !== cursor) throw invalid()
  return text.slice(prefix.length)
}

/** The same where places are numbers. */
export function readNumber(list: string, cursor: string | undefined): number | undefined {
  const place = read(list, cursor)
  if (place !== undefined && !/^[0-9]{1,15}$/.test(place)) throw invalid()
  return place === undefined ? undefined : Number(place)
}

/** What a page names out of one more than it may, and the cursor that goes on behind it. */
export function cut<item>(
  found: readonly item[],
  limit: number | undefined,
  next: (last: item) => string,
): { readonly items: readonly item[]; readonly next: string | null } {
  const items = found.slice(0, limit ?? usual)
  const last = items.at(-1)
  return { items, next: found.length > items.length && last !== undefined ? next(last) : null }
}

/** How many are read so that it is known whether there are more. */
export function reach(limit: number | undefined): number {
  return (limit ?? usual) + 1
}

function invalid(): Problem.RefusedError {
  const detail = 'This is no cursor from here.'
  return new Problem.RefusedError('PAGINATION_INVALID', detail, {
    places: [{ pointer: '/query/cursor', code: 'PAGINATION_INVALID', detail }],
  })
}
