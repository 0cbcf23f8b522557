import * as Bytes from '@laurel/core/Bytes'
import * as Sha256 from '@laurel/core/Sha256'
import { expect } from 'chai'
import { CID } from 'multiformats/cid'
import * as BlockContentStore from '../../../server/src/adapters/content/BlockContentStore.ts'
import type { Block, ContentStore } from '../../../server/src/ports/ContentStore.ts'
import type { Pinning } from '../../../server/src/ports/Pinning.ts'
import * as Cli from '../../support/Cli.ts'

/** A place to run the contract of the port against. */
export type Place = {
  readonly pinning: Pinning
  /** Hears of the blocks that are somewhere in the network: some places fetch for themselves. */
  readonly offer: (blocks: readonly Block[]) => void
}

export const never = new AbortController().signal

/** What no place has yet: different bytes on each call. */
export function anyBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i += 65_536) crypto.getRandomValues(bytes.subarray(i, i + 65_536))
  return bytes
}

export async function collect<item>(items: AsyncIterable<item>): Promise<readonly item[]> {
  const list: item[] = []
  for await (const item of items) list.push(item)
  return list
}

/** The code of the error with which a promise is rejected. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return String((error as { readonly code?: unknown }).code ?? error)
  }
  return 'none'
}

/** What every place does that is honest. */
export function shouldBehaveLikePinning(create: () => Place): void {
  let content: ContentStore
  let remove: () => Promise<void>
  beforeEach(async () => {
    const home = await Cli.createHome()
    remove = home.remove
    content = await BlockContentStore.open(home.home)
  })
  afterEach(() => remove())

  for (const [title, length] of [
    ['one block', 1_000],
    ['a file of several blocks', 1_000_000],
  ] as const) {
    it(`keeps ${title}, and hands every block back`, async () => {
      const { pinning, offer } = create()
      const root = await content.put(anyBytes(length))
      const blocks = await collect(content.blocks(root))
      expect(await pinning.keeps(root, never)).to.equal(false)
      expect(await pinning.fetch(root, never)).to.equal(undefined)
      offer(blocks)
      await pinning.pin(root, content.blocks(root), never)
      expect(await pinning.keeps(root, never)).to.equal(true)
      for (const { cid } of blocks) {
        const bytes = await pinning.fetch(cid, never)
        expect(Bytes.equals(Sha256.digest(bytes ?? new Uint8Array()), CID.parse(cid).multihash.digest)).to.equal(true)
      }
    })
  }

  it('takes the same content twice', async () => {
    const { pinning, offer } = create()
    const root = await content.put(anyBytes(100))
    offer(await collect(content.blocks(root)))
    await pinning.pin(root, content.blocks(root), never)
    await pinning.pin(root, content.blocks(root), never)
    expect(await pinning.keeps(root, never)).to.equal(true)
  })

  it('ends at once when it is told to', async () => {
    const { pinning } = create()
    const root = await content.put(anyBytes(100))
    const told = AbortSignal.abort()
    expect(await refusal(pinning.pin(root, content.blocks(root), told))).to.equal('PINNING_UNREACHABLE')
    expect(await refusal(pinning.keeps(root, told))).to.equal('PINNING_UNREACHABLE')
    expect(await refusal(pinning.fetch(root, told))).to.equal('PINNING_UNREACHABLE')
  })
}
