import * as Json from '../Json.ts'
import * as Shape from '../Shape.ts'
import type { Value } from './Outline.ts'

/**
 * What the values of an outline have to be for its documents to have their exact shape, given that one of them has:
 * everything else that {@link Shape.check} looks at is the same in all of them.
 */
export type Conditions = {
  /** Of each slot, the kinds of the places where it stands. */
  readonly kinds: readonly (readonly Shape.Kind[])[]
  /** The slots that identify something, and the identifiers that are fixed: each describes one thing in one place. */
  readonly ids: readonly number[]
  readonly fixedIds: ReadonlySet<string>
  /** Items of lists that would be the same if all these were: two slots, or a slot and what is fixed. */
  readonly repeats: readonly (readonly Same[])[]
  /** What was last found good in each slot: the next document often has the same there. */
  readonly good: (Value | undefined)[]
}

type Same = readonly [slot: number, other: { readonly slot: number } | { readonly value: Json.Value }]
type Marks = ReadonlyMap<Json.Value, number>

/**
 * Compiles the conditions out of a document of exact shape in which marks stand for values.
 *
 * @returns undefined when a slot stands nowhere, or where no shape says what it has to be
 */
export function compile(document: Json.Object, className: Shape.ClassName, marks: Marks): Conditions | undefined {
  const kinds: Shape.Kind[][] = Array.from(marks, () => [])
  for (const { kind, value } of Shape.leaves(document, className)) {
    const slot = marks.get(value)
    if (slot !== undefined && !kinds[slot]?.includes(kind)) kinds[slot]?.push(kind)
  }
  if (kinds.some((some) => some.length === 0)) return undefined
  const ids = [...idsOf(document)]
  const isSlot = (id: string) => marks.has(id)
  return {
    kinds,
    ids: ids.filter(isSlot).map((id) => marks.get(id) as number),
    fixedIds: new Set(ids.filter((id) => !isSlot(id))),
    repeats: [...repeatsOf(document, marks)],
    good: kinds.map(() => undefined),
  }
}

/** Whether values meet the conditions. */
export function areMet({ kinds, ids, fixedIds, repeats, good }: Conditions, values: readonly Value[]): boolean {
  for (let slot = 0; slot < kinds.length; slot++) {
    const value = values[slot] as Value
    if (value === good[slot]) continue
    if (typeof value === 'string' && !value.isWellFormed()) return false
    for (const kind of kinds[slot] as readonly Shape.Kind[]) if (!Shape.isOfKind(value, kind)) return false
    good[slot] = value
  }
  for (let i = 0; i < ids.length; i++) {
    const id = values[ids[i] as number] as string
    if (fixedIds.has(id)) return false
    for (let j = 0; j < i; j++) if (values[ids[j] as number] === id) return false
  }
  const isSame = ([slot, other]: Same) => values[slot] === ('slot' in other ? values[other.slot] : other.value)
  return !repeats.some((repeat) => repeat.every(isSame))
}

function* idsOf(value: Json.Value): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  if (Json.isObject(value) && typeof value.id === 'string') yield value.id
  for (const item of Object.values(value)) yield* idsOf(item as Json.Value)
}

function* repeatsOf(value: Json.Value, marks: Marks): Generator<readonly Same[]> {
  if (typeof value !== 'object' || value === null) return
  if (Json.isArray(value))
    for (const [i, item] of value.entries())
      for (const other of value.slice(i + 1)) {
        const repeat = unify(item, other, marks)
        if (repeat !== undefined) yield repeat
      }
  for (const item of Object.values(value)) yield* repeatsOf(item as Json.Value, marks)
}

/** What has to be the same for two values to be; undefined when they never are. Members count in their order. */
function unify(one: Json.Value, other: Json.Value, marks: Marks): readonly Same[] | undefined {
  const [slot, otherSlot] = [marks.get(one), marks.get(other)]
  if (slot !== undefined) return [[slot, otherSlot === undefined ? { value: other } : { slot: otherSlot }]]
  if (otherSlot !== undefined) return [[otherSlot, { value: one }]]
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return one === other ? [] : undefined
  const [entries, others] = [Object.entries(one), Object.entries(other)]
  if (Json.isArray(one) !== Json.isArray(other) || entries.length !== others.length) return undefined
  const all: Same[] = []
  for (const [i, [name, value]] of entries.entries()) {
    const [otherName, otherValue] = others[i] as [string, Json.Value]
    const same = name === otherName ? unify(value as Json.Value, otherValue, marks) : undefined
    if (same === undefined) return undefined
    all.push(...same)
  }
  return all
}
