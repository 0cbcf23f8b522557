import type * as Json from '@laurel/core/Json'
import * as Stamp from '@laurel/core/Stamp'
import * as Batch from '../fixtures/Batch.ts'
import type { Side } from '../Side.ts'
import * as stamp from './stamp.ts'

const judged = 40

/** Canonical N-Quads of all credentials of a batch, from the fields of its people. */
export async function create({ size }: { readonly size: number }): Promise<Side> {
  const awards = (await Batch.awards(size)) as unknown as readonly Json.Object[]
  const make = async () => {
    // All of the batch, so that what is judged was stamped and not made the general way.
    const of = stamp.create()
    const all: string[] = []
    for (const award of awards) all.push(await Stamp.canonize(of, award))
    return Batch.some(all, judged)
  }
  return {
    work: async () => {
      const of = stamp.create()
      for (const award of awards) await Stamp.canonize(of, award)
      return awards.length
    },
    make,
    judge: async (made) => {
      for (const [i, quads] of (await make()).entries())
        if (quads !== (made as readonly string[])[i]) throw new Error('The N-Quads differ')
    },
  }
}
