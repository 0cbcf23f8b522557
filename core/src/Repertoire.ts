import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import type * as Outline from './internal/Outline.ts'
import * as Statements from './internal/Statements.ts'
import * as Template from './internal/Template.ts'
import type * as Json from './Json.ts'
import * as Rdfc from './Rdfc.ts'
import * as Sha256 from './Sha256.ts'

/**
 * What a verifier remembers of documents that it has met: of the outline of those that came several times, their
 * canonical N-Quads with slots in place of the values that were not always the same.
 *
 * Documents of an outline have the same members in the same order, lists of the same length, and the same kinds of
 * values. What is written for one is, byte for byte, what {@link Rdfc.canonize} writes, for the reasons that `Stamp` in
 * `Stamp.ts` gives: to a verifier every document is its own layout, and every text and number in it a field, but for those
 * that decide about the meaning of others, which are part of the outline. As there, nothing is taken on trust: what is
 * compiled has to reproduce what the general way makes of another set of values, and then the first document is made both
 * ways. A document whose values are not proven to be right goes the general way, and so does every document of an outline
 * that has not come often.
 *
 * It is bounded, and keeps the values of the last document of each outline. Threads have one each.
 */
export type Repertoire = {
  readonly entries: Map<string, Entry>
  /** How many bytes more it may take. */
  room: number
}

type Entry = {
  /** Of the last document. */
  readonly values: Outline.Value[]
  /** Of each slot, whether it had different values. */
  readonly varies: boolean[]
  met: number
  /** The meeting at which it is compiled, and how many more come before the next time. */
  due: number
  wait: number
  program?: Program | undefined
}

/** The statements of an outline, whose slots are those that vary, numbered anew. */
type Program = {
  readonly statements: Statements.Statements
  readonly inking: Template.Inking
  /** Of each slot of the outline its number here, where it has one. */
  readonly places: readonly (number | undefined)[]
  readonly forms: string[]
  /** First-degree hashes of nodes in whose lines nothing has changed since. */
  readonly hashes: Statements.Hashes
  /** Of each slot, the keys of the hashes that depend on it. */
  readonly keys: readonly (readonly string[])[]
  isProven: boolean
}

/** Compiling an outline costs as much as some ten documents made the general way. */
const often = 4

/** More than any honest document has. */
const maximumSlots = 2048

const maximumBytes = 32 * 1024 * 1024

/** Makes one that has met nothing. */
export function create(): Repertoire {
  return { entries: new Map(), room: maximumBytes }
}

/**
 * SHA-256 (32 bytes) of the canonical form (RDFC-1.0) of a document.
 *
 * @param reading the document taken apart; undefined where that cannot be done
 * @param generally makes the same of it the general way
 * @throws what `generally` throws
 */
export function digest(
  repertoire: Repertoire,
  document: Json.Object,
  reading: Outline.Reading | undefined,
  generally: () => Uint8Array,
): Uint8Array {
  const entry = reading && meet(repertoire, reading)
  if (entry === undefined) return generally()
  const isKnown = adopt(repertoire, entry, reading?.values ?? [])
  if (entry.met === entry.due) {
    entry.program = compile(document, entry)
    repertoire.room -= entry.program === undefined ? 0 : sizeOf(entry.program)
  }
  const { program } = entry
  const written = program && isKnown ? Statements.write(program.statements, program.forms, program.hashes) : undefined
  if (program === undefined || written === undefined) return generally()
  const digest = Sha256.digest(written)
  if (program.isProven) return digest
  const general = generally()
  if (Bytes.equals(digest, general)) program.isProven = true
  else entry.program = undefined
  return general
}

function meet(repertoire: Repertoire, { outline, values }: Outline.Reading): Entry | undefined {
  if (values.length > maximumSlots) return undefined
  const { entries } = repertoire
  if (repertoire.room < 0) {
    entries.clear()
    repertoire.room = maximumBytes
  }
  let entry = entries.get(outline)
  if (entry === undefined) {
    entry = { values: [...values], varies: values.map(() => false), met: 0, due: often, wait: often }
    entries.set(outline, entry)
    repertoire.room -= values.reduce<number>((sum, value) => sum + weight(value), weight(outline))
  }
  entry.met++
  return entry
}

/**
 * Takes over the values of a document. Where one is new in a slot that has always had the same, the outline is compiled
 * again later, and each time later than the last time: compiling has to pay.
 *
 * @returns false when a value cannot be written
 */
function adopt(repertoire: Repertoire, entry: Entry, values: readonly Outline.Value[]): boolean {
  const { varies } = entry
  for (let slot = 0; slot < values.length; slot++) {
    const value = values[slot] as Outline.Value
    const last = entry.values[slot] as Outline.Value
    if (Object.is(last, value)) continue
    if (!varies[slot]) {
      varies[slot] = true
      if (entry.program !== undefined) {
        entry.program = undefined
        entry.wait *= 2
        entry.due = entry.met + entry.wait
      }
    } else if (entry.program !== undefined && !ink(entry.program, slot, value)) return false
    entry.values[slot] = value
    repertoire.room -= weight(value) - weight(last)
  }
  return true
}

/** How many bytes it takes, about, to keep a value or an outline, with what leads there. */
function weight(value: Outline.Value): number {
  return 64 + 2 * String(value).length
}

/** Puts a value into its slot; false when it is not proven to be right there. */
function ink({ inking, places, forms, hashes, keys }: Program, slot: number, value: Outline.Value): boolean {
  const place = places[slot] as number
  const form = Template.quadFormOf(inking, place, value)
  if (form === undefined) return false
  forms[place] = form
  for (const key of keys[place] as readonly string[]) hashes.delete(key)
  return true
}

function compile(document: Json.Object, { values, varies }: Entry): Program | undefined {
  const slots = values.flatMap((_, slot) => (varies[slot] ? slot : []))
  const compiled = attempt(() => Template.compileDocument(document, values, slots))
  if (compiled === undefined) return undefined
  const places: (number | undefined)[] = values.map(() => undefined)
  for (const [place, slot] of slots.entries()) places[slot] = place
  const keys = slots.map((): string[] => [])
  for (const { key, slots } of compiled.statements.unknown) for (const place of slots) keys[place]?.push(key)
  const program = { ...compiled, places, forms: [], hashes: new Map(), keys, isProven: false }
  return slots.every((slot) => ink(program, slot, values[slot] as Outline.Value)) ? program : undefined
}

/** What cannot be read has no statements, which the general way tells in its own words. */
function attempt<result>(work: () => result): result | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
}

/** How many bytes a program takes, about: what leads to a piece of text takes as much as the text. */
function sizeOf({ statements, places }: Program): number {
  return 2 * Statements.sizeOf(statements) + 100 * places.length
}
