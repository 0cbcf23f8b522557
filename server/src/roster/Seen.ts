import { hash } from 'node:crypto'

/**
 * Remembers which row has said a text first, in 20 bytes a text instead of the text: by the first half of its SHA-256,
 * which no two texts share that anybody has found.
 */
export type Seen = {
  /** The row that said it before; `undefined`, and remembered, where none has. */
  readonly before: (text: string, row: number) => number | undefined
}

/** Four words of the hash, then the row; a row is at least 1, so 0 marks a free slot. */
const width = 5

export function create(): Seen {
  let capacity = 1024
  let count = 0
  let slots = new Uint32Array(capacity * width)

  /** Where the hash stands, or the free slot in which it would. */
  const find = (key: Uint32Array) => {
    for (let slot = (key[0] as number) % capacity; ; slot = (slot + 1) % capacity) {
      const at = slot * width
      if (slots[at + 4] === 0) return at
      if ([0, 1, 2, 3].every((i) => slots[at + i] === key[i])) return at
    }
  }
  const grow = () => {
    const old = slots
    capacity *= 2
    slots = new Uint32Array(capacity * width)
    for (let at = 0; at < old.length; at += width) {
      if (old[at + 4] !== 0) slots.set(old.subarray(at, at + width), find(old.subarray(at, at + 4)))
    }
  }
  return {
    before: (text, row) => {
      const digest = hash('sha256', text, 'buffer')
      const key = Uint32Array.from([0, 4, 8, 12], (i) => digest.readUInt32LE(i))
      const at = find(key)
      if (slots[at + 4] !== 0) return slots[at + 4]
      slots.set(key, at)
      slots[at + 4] = row
      if (++count > capacity / 2) grow()
      return undefined
    },
  }
}
