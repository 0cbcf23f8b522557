import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import type * as Batch from '../../../server/src/Batch.ts'
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
    recipients: [{ recipient: { name: 'Žofie' } }, { recipient: { name: '陳大文' } }],
    ...over,
  }
}

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

const drafts = (start: number) =>
  new Map(
    [1, 2].map((row) => [
      row,
      {
        credentialId: `urn:uuid:${start + row}`,
        proofId: `urn:uuid:proof-${start + row}`,
        secret: new Uint8Array(32).fill(start + row),
        statusIndex: start + row,
      },
    ]),
  )

const signatures = new Map(
  [1, 2].map((row) => [
    row,
    {
      created: '2026-03-01T00:00:00Z',
      proofValue: `z${row}`,
      documentDigest: new Uint8Array(32).fill(row),
      leaf: new Uint8Array(32).fill(10 + row),
    },
  ]),
)

async function rejects(work: Promise<unknown>, code: string): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error, code).to.be.instanceOf(Error)
  expect((error as { code?: string }).code).to.equal(code)
}

/** The contract of the port; every adapter runs it. `open` opens the same data each time within one test. */
export function shouldBehaveLikeBatchStore(open: () => BatchStore.BatchStore): void {
  let store: BatchStore.BatchStore
  let lease: BatchStore.Lease

  beforeEach(async () => {
    store = open()
    const taken = await store.lease(owner, 0, 1_000)
    if (taken === undefined) throw new Error('the lease of a new store is taken')
    lease = taken
  })
  afterEach(() => store.close())

  const accepted = async (over: Partial<BatchStore.Request> = {}) => (await store.accept(request(over))).batch
  const signed = async (over: Partial<BatchStore.Request> = {}, start = 0) => {
    const batch = await accepted(over)
    const lists = await store.statusLists('did:key:z6Mk', 'http://127.0.0.1:4400', 2)
    const drafted = await store.draft(batch, drafts(start), lists, lease)
    await store.sign(drafted, signatures, lease)
    return store.move(drafted, 'signed', null, lease)
  }
  const positions = new Map([
    [1, 0],
    [2, 1],
  ])

  describe('accept', () => {
    it('keeps the roster whole and in order, in any script', async () => {
      const batch = await accepted()
      expect(batch.state).to.equal('accepted')
      expect(batch.terms).to.deep.equal(request().terms)
      const recipients = await store.recipients(batch.id)
      expect(recipients.map(({ row, fields }) => [row, fields])).to.deep.equal([
        [1, { recipient: { name: 'Žofie' } }],
        [2, { recipient: { name: '陳大文' } }],
      ])
    })

    it('answers the same request with the same batch', async () => {
      await accepted()
      const { batch, repeated } = await store.accept(request({ id: 'batch-2' }))
      expect([batch.id, repeated]).to.deep.equal(['batch-1', true])
      expect(await store.list()).to.have.length(1)
    })

    it('makes no further batch on demand while the first is open, and one once it is closed', async () => {
      const batch = await accepted()
      expect((await store.accept(request({ id: 'batch-2', again: true }))).repeated).to.equal(true)
      await store.move(batch, 'cancelled', null, lease)
      const { batch: second, repeated } = await store.accept(request({ id: 'batch-2', again: true }))
      expect([second.id, repeated]).to.deep.equal(['batch-2', false])
    })

    it('makes one batch of equal requests that come together', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => store.accept(request({ id: `batch-${i}` }))),
      )
      expect(outcomes.filter(({ repeated }) => !repeated)).to.have.length(1)
      expect(new Set(outcomes.map(({ batch }) => batch.id)).size).to.equal(1)
    })

    it('survives closing and opening', async () => {
      const batch = await accepted()
      await store.close()
      store = open()
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
      const rooted = await store.root(await signed(), anchoring(1), positions, attempt(0), lease)
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
      await rejects(store.draft(batch, drafts(0), null, lease), 'LEASE_LOST')
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
      const [first] = await store.recipients(batch.id)
      expect(first?.draft).to.deep.equal(drafts(0).get(1))
      expect(first?.signature).to.deep.equal(signatures.get(1))
      expect(batch.statusLists?.revocation).to.equal('http://127.0.0.1:4400/status-lists/revocation-1')
    })

    it('refuses a credential id or an index that is taken, and keeps nothing of the attempt', async () => {
      await signed()
      const second = await accepted({ id: 'batch-2', hash: hex(9) })
      const lists = await store.statusLists('did:key:z6Mk', 'http://127.0.0.1:4400', 2)
      expect([...lists.taken]).to.deep.equal([1, 2])
      await rejects(store.draft(second, drafts(1), lists, lease), 'BATCH_CONFLICT')
      expect((await store.recipients(second.id)).every(({ draft }) => draft === null)).to.equal(true)
      expect((await store.get(second.id))?.state).to.equal('accepted')
    })
  })

  describe('root', () => {
    it('fixes root, number, positions and transaction together', async () => {
      const rooted = await store.root(await signed(), anchoring(1), positions, attempt(7), lease)
      expect(rooted.state).to.equal('rooted')
      expect(rooted.anchoring).to.deep.equal(anchoring(1))
      expect(await store.attempts(rooted.id)).to.deep.equal([attempt(7)])
      expect((await store.recipients(rooted.id)).map(({ position }) => position)).to.deep.equal([0, 1])
      expect(await store.last(31337, account)).to.deep.equal({ number: 1, root: anchoring(1).root, nonce: 7 })
    })

    it('gives a number and a nonce of an account to one batch only', async () => {
      await store.root(await signed(), anchoring(1), positions, attempt(0), lease)
      const second = await signed({ id: 'batch-2', hash: hex(9) }, 10)
      await rejects(store.root(second, anchoring(1), positions, attempt(1), lease), 'BATCH_CONFLICT')
      await rejects(store.root(second, anchoring(2), positions, attempt(0), lease), 'BATCH_CONFLICT')
      expect((await store.get(second.id))?.state).to.equal('signed')
      expect(await store.attempts(second.id)).to.deep.equal([])
    })

    it('knows nothing of an account before its first batch', async () => {
      expect(await store.last(31337, account)).to.deep.equal({ number: 0, root: null, nonce: null })
    })
  })

  describe('attempt', () => {
    it('keeps every transaction, and refuses the nonce of another batch', async () => {
      const first = await store.root(await signed(), anchoring(1), positions, attempt(0), lease)
      const second = await store.root(
        await signed({ id: 'batch-2', hash: hex(9) }, 10),
        anchoring(2),
        positions,
        attempt(1),
        lease,
      )
      await store.attempt(first, { ...attempt(0), hash: hex(250), createdAt: 3_000 }, lease)
      expect((await store.attempts(first.id)).map(({ hash }) => hash)).to.deep.equal([attempt(0).hash, hex(250)])
      await rejects(store.attempt(second, { ...attempt(0), hash: hex(251) }, lease), 'BATCH_CONFLICT')
      expect(await store.attempts(second.id)).to.have.length(1)
    })
  })

  describe('status', () => {
    it('raises the version with the bit, once', async () => {
      await signed()
      const before = (await store.lists()).find(({ id }) => id === 'revocation-1')
      expect(await store.revoke('urn:uuid:1', 'mistake', 5_000)).to.deep.equal({ repeated: false })
      expect(await store.revoke('urn:uuid:1', 'again', 6_000)).to.deep.equal({ repeated: true })
      const after = (await store.lists()).find(({ id }) => id === 'revocation-1')
      expect(after?.version).to.equal((before?.version ?? 0) + 1)
      if (after === undefined) throw new Error('the list is gone')
      expect(await store.bits(after)).to.deep.equal({ version: after.version, set: [1] })
      expect(await store.revocation('urn:uuid:1')).to.deep.equal({ at: 5_000, reason: 'mistake' })
      expect(await store.revocation('urn:uuid:2')).to.equal(undefined)
    })

    it('refuses what it cannot revoke', async () => {
      await rejects(store.revoke('urn:uuid:none', null, 0), 'CREDENTIAL_UNKNOWN')
      const batch = await accepted()
      const bare = new Map([...drafts(0)].map(([row, draft]) => [row, { ...draft, statusIndex: null }]))
      await store.draft(batch, bare, null, lease)
      await rejects(store.revoke('urn:uuid:1', null, 0), 'STATUS_NOT_OFFERED')
    })

    it('never puts an older version in the place of a newer one', async () => {
      await signed()
      await store.revoke('urn:uuid:1', null, 0)
      const list = (await store.lists()).find(({ id }) => id === 'revocation-1')
      if (list === undefined) throw new Error('the list is gone')
      await store.publish(list, 2, { text: 'two', digest: hex(2), at: 200 })
      await store.publish(list, 1, { text: 'one', digest: hex(1), at: 300 })
      expect((await store.publication('revocation-1'))?.text).to.equal('two')
    })

    it('begins a further list when one is half full', async () => {
      await signed()
      const next = await store.statusLists('did:key:z6Mk', 'http://127.0.0.1:4400', 65_536)
      expect([next.number, next.size, next.taken.size]).to.deep.equal([2, 131_072, 0])
      const large = await store.statusLists('did:key:z6Mk', 'http://127.0.0.1:4400', 100_000)
      expect([large.number, large.size]).to.deep.equal([3, 262_144])
    })

    it('shares no list between issuers or addresses', async () => {
      const ours = await store.statusLists('did:key:z6Mk', 'http://127.0.0.1:4400', 1)
      const other = await store.statusLists('did:key:z6Mk', 'https://badges.example.org', 1)
      expect(other.number).not.to.equal(ours.number)
      expect(other.revocation).to.equal('https://badges.example.org/status-lists/revocation-2')
    })
  })
}
