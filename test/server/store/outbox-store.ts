import { expect } from 'chai'
import type { Store } from '../../../server/src/adapters/store/SqlBatchStore.ts'
import type * as Batch from '../../../server/src/Batch.ts'
import type * as BatchStore from '../../../server/src/ports/BatchStore.ts'
import * as OutboxStore from '../../../server/src/ports/OutboxStore.ts'
import { anchoring, hex, pages, request, urn, wanted } from './batch-store.ts'

const owner = { host: 'test', pid: process.pid }
const other = { host: 'other', pid: 1 }
/** Longer than any test, in milliseconds. */
const long = 3_600_000
const day = 24 * 3_600_000

const endpoint = (n: number, over: Partial<OutboxStore.NewEndpoint> = {}): OutboxStore.NewEndpoint => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  url: `https://example.org/${n}`,
  description: null,
  types: null,
  key: 'k1',
  ...over,
})

const sending = (over: Partial<OutboxStore.Wanted> = {}): OutboxStore.Wanted => ({
  key: 'k1',
  ailing: false,
  endpoints: 10,
  events: 10,
  ...over,
})

const rules = { wait: 0, patience: 5 * day }

/** What a try has come to. */
const outcome = (
  { event, round }: Pick<OutboxStore.Claim['messages'][number], 'event' | 'round'>,
  status: number,
  again: number | null = null,
): OutboxStore.Outcome => {
  const delivered = status === 200
  const code = delivered ? 'DELIVERED' : `HTTP_${status}`
  return { event, round, again, delivered, gone: status === 410, try: { status, duration: 3, code, excerpt: 'said' } }
}

/** Lets time pass, by the clock of the database. */
export const later = (milliseconds: number): readonly string[] => [
  `UPDATE leases SET due = due - ${milliseconds}, until = until - ${milliseconds} WHERE name LIKE 'webhook/%'`,
  `UPDATE endpoints SET failing_since = failing_since - ${milliseconds}, previous_until = previous_until - ${milliseconds}`,
  // What makes something due comes last: the lease of whoever takes it is not made older.
  `UPDATE deliveries SET due = due - ${milliseconds}`,
]

