import type * as Json from '@laurel/core/Json'
import * as Stamp from '@laurel/core/Stamp'
import * as Batch from '../fixtures/Batch.ts'
import type { Side } from '../Side.ts'
import * as signatures from './signatures.ts'
import * as stamp from './stamp.ts'

const judged = 40

/** Issuing a whole batch from the fields of its people: for every one the text of the document with its first proof. */
export async function create({ size }: { readonly size: number }): Promise<Side> {
  const awards = (await Batch.awards(size)) as unknown as readonly Json.Object[]
  const sign = Batch.createSign(Batch.seed)
  const issue = async (of: Stamp.Stamp, award: Json.Object) => {
    const { proof } = await Stamp.sign(of, award, { id: Batch.proofId, created: Batch.created }, sign)
    return Stamp.text(of, award, [proof as unknown as Json.Object], 0)
  }
  return {
    work: async () => {
      const of = stamp.create()
      for (const award of awards) await issue(of, award)
      return awards.length
    },
    make: async () => {
      // All of the batch, so that what is judged was stamped and not made the general way.
      const of = stamp.create()
      const texts: string[] = []
      for (const award of awards) texts.push(await issue(of, award))
      return Batch.some(texts.toReversed(), judged).map((text) => JSON.parse(text))
    },
    judge: signatures.judge,
  }
}
