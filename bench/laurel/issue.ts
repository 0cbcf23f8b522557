import * as DataIntegrity from '@laurel/core/DataIntegrity'
import type * as Json from '@laurel/core/Json'
import * as Batch from '../fixtures/Batch.ts'
import type { Side } from '../Side.ts'

const judged = 40

/** Issuing a whole batch at once, from unsigned credentials. */
export function create({ size }: { readonly size: number }): Side {
  const credentials = Batch.credentials(size)
  const sign = Batch.createSign(Batch.seed)
  const issue = async (credential: Json.Object) => ({
    ...credential,
    proof: await DataIntegrity.createRdfc(credential, Batch, sign),
  })
  return {
    work: async () => {
      for (const credential of credentials) await issue(credential)
      return credentials.length
    },
    make: () => Promise.all(Batch.some(credentials, judged).map(issue)),
    judge: async (made) => {
      for (const credential of made as readonly Json.Object[]) {
        const proof = credential.proof as Json.Object
        if (!(await DataIntegrity.verifyRdfc(credential, proof, Batch.publicKey)))
          throw new Error(`It refuses ${credential.id}`)
      }
    },
  }
}
