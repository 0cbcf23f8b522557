import * as Bytes from '@laurel/core/Bytes'
import type * as Json from '@laurel/core/Json'
import { expect } from 'chai'
import type * as Batch from '../../../server/src/Batch.ts'
import * as Bitmap from '../../../server/src/Bitmap.ts'
import type * as BatchStore from '../../../server/src/ports/BatchStore.ts'

const owner = { host: 'test', pid: 1 }
const hex = (byte: number) => Bytes.toHex(new Uint8Array(32).fill(byte))
const account = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

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

export const attempt = (nonce: number): Batch.Attempt => ({
  hash: hex(200 + nonce),
  raw: '0x02',
  nonce,
  createdAt: 2_000 + nonce,
})

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
  let lease: BatchStore.Lease

  beforeEach(async () => {
    store = await open()
    const taken = await store.lease(owner, 0, 1_000)
    if (taken === undefined) throw new Error('the lease of a new store is taken')
    lease = taken
  })
  afterEach(() => store.close())

  const accept = (over: Partial<BatchStore.Request> = {}, rows = pages(people)) => store.accept(request(over), rows)
  const accepted = async (over: Partial<BatchStore.Request> = {}) => (await accept(over)).batch
  const reserved = async (over: Partial<BatchStore.Request> = {}) => store.reserve(await accepted(over), lease)
  const signed = async (over: Partial<BatchStore.Request> = {}, start = 0) => {
    const batch = await reserved(over)
    await store.draft(batch, 0, pages(drafts(start)), lease)
    const drafted = await store.move(batch, 'drafted', null, lease)
    await store.sign(drafted, 0, signatures(), lease)
    return store.move(drafted, 'signed', null, lease)
  }
  const final = async () => {
    const rooted = await store.root(await signed(), anchoring(1), order, attempt(0), lease)
    const published = await store.move(rooted, 'published', null, lease)
    const submitted = await store.move(published, 'submitted', null, lease)
    return store.final({ ...rooted, ...submitted } as Batch.Rooted, anchor, lease)
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
      await store.move(batch, 'cancelled', null, lease)
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
      await store.move(batch, 'blocked', 'X', lease)
      await rejects(store.move(batch, 'cancelled', null, lease), 'BATCH_CONFLICT')
    })

    it('refuses what the table of moves forbids', async () => {
      await rejects(store.move(await accepted(), 'delivered', null, lease), 'BATCH_MOVE_ILLEGAL')
    })

    it('never cancels what is rooted, whoever asks', async () => {
      const rooted = await store.root(await signed(), anchoring(1), order, attempt(0), lease)
      await rejects(store.move(rooted, 'cancelled', null, lease), 'BATCH_MOVE_ILLEGAL')
    })

    it('remembers what a side state interrupts', async () => {
      const blocked = await store.move(await accepted(), 'blocked', 'SELF_CHECK_FAILED', lease)
      expect([blocked.state, blocked.interrupted, blocked.reason]).to.deep.equal([
        'blocked',
        'accepted',
        'SELF_CHECK_FAILED',
      ])
    })
  })

  describe('lease', () => {
    it('is not given twice', async () => {
      expect(await store.lease({ host: 'other', pid: 1 }, 500, 1_000)).to.equal(undefined)
    })

    it('is given anew when it has run out, and then fences the first owner off', async () => {
      const batch = await accepted()
      const second = await store.lease({ host: 'other', pid: 1 }, 2_000, 1_000)
      expect(second?.epoch).to.equal(lease.epoch + 1)
      await rejects(store.move(batch, 'cancelled', null, lease), 'LEASE_LOST')
      await rejects(store.reserve(batch, lease), 'LEASE_LOST')
      await rejects(store.draft(batch, 0, pages(drafts(0)), lease), 'LEASE_LOST')
      await rejects(store.sign(batch, 0, signatures(), lease), 'LEASE_LOST')
      await rejects(store.renew(lease, 2_000, 1_000), 'LEASE_LOST')
      expect((await store.get(batch.id))?.state).to.equal('accepted')
    })

    it('is taken over at once from a process of this machine that has died', async () => {
      const dead = await store.lease({ host: 'here', pid: 2 ** 22 + 1 }, 2_000, 1_000_000)
      expect(dead).not.to.equal(undefined)
      expect(await store.lease({ host: 'here', pid: process.pid }, 2_001, 1_000)).not.to.equal(undefined)
    })

    it('is not taken over from a process of this machine that lives', async () => {
      await store.release(lease)
      await store.lease({ host: 'here', pid: process.ppid }, 2_000, 1_000_000)
      expect(await store.lease({ host: 'here', pid: process.pid }, 2_001, 1_000)).to.equal(undefined)
    })

    it('is free after its release', async () => {
      await store.release(lease)
      expect(await store.lease({ host: 'other', pid: 1 }, 1, 1_000)).not.to.equal(undefined)
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
      await rejects(store.draft(batch, 1, pages(drafts(1, 1)), lease), 'BATCH_CONFLICT')
      await store.draft(batch, 0, pages(drafts(0, 1)), lease)
      expect(await store.reached(batch.id)).to.deep.equal({ drafted: 1, signed: 0 })
      await rejects(store.draft(batch, 0, pages(drafts(5, 1)), lease), 'BATCH_CONFLICT')
      await store.draft(batch, 1, pages(drafts(1, 1)), lease)
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
        await rejects(store.draft(second, 0, pages(drawn), lease), 'BATCH_CONFLICT')
      expect((await store.recipients(second.id, 0, 9)).every(({ draft }) => draft === null)).to.equal(true)
      expect((await store.get(second.id))?.state).to.equal('accepted')
    })
  })

  describe('sign', () => {
    it('goes on where it was left, and nowhere else', async () => {
      const batch = await reserved()
      await store.draft(batch, 0, pages(drafts(0)), lease)
      const drafted = await store.move(batch, 'drafted', null, lease)
      await rejects(store.sign(drafted, 1, signatures(1), lease), 'BATCH_CONFLICT')
      await store.sign(drafted, 0, signatures(1), lease)
      await rejects(store.sign(drafted, 0, signatures(1), lease), 'BATCH_CONFLICT')
      await store.sign(drafted, 1, signatures(1, 1), lease)
      expect(await store.reached(batch.id)).to.deep.equal({ drafted: 2, signed: 2 })
      const { ids, leaves } = await store.leaves(batch.id, 0, 9)
      expect(ids.length).to.equal(32)
      expect(leaves).to.deep.equal(Bytes.concat(...signatures().map(({ leaf }) => leaf)))
      expect((await store.leaves(batch.id, 1, 9)).leaves).to.deep.equal(new Uint8Array(32).fill(12))
    })
  })

  describe('root', () => {
    it('fixes root, number, positions and transaction together', async () => {
      const rooted = await store.root(await signed(), anchoring(1), order, attempt(7), lease)
      expect(rooted.state).to.equal('rooted')
      expect(rooted.anchoring).to.deep.equal(anchoring(1))
      expect(await store.attempts(rooted.id)).to.deep.equal([attempt(7)])
      expect(await store.block(rooted.id, 0)).to.deep.equal(order[0])
      expect((await store.blockRecipients(rooted.id, 0)).map(({ row }) => row)).to.deep.equal([2, 1])
      expect((await store.blockRecipients(rooted.id, 0))[1]).to.deep.equal((await store.recipients(rooted.id, 0, 1))[0])
      expect(await store.last(31337, account)).to.deep.equal({ number: 1, root: anchoring(1).root, nonce: 7 })
    })

    it('gives a number and a nonce of an account to one batch only', async () => {
      await store.root(await signed(), anchoring(1), order, attempt(0), lease)
      const second = await signed({ id: 'batch-2', hash: hex(9) }, 10)
      await rejects(store.root(second, anchoring(1), order, attempt(1), lease), 'BATCH_CONFLICT')
      await rejects(store.root(second, anchoring(2), order, attempt(0), lease), 'BATCH_CONFLICT')
      expect((await store.get(second.id))?.state).to.equal('signed')
      expect(await store.attempts(second.id)).to.deep.equal([])
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
      await store.root(batch, anchoring(1), halves, attempt(0), lease)
      expect((await store.find(urn(1)))?.block).to.equal(0)
      expect((await found())?.block).to.equal(1)
      for (const unknown of [urn(3), 'urn:uuid:none', '']) expect(await store.find(unknown)).to.equal(undefined)
    })

    it('knows nothing of an account before its first batch', async () => {
      expect(await store.last(31337, account)).to.deep.equal({ number: 0, root: null, nonce: null })
    })
  })

  describe('tickets', () => {
    const branch = (...rows: readonly number[]): BatchStore.Branch => ({
      rows: Uint32Array.from(rows),
      leaves: Bytes.concat(...rows.map((row) => new Uint8Array(32).fill(0x70 + row))),
    })

    it('are fixed with the root, in an order of their own', async () => {
      const rooted = await store.root(await signed(), anchoring(1), order, attempt(0), lease, [branch(1), branch(2)])
      expect(await store.tickets(rooted.id, 0)).to.deep.equal(branch(1))
      expect(await store.tickets(rooted.id, 1)).to.deep.equal(branch(2))
      expect(await store.ticketIndex(rooted.id, 1)).to.equal(0)
      expect(await store.ticketIndex(rooted.id, 2)).to.equal(256)
      expect(await store.ticketIndex(rooted.id, 3)).to.equal(undefined)
      expect(await store.block(rooted.id, 0)).to.deep.equal(order[0])
    })

    it('are none where none are offered', async () => {
      const rooted = await store.root(await signed(), anchoring(1), order, attempt(0), lease)
      expect(await store.ticketIndex(rooted.id, 1)).to.equal(undefined)
      const missing = await store.tickets(rooted.id, 0).catch((reason: unknown) => reason)
      expect(missing).to.be.instanceOf(Error)
    })

    it('are not kept of a root that is refused', async () => {
      await store.root(await signed(), anchoring(1), order, attempt(0), lease)
      const second = await signed({ id: 'batch-2', hash: hex(9) }, 10)
      await rejects(store.root(second, anchoring(2), order, attempt(0), lease, [branch(2, 1)]), 'BATCH_CONFLICT')
      expect(await store.ticketIndex(second.id, 1)).to.equal(undefined)
      await store.root(second, anchoring(2), order, attempt(1), lease, [branch(1, 2)])
      expect(await store.ticketIndex(second.id, 2)).to.equal(1)
    })

    it('find their recipients by the rows, in the order of these', async () => {
      const batch = await signed()
      const people = await store.recipients(batch.id, 0, 9)
      expect(await store.recipientsAt(batch.id, Uint32Array.of(2, 1))).to.deep.equal(people.toReversed())
      expect(await store.recipientsAt(batch.id, Uint32Array.of(2))).to.deep.equal(people.slice(1))
    })
  })

  describe('attempt', () => {
    it('keeps every transaction, and refuses the nonce of another batch', async () => {
      const first = await store.root(await signed(), anchoring(1), order, attempt(0), lease)
      const second = await store.root(
        await signed({ id: 'batch-2', hash: hex(9) }, 10),
        anchoring(2),
        order,
        attempt(1),
        lease,
      )
      await store.attempt(first, { ...attempt(0), hash: hex(250), createdAt: 3_000 }, lease)
      expect((await store.attempts(first.id)).map(({ hash }) => hash)).to.deep.equal([attempt(0).hash, hex(250)])
      await rejects(store.attempt(second, { ...attempt(0), hash: hex(251) }, lease), 'BATCH_CONFLICT')
      expect(await store.attempts(second.id)).to.have.length(1)
    })
  })

  describe('check', () => {
    it('remembers how far the verification is, for this anchor', async () => {
      const batch = await final()
      expect(batch.checked).to.equal(0)
      await store.check(batch, 3, lease)
      const checked = (await store.get(batch.id)) as Batch.Final
      expect(checked).to.deep.equal({ ...batch, checked: 3 })
      const reorged = await store.move(checked, 'reorged', 'ANCHOR_NOT_FOUND', lease)
      await rejects(store.check(batch, 4, lease), 'BATCH_CONFLICT')
      expect((await store.final(reorged as Batch.Rooted, anchor, lease)).checked).to.equal(0)
    })
  })

  describe('status', () => {
    it('raises the version with the bit, once', async () => {
      await signed()
      const before = (await store.lists()).find(({ id }) => id === 'revocation-1')
      expect(await store.revoke(urn(1), 'mistake', 5_000)).to.deep.equal({ repeated: false })
      expect(await store.revoke(urn(1), 'again', 6_000)).to.deep.equal({ repeated: true })
      const after = (await store.lists()).find(({ id }) => id === 'revocation-1')
      expect(after?.version).to.equal((before?.version ?? 0) + 1)
      if (after === undefined) throw new Error('the list is gone')
      expect(await store.bits(after)).to.deep.equal({ version: after.version, set: [1] })
      expect(await store.revocation(urn(1))).to.deep.equal({ at: 5_000, reason: 'mistake' })
      expect(await store.revocation(urn(2))).to.equal(undefined)
    })

    it('refuses what it cannot revoke', async () => {
      for (const unknown of [urn(1), 'urn:uuid:none'])
        await rejects(store.revoke(unknown, null, 0), 'CREDENTIAL_UNKNOWN')
      const batch = await accepted()
      const bare = drafts(0).map((draft) => ({ ...draft, statusIndex: null }))
      await store.draft(batch, 0, pages(bare), lease)
      await rejects(store.revoke(urn(1), null, 0), 'STATUS_NOT_OFFERED')
    })

    it('never puts an older version in the place of a newer one', async () => {
      await signed()
      await store.revoke(urn(1), null, 0)
      const list = (await store.lists()).find(({ id }) => id === 'revocation-1')
      if (list === undefined) throw new Error('the list is gone')
      await store.publish(list, 2, { text: 'two', digest: hex(2), at: 200 })
      await store.publish(list, 1, { text: 'one', digest: hex(1), at: 300 })
      expect((await store.publication('revocation-1'))?.text).to.equal('two')
    })

    it('sets lists aside for a batch once, and tells which indices are taken', async () => {
      const batch = await reserved()
      expect(batch.state).to.equal('accepted')
      expect(await store.reserve(batch, lease)).to.deep.equal(batch)
      await store.draft(batch, 0, pages(drafts(0)), lease)
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
        const { batch } = await accept({ id, hash: Bytes.toHex(Bytes.fromUtf8(id)), size }, many(size))
        const { statusLists } = await store.reserve(batch, lease)
        return [statusLists?.number, (await store.taken(statusLists as Batch.StatusLists)).size]
      }
      expect(await numberOf('a', 2)).to.deep.equal([1, 131_072])
      expect(await numberOf('b', 65_535)).to.deep.equal([2, 131_072])
      expect(await numberOf('c', 1)).to.deep.equal([2, 131_072])
      expect(await numberOf('d', 1)).to.deep.equal([1, 131_072])
      expect(await numberOf('e', 65_537)).to.deep.equal([3, 262_144])
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
