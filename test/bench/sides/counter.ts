import { writeFileSync } from 'node:fs'
import type { Side } from '../../../bench/Side.ts'

type Options = {
  readonly perCall: number
  readonly trouble?: string
  /** Counts a second of the CPU and two on the wall for each call, whatever it takes. */
  readonly partly?: boolean
  /** A file to write when it is closed. */
  readonly closed?: string
}

/** A side that counts its calls, and misbehaves as it is told. */
export function create({ perCall, trouble, partly, closed }: Options): Side {
  if (trouble === 'create') throw new Error('no side today')
  let calls = 0
  return {
    work: async () => {
      if (trouble === 'work') throw new Error('no work today')
      if (trouble === 'exit') process.exit(3)
      calls++
      return partly ? { units: perCall, cpu: 1, wall: 2 } : perCall
    },
    make: () => ({ calls, bytes: Uint8Array.of(1, 2, 3) }),
    judge: (made) => {
      if ((made as { calls: number }).calls !== calls) throw new Error('another number of calls')
    },
    close: async () => {
      if (closed !== undefined) writeFileSync(closed, 'closed')
    },
  }
}
