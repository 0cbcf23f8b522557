import { expect } from 'chai'
import * as ApiKey from '../../../server/src/access/ApiKey.ts'
import type { ApiKeyStore } from '../../../server/src/ports/ApiKeyStore.ts'
import type * as BatchStore from '../../../server/src/ports/BatchStore.ts'
import type { CatalogueStore, Version } from '../../../server/src/ports/CatalogueStore.ts'
import type { IssuerStore } from '../../../server/src/ports/IssuerStore.ts'
import type { Order, OrderStore } from '../../../server/src/ports/OrderStore.ts'
import type { OutboxStore } from '../../../server/src/ports/OutboxStore.ts'
import type * as Receipt from '../../../server/src/ports/Receipt.ts'
import { hex, pages, request } from './batch-store.ts'

type Store = ApiKeyStore &
  CatalogueStore &
  OrderStore &
  Receipt.ReceiptStore &
  BatchStore.BatchStore & { readonly issuers: IssuerStore; readonly outbox: OutboxStore }

const people = [{ recipient: { name: 'Žofie' } }, { recipient: { name: '陳大文' } }]

const key = (byte: number) =>
  ApiKey.create(new Uint8Array(36).fill(byte), { name: `key ${byte}`, scopes: ['batches:read'], createdAt: byte }).key

const version = (over: Partial<Version> = {}): Omit<Version, 'version'> => ({
  name: 'ai',
  digest: hex(1),
  definition: { id: 'urn:x:1', name: '陳 Žofie' },
  metadata: '{}',
  createdAt: 1_000,
  ...over,
})

const order = (n: number): Omit<Order, 'place'> => ({
  id: `00000000-0000-4000-8000-00000000000${n}`,
  achievement: { name: 'ai', version: 1 },
  fields: { recipient: { n } },
  redeemable: false,
  acceptedAt: 1_000 + n,
})

const receipt = <effect>(
  say: (effect: effect) => string,
  over: Partial<Receipt.Name> = {},
): Receipt.Receipt<effect> => ({
  principal: 'one',
  key: 'k',
  fingerprint: hex(7),
  now: 5_000,
  answer: (effect) => ({ status: 202, headers: { location: '/there' }, body: say(effect) }),
  ...over,
})

async function refusal(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => 'nothing',
    (error) => error.code,
  )
}

