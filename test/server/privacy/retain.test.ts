import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import type { Context, Within } from '../../../server/src/Context.ts'
import type { Held } from '../../../server/src/ports/PrivacyStore.ts'
import type { Erasing } from '../../../server/src/privacy/erase.ts'
import { keepForgotten } from '../../../server/src/privacy/keep-forgotten.ts'
import { outdated, retain } from '../../../server/src/privacy/retain.ts'
import { pages, request, urn, wanted } from '../store/batch-store.ts'
import { describeDatabases, type Fresh } from '../store/databases.ts'

const day = 24 * 60 * 60 * 1_000
const fields = (n: number) => ({ recipient: { identifiers: [{ type: 'name', value: `person ${n}` }] } })

describeDatabases('retention', (fresh) => {
  let database: Fresh
  let store: SqlBatchStore.Store
  let context: Erasing & Pick<Context, 'randomness'>
  let now: number
  beforeEach(async () => {
    database = await fresh()
    store = await SqlBatchStore.open(database.location)
    now = 1_000 * day
    let drawn = 0
    context = {
      store,
      privacy: store.privacy,
      clock: { now: () => now },
      randomness: { bytes: (count: number) => new Uint8Array(count).fill(++drawn) },
      identity: { id: 'did:key:z6Mk', verificationMethod: 'did:key:z6Mk#z6Mk' },
      credentialSigner: { sign: async (messages: readonly Uint8Array[]) => messages.map(() => new Uint8Array(64)) },
      files: { remove: async () => {}, refresh: async () => {}, sweepMails: async () => {} },
      press: {},
      content: {},
    } as unknown as typeof context
  })
  afterEach(async () => {
    await store.close()
    database.remove()
  })

  /** Two people of a batch that an organisation handed in so many days ago, and that was delivered. */
  const issue = async (id: string, age: number, from: number, { accept } = store) => {
    const asked = request({ id, size: 2, hash: `0x${String(from).padStart(64, '0')}`, now: now - age * day })
    await accept(asked, pages([fields(from), fields(from + 1)]))
    const claim = await store.claim({ host: 'test', pid: process.pid }, wanted(), 60_000)
    if (claim === undefined) throw new Error('there is a batch')
    const drafts = [from, from + 1].map((n) => ({
      ...{ credentialId: urn(n), proofId: urn(1_000 + n), secret: new Uint8Array(32).fill(n), statusIndex: n },
    }))
    const batch = await store.reserve(claim.batch, claim.lease)
    await store.draft(batch, 0, pages(drafts), claim.lease)
    await store.release(claim.lease)
    // What a folder would need that nobody has delivered here.
    await database.execute(`UPDATE batches SET state = 'delivered', size = 2000000 WHERE id = '${id}'`)
    await database.execute(`DELETE FROM leases WHERE name = '${id}'`)
  }
  const kept = async () => {
    const names: string[] = []
    for await (const page of store.privacy.people()) names.push(...page.map((held) => JSON.stringify(held)))
    return names.map((text) => Number(/person (\d+)/.exec(text)?.[1]))
  }

  it('keeps everything until somebody says otherwise', async () => {
    await issue('batch-1', 900, 1)
    expect(await outdated('home', context)).to.deep.equal({ people: 0, reasons: 0 })
    expect(await retain('home', context)).to.deep.equal({ people: 0, reasons: 0 })
    expect(await kept()).to.deep.equal([1, 2])
  })

  it('says what is too old, and what is not', async () => {
    await issue('batch-1', 31, 1)
    await issue('batch-2', 29, 3)
    await store.decide('suspend', urn(3), 'old', now - 8 * day)
    await store.decide('reinstate', urn(3), 'young', now - 6 * day)
    await store.privacy.setRetention('home', { rosters: 30, reasons: 7 }, now)
    expect(await outdated('home', context)).to.deep.equal({ people: 2, reasons: 1 })
    expect(await kept()).to.deep.equal([1, 2, 3, 4])
    await database.execute("UPDATE batches SET state = 'cancelled' WHERE id = 'batch-1'")
    expect(await outdated('home', context)).to.deep.equal({ people: 0, reasons: 1 })
    await database.execute("UPDATE batches SET state = 'delivered' WHERE id = 'batch-1'")
    expect(await store.privacy.countReasons(now - 7 * day)).to.equal(1)
    expect(await store.privacy.forgetReasons(now - 7 * day)).to.equal(1)
    expect((await store.decisions(urn(3))).map(({ reason }) => reason)).to.deep.equal([null, 'young'])
    expect(
      (await store.privacy.outdated(now - 30 * day, 10)).map((each) => each.kind === 'row' && each.row),
    ).to.deep.equal([1, 2])
    expect(await store.privacy.retention('home')).to.deep.equal({ rosters: 30, reasons: 7 })
  })

  it('forgets of each organisation what is too old for it, and nothing where it has not said so', async () => {
    await store.organisations.addOrganisation({ id: 'acme', name: 'Acme', settings: {}, quotas: {}, createdAt: 1 })
    const [home, acme] = [
      await SqlBatchStore.open(database.location, 'home'),
      await SqlBatchStore.open(database.location, 'acme'),
    ]
    const sweep = async () => {
      const within = (id: string) => {
        const own = id === 'acme' ? acme : home
        // There is no folder of a batch.
        return { store: { ...own, get: async () => undefined }, privacy: own.privacy } as unknown as Within
      }
      const ended = new AbortController()
      const swept = keepForgotten(
        { ...context, within, copies: { forget: () => {} } },
        {
          signal: ended.signal,
          alarm: (error) => {
            throw error
          },
        },
      )
      ended.abort()
      await swept
      return kept()
    }
    try {
      await issue('batch-1', 31, 1, home)
      await issue('batch-2', 31, 3, acme)
      await issue('batch-3', 11, 5, acme)
      await home.privacy.setRetention('home', { rosters: 30, reasons: null }, now)
      expect(await outdated('acme', { ...context, privacy: acme.privacy })).to.deep.equal({ people: 0, reasons: 0 })
      expect(await sweep()).to.deep.equal([3, 4, 5, 6])
      await acme.privacy.setRetention('acme', { rosters: 20, reasons: null }, now)
      expect(await outdated('acme', { ...context, privacy: acme.privacy })).to.deep.equal({ people: 2, reasons: 0 })
      expect(await sweep()).to.deep.equal([5, 6])
    } finally {
      await home.close()
      await acme.close()
    }
  })

  it('forgets copies of what any process has erased, within a second', async function () {
    this.timeout(20_000)
    await issue('batch-1', 1, 1)
    await database.execute("UPDATE batches SET state = 'cancelled'")
    const held: Held[] = []
    for await (const page of store.privacy.people()) held.push(...page)
    const ended = new AbortController()
    const forgotten = new Promise<number>((resolve) => {
      const began = performance.now()
      const copies = {
        forget: (beginning: string) => {
          if (beginning === `${urn(1).slice(9)} `) resolve(performance.now() - began)
        },
      }
      void keepForgotten(
        { ...context, copies, within: () => ({}) as Within },
        { signal: ended.signal, alarm: () => {} },
      )
    })
    await store.privacy.erase('e1', held.slice(0, 1))
    expect(await forgotten).to.be.lessThan(20_000)
    ended.abort()
  })
})
