import type * as Json from '@laurel/core/Json'
import jsonld from 'jsonld'
import * as Batch from '../fixtures/Batch.ts'
import type { Side } from '../Side.ts'
import * as documentLoader from './document-loader.ts'

const perCall = 20
const judged = 40

/** Canonical N-Quads of the credentials of a batch, one after the other, with contexts that are processed once. */
export async function create({ size }: { readonly size: number }): Promise<Side> {
  const credentials = await Batch.credentials(size)
  const options = {
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
    safe: true,
    base: null,
    documentLoader: documentLoader.create(),
  }
  const canonize = (credential: Json.Object): Promise<string> =>
    jsonld.canonize(credential, options as unknown as jsonld.Options.Normalize)
  let next = 0
  return {
    work: async () => {
      for (let i = 0; i < perCall; i++) {
        await canonize(credentials[next] as Json.Object)
        next = (next + 1) % credentials.length
      }
      return perCall
    },
    make: () => Promise.all(Batch.some(credentials, judged).map(canonize)),
    judge: async (made) => {
      for (const [i, credential] of Batch.some(credentials, judged).entries())
        if ((await canonize(credential)) !== (made as readonly string[])[i]) throw new Error('The N-Quads differ')
    },
  }
}