/** What the port of the outbox promises; every adapter runs it. `open` opens the same data within one test. */
export function shouldBehaveLikeOutboxStore(
  open: () => Promise<Store>,
  execute: (statement: string) => Promise<unknown>,
): void {
  let store: Store
  let outbox: OutboxStore.OutboxStore
  beforeEach(async () => {
    store = await open()
    outbox = store.outbox
  })
  afterEach(() => store.close())

  const pass = async (milliseconds: number) => {
    for (const statement of later(milliseconds)) await execute(statement)
  }
  const accept = (n: number, over: Partial<BatchStore.Request> = {}) =>
    store.accept(request({ id: `batch-${n}`, hash: hex(n), size: 1, ...over }), pages([{ recipient: { n } }]))
  const claimBatch = async (): Promise<BatchStore.Claim> => {
    const claim = await store.claim(owner, wanted(), long)
    if (claim === undefined) throw new Error('no batch is open')
    return claim
  }
  const claimOne = async (over: Partial<OutboxStore.Wanted> = {}): Promise<OutboxStore.Claim> => {
    const [claim] = await outbox.claim(owner, sending(over), long)
    if (claim === undefined) throw new Error('nothing is due')
    return claim
  }
  const told = async () =>
    (await outbox.events({ limit: 100 })).toReversed().map(({ type, data }) => ({ type, ...data }))
  const states = async (id: string) =>
    (await outbox.deliveries(id, { limit: 100 })).toReversed().map(({ state, reason }) => [state, reason])
  const delivered = async (claim: OutboxStore.Claim) =>
    outbox.settle(
      claim.lease,
      claim.messages.map((message) => outcome(message, 200)),
      rules,
    )

  describe('events', () => {
    it('tell of a batch from its acceptance to its delivery, in the transaction of each change', async () => {
      await accept(1)
      const { batch, lease } = await claimBatch()
      let moving: Batch.Batch = await store.reserve(batch, lease)
      const draft = { credentialId: urn(1), proofId: urn(2), secret: new Uint8Array(32), statusIndex: 1 }
      await store.draft(moving, 0, pages([draft]), lease)
      for (const to of ['drafted', 'signed'] as const) moving = await store.move(moving, to, null, lease)
      const order = [{ first: urn(1), rows: Uint32Array.of(1), leaves: new Uint8Array(32) }]
      moving = await store.root(moving, anchoring(1), order, lease)
      moving = await store.move(moving, 'published', null, lease)
      moving = await store.move(moving, 'waiting-fee', 'FEE_ABOVE_CEILING', lease)
      moving = await store.move(moving, 'submitted', null, lease)
      moving = await store.move(moving, 'reorged', 'ANCHOR_NOT_FOUND', lease)
      moving = await store.move(moving, 'submitted', null, lease)
      const anchor = { transactionHash: hex(9), block: '1', time: 1 }
      moving = await store.final(moving as Batch.Rooted, anchor, lease)
      moving = await store.move(moving, 'assembled', null, lease)
      await store.move(moving, 'delivered', null, lease)
      expect(await told()).to.deep.equal([
        { type: 'batch.accepted', batch: 'batch-1', state: 'accepted', reason: null },
        { type: 'batch.held-up', batch: 'batch-1', state: 'waiting-fee', reason: 'FEE_ABOVE_CEILING' },
        { type: 'batch.reorged', batch: 'batch-1', state: 'reorged', reason: 'ANCHOR_NOT_FOUND' },
        { type: 'batch.anchored', batch: 'batch-1', state: 'final', reason: null },
        { type: 'batch.delivered', batch: 'batch-1', state: 'delivered', reason: null },
      ])
      const events = (await outbox.events({ limit: 100 })).toReversed()
      const sequences = events.map(({ sequence }) => sequence)
      expect(sequences, 'by which the later one is known').to.deep.equal(sequences.toSorted((a, b) => a - b))
      expect(new Set(sequences).size).to.equal(5)
    })

    it('tell of a batch that is held once it is submitted, and of one that is cancelled', async () => {
      const { batch } = await accept(1, { held: true })
      expect(await told()).to.deep.equal([])
      const admitted = await store.admit(batch)
      await store.admit(admitted)
      await store.cancel(admitted)
      expect((await told()).map(({ type }) => type)).to.deep.equal(['batch.accepted', 'batch.cancelled'])
    })

    it('tell of every decision about a credential once', async () => {
      await accept(1)
      const { batch, lease } = await claimBatch()
      const reserved = await store.reserve(batch, lease)
      const draft = { credentialId: urn(1), proofId: urn(2), secret: new Uint8Array(32), statusIndex: 1 }
      await store.draft(reserved, 0, pages([draft]), lease)
      for (const act of ['suspend', 'suspend', 'reinstate', 'revoke', 'revoke'] as const)
        await store.decide(act, urn(1), 'Ada Lovelace has copied', 1)
      const events = (await outbox.events({ limit: 3 })).toReversed()
      expect(events.map(({ type, sequence }) => [type, sequence])).to.deep.equal([
        ['credential.suspended', 1],
        ['credential.reinstated', 2],
        ['credential.revoked', 3],
      ])
      expect(events.map(({ data }) => data)).to.deep.equal(Array(3).fill({ credential: urn(1) }))
    })

    it('are none of what was rolled back', async () => {
      await outbox.addEndpoint(endpoint(1))
      const answer = () => {
        throw new Error('the disk is full')
      }
      const receipt = { principal: 'p', key: 'k', fingerprint: hex(1), now: 1, answer }
      const work = store.acceptOnce(request({ size: 1 }), pages([{}]), receipt)
      expect(await work.catch(({ message }) => message)).to.equal('the disk is full')
      expect(await told()).to.deep.equal([])
      expect(await outbox.claim(owner, sending(), long)).to.deep.equal([])
      const { batch } = await accept(1)
      await claimBatch().then(({ lease }) => store.release(lease))
      const { lease } = await claimBatch()
      await store.move(batch, 'blocked', 'X', lease)
      const late = store.move(batch, 'blocked', 'Y', lease)
      expect(await late.catch(({ code }) => code)).to.equal('BATCH_CONFLICT')
      expect((await told()).map(({ type }) => type)).to.deep.equal(['batch.accepted', 'batch.held-up'])
    })

    it('are listed by runs, the newest first, and stand as they were', async () => {
      for (const n of [1, 2, 3]) await accept(n)
      const [last] = await outbox.events({ limit: 1 })
      expect(last?.subject).to.equal('batch-3')
      const before = await outbox.events({ before: last?.seq, limit: 5 })
      expect(before.map(({ subject }) => subject)).to.deep.equal(['batch-2', 'batch-1'])
      let refused = ''
      await execute("UPDATE events SET data = '{}'").catch(({ message }) => {
        refused = message
      })
      expect(refused).to.match(/what has happened has happened/)
    })
  })

  describe('endpoints', () => {
    it('are kept, changed and removed', async () => {
      const one = await outbox.addEndpoint(endpoint(1, { description: 'Žofie', types: ['batch.delivered'] }))
      await outbox.addEndpoint(endpoint(2))
      expect(one).to.deep.include({ ended: null, failingSince: null, types: ['batch.delivered'] })
      expect(one.secret).to.deep.equal({ key: 'k1', generation: 1, previousUntil: null })
      expect(await outbox.endpoint(one.id)).to.deep.equal(one)
      const changed = await outbox.changeEndpoint(one.id, { url: 'https://example.org/new', types: null })
      expect(changed).to.deep.equal({ ...one, url: 'https://example.org/new', types: null })
      expect(await outbox.changeEndpoint(one.id, {})).to.deep.equal(changed)
      expect((await outbox.endpoints()).map(({ id }) => id)).to.deep.equal([one.id, endpoint(2).id])
      expect(await outbox.removeEndpoint(one.id)).to.equal(true)
      expect(await outbox.removeEndpoint(one.id)).to.equal(false)
      expect(await outbox.endpoint(one.id)).to.equal(undefined)
      expect(await outbox.changeEndpoint(one.id, { enabled: true })).to.equal(undefined)
      expect((await outbox.endpoints()).map(({ id }) => id)).to.deep.equal([endpoint(2).id])
    })

    it('begin another secret, beside which the one before signs for a while', async () => {
      const { id } = await outbox.addEndpoint(endpoint(1))
      await accept(1)
      const rotated = await outbox.rotateSecret(id, 'k1', 60_000)
      expect(rotated?.secret).to.deep.include({ key: 'k1', generation: 2 })
      const claim = await claimOne()
      expect(claim.overlaps).to.equal(true)
      await outbox.settle(claim.lease, [], rules)
      await pass(60_001)
      expect((await claimOne()).overlaps).to.equal(false)
      const foreign = await outbox.rotateSecret(id, 'k2', 60_000)
      expect(foreign?.secret).to.deep.equal({ key: 'k2', generation: 3, previousUntil: null })
    })

    it('are sent to by nobody who cannot derive their secret', async () => {
      await outbox.addEndpoint(endpoint(1))
      await accept(1)
      expect(await outbox.claim(owner, sending({ key: 'k2' }), long)).to.deep.equal([])
    })
  })

  describe('queues', () => {
    it('hold for each endpoint what it listens to, from when it is there', async () => {
      await accept(1)
      const all = await outbox.addEndpoint(endpoint(1))
      const some = await outbox.addEndpoint(endpoint(2, { types: ['batch.cancelled', 'batch.delivered'] }))
      const { batch } = await accept(2)
      await store.cancel(batch)
      const claims = await outbox.claim(owner, sending(), long)
      const heard = claims.map((claim) => [claim.endpoint.id, claim.messages.map(({ event }) => event.type)])
      expect(heard).to.deep.equal([
        [all.id, ['batch.accepted', 'batch.cancelled']],
        [some.id, ['batch.cancelled']],
      ])
    })

    it('are each in the hands of one at a time, and taken over when that one is late', async () => {
      await outbox.addEndpoint(endpoint(1))
      await accept(1)
      const [first] = await outbox.claim(other, sending(), 1_000)
      expect(await outbox.claim(owner, sending(), long)).to.deep.equal([])
      await pass(1_001)
      const second = await claimOne()
      expect(second.messages[0]?.event.id, 'the same id').to.equal(first?.messages[0]?.event.id)
      const late = outbox.settle((first as OutboxStore.Claim).lease, [], rules)
      expect(await late.catch(({ code }) => code)).to.equal('LEASE_LOST')
      await delivered(second)
      expect(await states(endpoint(1).id)).to.deep.equal([['delivered', null]])
      expect(await outbox.claim(owner, sending(), long)).to.deep.equal([])
    })

    it('are taken over at once from a process of this machine that has died', async () => {
      await outbox.addEndpoint(endpoint(1))
      await accept(1)
      await outbox.claim({ host: 'test', pid: 2 ** 22 - 7 }, sending(), long)
      expect((await claimOne()).messages).to.have.length(1)
    })

    it('give out what has waited longest, and no more than was asked for', async () => {
      for (const n of [1, 2, 3]) await outbox.addEndpoint(endpoint(n))
      for (const n of [1, 2, 3]) await accept(n)
      const [first, second, none] = await outbox.claim(owner, sending({ endpoints: 2, events: 2 }), long)
      expect(none).to.equal(undefined)
      expect(first?.messages.map(({ event }) => event.subject)).to.deep.equal(['batch-1', 'batch-2'])
      await delivered(first as OutboxStore.Claim)
      await delivered(second as OutboxStore.Claim)
      // The third has waited all along; the first two have a rest behind them.
      expect((await claimOne({ endpoints: 1 })).endpoint.id).to.equal(endpoint(3).id)
    })

    it('try again when it is time, with a log of what has happened', async () => {
      const { id } = await outbox.addEndpoint(endpoint(1))
      await accept(1)
      const claim = await claimOne()
      const [message] = claim.messages as [OutboxStore.Claim['messages'][number]]
      await outbox.settle(claim.lease, [outcome(message, 500, 5_000)], rules)
      expect(await states(id)).to.deep.equal([['waiting', 'HTTP_500']])
      expect(await outbox.claim(owner, sending({ ailing: true }), long)).to.deep.equal([])
      await pass(5_001)
      expect(await outbox.claim(owner, sending(), long), 'it is ailing').to.deep.equal([])
      const again = await claimOne({ ailing: true })
      expect(again.messages[0]).to.deep.equal({ event: message.event, failures: 1, round: 0 })
      await outbox.settle(again.lease, [outcome(message, 503)], rules)
      expect(await states(id)).to.deep.equal([['failed', 'HTTP_503']])
      const tries = (await outbox.deliveries(id, { limit: 1 }))[0]?.tries ?? []
      expect(tries.map(({ code, excerpt, duration, status }) => [code, excerpt, duration, status])).to.deep.equal([
        ['HTTP_503', 'said', 3, 503],
        ['HTTP_500', 'said', 3, 500],
      ])
    })

    it('rest for as long as their endpoint has asked for', async () => {
      await outbox.addEndpoint(endpoint(1))
      await accept(1)
      const claim = await claimOne()
      await outbox.settle(claim.lease, [outcome(claim.messages[0] as never, 429, 60_000)], { ...rules, wait: 60_000 })
      await accept(2)
      expect(await outbox.claim(owner, sending({ ailing: true }), long)).to.deep.equal([])
      await pass(60_001)
      expect((await claimOne({ ailing: true })).messages).to.have.length(2)
    })

    it('are emptied when their endpoint is disabled, and hear of nothing until it is not', async () => {
      const { id } = await outbox.addEndpoint(endpoint(1))
      await accept(1)
      const claim = await claimOne()
      const disabled = await outbox.changeEndpoint(id, { enabled: false })
      expect(disabled?.ended?.reason).to.equal('ENDPOINT_DISABLED')
      await outbox.settle(claim.lease, [outcome(claim.messages[0] as never, 500, 5_000)], rules)
      await accept(2)
      expect(await states(id)).to.deep.equal([['dropped', 'ENDPOINT_DISABLED']])
      expect(await outbox.test(id)).to.equal(undefined)
      expect(await outbox.replay(id, { since: 0, missing: true })).to.equal(undefined)
      expect((await outbox.changeEndpoint(id, { enabled: true }))?.ended).to.equal(null)
      expect(await outbox.claim(owner, sending(), long)).to.deep.equal([])
      expect(await outbox.replay(id, { since: 0, missing: true })).to.equal(2)
      expect((await claimOne()).messages.map(({ event }) => event.subject)).to.deep.equal(['batch-1', 'batch-2'])
    })

    it('are dropped with their endpoint, and what is under way stores nothing more', async () => {
      const { id } = await outbox.addEndpoint(endpoint(1))
      await accept(1)
      const claim = await claimOne()
      await outbox.removeEndpoint(id)
      const late = delivered(claim)
      expect(await late.catch(({ code }) => code)).to.equal('LEASE_LOST')
      expect(await states(id)).to.deep.equal([['dropped', 'ENDPOINT_DELETED']])
      await accept(2)
      expect(await outbox.claim(owner, sending(), long)).to.deep.equal([])
    })

    it('are settled together, and a lease that is lost is no matter of the others', async () => {
      for (const n of [1, 2, 3]) await outbox.addEndpoint(endpoint(n))
      await accept(1)
      await accept(2)
      const claims = await outbox.claim(owner, sending(), long)
      await outbox.removeEndpoint(endpoint(2).id)
      const round = ({ lease, messages }: OutboxStore.Claim) => {
        const [first, second] = messages as [never, never]
        return outbox.settle(lease, [outcome(first, 500, 5_000), outcome(second, 200)], rules)
      }
      const settled = await Promise.allSettled(claims.map(round))
      expect(settled.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled'])
      for (const n of [1, 3]) {
        const told = await outbox.deliveries(endpoint(n).id, { limit: 10 })
        expect(told.map(({ state, tries }) => [state, ...tries.map(({ code }) => code)])).to.deep.equal([
          ['delivered', 'DELIVERED'],
          ['waiting', 'HTTP_500'],
        ])
      }
      expect((await outbox.deliveries(endpoint(2).id, { limit: 10 })).flatMap(({ tries }) => tries)).to.deep.equal([])
    })

    for (const [title, status, days, reason] of [
      ['is gone', 410, 0, 'ENDPOINT_GONE'],
      ['has failed for days', 500, 6, 'ENDPOINT_FAILING'],
    ] as const)
      it(`end when their endpoint ${title}, which the others are told`, async () => {
        const { id } = await outbox.addEndpoint(endpoint(1))
        const { id: witness } = await outbox.addEndpoint(endpoint(2, { types: ['webhook.disabled'] }))
        await accept(1)
        await accept(2)
        let claim = await claimOne()
        if (days > 0) {
          expect(await outbox.settle(claim.lease, [outcome(claim.messages[0] as never, 500, 0)], rules)).to.equal(
            undefined,
          )
          await pass(days * day)
          claim = await claimOne({ ailing: true })
        }
        const [first] = claim.messages as [OutboxStore.Claim['messages'][number]]
        expect(await outbox.settle(claim.lease, [outcome(first, status, 5_000)], rules)).to.equal(reason)
        expect((await outbox.endpoint(id))?.ended?.reason).to.equal(reason)
        expect(await states(id)).to.deep.equal([
          ['dropped', reason],
          ['dropped', reason],
        ])
        const heard = await claimOne()
        expect(heard.endpoint.id).to.equal(witness)
        expect(heard.messages[0]?.event.data).to.deep.equal({ endpoint: id, reason })
      })

    it('go on where one try among many has failed', async () => {
      const { id } = await outbox.addEndpoint(endpoint(1))
      await accept(1)
      await accept(2)
      const claim = await claimOne()
      const [first, second] = claim.messages as [never, never]
      await outbox.settle(claim.lease, [outcome(first, 500, 0), outcome(second, 200)], rules)
      expect((await outbox.endpoint(id))?.failingSince).to.equal(null)
      expect((await claimOne()).messages.map(({ failures }) => failures)).to.deep.equal([1])
    })

    it('have what is replayed: one event, all since a moment, or what has not arrived', async () => {
      const { id } = await outbox.addEndpoint(endpoint(1, { types: ['batch.accepted'] }))
      await accept(1)
      await delivered(await claimOne())
      await accept(2)
      const failing = await claimOne()
      await outbox.settle(failing.lease, [outcome(failing.messages[0] as never, 500)], rules)
      await execute('UPDATE endpoints SET failing_since = NULL')
      const events = await outbox.events({ limit: 10 })
      const event = events.at(-1)?.id ?? ''
      const subjects = async () => {
        const claim = await claimOne()
        await delivered(claim)
        return claim.messages.map(({ event: { subject } }) => subject)
      }
      expect(await outbox.replay(id, { since: 0, missing: true })).to.equal(1)
      expect(await subjects()).to.deep.equal(['batch-2'])
      expect(await outbox.replay(id, { event })).to.equal(1)
      expect(await subjects()).to.deep.equal(['batch-1'])
      expect(await outbox.replay(id, { since: 0, missing: false })).to.equal(2)
      expect(await subjects()).to.deep.equal(['batch-1', 'batch-2'])
      expect(await outbox.replay(id, { since: Date.now() + day, missing: false })).to.equal(0)
      expect(await outbox.replay(id, { event: 'none' })).to.equal(0)
      expect(await outbox.replay('none', { event })).to.equal(undefined)
    })

    it('are sent again what was replayed while it was under way, whether or not it arrives this time', async () => {
      const { id } = await outbox.addEndpoint(endpoint(1, { types: ['batch.accepted'] }))
      await accept(1)
      const claim = await claimOne()
      const [message] = claim.messages as [OutboxStore.Claim['messages'][number]]
      expect(await outbox.replay(id, { event: message.event.id })).to.equal(1)
      await outbox.settle(claim.lease, [outcome(message, 200)], rules)
      const second = await claimOne()
      expect(second.messages.map(({ event }) => event.id)).to.deep.equal([message.event.id])
      expect(await outbox.replay(id, { event: message.event.id })).to.equal(1)
      await outbox.settle(second.lease, [outcome(second.messages[0] as never, 500)], rules)
      const third = await claimOne({ ailing: true })
      expect(third.messages.map(({ failures }) => failures)).to.deep.equal([0])
      await delivered(third)
      expect((await outbox.deliveries(id, { limit: 1 }))[0]?.tries.map(({ status }) => status)).to.deep.equal([
        200, 500, 200,
      ])
      expect(await outbox.claim(owner, sending(), long)).to.deep.equal([])
    })

    it('have a test for one endpoint alone, whatever it listens to', async () => {
      const { id } = await outbox.addEndpoint(endpoint(1, { types: ['batch.delivered'] }))
      const { id: second } = await outbox.addEndpoint(endpoint(2))
      const event = await outbox.test(id)
      await outbox.test(id)
      const claim = await claimOne()
      expect(claim.endpoint.id).to.equal(id)
      const [before = 0, after] = claim.messages.map(({ event }) => event.sequence)
      expect(after).to.be.greaterThan(before)
      expect(await outbox.replay(second, { event: event?.id ?? '' })).to.equal(0)
      expect(await outbox.replay(second, { since: 0, missing: true })).to.equal(0)
    })

    it('are told by runs, and by what has become of it', async () => {
      const { id } = await outbox.addEndpoint(endpoint(1))
      for (const n of [1, 2, 3]) await accept(n)
      const claim = await claimOne({ events: 1 })
      await delivered(claim)
      const [newest] = await outbox.deliveries(id, { limit: 1 })
      expect(newest?.event.subject).to.equal('batch-3')
      const rest = await outbox.deliveries(id, { before: newest?.seq, limit: 9 })
      expect(rest.map(({ event }) => event.subject)).to.deep.equal(['batch-2', 'batch-1'])
      const arrived = await outbox.deliveries(id, { limit: 9, state: 'delivered' })
      expect(arrived.map(({ event, dueAt }) => [event.subject, dueAt])).to.deep.equal([['batch-1', null]])
    })
  })

  it('forgets what is old and in no queue, and what was removed', async () => {
    const { id } = await outbox.addEndpoint(endpoint(1))
    await accept(1)
    await delivered(await claimOne())
    await accept(2)
    await outbox.forget(day)
    expect(await told()).to.have.length(2)
    await outbox.forget(-1_000)
    expect((await outbox.events({ limit: 9 })).map(({ subject }) => subject)).to.deep.equal(['batch-2'])
    await outbox.removeEndpoint(id)
    await outbox.forget(-1_000)
    expect(await told()).to.deep.equal([])
    const left = (await execute('SELECT id FROM endpoints')) as readonly unknown[]
    expect(left).to.have.length(0)
  })

  it('counts events about an endpoint on though those before are forgotten', async () => {
    const { id } = await outbox.addEndpoint(endpoint(1))
    const sequences: number[] = []
    for (const _ of [1, 2, 3]) {
      sequences.push((await outbox.test(id))?.sequence ?? 0)
      await delivered(await claimOne())
      await outbox.forget(-1_000)
      expect(await told()).to.deep.equal([])
    }
    expect(sequences).to.deep.equal([...new Set(sequences)].toSorted((a, b) => a - b))
  })

  it('has room for a thousand endpoints', async () => {
    await execute(`INSERT INTO endpoints (id, url, created_at, secret_key, generation)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
      SELECT 'endpoint' || i, 'https://example.org/', 0, 'k1', 1 FROM n`)
    await outbox.addEndpoint(endpoint(1))
    const beyond = outbox.addEndpoint(endpoint(2))
    expect(await beyond.catch((error) => error)).to.be.instanceOf(OutboxStore.TooManyError)
  })
}
