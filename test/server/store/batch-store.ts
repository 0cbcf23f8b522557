import * as Bytes from '@laurel/core/Bytes'
import type * as Json from '@laurel/core/Json'
import { expect } from 'chai'
import type * as Batch from '../../../server/src/Batch.ts'
import * as Bitmap from '../../../server/src/Bitmap.ts'
import { anchorOf } from '../../../server/src/internal/anchor-of.ts'
import type * as BatchStore from '../../../server/src/ports/BatchStore.ts'

const owner = { host: 'test', pid: process.pid }
const other = { host: 'other', pid: 1 }
/** Longer than any test, in milliseconds. */
const long = 3_600_000
export const hex = (byte: number) => Bytes.toHex(new Uint8Array(32).fill(byte))
const account = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

/** What a worker of the batches of {@link request} wants. */
export const wanted = (over: Partial<BatchStore.Wanted> = {}): BatchStore.Wanted => ({
  chainId: 31337,
  account,
  issuer: 'did:key:z6Mk',
  registry: '0x00000000000000000000000000000000a17c0001',
  retry: [],
  ...over,
})

export function request(over: Partial<BatchStore.Request> = {}): BatchStore.Request {
  return {
    id: 'batch-1',
    hash: hex(1),
    again: false,
    now: 1_000,
    terms: {
      issuer: { id: 'did:key:z6Mk', name: 'Issuer' },
      verificationMethod: 'did:key:z6Mk#z6Mk',
      profile: 'standard',
      publicUrl: 'http://127.0.0.1:4400',
      chainId: 31337,
      registry: '0x00000000000000000000000000000000a17c0001',
      account,
    },
    achievement: { definition: { id: 'urn:uuid:1', name: 'Name' }, metadata: '{}' },
    size: 2,
    ...over,
  }
}

/** Recipients, a page at a time. */
export async function* pages<item>(...pages: readonly (readonly item[])[]): AsyncGenerator<readonly item[]> {
  yield* pages
}

const people: readonly Json.Object[] = [{ recipient: { name: 'Žofie' } }, { recipient: { name: '陳大文' } }]

/** The URN of a UUID that ends with a number. */
export const urn = (number: number) => `urn:uuid:00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`

export const anchoring = (number: number): Batch.Anchoring => ({
  number,
  previous: null,
  manifest: '{}',
  manifestDigest: hex(2),
  treeRoot: hex(3),
  ticketRoot: hex(4),
  root: hex(100 + number),
})

/** That a root is to be anchored. */
const intended = (number: number) => anchorOf({ terms: request().terms, root: anchoring(number).root })

const drafts = (start: number, count = 2): readonly Batch.Draft[] =>
  Array.from({ length: count }, (_, i) => ({
    credentialId: urn(start + i + 1),
    proofId: urn(1_000_000 + start + i + 1),
    secret: new Uint8Array(32).fill(start + i + 1),
    statusIndex: start + i + 1,
  }))

const signatures = (count = 2, from = 0): readonly Batch.Signature[] =>
  Array.from({ length: count }, (_, i) => ({
    created: '2026-03-01T00:00:00Z',
    proofValue: `z${from + i + 1}`,
    documentDigest: new Uint8Array(32).fill(from + i + 1),
    leaf: new Uint8Array(32).fill(10 + from + i + 1),
  }))

/** The leaves of both recipients, the second first. */
const order: readonly BatchStore.Block[] = [
  {
    first: urn(1),
    rows: Uint32Array.of(2, 1),
    leaves: Bytes.concat(new Uint8Array(32).fill(12), new Uint8Array(32).fill(11)),
  },
]

const anchor: Batch.Anchor = { transactionHash: hex(200), block: '7', time: 1_780_000_000 }

async function rejects(work: Promise<unknown>, code: string): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error, code).to.be.instanceOf(Error)
  expect((error as { code?: string }).code).to.equal(code)
}

