import { join } from 'node:path'
import * as Cid from '@laurel/core/Cid'
import { Policy, verify } from '@laurel/verifier'
import * as trustFile from '@laurel/verifier/cli/trust-file'
import { combine } from '@laurel/verifier/readers/combine'
import * as NodeReaders from '@laurel/verifier/readers/node/NodeReaders'
import type { ContentStore } from '../../ports/ContentStore.ts'
import type { Verification } from '../../ports/Verification.ts'

/** Verifies by the trust file of this home, which its operator may change at any time; what is kept here is not fetched. */
export function create(home: string, content: Pick<ContentStore, 'get'>): Verification {
  return async (document) => {
    const { trust, sources } = await trustFile.read(join(home, 'trust.json'))
    const { readers } = NodeReaders.create(sources)
    const kept = { content: (digest: Uint8Array) => content.get(Cid.fromDigest(digest)) }
    const report = await verify(document, { trust, readers: combine(readers, kept, readers), now: Date.now() })
    return { report, decision: Policy.decide(report) }
  }
}
