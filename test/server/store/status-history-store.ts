import { expect } from 'chai'
import type { BatchStore, Lease, StatusList } from '../../../server/src/ports/BatchStore.ts'
import type { StatusHistoryStore } from '../../../server/src/ports/StatusHistoryStore.ts'
import { hex, pages, request, wanted } from './batch-store.ts'

/** What every store of the history of status lists promises: see `ports/StatusHistoryStore.ts`. */
export function shouldBehaveLikeStatusHistoryStore(
  open: () => Promise<BatchStore & { readonly history: StatusHistoryStore }>,
): void {
  let store: Awaited<ReturnType<typeof open>>
  let history: StatusHistoryStore
  let lease: Lease
  let revocation: StatusList
  let suspension: StatusList
  const owner = { host: 'test', pid: process.pid }
  const recorder = { chainId: 31337, account: `0x${'a1'.repeat(20)}` } as const

  beforeEach(async () => {
    store = await open()
    history = store.history
    await store.accept(request({ size: 1 }), pages([{}]))
    const claim = await store.claim(owner, wanted(), 60_000)
    const lists = await store.lease('status-lists', owner, 60_000)
    if (claim === undefined || lists === undefined) throw new Error('the leases of a new store are taken')
    lease = lists
    await store.reserve(claim.batch, claim.lease)
    const [first, second] = await store.lists()
    if (first === undefined || second === undefined) throw new Error('there are no lists')
    revocation = first
    suspension = second
  })
  afterEach(() => store.close())

  const publish = async ({ id }: StatusList, at: number) => {
    const list = (await store.lists()).find((each) => each.id === id)
    if (list === undefined) throw new Error('the list is gone')
    await store.publish(list, list.version, { text: `${at}`, digest: hex(at), cid: `bafkrei${at}`, at }, lease)
  }
  const newest = async (list: StatusList, moment = 1_000_000) => {
    const published = await history.published(list, moment)
    if (published === undefined) throw new Error('nothing is published')
    return published
  }

  it('finds what was published at a time', async () => {
    expect(await history.published(revocation, 1_000_000)).to.equal(undefined)
    for (const at of [100, 200]) await publish(revocation, at)
    expect(await history.published(revocation, 99)).to.equal(undefined)
    expect((await newest(revocation, 199)).digest).to.equal(hex(100))
    expect(await newest(revocation, 200)).to.include({ version: 1, at: 200, digest: hex(200), cid: 'bafkrei200' })
    expect(await history.published(suspension, 1_000_000)).to.equal(undefined)
  })

  it('plans one digest of a list at a time, and the next once it is settled', async () => {
    await publish(revocation, 100)
    await history.plan(await newest(revocation), revocation, recorder, 150)
    await publish(revocation, 200)
    await history.plan(await newest(revocation), revocation, recorder, 250)
    const [planned, ...more] = await history.planned(recorder)
    if (planned === undefined) throw new Error('nothing is planned')
    expect(more).to.deep.equal([])
    expect(planned).to.include({ digest: hex(100), url: revocation.url, purpose: 'revocation', plannedAt: 150 })
    expect(planned).to.not.have.property('time')

    await history.settle(planned, recorder, hex(7), 12)
    await history.settle(planned, recorder, hex(8), 13)
    expect(await history.planned(recorder)).to.deep.equal([])
    await history.plan(await newest(revocation), revocation, recorder, 350)
    const [first, second] = await history.digests(revocation, recorder)
    expect(await history.last(revocation, recorder)).to.deep.equal(second)
    expect(await history.last(suspension, recorder)).to.equal(undefined)
    expect(first).to.include({ digest: hex(100), transactionHash: hex(7), time: 12 })
    expect(second).to.include({ digest: hex(200), plannedAt: 350 })
  })

  it('plans the same publication once, for good', async () => {
    await publish(revocation, 100)
    const publication = await newest(revocation)
    await history.plan(publication, revocation, recorder, 150)
    const [planned] = await history.planned(recorder)
    if (planned === undefined) throw new Error('nothing is planned')
    await history.settle(planned, recorder, hex(7), 12)
    await history.plan(publication, revocation, recorder, 250)
    expect(await history.planned(recorder)).to.deep.equal([])
    expect(await history.digests(revocation, recorder)).to.have.length(1)
  })

  it('keeps lists, accounts and chains apart', async () => {
    for (const list of [revocation, suspension]) {
      await publish(list, 100)
      await history.plan(await newest(list), list, recorder, 150)
    }
    expect((await history.planned(recorder)).map(({ purpose }) => purpose)).to.deep.equal(['revocation', 'suspension'])
    expect(await history.digests(suspension, recorder)).to.have.length(1)
    for (const other of [
      { ...recorder, chainId: 1 },
      { ...recorder, account: hex(1) },
    ]) {
      expect(await history.planned(other)).to.deep.equal([])
      expect(await history.digests(revocation, other)).to.deep.equal([])
    }
  })
}