/** The contract of the port; every adapter runs it. `open` opens the same data each time within one test. */
export function shouldBehaveLikeBatchStore(open: () => Promise<BatchStore.BatchStore>): void {
  let store: BatchStore.BatchStore

  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  const accept = (over: Partial<BatchStore.Request> = {}, rows = pages(people)) => store.accept(request(over), rows)
  /** The leases of the batches that the test works on. */
  const leases = new Map<string, BatchStore.Lease>()
  const leaseOf = ({ id }: Batch.Batch) => leases.get(id) as BatchStore.Lease
  const accepted = async (over: Partial<BatchStore.Request> = {}, rows = pages(people)) => {
    await accept(over, rows)
    const { batch, lease } = (await store.claim(owner, wanted(), long)) as BatchStore.Claim
    leases.set(batch.id, lease)
    return batch
  }
  const reserved = async (over: Partial<BatchStore.Request> = {}) => {
    const batch = await accepted(over)
    return store.reserve(batch, leaseOf(batch))
  }
  const signed = async (over: Partial<BatchStore.Request> = {}, start = 0) => {
    const batch = await reserved(over)
    await store.draft(batch, 0, pages(drafts(start)), leaseOf(batch))
    const drafted = await store.move(batch, 'drafted', null, leaseOf(batch))
    await store.sign(drafted, 0, signatures(), leaseOf(drafted))
    return store.move(drafted, 'signed', null, leaseOf(drafted))
  }
  const rooting = (batch: Batch.Batch, number: number, tickets?: readonly BatchStore.Branch[]) =>
    store.root(batch, anchoring(number), order, leaseOf(batch), tickets)
  const final = async () => {
    const rooted = await rooting(await signed(), 1)
    const published = await store.move(rooted, 'published', null, leaseOf(rooted))
    const submitted = await store.submit(published as Batch.Rooted, intended(1), 2_000, leaseOf(published))
    return store.final({ ...rooted, ...submitted } as Batch.Rooted, anchor, leaseOf(rooted))
  }

  describe('accept', () => {
    it('keeps the roster whole and in order, in any script', async () => {
      const batch = await accepted()
      expect(batch.state).to.equal('accepted')
      expect(batch.terms).to.deep.equal(request().terms)
      const recipients = await store.recipients(batch.id, 0, 10)
      expect(recipients.map(({ row, fields }) => [row, fields])).to.deep.equal([
        [1, { recipient: { name: 'Žofie' } }],
        [2, { recipient: { name: '陳大文' } }],
      ])
      expect((await store.recipients(batch.id, 1, 10)).map(({ row }) => row)).to.deep.equal([2])
      expect((await store.recipients(batch.id, 0, 1)).map(({ row }) => row)).to.deep.equal([1])
    })

    it('takes what comes page by page', async () => {
      const { batch } = await accept({ size: 5 }, pages([{ n: 1 }, { n: 2 }], [], [{ n: 3 }], [{ n: 4 }, { n: 5 }]))
      const recipients = await store.recipients(batch.id, 0, 10)
      expect(recipients.map(({ row, fields }) => [row, fields.n])).to.deep.equal([1, 2, 3, 4, 5].map((n) => [n, n]))
    })

    it('keeps nothing of a roster whose pages end in an error, or are not as many as was said', async () => {
      async function* broken() {
        yield people
        throw new Error('the roster was changed')
      }
      const error = await accept({}, broken()).catch((reason: unknown) => reason)
      expect((error as Error).message).to.equal('the roster was changed')
      for (const size of [1, 3]) {
        const miscounted = await accept({ size }).catch((reason: unknown) => reason)
        expect(miscounted).to.be.instanceOf(TypeError)
      }
      expect(await store.list()).to.deep.equal([])
      expect(await store.recipients('batch-1', 0, 10)).to.deep.equal([])
      expect((await accept()).repeated).to.equal(false)
    })

    it('shows nothing of a roster before all of it is stored', async () => {
      const seen: unknown[] = []
      async function* watched() {
        yield people.slice(0, 1)
        seen.push(await store.list(), await store.recipients('batch-1', 0, 10))
        yield people.slice(1)
      }
      await accept({}, watched())
      expect(seen).to.deep.equal([[], []])
    })

    it('answers the same request with the same batch', async () => {
      await accepted()
      const { batch, repeated } = await accept({ id: 'batch-2' })
      expect([batch.id, repeated]).to.deep.equal(['batch-1', true])
      expect((await store.requested(hex(1)))?.id).to.equal('batch-1')
      expect(await store.requested(hex(9))).to.equal(undefined)
      expect(await store.list()).to.have.length(1)
    })

    it('makes no further batch on demand while the first is open, and one once it is closed', async () => {
      const batch = await accepted()
      expect((await accept({ id: 'batch-2', again: true })).repeated).to.equal(true)
      await store.move(batch, 'cancelled', null, leaseOf(batch))
      const { batch: second, repeated } = await accept({ id: 'batch-2', again: true })
      expect([second.id, repeated]).to.deep.equal(['batch-2', false])
    })

    it('makes one batch of equal requests that come together', async () => {
      const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => accept({ id: `batch-${i}` })))
      expect(outcomes.filter(({ repeated }) => !repeated)).to.have.length(1)
      expect(new Set(outcomes.map(({ batch }) => batch.id)).size).to.equal(1)
    })

    it('survives closing and opening', async () => {
      const batch = await accepted()
      await store.close()
      store = await open()
      expect(await store.get(batch.id)).to.deep.equal(batch)
    })
  })

  describe('move', () => {
    it('refuses who has read an older epoch', async () => {
      const batch = await accepted()
      await store.move(batch, 'blocked', 'X', leaseOf(batch))
      await rejects(store.move(batch, 'cancelled', null, leaseOf(batch)), 'BATCH_CONFLICT')
    })

    it('refuses what the table of moves forbids', async () => {
      const batch = await accepted()
      await rejects(store.move(batch, 'delivered', null, leaseOf(batch)), 'BATCH_MOVE_ILLEGAL')
    })

    it('never cancels what is rooted, whoever asks', async () => {
      const rooted = await rooting(await signed(), 1)
      await rejects(store.move(rooted, 'cancelled', null, leaseOf(rooted)), 'BATCH_MOVE_ILLEGAL')
    })

    it('remembers what a side state interrupts', async () => {
      const batch = await accepted()
      const blocked = await store.move(batch, 'blocked', 'SELF_CHECK_FAILED', leaseOf(batch))
      expect([blocked.state, blocked.interrupted, blocked.reason]).to.deep.equal([
        'blocked',
        'accepted',
        'SELF_CHECK_FAILED',
      ])
    })
  })

  describe('claim', () => {
    const claim = (who: BatchStore.Owner = owner, ttl = long, over: Partial<BatchStore.Wanted> = {}) =>
      store.claim(who, wanted(over), ttl)

    it('gives each batch to one worker, in the order in which they came', async () => {
      for (const i of [1, 2, 3]) await accept({ id: `batch-${i}`, hash: hex(i) })
      const claims = [await claim(), await claim(other), await claim()]
      expect(claims.map((each) => each?.batch.id)).to.deep.equal(['batch-1', 'batch-2', 'batch-3'])
      expect(claims.map((each) => each?.lease)).to.deep.equal(
        [owner, other, owner].map((owner, i) => ({ name: `batch-${i + 1}`, owner, epoch: 1 })),
      )
      expect([await claim(), await store.waiting(wanted())]).to.deep.equal([undefined, false])
    })

    it('gives no batch to two workers that ask together', async () => {
      for (const i of [1, 2, 3, 4, 5]) await accept({ id: `batch-${i}`, hash: hex(i) })
      const claims = await Promise.all(Array.from({ length: 12 }, () => claim()))
      const ids = claims.flatMap((each) => (each === undefined ? [] : [each.batch.id]))
      expect(new Set(ids).size).to.equal(ids.length)
      const rest = []
      for (let each = await claim(); each !== undefined; each = await claim()) rest.push(each.batch.id)
      expect([...ids, ...rest].sort()).to.deep.equal([1, 2, 3, 4, 5].map((i) => `batch-${i}`))
    })

    it('puts a batch that had its turn behind those that wait, and off until its time has come', async () => {
      for (const i of [1, 2]) await accept({ id: `batch-${i}`, hash: hex(i) })
      const first = (await claim()) as BatchStore.Claim
      await store.release(first.lease)
      const second = (await claim()) as BatchStore.Claim
      expect(second.batch.id).to.equal('batch-2')
      await store.release(second.lease, long)
      const again = (await claim()) as BatchStore.Claim
      expect([again.batch.id, again.lease.epoch]).to.deep.equal(['batch-1', 2])
      expect(await claim()).to.equal(undefined)
    })

    it('asks only for what the worker can do', async () => {
      await accept()
      for (const over of [
        { chainId: 1 },
        { account: '0x00' },
        { issuer: 'did:key:other' },
        { registry: '0x00' },
        { largest: 1 },
      ] as const)
        expect(await claim(owner, long, over), Object.keys(over)[0]).to.equal(undefined)
      expect((await claim(owner, long, { largest: 2 }))?.batch.id).to.equal('batch-1')
    })

    it('gives a blocked batch to those only who say its name, and a closed one to nobody', async () => {
      const batch = await accepted()
      const blocked = await store.move(batch, 'blocked', 'X', leaseOf(batch))
      await store.release(leaseOf(batch))
      expect(await claim()).to.equal(undefined)
      const again = (await claim(owner, long, { retry: [batch.id] })) as BatchStore.Claim
      expect(again.batch).to.deep.equal(blocked)
      const cancelled = await store.move(blocked, 'cancelled', null, again.lease)
      await store.release(again.lease)
      expect(await claim(owner, long, { retry: [batch.id] })).to.equal(undefined)
      await rejects(store.move(cancelled, 'blocked', 'X', again.lease), 'LEASE_LOST')
    })

    it('fences off whoever is too slow, although nobody else has come', async () => {
      await accept()
      const { batch, lease } = (await claim(owner, 0)) as BatchStore.Claim
      await refusesAll(batch, lease)
    })

    it('fences off whoever is too slow, when another has taken over', async () => {
      await accept()
      const { batch, lease } = (await claim(owner, 0)) as BatchStore.Claim
      const second = (await claim(other)) as BatchStore.Claim
      expect([second.batch, second.lease.epoch]).to.deep.equal([batch, lease.epoch + 1])
      await refusesAll(batch, lease)
      await store.release(lease)
      expect((await store.move(batch, 'blocked', 'X', second.lease)).state).to.equal('blocked')
    })

    const refusesAll = async (batch: Batch.Batch, lease: BatchStore.Lease) => {
      await rejects(store.move(batch, 'cancelled', null, lease), 'LEASE_LOST')
      await rejects(store.reserve(batch, lease), 'LEASE_LOST')
      await rejects(store.draft(batch, 0, pages(drafts(0)), lease), 'LEASE_LOST')
      await rejects(store.sign(batch, 0, signatures(), lease), 'LEASE_LOST')
      await rejects(store.root(batch, anchoring(1), order, lease), 'LEASE_LOST')
      await rejects(store.submit(batch as Batch.Rooted, intended(1), 2_000, lease), 'LEASE_LOST')
      await rejects(store.final(batch as Batch.Rooted, anchor, lease), 'LEASE_LOST')
      await rejects(store.check(batch as Batch.Final, 1, lease), 'LEASE_LOST')
      await rejects(store.renew(lease, long), 'LEASE_LOST')
      expect(await store.get(batch.id)).to.deep.equal(batch)
      expect(await store.reached(batch.id)).to.deep.equal({ drafted: 0, signed: 0 })
    }

    it('keeps a lease that is renewed', async () => {
      const batch = await accepted()
      await store.renew(leaseOf(batch), 0)
      await rejects(store.renew(leaseOf(batch), long), 'LEASE_LOST')
      const second = (await claim()) as BatchStore.Claim
      await store.renew(second.lease, long)
      expect(await claim(other)).to.equal(undefined)
    })

    it('takes over at once from a process of this machine that has died, and from none that lives', async () => {
      await accept()
      await claim({ host: 'here', pid: process.ppid })
      expect(await claim({ host: 'here', pid: process.pid })).to.equal(undefined)
      await accept({ id: 'batch-2', hash: hex(2) })
      await claim({ host: 'here', pid: 2 ** 22 + 1 })
      expect(await claim({ host: 'there', pid: process.pid })).to.equal(undefined)
      expect((await claim({ host: 'here', pid: process.pid }))?.batch.id).to.equal('batch-2')
    })
  })

  describe('lease', () => {
    it('of one thing is not given twice, and free after its release', async () => {
      const lease = (await store.lease('lists', owner, long)) as BatchStore.Lease
      expect([await store.lease('lists', other, long), (await store.lease('else', other, long))?.name]).to.deep.equal([
        undefined,
        'else',
      ])
      await store.release(lease)
      const next = (await store.lease('lists', other, 0)) as BatchStore.Lease
      expect(next).to.deep.equal({ name: 'lists', owner: other, epoch: lease.epoch + 1 })
      await rejects(store.renew(next, long), 'LEASE_LOST')
      expect((await store.lease('lists', owner, long))?.epoch).to.equal(next.epoch + 1)
    })

    it('is forgotten with its name once nobody holds it, and no other is', async () => {
      const gone = (await store.lease('worker/1', other, long)) as BatchStore.Lease
      const held = (await store.lease('worker/2', owner, long)) as BatchStore.Lease
      const apart = (await store.lease('lists', owner, long)) as BatchStore.Lease
      for (const lease of [gone, apart]) await store.release(lease)
      await store.sweep('worker/')
      await store.renew(held, long)
      expect((await store.lease('lists', owner, long))?.epoch).to.equal(apart.epoch + 1)
      // As if nobody had ever had it.
      expect((await store.lease('worker/1', owner, long))?.epoch).to.equal(1)
    })

    it('is given once to those that ask together', async () => {
      const all = await Promise.all(Array.from({ length: 8 }, () => store.lease('lists', owner, long)))
      expect(all.filter((each) => each !== undefined)).to.have.length(1)
    })
  })

  describe('draft', () => {
    it('keeps what was drawn', async () => {
      const batch = await signed()
      const [first] = await store.recipients(batch.id, 0, 1)
      expect(first?.draft).to.deep.equal(drafts(0)[0])
      expect(first?.signature).to.deep.equal(signatures()[0])
      expect(batch.statusLists?.revocation).to.equal('http://127.0.0.1:4400/status-lists/revocation-1')
    })

    it('goes on where it was left, and nowhere else', async () => {
      const batch = await reserved()
      expect(await store.reached(batch.id)).to.deep.equal({ drafted: 0, signed: 0 })
      await rejects(store.draft(batch, 1, pages(drafts(1, 1)), leaseOf(batch)), 'BATCH_CONFLICT')
      await store.draft(batch, 0, pages(drafts(0, 1)), leaseOf(batch))
      expect(await store.reached(batch.id)).to.deep.equal({ drafted: 1, signed: 0 })
      await rejects(store.draft(batch, 0, pages(drafts(5, 1)), leaseOf(batch)), 'BATCH_CONFLICT')
      await store.draft(batch, 1, pages(drafts(1, 1)), leaseOf(batch))
      expect(await store.reached(batch.id)).to.deep.equal({ drafted: 2, signed: 0 })
      expect((await store.recipients(batch.id, 0, 9)).map(({ draft }) => draft)).to.deep.equal(drafts(0))
      expect((await store.get(batch.id))?.state).to.equal('accepted')
    })

    it('refuses a credential id or an index that is taken, and keeps nothing of the attempt', async () => {
      await signed()
      const second = await reserved({ id: 'batch-2', hash: hex(9) })
      const sameIndex = drafts(8).map((draft, i) => ({ ...draft, statusIndex: i + 1 }))
      const sameId = drafts(1).map((draft) => ({ ...draft, statusIndex: (draft.statusIndex ?? 0) + 100 }))
      for (const drawn of [drafts(1), sameIndex, sameId])
        await rejects(store.draft(second, 0, pages(drawn), leaseOf(second)), 'BATCH_CONFLICT')
      expect((await store.recipients(second.id, 0, 9)).every(({ draft }) => draft === null)).to.equal(true)
      expect((await store.get(second.id))?.state).to.equal('accepted')
    })
  })

  describe('sign', () => {
    it('goes on where it was left, and nowhere else', async () => {
      const batch = await reserved()
      await store.draft(batch, 0, pages(drafts(0)), leaseOf(batch))
      const drafted = await store.move(batch, 'drafted', null, leaseOf(batch))
      await rejects(store.sign(drafted, 1, signatures(1), leaseOf(drafted)), 'BATCH_CONFLICT')
      await store.sign(drafted, 0, signatures(1), leaseOf(drafted))
      await rejects(store.sign(drafted, 0, signatures(1), leaseOf(drafted)), 'BATCH_CONFLICT')
      await store.sign(drafted, 1, signatures(1, 1), leaseOf(drafted))
      expect(await store.reached(batch.id)).to.deep.equal({ drafted: 2, signed: 2 })
      const { ids, leaves } = await store.leaves(batch.id, 0, 9)
      expect(ids.length).to.equal(32)
      expect(leaves).to.deep.equal(Bytes.concat(...signatures().map(({ leaf }) => leaf)))
      expect((await store.leaves(batch.id, 1, 9)).leaves).to.deep.equal(new Uint8Array(32).fill(12))
    })
  })

  describe('root', () => {
    it('fixes root, number and positions together', async () => {
      const rooted = await rooting(await signed(), 1)
      expect(rooted.state).to.equal('rooted')
      expect(rooted.anchoring).to.deep.equal(anchoring(1))
      expect(await store.block(rooted.id, 0)).to.deep.equal(order[0])
      expect((await store.blockRecipients(rooted.id, 0)).map(({ row }) => row)).to.deep.equal([2, 1])
      expect((await store.blockRecipients(rooted.id, 0))[1]).to.deep.equal((await store.recipients(rooted.id, 0, 1))[0])
      expect(await store.last(31337, account)).to.deep.equal({ number: 1, root: anchoring(1).root })
    })

    it('gives a number and a root of an account to one batch only', async () => {
      await rooting(await signed(), 1)
      const second = await signed({ id: 'batch-2', hash: hex(9) }, 10)
      await rejects(rooting(second, 1), 'BATCH_CONFLICT')
      const sameRoot = { ...anchoring(2), root: anchoring(1).root }
      await rejects(store.root(second, sameRoot, order, leaseOf(second)), 'BATCH_CONFLICT')
      expect((await store.get(second.id))?.state).to.equal('signed')
    })

    it('knows in which block of the tree a credential is', async () => {
      const batch = await signed()
      const found = () => store.find(urn(2))
      expect(await found()).to.deep.equal({
        batch,
        recipient: (await store.recipients(batch.id, 1, 1))[0],
        block: null,
      })
      const halves = order.flatMap(({ rows, leaves }) => [
        { first: urn(1), rows: rows.slice(1), leaves: leaves.slice(32) },
        { first: urn(2), rows: rows.slice(0, 1), leaves: leaves.slice(0, 32) },
      ])
      await store.root(batch, anchoring(1), halves, leaseOf(batch))
      expect((await store.find(urn(1)))?.block).to.equal(0)
      expect((await found())?.block).to.equal(1)
      for (const unknown of [urn(3), 'urn:uuid:none', '']) expect(await store.find(unknown)).to.equal(undefined)
    })

    it('can tell whether others of the account are about to get there', async () => {
      const rooted = await rooting(await signed(), 1)
      const others = (...stages: readonly Batch.State[]) => store.othersIn(stages, rooted)
      expect(await others('rooted')).to.equal(false)
      const second = await signed({ id: 'batch-2', hash: hex(9) }, 10)
      expect([await others('signed', 'rooted'), await others('rooted')]).to.deep.equal([true, false])
      expect(await store.othersIn(['rooted'], second)).to.equal(true)
      const waiting = await store.move(second, 'waiting-funds', 'FUNDS_MISSING', leaseOf(second))
      expect(await others('signed')).to.equal(true)
      const blocked = await store.move(waiting, 'blocked', 'X', leaseOf(second))
      expect(await others('signed')).to.equal(false)
      await store.move(blocked, 'cancelled', null, leaseOf(second))

      await accept({ id: 'batch-3', hash: hex(3), held: true })
      for (const [i, terms] of [{ chainId: 1 }, { account: hex(1) }].entries())
        await accept({ id: `batch-${4 + i}`, hash: hex(4 + i), terms: { ...request().terms, ...terms } })
      expect(await others('accepted', 'cancelled')).to.equal(false)
      await accept({ id: 'batch-6', hash: hex(6) })
      expect(await others('accepted')).to.equal(true)
    })

    it('knows nothing of an account before its first batch', async () => {
      expect(await store.last(31337, account)).to.deep.equal({ number: 0, root: null })
    })
  })

  describe('tickets', () => {
    const branch = (...rows: readonly number[]): BatchStore.Branch => ({
      rows: Uint32Array.from(rows),
      leaves: Bytes.concat(...rows.map((row) => new Uint8Array(32).fill(0x70 + row))),
    })

    it('are fixed with the root, in an order of their own', async () => {
      const rooted = await rooting(await signed(), 1, [branch(1), branch(2)])
      expect(await store.tickets(rooted.id, 0)).to.deep.equal(branch(1))
      expect(await store.tickets(rooted.id, 1)).to.deep.equal(branch(2))
      expect(await store.ticketIndex(rooted.id, 1)).to.equal(0)
      expect(await store.ticketIndex(rooted.id, 2)).to.equal(256)
      expect(await store.ticketIndex(rooted.id, 3)).to.equal(undefined)
      expect(await store.block(rooted.id, 0)).to.deep.equal(order[0])
    })

    it('are none where none are offered', async () => {
      const rooted = await rooting(await signed(), 1)
      expect(await store.ticketIndex(rooted.id, 1)).to.equal(undefined)
      const missing = await store.tickets(rooted.id, 0).catch((reason: unknown) => reason)
      expect(missing).to.be.instanceOf(Error)
    })

    it('are not kept of a root that is refused', async () => {
      await rooting(await signed(), 1)
      const second = await signed({ id: 'batch-2', hash: hex(9) }, 10)
      await rejects(rooting(second, 1, [branch(2, 1)]), 'BATCH_CONFLICT')
      expect(await store.ticketIndex(second.id, 1)).to.equal(undefined)
      await rooting(second, 2, [branch(1, 2)])
      expect(await store.ticketIndex(second.id, 2)).to.equal(1)
    })

    it('find their recipients by the rows, in the order of these', async () => {
      const batch = await signed()
      const people = await store.recipients(batch.id, 0, 9)
      expect(await store.recipientsAt(batch.id, Uint32Array.of(2, 1))).to.deep.equal(people.toReversed())
      expect(await store.recipientsAt(batch.id, Uint32Array.of(2))).to.deep.equal(people.slice(1))
    })
  })

  describe('check', () => {
    it('remembers how far the verification is, for this anchor', async () => {
      const batch = await final()
      expect(batch.checked).to.equal(0)
      await store.check(batch, 3, leaseOf(batch))
      const checked = (await store.get(batch.id)) as Batch.Final
      expect(checked).to.deep.equal({ ...batch, checked: 3 })
      const reorged = await store.move(checked, 'reorged', 'ANCHOR_NOT_FOUND', leaseOf(checked))
      await rejects(store.check(batch, 4, leaseOf(batch)), 'BATCH_CONFLICT')
      expect((await store.final(reorged as Batch.Rooted, anchor, leaseOf(batch))).checked).to.equal(0)
    })
  })

  describe('status', () => {
    const list = async (id: string) => {
      const found = (await store.lists()).find((each) => each.id === id)
      if (found === undefined) throw new Error(`there is no list ${id}`)
      return found
    }
    const bits = async (id: string) => (await store.bits(await list(id))).set

    it('raises the version with the bit, once', async () => {
      await signed()
      const before = await list('revocation-1')
      expect(await store.decide('revoke', urn(1), 'mistake', 5_000)).to.deep.equal({ repeated: false })
      expect(await store.decide('revoke', urn(1), 'again', 6_000)).to.deep.equal({ repeated: true })
      const after = await list('revocation-1')
      expect(after.version).to.equal(before.version + 1)
      expect(await store.bits(after)).to.deep.equal({ version: after.version, set: [1] })
      expect(await store.decisions(urn(1))).to.deep.equal([{ act: 'revoke', reason: 'mistake', at: 5_000 }])
      expect(await store.decisions(urn(2))).to.deep.equal([])
      expect(await bits('suspension-1')).to.deep.equal([])
    })

    it('sets and clears the bit of a suspension, and forgets neither', async () => {
      await signed()
      const versions = [(await list('suspension-1')).version]
      for (const [act, at, repeated, set] of [
        ['suspend', 1_000, false, [1]],
        ['suspend', 2_000, true, [1]],
        ['reinstate', 3_000, false, []],
        ['reinstate', 4_000, true, []],
        ['suspend', 5_000, false, [1]],
      ] as const) {
        expect(await store.decide(act, urn(1), null, at), `${act} at ${at}`).to.deep.equal({ repeated })
        expect(await bits('suspension-1'), `${act} at ${at}`).to.deep.equal(set)
        versions.push((await list('suspension-1')).version)
      }
      const [first = 0] = versions
      expect(versions).to.deep.equal([0, 1, 1, 2, 2, 3].map((rise) => first + rise))
      expect((await store.decisions(urn(1))).map(({ act, at }) => [act, at])).to.deep.equal([
        ['suspend', 1_000],
        ['reinstate', 3_000],
        ['suspend', 5_000],
      ])
      expect((await list('revocation-1')).version).to.equal(1)
    })

    it('leaves a suspension as it is where the credential is revoked, and takes nothing back then', async () => {
      await signed()
      await store.decide('suspend', urn(1), null, 1_000)
      await store.decide('revoke', urn(1), null, 2_000)
      for (const act of ['suspend', 'reinstate'] as const)
        await rejects(store.decide(act, urn(1), null, 3_000), 'CREDENTIAL_REVOKED')
      expect([await bits('suspension-1'), await bits('revocation-1')]).to.deep.equal([[1], [1]])
      expect(await store.decisions(urn(1))).to.have.length(2)
    })

    it('decides of many at once about one credential once', async () => {
      await signed()
      const all = Array.from({ length: 8 }, (_, i) => store.decide('suspend', urn(1), null, i))
      const outcomes = await Promise.all(all)
      expect(outcomes.filter(({ repeated }) => !repeated)).to.have.length(1)
      expect(await store.decisions(urn(1))).to.have.length(1)
    })

    it('keeps decisions in their order though the clock goes back', async () => {
      await signed()
      await store.decide('suspend', urn(1), null, 5_000)
      await store.decide('reinstate', urn(1), null, 1_000)
      expect((await store.decisions(urn(1))).map(({ act, at }) => [act, at])).to.deep.equal([
        ['suspend', 5_000],
        ['reinstate', 5_000],
      ])
    })

    it('refuses what it cannot decide about', async () => {
      for (const unknown of [urn(1), 'urn:uuid:none'])
        await rejects(store.decide('revoke', unknown, null, 0), 'CREDENTIAL_UNKNOWN')
      expect(await store.decisions('urn:uuid:none')).to.deep.equal([])
      const batch = await accepted()
      const bare = drafts(0).map((draft) => ({ ...draft, statusIndex: null }))
      await store.draft(batch, 0, pages(bare), leaseOf(batch))
      await rejects(store.decide('revoke', urn(1), null, 0), 'STATUS_NOT_OFFERED')
    })

    it('refuses to reinstate what was never suspended', async () => {
      await signed()
      await rejects(store.decide('reinstate', urn(1), null, 0), 'CREDENTIAL_NOT_SUSPENDED')
      expect((await list('suspension-1')).version).to.equal(1)
    })

    it('never puts an older version in the place of a newer one, nor one of whoever has lost the lease', async () => {
      await signed()
      await store.decide('revoke', urn(1), null, 0)
      const revocation = await list('revocation-1')
      const lease = (await store.lease('lists', owner, long)) as BatchStore.Lease
      const publish = (version: number, text: string, at: number) =>
        store.publish(revocation, version, { text, digest: hex(version), cid: `bafkrei${version}`, at }, lease)
      await publish(2, 'two', 200)
      await publish(1, 'one', 300)
      expect((await store.publication('revocation-1'))?.text).to.equal('two')
      // Signed anew, though the clock went back.
      await publish(2, 'two anew', 100)
      await store.renew(lease, 0)
      await rejects(publish(2, 'late', 400), 'LEASE_LOST')
      expect((await store.publication('revocation-1'))?.text).to.equal('two anew')
    })

    it('sets lists aside for a batch once, and tells which indices are taken', async () => {
      const batch = await reserved()
      expect(batch.state).to.equal('accepted')
      expect(await store.reserve(batch, leaseOf(batch))).to.deep.equal(batch)
      await store.draft(batch, 0, pages(drafts(0)), leaseOf(batch))
      const taken = await store.taken(batch.statusLists as Batch.StatusLists)
      expect([taken.size, ...[0, 1, 2, 3].map((index) => Bitmap.has(taken, index))]).to.deep.equal([
        131_072,
        false,
        true,
        true,
        false,
      ])
    })

    it('begins further lists when some are half full, by what was promised', async () => {
      const many = (size: number) => pages(Array.from({ length: size }, () => ({})))
      const numberOf = async (id: string, size: number) => {
        const batch = await accepted({ id, hash: Bytes.toHex(Bytes.fromUtf8(id)), size }, many(size))
        const { statusLists } = await store.reserve(batch, leaseOf(batch))
        return [statusLists?.number, (await store.taken(statusLists as Batch.StatusLists)).size]
      }
      expect(await numberOf('a', 2)).to.deep.equal([1, 131_072])
      expect(await numberOf('b', 65_535)).to.deep.equal([2, 131_072])
      expect(await numberOf('c', 1)).to.deep.equal([2, 131_072])
      expect(await numberOf('d', 1)).to.deep.equal([1, 131_072])
      expect(await numberOf('e', 65_537)).to.deep.equal([3, 262_144])
    })

    it('tells which delivered batches have a list', async () => {
      const batch = await final()
      const lease = leaseOf(batch)
      const number = batch.statusLists?.number as number
      await reserved({ id: 'batch-2', hash: hex(9) })
      const assembled = await store.move(batch, 'assembled', null, lease)
      expect(await store.deliveredIn(number)).to.deep.equal([])
      await store.move(assembled, 'delivered', null, lease)
      expect(await store.deliveredIn(number)).to.deep.equal([batch.id])
      expect(await store.deliveredIn(number + 1)).to.deep.equal([])
    })

    it('shares no list between issuers or addresses', async () => {
      const ours = await reserved()
      const terms = { ...request().terms, publicUrl: 'https://badges.example.org' }
      const other = await reserved({ id: 'batch-2', hash: hex(9), terms })
      expect(other.statusLists?.number).not.to.equal(ours.statusLists?.number)
      expect(other.statusLists?.revocation).to.equal('https://badges.example.org/status-lists/revocation-2')
    })
  })
}
