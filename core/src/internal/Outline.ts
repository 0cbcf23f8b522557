import * as Json from '../Json.ts'
import * as Lexical from './Lexical.ts'

/** What stands in a slot. */
export type Value = string | number

/**
 * Fields taken apart: their outline, which says everything but the values, and the values in the order in which the
 * outline has their slots.
 */
export type Reading = { readonly outline: string; readonly values: readonly Value[] }

/**
 * Takes fields apart. Two fields have the same outline just when they have the same members in the same order, as many
 * items in each list, and the same kind of value in each place: text, a number that is written with a point, one that
 * is not.
 *
 * What steers the meaning of other members is no slot but part of the outline: what stands under `type` and under
 * keywords (`@…`, but for `@value`), and `true`, `false` and `null`. So is the purpose of a proof, a name that its context
 * defines.
 *
 * @returns undefined for what is not JSON, such as a member that is there and undefined, and where a zero with a sign would
 *   be part of the outline
 */
export function read(fields: Json.Object): Reading | undefined {
  const values: Value[] = []
  const outline = readValue(fields, values)
  return outline === undefined ? undefined : { outline, values }
}

/** The outline and the values of the same fields with a member more, at the end. */
export function extend({ outline, values }: Reading, name: string, value: Json.Value): Reading | undefined {
  const all = [...values]
  const member = readMembers({ [name]: value }, all)
  return member === undefined ? undefined : { outline: outline.slice(0, -1) + member.slice(1), values: all }
}

/** The same fields with other values in their slots. */
export function fill(fields: Json.Object, values: readonly Value[]): Json.Object {
  const rest = values.values()
  return fillValue(fields, () => rest.next().value as Value) as Json.Object
}

// A name is told from what follows by its length, and a number that is pinned by the comma.
function readValue(value: Json.Value, values: Value[]): string | undefined {
  switch (typeof value) {
    case 'string':
      values.push(value)
      return 's'
    case 'number':
      values.push(value)
      return Lexical.isInteger(value) ? 'i' : 'd'
    case 'boolean':
      return value ? 't' : 'f'
    case 'object':
      if (value === null) return 'n'
      return Json.isArray(value) ? readList(value, values) : readMembers(value, values)
    default:
      return undefined
  }
}

function readList(list: readonly Json.Value[], values: Value[]): string | undefined {
  let outline = '['
  for (const item of list) {
    const part = readValue(item, values)
    if (part === undefined) return undefined
    outline += part
  }
  return `${outline}]`
}

function readMembers(object: Json.Object, values: Value[]): string | undefined {
  let outline = '{'
  for (const name of Object.keys(object)) {
    const value = object[name] as Json.Value
    const part = isPinned(name) ? pin(value) : readValue(value, values)
    if (part === undefined) return undefined
    outline += `${name.length}:${name}${part},`
  }
  return `${outline}}`
}

/** Values that are not the same have texts that are not, but for 0 and -0. */
function pin(value: Json.Value): string | undefined {
  return hasSignedZero(value) ? undefined : JSON.stringify(value)
}

function hasSignedZero(value: Json.Value): boolean {
  if (typeof value !== 'object' || value === null) return Object.is(value, -0)
  return Object.values(value).some(hasSignedZero)
}

function fillValue(value: Json.Value, next: () => Value): Json.Value {
  if (typeof value === 'string' || typeof value === 'number') return next()
  if (typeof value !== 'object' || value === null) return value
  if (Json.isArray(value)) return value.map((item) => fillValue(item, next))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isPinned(name) ? item : fillValue(item, next)]),
  )
}

function isPinned(name: string): boolean {
  return name === 'type' || name === 'proofPurpose' || (name.charCodeAt(0) === 64 && name !== '@value')
}
