import { expect } from 'chai'
import type { PinStore } from '../../../server/src/ports/PinStore.ts'

/** What every store of pins does. `open` opens the same one again. */
export function shouldBehaveLikePinStore(
  open: () => Promise<{ readonly pins: PinStore; readonly close: () => Promise<void> }>,
): void {
  let store: Awaited<ReturnType<typeof open>>
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())
  const due = async (place: string, now: number, limit = 10) =>
    (await store.pins.due(place, now, limit)).map(({ cid }) => cid)
  const first = async (place: string, now: number) => {
    const [pin] = await store.pins.due(place, now, 1)
    if (pin === undefined) throw new Error('nothing is due')
    return pin
  }

  it('remembers content once, in order, over a restart', async () => {
    for (const cid of ['c', 'a', 'b', 'a']) await store.pins.add(cid, 1)
    await store.close()
    store = await open()
    expect(await store.pins.contents()).to.deep.equal(['c', 'a', 'b'])
  })

  it('wants everything at every place, also at one that comes later', async () => {
    await store.pins.add('a', 1)
    await store.pins.seen(await first('one', 5), 5, 100)
    expect(await due('one', 99)).to.deep.equal([])
    expect(await due('two', 0)).to.deep.equal(['a'])
    expect(await store.pins.count('one', 0)).to.deep.equal({ total: 1, pinned: 1, lost: 0 })
    expect(await store.pins.count('two', 0)).to.deep.equal({ total: 1, pinned: 0, lost: 0 })
  })

  it('has due first what was never asked for, then the longest overdue, and no more than is wanted', async () => {
    for (const cid of ['a', 'b', 'c', 'd']) await store.pins.add(cid, 1)
    const [a, b] = await store.pins.due('one', 0, 2)
    if (a === undefined || b === undefined) throw new Error('nothing is due')
    await store.pins.seen(a, 1, 30)
    await store.pins.seen(b, 1, 20)
    expect(await due('one', 19)).to.deep.equal(['c', 'd'])
    expect(await due('one', 30)).to.deep.equal(['c', 'd', 'b', 'a'])
    expect(await due('one', 30, 3)).to.deep.equal(['c', 'd', 'b'])
  })

  it('counts failures until it is seen, and loses only what was pinned', async () => {
    await store.pins.add('a', 1)
    await store.pins.failed(await first('one', 0), 'X', true, 10)
    await store.pins.failed(await first('one', 10), 'Y', false, 20)
    expect(await first('one', 20)).to.deep.equal({
      cid: 'a',
      place: 'one',
      state: 'waiting',
      seenAt: null,
      failures: 2,
      dueAt: 20,
      reason: 'Y',
    })
    await store.pins.seen(await first('one', 20), 20, 30)
    await store.pins.failed(await first('one', 30), 'X', false, 40)
    expect(await first('one', 40)).to.include({ state: 'pinned', seenAt: 20, failures: 1 })
    await store.pins.failed(await first('one', 40), 'X', true, 50)
    expect(await first('one', 50)).to.include({ state: 'lost', seenAt: 20, failures: 2 })
    expect(await store.pins.count('one', 0)).to.deep.equal({ total: 1, pinned: 0, lost: 1 })
    await store.pins.seen(await first('one', 50), 50, 60)
    expect(await first('one', 60)).to.include({ state: 'pinned', seenAt: 50, failures: 0, reason: null })
  })

  it('does not count as pinned what was seen too long ago', async () => {
    await store.pins.add('a', 1)
    await store.pins.seen(await first('one', 5), 5, 100)
    expect((await store.pins.count('one', 5)).pinned).to.equal(1)
    expect((await store.pins.count('one', 6)).pinned).to.equal(0)
  })

  it('makes everything due at once, and nothing later than it was', async () => {
    for (const cid of ['a', 'b']) await store.pins.add(cid, 1)
    await store.pins.seen(await first('one', 0), 1, 100)
    await store.pins.failed(await first('one', 0), 'X', false, 10)
    await store.pins.expedite(50)
    expect(await due('one', 50)).to.deep.equal(['b', 'a'])
  })
}
