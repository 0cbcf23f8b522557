import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import type { Quotas } from '../../../server/src/organisations/Organisation.ts'
import { hex, pages, request, wanted } from './batch-store.ts'
import { describeDatabases, type Fresh } from './databases.ts'

describeDatabases('quotas of an organisation', (fresh) => {
  let database: Fresh
  let all: SqlBatchStore.Store
  let open: SqlBatchStore.Store[]
  beforeEach(async () => {
    database = await fresh()
    open = []
    all = await store()
    for (const id of ['acme', 'other'])
      await all.organisations.addOrganisation({ id, name: id, settings: {}, quotas: {}, createdAt: 1 })
  })
  afterEach(async () => {
    for (const each of open) await each.close()
    database.remove()
  })

  async function store(organisation?: string): Promise<SqlBatchStore.Store> {
    const opened = await SqlBatchStore.open(database.location, organisation)
    open.push(opened)
    return opened
  }
  const limit = (quotas: Quotas) => all.organisations.changeOrganisation('acme', { quotas })
  const day = Date.UTC(2026, 10, 26, 12)
  let n = 0
  const roster = (people: number, now = day) => {
    n++
    return [
      request({ id: `2026-11-26-${String(n).padStart(8, '0')}`, hash: hex(n), size: people, now }),
      pages(Array.from({ length: people }, (_, i) => ({ i }))),
    ] as const
  }
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'accepted',
      ({ code, facts, retryAfter }) => ({ code, facts, retryAfter }),
    )

  it('are refused beyond with what is left and when there is more, and nothing of it is kept', async () => {
    await limit({ recipientsPerDay: 5 })
    const acme = await store('acme')
    expect(await outcome(acme.accept(...roster(3)))).to.equal('accepted')
    expect(await outcome(acme.accept(...roster(3)))).to.deep.equal({
      code: 'QUOTA_EXCEEDED',
      facts: { quota: 'recipientsPerDay', limit: 5, asked: 3, used: 3 },
      retryAfter: 12 * 60 * 60,
    })
    expect((await outcome(acme.accept(...roster(6)))) as object).to.include({ code: 'QUOTA_TOO_SMALL' })
    expect(await acme.list()).to.have.length(1)
    expect((await acme.organisations.use('acme', day)).recipientsToday).to.equal(3)
    expect(await outcome(acme.accept(...roster(2)))).to.equal('accepted')
    // Tomorrow is another day, and another organisation has its own.
    expect(await outcome(acme.accept(...roster(5, day + 86_400_000)))).to.equal('accepted')
    expect(await outcome((await store('other')).accept(...roster(100)))).to.equal('accepted')
  })

  it('count a month, the bytes of it, and what is open', async () => {
    const acme = await store('acme')
    await limit({ recipientsPerMonth: 4 })
    expect(await outcome(acme.accept(...roster(3)))).to.equal('accepted')
    expect((await outcome(acme.accept(...roster(3, day + 86_400_000)))) as object).to.include({
      code: 'QUOTA_EXCEEDED',
    })
    await limit({ bytesPerMonth: 30 })
    expect((await acme.organisations.use('acme', day)).bytesThisMonth).to.equal(3 * '{"i":0}'.length)
    expect((await outcome(acme.accept(...roster(2)))) as object).to.include({ code: 'QUOTA_EXCEEDED' })
    await limit({ openBatches: 1 })
    const [first] = await acme.list()
    expect((await outcome(acme.accept(...roster(1)))) as object).to.deep.include({
      code: 'QUOTA_EXCEEDED',
      retryAfter: 60,
    })
    await acme.cancel(first as NonNullable<typeof first>)
    expect(await outcome(acme.accept(...roster(1)))).to.equal('accepted')
    expect((await acme.organisations.use('acme', day)).openBatches).to.equal(1)
  })

  it('let no two processes both pass where there is room for one', async () => {
    await limit({ recipientsPerDay: 10 })
    const processes = [await store('acme'), await store('acme'), await store('acme')]
    const outcomes: unknown[] = []
    // One connection of SQLite after the other: two in the midst of a transaction would wait for each other in one process.
    const isSqlite = !database.location.startsWith('postgres')
    for (let turn = 0; turn < 8; turn++) {
      const asked = processes.map((each) => () => outcome(each.accept(...roster(1))))
      if (isSqlite) for (const ask of asked) outcomes.push(await ask())
      else outcomes.push(...(await Promise.all(asked.map((ask) => ask()))))
    }
    expect(outcomes.filter((each) => each === 'accepted')).to.have.length(10)
    expect((await all.organisations.use('acme', day)).recipientsToday).to.equal(10)
  })

  it('let as many single orders pass as there is room for, of those that come at once', async () => {
    await limit({ recipientsPerDay: 7 })
    const acme = await store('acme')
    await acme.addVersion({ name: 'ai', digest: hex(1), definition: { id: 'urn:x' }, metadata: '{}', createdAt: 1 })
    const orders = Array.from({ length: 20 }, (_, i) => ({
      id: `00000000-0000-4000-8000-0000000000${String(i).padStart(2, '0')}`,
      achievement: { name: 'ai', version: 1 },
      fields: {},
      redeemable: false,
      acceptedAt: day,
    }))
    const receiptOf = (i: number) => ({
      ...{ principal: 'one', key: `k${i}`, fingerprint: hex(1), now: day },
      answer: () => ({ status: 202, headers: {}, body: String(i) }),
    })
    const outcomes = await Promise.all(orders.map((order, i) => outcome(acme.orderOnce(order, receiptOf(i)))))
    expect(outcomes.filter((each) => each === 'accepted')).to.have.length(7)
    const [waiting] = await acme.ordersWaiting()
    expect(waiting?.count).to.equal(7)
    // Whoever was refused may ask again with the same key.
    await limit({})
    const again = await Promise.all(orders.map((order, i) => outcome(acme.orderOnce(order, receiptOf(i)))))
    expect(again).to.deep.equal(orders.map(() => 'accepted'))
    expect((await acme.ordersWaiting())[0]?.count).to.equal(20)
  })

  it('are beside a queue in which nobody is behind all batches of another organisation', async () => {
    const [acme, other] = [await store('acme'), await store('other')]
    for (let i = 0; i < 6; i++) await acme.accept(...roster(1))
    for (let i = 0; i < 2; i++) await other.accept(...roster(1))
    const served: string[] = []
    const theirs = new Set((await other.list()).map(({ id }) => id))
    for (let i = 0; i < 8; i++) {
      const claim = await all.claim({ host: 'here', pid: process.pid }, wanted(), 60_000)
      served.push(theirs.has(claim?.batch.id ?? '') ? 'other' : 'acme')
    }
    expect(served.slice(0, 4).filter((each) => each === 'other')).to.have.length(2)
    expect(served.slice(4)).to.deep.equal(['acme', 'acme', 'acme', 'acme'])
  })
})
