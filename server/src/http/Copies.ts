import * as Recent from '../internal/Recent.ts'

/** Credentials that were handed out lately, by their UUID and the epoch of their batch. They hold personal data. */
export type Copies = Recent.Recent<Promise<Buffer>>

/**
 * How many are kept, of some 6 KiB each, and how large one of them may be, in bytes: what is shared is looked at by many at
 * about the same time. The store is asked each time whether there is one, and the copy saves only the stamping.
 */
const lately = { count: 2_000, bytes: 32 * 1024 } as const

export function create(): Copies {
  return Recent.create(lately.count, ({ length }) => length <= lately.bytes)
}

/** The name of a copy; those of one credential begin with its UUID and a blank. */
export function nameOf(uuid: string, epoch: number): string {
  return `${uuid} ${epoch}`
}
