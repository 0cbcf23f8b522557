import type { Side } from '../../../bench/Side.ts'

/** A side that counts its calls, and misbehaves as it is told. */
export function create({ perCall, trouble }: { readonly perCall: number; readonly trouble?: string }): Side {
  if (trouble === 'create') throw new Error('no side today')
  let calls = 0
  return {
    work: async () => {
      if (trouble === 'work') throw new Error('no work today')
      if (trouble === 'exit') process.exit(3)
      calls++
      return perCall
    },
    make: () => ({ calls, bytes: Uint8Array.of(1, 2, 3) }),
    judge: (made) => {
      if ((made as { calls: number }).calls !== calls) throw new Error('another number of calls')
    },
  }
}
