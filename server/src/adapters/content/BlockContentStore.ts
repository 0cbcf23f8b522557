import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import * as Sha256 from '@laurel/core/Sha256'
import { FsBlockstore } from 'blockstore-fs'
import { importBytes } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import type { ContentStore } from '../../ports/ContentStore.ts'

/** The largest block that every IPFS node exchanges without question, in bytes. */
const largestBlock = 256 * 1024

/** Content in a block store on this disk, under `ipfs/` of the home. */
export async function open(home: string): Promise<ContentStore> {
  const blocks = new FsBlockstore(join(home, 'ipfs'))
  await blocks.open()
  return {
    put: async (bytes) => {
      if (bytes.length <= largestBlock) {
        const cid = Cid.fromBytes(bytes)
        await blocks.put(CID.parse(cid), bytes)
        return cid
      }
      const { cid } = await importBytes(bytes, blocks, { cidVersion: 1, rawLeaves: true })
      return cid.toString()
    },
    get: async (text) => {
      const cid = parse(text)
      if (cid === undefined || !(await blocks.has(cid))) return undefined
      const chunks: Uint8Array[] = []
      for await (const chunk of blocks.get(cid)) chunks.push(chunk)
      const bytes = Bytes.concat(...chunks)
      return Bytes.equals(Sha256.digest(bytes), cid.multihash.digest) ? bytes : undefined
    },
  }
}

/** Hostile text: anything but a CID over SHA-256 names nothing. */
function parse(text: string): CID | undefined {
  try {
    const cid = CID.parse(text)
    return cid.multihash.code === 0x12 ? cid : undefined
  } catch {
    return undefined
  }
}
