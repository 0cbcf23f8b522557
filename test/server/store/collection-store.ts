import { expect } from 'chai'
import type * as CollectionStore from '../../../server/src/ports/CollectionStore.ts'

export const collection: CollectionStore.Stored = {
  address: `0x${'aa'.repeat(20)}`,
  issuerId: `0x${'11'.repeat(32)}`,
  metadataDigest: `0x${'22'.repeat(32)}`,
  name: 'Ábzeichen 🏅',
  symbol: 'ABZ',
  metadata: '{"name":"Ábzeichen 🏅"}',
}

/** What every store of collections promises: see `ports/CollectionStore.ts`. */
export function shouldBehaveLikeCollectionStore(
  open: () => Promise<{
    readonly collections: CollectionStore.CollectionStore
    readonly close: () => Promise<void>
  }>,
): void {
  let store: CollectionStore.CollectionStore
  let close: () => Promise<void>
  const reopen = async () => {
    const opened = await open()
    store = opened.collections
    close = opened.close
  }
  beforeEach(reopen)
  afterEach(() => close())

  it('has none at first', async () => {
    expect(await store.find(31337)).to.equal(undefined)
  })

  it('keeps what was found, for its chain', async () => {
    expect(await store.found(31337, collection, 1_000)).to.deep.equal(collection)
    await close()
    await reopen()
    expect(await store.find(31337)).to.deep.equal(collection)
    expect(await store.find(1)).to.equal(undefined)
  })

  it('keeps the first, whatever comes after it', async () => {
    await store.found(31337, collection, 1_000)
    const other = { ...collection, address: `0x${'bb'.repeat(20)}`, name: 'Other' } as const
    expect(await store.found(31337, other, 2_000)).to.deep.equal(collection)
    expect(await store.found(1, other, 2_000)).to.deep.equal(other)
  })
}
