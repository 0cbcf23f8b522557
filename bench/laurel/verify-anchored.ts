import { Policy, type Readers, type Trust, verify } from '@laurel/verifier'
import type * as Anchored from '../fixtures/Anchored.ts'
import * as Batch from '../fixtures/Batch.ts'
import type { Side } from '../Side.ts'

const perCall = 16

/** Verifying anchored credentials as text, every check included, with a chain and an issuer that answer from memory. */
export function create(batch: Anchored.Anchored): Side {
  const readers: Readers = {
    anchor: async () => ({ kind: 'final', time: batch.time, block: 7n }),
    content: async () => batch.manifest,
    did: async () => undefined,
    statusLists: async () => [],
  }
  const trust: Trust = {
    chains: [
      {
        chainId: batch.chainId,
        name: 'Sepolia',
        rpc: ['https://chain.example.org'],
        quorum: 1,
        registry: '0x00000000000000000000000000000000000000aa',
        confirmations: 1,
        test: true,
      },
    ],
    issuers: [{ did: batch.didDocument.id, name: 'it', didDocument: batch.didDocument, anchor: 'required' }],
    status: { maximumAgeSeconds: 365 * 24 * 60 * 60 },
  }
  const accepts = async (text: string) => {
    const { verdict, code } = Policy.decide(await verify(text, { trust, readers, now: Batch.now }))
    if (verdict === 'unknown') throw new Error(`It cannot tell: ${code}`)
    return verdict === 'accepted'
  }
  let next = 0
  return {
    work: async () => {
      for (let i = 0; i < perCall; i++) {
        if (!(await accepts(batch.texts[next] as string))) throw new Error('It refuses a credential')
        next = (next + 1) % batch.texts.length
      }
      return perCall
    },
    make: () => Promise.all(Batch.withForgeries(Batch.some(batch.texts, 10)).map(accepts)),
    judge: Batch.expectVerdicts,
  }
}
