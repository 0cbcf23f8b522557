import * as Rdfc from '@laurel/core/Rdfc'
import * as Batch from '../fixtures/Batch.ts'
import type { Side } from '../Side.ts'

const judged = 40

/** Canonical N-Quads of all credentials of a batch. */
export function create({ size }: { readonly size: number }): Side {
  const credentials = Batch.credentials(size)
  const make = () => Promise.all(Batch.some(credentials, judged).map(Rdfc.canonize))
  return {
    work: async () => {
      for (const credential of credentials) await Rdfc.canonize(credential)
      return credentials.length
    },
    make,
    judge: async (made) => {
      for (const [i, quads] of (await make()).entries())
        if (quads !== (made as readonly string[])[i]) throw new Error('The N-Quads differ')
    },
  }
}
