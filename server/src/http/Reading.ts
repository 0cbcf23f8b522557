import { z } from 'zod'
import { pointer } from '../internal/pointer.ts'
import * as Problem from './Problem.ts'

/** Where a value stands, as the beginning of a JSON Pointer: a body's own, or `/query` and the like. */
export type Origin = '' | '/query' | '/headers'

/**
 * Reads a value by its schema, or refuses it with every wrong place. Nothing is converted, dropped or filled in by
 * guesswork.
 *
 * @throws {Problem.RefusedError} with the code of the first place
 */
export function read<schema extends z.ZodType>(schema: schema, value: unknown, origin: Origin): z.output<schema> {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  const found = error.issues.flatMap((issue) => places(issue, value, origin))
  // What has no place here is told first: it may be why something else seems to be missing.
  throw refuse(found.toSorted((a, b) => Number(b.code === 'UNKNOWN_FIELD') - Number(a.code === 'UNKNOWN_FIELD')))
}

/** The error that names wrong places. */
export function refuse(places: readonly Problem.Place[], total = places.length): Problem.RefusedError {
  const [first] = places
  if (first === undefined) throw new TypeError('Somebody who is refused is told why')
  const where = first.pointer === '' ? '' : ` (${first.pointer})`
  const more = total === 1 ? '' : ` And ${total - 1} more ${total === 2 ? 'place is' : 'places are'} wrong.`
  return new Problem.RefusedError(first.code, `${first.detail}${where}${more}`, { places, total })
}

function places(issue: z.core.$ZodIssue, value: unknown, origin: Origin): readonly Problem.Place[] {
  const path = issue.path.map(String)
  const at = pointer(origin, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        pointer: pointer(origin, [...path, key]),
        code: 'UNKNOWN_FIELD',
        detail: 'There is nothing of this name.',
      }))
    case 'invalid_type':
    case 'invalid_union':
      return [
        {
          pointer: at,
          code: 'TYPE',
          detail: valueAt(value, issue.path) === undefined ? 'This is missing.' : 'This is of the wrong type.',
        },
      ]
    default: {
      const code = (issue as { readonly params?: { readonly code?: string } }).params?.code
      return [{ pointer: at, code: code ?? fallback(origin, path), detail: `${issue.message}.`.replace(/\.\.$/, '.') }]
    }
  }
}

function fallback(origin: Origin, path: readonly string[]): string {
  return origin === '/query' && (path[0] === 'limit' || path[0] === 'cursor') ? 'PAGINATION_INVALID' : 'VALUE_INVALID'
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, name) => (at as Record<PropertyKey, unknown> | null | undefined)?.[name], value)
}

/** What a route without parameters takes. */
export const nothing = z.strictObject({})
