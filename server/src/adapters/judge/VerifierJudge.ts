import { join } from 'node:path'
import * as Cid from '@laurel/core/Cid'
import { Policy, type Readers, verify } from '@laurel/verifier'
import * as trustFile from '@laurel/verifier/cli/trust-file'
import { combine } from '@laurel/verifier/readers/combine'
import * as EvmAnchorReader from '@laurel/verifier/readers/EvmAnchorReader'
import * as EvmStorageReader from '@laurel/verifier/readers/EvmStorageReader'
import * as Folder from '@laurel/verifier/readers/node/Folder'
import type { Judge } from '../../Context.ts'
import type { ContentStore } from '../../ports/ContentStore.ts'

/**
 * Judges documents as a stranger would who has the trust file of this home. What is looked up for one document serves
 * for all that this judge is given: manifest, anchor and status lists are fetched once.
 */
export async function create(home: string, content: Pick<ContentStore, 'get'>): Promise<Judge> {
  const { trust } = await trustFile.read(join(home, 'trust.json'))
  const readers = ownReaders(home, content)
  return async (document) => {
    const decision = Policy.decide(await verify(document, { trust, readers, now: Date.now() }))
    if (decision.verdict === 'accepted') return undefined
    return { check: decision.check ?? 'conforms', code: decision.code, message: decision.message }
  }
}

/** A stranger's readers, but for the content and the lists, which are asked where they have just been published. */
function ownReaders(home: string, content: Pick<ContentStore, 'get'>): Readers {
  const blocks = new Map<string, Promise<Uint8Array | undefined>>()
  return combine(
    { anchor: EvmAnchorReader.create(globalThis.fetch), words: EvmStorageReader.create(globalThis.fetch) },
    {
      content: (digest) => {
        const cid = Cid.fromDigest(digest)
        const block = blocks.get(cid) ?? content.get(cid)
        blocks.set(cid, block)
        return block
      },
    },
    Folder.create(join(home, 'public', 'status-lists')),
  )
}
