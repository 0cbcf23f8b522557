import type * as Json from '../Json.ts'
import type { Value } from './Outline.ts'

/** A JSON text with slots in place of values: pieces of text, and the numbers of slots. */
export type JsonText = readonly (string | number)[]

const stem = 'urn:laurel:slot:'

/**
 * Compiles the text of a value in which marks stand for values; a mark is a whole text or number.
 *
 * @param indent as `JSON.stringify` has it
 */
export function compile(value: Json.Value, marks: ReadonlyMap<Value, number>, indent: 0 | 2): JsonText {
  const toSlot = (_: string, item: Json.Value) => {
    const slot = typeof item === 'string' || typeof item === 'number' ? marks.get(item) : undefined
    return slot === undefined ? item : `${stem}${slot}`
  }
  const pieces = JSON.stringify(value, toSlot, indent).split(new RegExp(`"${stem}(\\d+)"`))
  return pieces.map((piece, i) => (i % 2 === 0 ? piece : Number(piece)))
}

/** Writes the text. `forms` are what stands in the slots, as JSON. */
export function write(text: JsonText, forms: readonly string[]): string {
  let written = ''
  for (const piece of text) written += typeof piece === 'string' ? piece : forms[piece]
  return written
}
