import { setTimeout as pause } from 'node:timers/promises'
import * as Line from './Line.ts'

/** What is asked, and what the answer must be: `check` throws where it is wrong, and then there is no figure. */
export type Question = { readonly request: Buffer; readonly check: (answer: Line.Answer) => void }

/** How long answers took, in milliseconds, and how many came in a second. */
export type Figures = {
  readonly count: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly most: number
}

export type Options = {
  readonly port: number
  readonly lines: number
  readonly seconds: number
  /**
   * How many are asked in a second, whether or not the server keeps up: a wait begins when a question was due, not when a
   * line was free for it. Without it, every line asks again as soon as it has its answer.
   */
  readonly rate?: number
  /** It ends before its time where there is nothing left to ask. */
  readonly next: () => Question | undefined
}

/** Puts a load on a server for some seconds. */
export async function run({ port, lines, seconds, rate, next }: Options): Promise<Figures> {
  const open = await Promise.all(Array.from({ length: lines }, () => Line.open(port)))
  const took: number[] = []
  const began = performance.now()
  const end = began + seconds * 1_000
  let turn = 0
  const ask = async (line: Line.Line) => {
    for (;;) {
      const due = rate === undefined ? performance.now() : began + (turn++ * 1_000) / rate
      if (due >= end) return
      const early = due - performance.now()
      if (early > 0) await pause(early)
      const question = next()
      if (question === undefined) return
      const { request, check } = question
      check(await line.ask(request))
      took.push(performance.now() - due)
    }
  }
  try {
    await Promise.all(open.map(ask))
  } finally {
    for (const line of open) line.close()
  }
  return summarise(took, (performance.now() - began) / 1_000)
}

/** Figures out of how long each answer took. */
export function summarise(milliseconds: readonly number[], seconds: number): Figures {
  const sorted = Float64Array.from(milliseconds).sort()
  if (sorted.length === 0) throw new TypeError('Nothing was answered')
  return {
    count: sorted.length,
    perSecond: sorted.length / seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    most: sorted.at(-1) as number,
  }
}

/** The least value that is not exceeded by so many of the others (nearest rank). */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number
}
