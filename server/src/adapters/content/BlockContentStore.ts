import { join } from 'node:path'
import * as PbNode from '@ipld/dag-pb'
import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import * as Sha256 from '@laurel/core/Sha256'
import { FsBlockstore } from 'blockstore-fs'
import { exporter } from 'ipfs-unixfs-exporter'
import { importBytes } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import { StorageFullError } from '../../internal/StorageFull.ts'
import * as ContentStore from '../../ports/ContentStore.ts'

/** The largest block that every IPFS node exchanges without question, in bytes. */
const largestBlock = 256 * 1024

/** Content in a block store on this disk, under `ipfs/` of the home. */
export async function open(home: string): Promise<ContentStore.ContentStore> {
  const store = new FsBlockstore(join(home, 'ipfs'))
  await store.open()

  const get = async (text: string): Promise<Uint8Array | undefined> => {
    const cid = parse(text)
    if (cid === undefined || !(await store.has(cid))) return undefined
    const chunks: Uint8Array[] = []
    for await (const chunk of store.get(cid)) chunks.push(chunk)
    const bytes = Bytes.concat(...chunks)
    return Bytes.equals(Sha256.digest(bytes), cid.multihash.digest) ? bytes : undefined
  }

  /** The disk, none of whose bytes are believed. */
  const checked = {
    async *get(cid: CID) {
      const bytes = await get(cid.toString())
      if (bytes === undefined) throw new ContentStore.MissingBlockError(cid.toString())
      yield bytes
    },
  }

  async function* blocks(root: string, met = new Set<string>()): AsyncGenerator<ContentStore.Block> {
    if (met.has(root)) return
    met.add(root)
    const bytes = await get(root)
    if (bytes === undefined) throw new ContentStore.MissingBlockError(root)
    yield { cid: root, bytes }
    if (CID.parse(root).code === PbNode.code)
      for (const { Hash } of PbNode.decode(bytes).Links) yield* blocks(Hash.toString(), met)
  }

  return {
    put: (bytes) =>
      told(async () => {
        if (bytes.length <= largestBlock) {
          const cid = Cid.fromBytes(bytes)
          await store.put(CID.parse(cid), bytes)
          return cid
        }
        const { cid } = await importBytes(bytes, store, { cidVersion: 1, rawLeaves: true })
        return cid.toString()
      }),
    get,
    read: async (text) => {
      const cid = parse(text)
      if (cid === undefined) return undefined
      try {
        const entry = await exporter(cid, checked)
        if (entry.type !== 'file' && entry.type !== 'raw') return undefined
        const chunks: Uint8Array[] = []
        for await (const chunk of entry.content()) chunks.push(chunk)
        return Bytes.concat(...chunks)
      } catch (error) {
        if (error instanceof ContentStore.MissingBlockError) return undefined
        throw error
      }
    },
    blocks: (root) => blocks(root),
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

/** Where the disk is full, the block store says so in words alone. */
async function told<result>(work: () => Promise<result>): Promise<result> {
  try {
    return await work()
  } catch (cause) {
    throw /\b(ENOSPC|EDQUOT)\b/.test((cause as Error).message) ? new StorageFullError(cause) : cause
  }
}
