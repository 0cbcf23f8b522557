import { join } from 'node:path'
import * as Cid from '@laurel/core/Cid'
import { Policy, verify, verifyDocument, verifyPresentation } from '@laurel/verifier'
import * as trustFile from '@laurel/verifier/cli/trust-file'
import { combine } from '@laurel/verifier/readers/combine'
import * as JsonRpc from '@laurel/verifier/readers/JsonRpc'
import * as NodeReaders from '@laurel/verifier/readers/node/NodeReaders'
import type { ContentStore } from '../../ports/ContentStore.ts'
import type { ChainAnswer, ChainCall, Verifications } from '../../ports/Verification.ts'

/** More than a wallet shows at a time, and so few that their issuers are asked within a minute. */
const maximumCredentials = 16

/** Verifies by the trust file of this home, which its operator may change at any time; what is kept here is not fetched. */
export function create(home: string, content: Pick<ContentStore, 'get'>): Verifications {
  const path = join(home, 'trust.json')
  const options = async () => {
    const { trust, sources } = await trustFile.read(path)
    const { readers } = NodeReaders.create(sources)
    const kept = { content: (digest: Uint8Array) => content.get(Cid.fromDigest(digest)) }
    return { trust, readers: combine(readers, kept, readers), now: Date.now() }
  }
  return {
    verify: async (document) => {
      const report = await verify(document, await options())
      return { report, decision: Policy.decide(report) }
    },
    verifyEach: async (document) => {
      const { presented, findings } = await verifyDocument(document, { ...(await options()), maximumCredentials })
      const own = presented === undefined ? [] : [{ report: presented }]
      return [...own, ...findings].map(({ report, ...where }) => ({
        ...('place' in where && where.place !== undefined && { place: where.place }),
        report,
        decision: Policy.decide(report),
      }))
    },
    verifyPresentation: async (document, asked) =>
      verifyPresentation(document, { ...(await options()), ...asked, maximumCredentials }),
    trusted: () => trustFile.edit(path),
    askChain: async (chainId, calls) => {
      const { trust } = await trustFile.read(path)
      const chain = trust.chains.find((each) => each.chainId === chainId)
      return chain === undefined ? { kind: 'unknown' } : ask(chain.rpc, calls)
    },
  }
}

async function ask(endpoints: readonly string[], calls: readonly ChainCall[]): Promise<ChainAnswer> {
  for (const url of endpoints) {
    // Away, too slow, or no answer to a batch: another may do better.
    const answers = await JsonRpc.batch(globalThis.fetch, url, calls).catch(() => undefined)
    if (answers !== undefined) return { kind: 'answered', answers }
  }
  return { kind: 'unreachable' }
}
