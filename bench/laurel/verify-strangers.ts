import { Policy, type Readers, type Trust, verify } from '@laurel/verifier'
import * as Batch from '../fixtures/Batch.ts'
import * as Strangers from '../fixtures/Strangers.ts'
import type { Side } from '../Side.ts'

/** Verifying documents as text, some more in every call, none twice, with every check that they have something for. */
export function create({
  judged,
  calls,
}: {
  readonly judged: readonly string[]
  readonly calls: readonly (readonly string[])[]
}): Side {
  const readers: Readers = {
    anchor: async () => ({ kind: 'unreachable' }),
    content: async () => undefined,
    did: async () => undefined,
    statusLists: async () => [],
  }
  const trust: Trust = {
    chains: [],
    issuers: Strangers.dids.map((did) => ({ did, name: 'an issuer', anchor: 'optional' })),
    status: { maximumAgeSeconds: 0 },
  }
  const accepts = async (text: string) => {
    const { verdict, code } = Policy.decide(await verify(text, { trust, readers, now: Batch.now }))
    if (verdict === 'unknown') throw new Error(`It cannot tell: ${code}`)
    return verdict === 'accepted'
  }
  const rest = calls.values()
  return {
    work: async () => {
      const texts = rest.next().value
      if (texts === undefined) throw new Error('There are no documents left that it has not met')
      for (const text of texts) if (!(await accepts(text))) throw new Error('It refuses a document')
      return texts.length
    },
    make: () => Promise.all(Batch.withForgeries(judged).map(accepts)),
    judge: Batch.expectVerdicts,
  }
}