/** What the ports of the HTTP interface promise; every adapter runs it. `open` opens the same data within one test. */
export function shouldBehaveLikeApiStore(open: () => Promise<Store>): void {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())
  const reopen = async () => {
    await store.close()
    store = await open()
  }

  describe('keys of the HTTP interface', () => {
    it('are kept without their secret, and found by their id', async () => {
      await store.addKey(key(2))
      await store.addKey(key(1))
      await reopen()
      expect((await store.keys()).map(({ id }) => id)).to.deep.equal([key(1).id, key(2).id])
      expect(await store.key(key(2).id)).to.deep.equal({ ...key(2), digest: Buffer.from(key(2).digest) })
      expect(await store.key('00000000')).to.equal(undefined)
    })

    it('are revoked for good, at the first moment', async () => {
      await store.addKey(key(1))
      expect((await store.revokeKey(key(1).id, 10))?.revokedAt).to.equal(10)
      expect((await store.revokeKey(key(1).id, 20))?.revokedAt).to.equal(10)
      expect(await store.revokeKey('00000000', 20)).to.equal(undefined)
    })

    it('have one first key, also when two ask at once and after it was revoked', async () => {
      const both = await Promise.all([store.addFirstKey(key(1)), store.addFirstKey(key(2))])
      expect(both.filter(Boolean)).to.have.length(1)
      const [{ id } = { id: '' }] = await store.keys()
      await store.revokeKey(id, 10)
      expect(await store.addFirstKey(key(3))).to.equal(false)
    })
  })

  describe('achievements', () => {
    it('get a version with every change, and none without', async () => {
      expect(await store.addVersion(version())).to.deep.equal({ version: { ...version(), version: 1 }, added: true })
      expect((await store.addVersion(version({ createdAt: 2 }))).added).to.equal(false)
      const second = version({ digest: hex(2), definition: { id: 'urn:x:2' } })
      expect((await store.addVersion(second)).version.version).to.equal(2)
      await reopen()
      expect(await store.achievement('ai')).to.deep.equal({ ...second, version: 2 })
      expect(await store.achievement('ai', 1)).to.deep.equal({ ...version(), version: 1 })
      expect(await store.achievement('ai', 3)).to.equal(undefined)
      expect(await store.achievement('other')).to.equal(undefined)
      expect((await store.versions('ai')).map(({ version }) => version)).to.deep.equal([2, 1])
    })

    it('are not changed by who read an older version', async () => {
      expect(await refusal(store.addVersion(version(), hex(9)))).to.equal('PRECONDITION_FAILED')
      await store.addVersion(version(), null)
      expect(await refusal(store.addVersion(version({ digest: hex(2) }), null))).to.equal('PRECONDITION_FAILED')
      expect((await store.addVersion(version({ digest: hex(2) }), hex(1))).version.version).to.equal(2)
    })

    it('are listed by name, the newest version of each', async () => {
      for (const name of ['b', 'a', 'c']) await store.addVersion(version({ name }))
      await store.addVersion(version({ name: 'b', digest: hex(2) }))
      const listed = async (after: string, limit: number) =>
        (await store.achievements(after, limit)).map(({ name, version }) => `${name}${version}`)
      expect(await listed('', 2)).to.deep.equal(['a1', 'b2'])
      expect(await listed('b', 2)).to.deep.equal(['c1'])
    })
  })

  describe('a receipt', () => {
    const accept = (over: Partial<Receipt.Name> = {}, id = 'batch-1', hash = hex(1)) =>
      store.acceptOnce(
        request({ id, hash }),
        pages(people),
        receipt(({ batch }) => batch.id, over),
      )

    it('is answered once, with the effect in the same transaction', async () => {
      expect((await accept()).accepted?.batch.id).to.equal('batch-1')
      await reopen()
      const again = await accept({}, 'batch-2', hex(2))
      expect(again).to.deep.equal({ answer: { status: 202, headers: { location: '/there' }, body: 'batch-1' } })
      expect((await store.list()).map(({ id }) => id)).to.deep.equal(['batch-1'])
      expect(await store.answered({ principal: 'one', key: 'k', fingerprint: hex(7) })).to.deep.equal(again.answer)
    })

    it('is answered once, however many ask at once', async () => {
      const all = await Promise.all(Array.from({ length: 10 }, (_, i) => accept({}, `batch-${i}`, hex(i))))
      expect(all.filter(({ accepted }) => accepted !== undefined)).to.have.length(1)
      expect(new Set(all.map(({ answer }) => answer.body)).size).to.equal(1)
      expect(await store.list()).to.have.length(1)
    })

    it('belongs to one request and one principal', async () => {
      await accept()
      expect(await refusal(accept({ fingerprint: hex(8) }, 'batch-2', hex(2)))).to.equal('IDEMPOTENCY_KEY_REUSED')
      expect((await accept({ principal: 'two' }, 'batch-3', hex(3))).accepted?.batch.id).to.equal('batch-3')
      expect(await store.list()).to.have.length(2)
    })

    it('is free again where the effect has failed', async () => {
      async function* broken() {
        yield people.slice(0, 1)
        throw new Error('the line is cut')
      }
      const once = receipt<BatchStore.Accepted>(({ batch }) => batch.id)
      expect(await refusal(store.acceptOnce(request(), broken(), once))).to.equal(undefined)
      const refusing = {
        ...once,
        answer: () => {
          throw new Error('refused')
        },
      }
      expect(await refusal(store.acceptOnce(request(), pages(people), refusing))).to.equal(undefined)
      expect(await store.list()).to.have.length(0)
      expect(await store.answered(once)).to.equal(undefined)
      expect((await accept()).accepted?.batch.id).to.equal('batch-1')
    })

    it('is forgotten in time, and what it answered stands', async () => {
      await accept()
      await store.forget(5_000)
      expect(await store.answered(receipt(() => ''))).to.not.equal(undefined)
      await store.forget(5_001)
      expect(await store.answered(receipt(() => ''))).to.equal(undefined)
      expect(await store.list()).to.have.length(1)
    })
  })

  describe('a batch that is held', () => {
    it('is submitted once, and only then no longer held', async () => {
      const { batch } = await store.accept(request({ held: true, title: 'Spring\r\n' }), pages(people))
      expect([batch.held, batch.title]).to.deep.equal([true, 'Spring\r\n'])
      const submitted = await store.admit(batch)
      expect([submitted.held, submitted.epoch]).to.deep.equal([false, batch.epoch + 1])
      expect(await store.admit(submitted)).to.deep.equal(submitted)
      expect(await refusal(store.admit(batch))).to.equal('BATCH_CONFLICT')
    })

    it('is cancelled without a lease, and then the same roster makes another', async () => {
      const { batch } = await store.accept(request({ held: true }), pages(people))
      expect((await store.cancel(batch)).state).to.equal('cancelled')
      expect(await refusal(store.cancel(batch))).to.equal('BATCH_CONFLICT')
      expect((await store.accept(request({ id: 'batch-2' }), pages(people))).repeated).to.equal(false)
    })

    it('is cancelled no more once it is', async () => {
      const { batch } = await store.accept(request(), pages(people))
      const cancelled = await store.cancel(batch)
      expect(await refusal(store.cancel(cancelled))).to.equal('BATCH_MOVE_ILLEGAL')
    })
  })

  it('lists batches page by page, the newest first', async () => {
    for (const i of [1, 2, 3, 4])
      await store.accept(request({ id: `batch-${i}`, hash: hex(i), held: i === 3 }), pages(people))
    const first = await store.page({ limit: 2 })
    expect(first.map(({ batch }) => batch.id)).to.deep.equal(['batch-4', 'batch-3'])
    const rest = await store.page({ limit: 9, before: first[1]?.seq })
    expect(rest.map(({ batch }) => batch.id)).to.deep.equal(['batch-2', 'batch-1'])
    const ids = async (state: 'held' | 'accepted' | 'delivered') =>
      (await store.page({ limit: 9, state })).map(({ batch }) => batch.id)
    expect(await ids('held')).to.deep.equal(['batch-3'])
    expect(await ids('accepted')).to.deep.equal(['batch-4', 'batch-2', 'batch-1'])
    expect(await ids('delivered')).to.deep.equal([])
  })

  it('lists the batches of a department or an issuer alone', async () => {
    for (const [i, department] of ['law', 'art', null].entries())
      await store.accept(request({ id: `batch-${i}`, hash: hex(i), department }), pages(people))
    const { issuer } = request().terms
    const ids = async (department: string | null, issuer: string | null) =>
      (await store.page({ limit: 9, within: { department, issuer } })).map(({ batch }) => [batch.id, batch.department])
    expect(await ids('law', null)).to.deep.equal([['batch-0', 'law']])
    expect(await ids('art', issuer.id)).to.deep.equal([['batch-1', 'art']])
    expect(await ids('art', 'did:web:other.example')).to.deep.equal([])
    expect(await ids('physics', null)).to.deep.equal([])
    expect(await ids(null, issuer.id)).to.have.length(3)
  })

  describe('what an issuer says of itself', () => {
    const did = 'did:web:example.org'
    const first = { name: 'Before', image: { id: 'ipfs://x', type: 'Image' as const } }

    it('is nothing at first, and then the newest version; each is told, and stays', async () => {
      expect(await store.issuers.profile(did)).to.equal(undefined)
      const made = await store.issuers.describe(did, first, 5)
      expect(made).to.deep.equal({ version: { profile: first, version: 1, createdAt: 5 }, added: true })
      const again = { image: { type: 'Image' as const, id: 'ipfs://x' }, name: 'Before' }
      expect((await store.issuers.describe(did, again, 6)).added).to.equal(false)
      await store.issuers.describe(did, { name: 'After' }, 7)
      await store.issuers.describe('did:web:other.example', first, 8)
      await reopen()
      expect(await store.issuers.profile(did)).to.deep.equal({ profile: { name: 'After' }, version: 2, createdAt: 7 })
      expect((await store.issuers.profiles(did)).map(({ version }) => version)).to.deep.equal([2, 1])
      const told = (await store.outbox.events({ limit: 9 })).map(({ type, subject, sequence }) => [
        type,
        subject,
        sequence,
      ])
      expect(told).to.deep.equal([
        ['issuer.changed', 'did:web:other.example', 1],
        ['issuer.changed', did, 2],
        ['issuer.changed', did, 1],
      ])
    })

    it('is changed by one of two authors who know the same version', async () => {
      await store.issuers.describe(did, first, 5, 0)
      const both = [1, 2].map((n) => refusal(store.issuers.describe(did, { name: `Author ${n}` }, 6, 1)))
      expect((await Promise.all(both)).toSorted()).to.deep.equal(['PRECONDITION_FAILED', 'nothing'])
      expect(await store.issuers.profiles(did)).to.have.length(2)
    })
  })

  describe('issuers beside the home’s own', () => {
    const issuer = (n: number) => ({
      ...{ id: `0000000${n}`, name: `Issuer ${n}`, did: `did:web:example.org:issuers:0000000${n}`, createdAt: n },
      keys: [{ publicKey: new Uint8Array(32).fill(n), createdAt: n, reported: null }],
    })

    it('are kept with their keys, and found by their DID', async () => {
      for (const n of [2, 1]) await store.issuers.addIssuer(issuer(n))
      await reopen()
      expect(await store.issuers.issuers()).to.deep.equal([issuer(2), issuer(1)])
      expect(await store.issuers.issuer(issuer(1).did)).to.deep.equal(issuer(1))
      expect(await store.issuers.issuer('did:web:example.org')).to.equal(undefined)
    })

    it('have one key after another, and what was reported of one stays', async () => {
      const [first] = issuer(1).keys
      const second = { publicKey: new Uint8Array(32).fill(9), createdAt: 9, reported: null }
      await store.issuers.addIssuer(issuer(1))
      await store.issuers.addIssuerKey(issuer(1), 2, second)
      const third = { ...second, publicKey: new Uint8Array(32).fill(10) }
      expect(await refusal(store.issuers.addIssuerKey(issuer(1), 2, third))).to.equal('KEY_TAKEN')
      for (const [from, on] of [
        [7, 10],
        [8, 11],
        [5, 12],
      ] as const)
        await store.issuers.reportIssuerKey(issuer(1), 1, { from, on })
      await reopen()
      const keys = [{ ...first, reported: { from: 5, on: 12 } }, second]
      expect(await store.issuers.issuer(issuer(1).did)).to.deep.equal({ ...issuer(1), keys })
    })

    it('have a DID and a key that no other has', async () => {
      await store.issuers.addIssuer(issuer(1))
      const { keys } = issuer(1)
      expect(await refusal(store.issuers.addIssuer({ ...issuer(2), keys }))).to.equal('KEY_TAKEN')
      expect(await refusal(store.issuers.addIssuer({ ...issuer(2), did: issuer(1).did }))).to.equal('KEY_TAKEN')
      expect(await store.issuers.issuers()).to.deep.equal([issuer(1)])
      const known = [1, 2].map((n) => store.issuers.hasIssuerKey(new Uint8Array(32).fill(n)))
      expect(await Promise.all(known)).to.deep.equal([true, false])
    })
  })

  describe('an order', () => {
    beforeEach(async () => {
      await store.addVersion(version())
      await store.addVersion(version({ digest: hex(2) }))
    })

    it('waits until a batch is made of it, in the order in which they came', async () => {
      for (const n of [1, 2, 3]) await store.order(order(n))
      await store.order({ ...order(4), achievement: { name: 'ai', version: 2 } })
      const first = { achievement: { name: 'ai', version: 1 }, redeemable: false, count: 3, since: 1_001 }
      expect((await store.ordersWaiting()).find(({ achievement }) => achievement.version === 1)).to.deep.equal(first)
      const batch = await store.gather(request(), first, 2)
      expect([batch?.size, batch?.state]).to.deep.equal([2, 'accepted'])
      await reopen()
      expect((await store.ordered(order(2).id))?.place).to.deep.equal({ batch: 'batch-1', row: 2 })
      expect(await store.ordered(order(3).id)).to.deep.equal({ ...order(3), place: null })
      const people = await store.recipients('batch-1', 0, 9)
      expect(people.map(({ fields }) => fields)).to.deep.equal([order(1).fields, order(2).fields])
      expect((await store.ordersWaiting()).map(({ count }) => count)).to.deep.equal([1, 1])
    })

    it('is gathered with its like: with a ticket, or without one', async () => {
      for (const n of [1, 2, 3]) await store.order({ ...order(n), redeemable: n === 2 })
      const kinds = (await store.ordersWaiting()).map(({ redeemable, count }) => [redeemable, count])
      expect(kinds).to.have.deep.members([
        [false, 2],
        [true, 1],
      ])
      const kind = { achievement: order(2).achievement, redeemable: true }
      expect((await store.gather(request(), kind, 9))?.size).to.equal(1)
      expect(await store.ordered(order(2).id)).to.deep.include({
        redeemable: true,
        place: { batch: 'batch-1', row: 1 },
      })
      expect((await store.ordersWaiting()).map(({ redeemable, count }) => [redeemable, count])).to.deep.equal([
        [false, 2],
      ])
    })

    it('is gathered once, by whoever comes first', async () => {
      for (const n of [1, 2, 3]) await store.order(order(n))
      const gather = (n: number) =>
        store.gather(
          request({ id: `batch-${n}`, hash: hex(n) }),
          { achievement: { name: 'ai', version: 1 }, redeemable: false },
          9,
        )
      const batches = (await Promise.all([1, 2, 3].map(gather))).filter((batch) => batch !== undefined)
      expect(batches.map(({ size }) => size)).to.deep.equal([3])
      expect(await store.ordersWaiting()).to.deep.equal([])
    })

    it('is stored once for a receipt', async () => {
      const once = receipt<Order>(({ id }) => id)
      expect((await store.orderOnce(order(1), once)).order).to.deep.equal({ ...order(1), place: null })
      const again = await store.orderOnce(order(2), once)
      expect(again).to.deep.equal({ answer: { status: 202, headers: { location: '/there' }, body: order(1).id } })
      expect(await store.ordered(order(2).id)).to.equal(undefined)
    })

    it('is stored with others that come at once, each with its own answer', async () => {
      const once = (key: string) => receipt<Order>(({ id }) => id, { key })
      const all = await Promise.all([
        store.order(order(1)),
        ...[2, 3, 4].map((n) => store.orderOnce(order(n), once(`k${n}`))),
        store.orderOnce(order(5), once('k3')),
      ])
      const answers = all.map((each) => ('answer' in each ? [each.order?.id, each.answer.body] : [each.id]))
      const id = (n: number) => order(n).id
      expect(answers).to.deep.equal([[id(1)], [id(2), id(2)], [id(3), id(3)], [id(4), id(4)], [undefined, id(3)]])
      await reopen()
      expect((await store.ordersWaiting()).map(({ count, since }) => [count, since])).to.deep.equal([[4, 1_001]])
      expect((await store.answered({ principal: 'one', key: 'k4', fingerprint: hex(7) }))?.body).to.equal(id(4))
    })

    it('is stored although others that came at once are not', async () => {
      const known = receipt<Order>(({ id }) => id)
      await store.orderOnce(order(1), known)
      const outcomes = await Promise.all([
        refusal(store.order(order(2))),
        refusal(store.orderOnce(order(3), { ...known, fingerprint: hex(8) })),
        refusal(store.orderOnce(order(4), { ...known, key: 'another' })),
      ])
      expect(outcomes).to.deep.equal(['nothing', 'IDEMPOTENCY_KEY_REUSED', 'nothing'])
      // Its id is taken: the database refuses it, and with it all that was to be stored at one go.
      const [, impossible] = await Promise.allSettled([5, 1, 6].map((n) => store.order(order(n))))
      expect(impossible?.status).to.equal('rejected')
      await reopen()
      const stored = await Promise.all([1, 2, 3, 4, 5, 6].map(async (n) => (await store.ordered(order(n).id)) && n))
      expect(stored).to.deep.equal([1, 2, undefined, 4, 5, 6])
    })

    it('is stored once for a receipt, whichever of several processes is asked', async () => {
      const other = await open()
      const keys = ['a', 'b', 'c', 'd', 'e', 'f']
      const ask = (from: Store, key: string, n: number) =>
        from.orderOnce(
          { ...order(0), id: `00000000-0000-4000-8000-0000000000${n}` },
          receipt<Order>(({ id }) => id, { key }),
        )
      // Each takes them in another order: whoever locks them as they come waits for the other, who waits for the first.
      const all = await Promise.all([
        ...keys.map((key, i) => ask(store, key, 10 + i)),
        ...keys.toReversed().map((key, i) => ask(other, key, 20 + i)),
      ])
      await other.close()
      expect(all.filter(({ order: stored }) => stored !== undefined)).to.have.length(keys.length)
      expect(new Set(all.map(({ answer }) => answer.body)).size).to.equal(keys.length)
      expect((await store.ordersWaiting()).map(({ count }) => count)).to.deep.equal([keys.length])
    })

    it('has its place in the order of all, however many there are', async () => {
      const many = Array.from({ length: 2_100 }, (_, i) => ({
        ...order(1),
        id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
        fields: { recipient: { n: i } },
      }))
      await Promise.all(many.map((each) => store.order(each)))
      await store.gather(request(), order(1), 5_000)
      const people = await store.recipients('batch-1', 0, 5_000)
      expect(people.map(({ fields }) => (fields.recipient as { n: number }).n)).to.deep.equal(many.map((_, i) => i))
      for (const i of [0, 999, 1_000, 2_099])
        expect((await store.ordered(many[i]?.id as string))?.place).to.deep.equal({ batch: 'batch-1', row: i + 1 })
    })
  })
}
