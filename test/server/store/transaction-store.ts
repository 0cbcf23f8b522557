import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import type * as Batch from '../../../server/src/Batch.ts'
import type * as TransactionStore from '../../../server/src/ports/TransactionStore.ts'

const hex = (byte: number, size = 32) => Bytes.toHex(new Uint8Array(size).fill(byte))
const chainId = 31337
const account = hex(0xa1, 20)

export const intent = (over: Partial<TransactionStore.Intent> = {}): TransactionStore.Intent => ({
  chainId,
  account,
  to: hex(0xb2, 20),
  data: '0x1234',
  purpose: 'directory',
  subject: 'register',
  ...over,
})

export const attempt = (nonce: number, version = 1): Batch.Attempt => ({
  hash: hex(16 * version + nonce),
  raw: `0x02${nonce.toString(16).padStart(2, '0')}${version.toString(16).padStart(2, '0')}`,
  nonce,
  createdAt: 2_000 + nonce,
})

const block = (number: bigint) => ({ number, hash: hex(0x50 + Number(number)) })

async function refusal(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => 'nothing',
    (error) => error.code,
  )
}

/** What every store of transactions promises: see `ports/TransactionStore.ts`. */
export function shouldBehaveLikeTransactionStore(open: () => Promise<TransactionStore.TransactionStore>): void {
  let store: TransactionStore.TransactionStore
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())
  const reopen = async () => {
    await store.close()
    store = await open()
  }
  const intend = (subject: string) => store.intend(intent({ subject }), 1_000)
  const place = async (of: TransactionStore.Stored) => {
    const found = await store.place(of)
    if (found === undefined) throw new Error('it has no nonce')
    return found
  }
  /** Takes a nonce for something new, and has it mined. */
  const mine = async (subject: string, nonce: number) => {
    const stored = await intend(subject)
    await store.take([stored], attempt(nonce), 100n)
    const { hash: transactionHash } = attempt(nonce)
    const at = { state: 'mined', block: block(BigInt(nonce)), cost: 40n } as const
    await store.conclude(await place(stored), at, [{ intent: stored, state: 'done', transactionHash }])
    return stored
  }

  describe('an intent', () => {
    it('is found again, whatever its data are then', async () => {
      const stored = await store.intend(intent(), 1_000)
      expect(stored).to.deep.include({ ...intent(), state: 'open', transactionHash: null, tries: 0 })
      await reopen()
      expect(await store.intend(intent({ data: '0xffff' }), 2_000)).to.deep.equal(stored)
      expect(await store.find(intent())).to.deep.equal(stored)
      expect(await store.get(stored.id)).to.deep.equal(stored)
      expect(await store.find(intent({ subject: 'other' }))).to.equal(undefined)
    })

    it('is told apart by chain, account, contract, purpose and subject', async () => {
      const others = [
        intent({ chainId: 1 }),
        intent({ account: hex(0xa2, 20) }),
        intent({ to: hex(0xb3, 20) }),
        intent({ purpose: 'award' }),
        intent({ subject: 'describe' }),
      ]
      const ids = new Set<number>()
      for (const each of [intent(), ...others]) ids.add((await store.intend(each, 1_000)).id)
      expect(ids.size).to.equal(6)
    })

    it('is made once only, however many ask at once', async () => {
      const second = await open()
      try {
        const all = await Promise.all([store, second, store, second].map((each) => each.intend(intent(), 1_000)))
        expect(new Set(all.map(({ id }) => id)).size).to.equal(1)
        expect(await store.open(chainId, account)).to.have.length(1)
      } finally {
        await second.close()
      }
    })

    it('is settled once: who comes later learns of the first outcome', async () => {
      const stored = await intend('a')
      await store.settle(stored, { state: 'done', transactionHash: hex(1) })
      await store.settle(stored, { state: 'refused', transactionHash: null })
      const done = { ...stored, state: 'done', transactionHash: hex(1) }
      expect(await intend('a')).to.deep.equal(done)
      expect(await store.get(stored.id)).to.deep.equal(done)
    })

    it('may be tried once more where it was refused', async () => {
      const stored = await store.intend(intent(), 1_000)
      await store.settle(stored, { state: 'refused', transactionHash: null })
      expect(await store.find(intent())).to.equal(undefined)
      const again = await store.intend(intent({ data: '0xffff' }), 2_000)
      expect(again).to.deep.include({ state: 'open', data: '0xffff' })
      expect(again.id).to.not.equal(stored.id)
      expect(await store.find(intent())).to.deep.equal(again)
    })

    it('is listed while it is open, oldest first', async () => {
      const [first, second, third] = [await intend('c'), await intend('b'), await intend('a')]
      await store.settle(second, { state: 'done', transactionHash: hex(1) })
      expect(await store.open(chainId, account)).to.deep.equal([first, third])
      expect(await store.open(1, account)).to.deep.equal([])
    })
  })

  describe('a nonce', () => {
    it('is taken together with what was signed, for one intent or several', async () => {
      const [first, second] = [await intend('a'), await intend('b')]
      await store.take([first, second], attempt(3), 100n)
      await reopen()
      const taken = await place(first)
      expect(taken).to.deep.equal({
        chainId,
        account,
        nonce: 3,
        state: 'open',
        block: null,
        reorgs: 0,
        cost: 100n,
        attempts: [attempt(3)],
        intents: [first, second].map((each) => ({ ...each, tries: 1 })),
      })
      expect(await place(second)).to.deep.equal(taken)
      expect(await store.attempts(second)).to.deep.equal([attempt(3)])
      expect(await store.place(await intend('c'))).to.equal(undefined)
    })

    it('is given out once, on each chain', async () => {
      const [first, second] = [await intend('a'), await intend('b')]
      await store.take([first], attempt(0), 0n)
      expect(await refusal(store.take([second], attempt(0, 2), 0n))).to.equal('NONCE_TAKEN')
      expect(await store.place(second)).to.equal(undefined)
      const elsewhere = await store.intend(intent({ chainId: 1 }), 1_000)
      await store.take([elsewhere], attempt(0, 3), 0n)
    })

    it('is the only one that an intent has, whoever else takes one for it at the same time', async () => {
      const [first, second] = [await intend('a'), await intend('b')]
      await store.take([first], attempt(0), 0n)
      expect(await refusal(store.take([second, first], attempt(1), 0n))).to.equal('NONCE_TAKEN')
      expect(await store.highestNonce(chainId, account)).to.equal(0)
      expect(await store.place(second)).to.equal(undefined)

      const third = await intend('c')
      const outcomes = await Promise.all([5, 6, 7, 8].map((nonce) => refusal(store.take([third], attempt(nonce), 0n))))
      expect(outcomes.toSorted()).to.deep.equal(['NONCE_TAKEN', 'NONCE_TAKEN', 'NONCE_TAKEN', 'nothing'])
      expect(await store.attempts(third)).to.have.length(1)
    })

    it('is not taken for what was settled meanwhile', async () => {
      const stored = await intend('a')
      await store.settle(stored, { state: 'refused', transactionHash: null })
      expect(await refusal(store.take([stored], attempt(0), 0n))).to.equal('NONCE_TAKEN')
    })

    it('is followed by another one when the first was lost', async () => {
      const stored = await intend('a')
      await store.take([stored], attempt(0), 100n)
      await store.conclude(await place(stored), { state: 'lost', block: null, cost: 0n }, [])
      const again = await store.get(stored.id)
      expect(again).to.deep.include({ state: 'open', tries: 1 })
      await store.take([again], attempt(1), 100n)
      expect((await place(stored)).nonce).to.equal(1)
      expect(await store.attempts(stored)).to.deep.equal([attempt(0), attempt(1)])
      expect(await store.highestNonce(chainId, account)).to.equal(1)
      expect(await store.count(chainId, account, 0, 9)).to.equal(1)
      expect(await store.count(chainId, account, 0, 1)).to.equal(0)
    })

    it('knows nothing before the first', async () => {
      expect(await store.highestNonce(chainId, account)).to.equal(null)
      expect(await store.places(chainId, account, 0)).to.deep.equal([])
      expect(await store.mined(chainId, account, 0n, 9)).to.deep.equal([])
      expect(await store.spent(chainId, account, 0)).to.equal(0n)
    })
  })

  describe('a place', () => {
    it('keeps every transaction, oldest first, and the cost of the last', async () => {
      const stored = await intend('a')
      await store.take([stored], attempt(0), 10n ** 20n)
      const first = await place(stored)
      await store.replace(first, attempt(0, 2), 2n * 10n ** 20n)
      expect(await refusal(store.replace(first, attempt(0, 3), 1n))).to.equal('NONCE_TAKEN')
      await reopen()
      expect(await place(stored)).to.deep.equal({
        ...first,
        attempts: [attempt(0), attempt(0, 2)],
        cost: 2n * 10n ** 20n,
      })
    })

    it('remembers where it was seen, and how often it vanished', async () => {
      const stored = await intend('a')
      await store.take([stored], attempt(0), 0n)
      await store.see(await place(stored), block(7n))
      expect(await place(stored)).to.deep.include({ block: block(7n), reorgs: 0 })
      await store.see(await place(stored), block(8n))
      expect(await place(stored)).to.deep.include({ block: block(8n), reorgs: 1 })
      await store.see(await place(stored), null)
      expect(await place(stored)).to.deep.include({ block: null, reorgs: 2 })
    })

    it('is concluded once, with the outcome of what it carried', async () => {
      const [first, second] = [await intend('a'), await intend('b')]
      await store.take([first, second], attempt(0), 100n)
      const open = await place(first)
      const done = { intent: first, state: 'done', transactionHash: attempt(0).hash } as const
      await store.conclude(open, { state: 'mined', block: block(7n), cost: 40n }, [done])
      await store.conclude(open, { state: 'lost', block: null, cost: 0n }, [
        { intent: second, state: 'refused', transactionHash: null },
      ])
      expect(await place(first)).to.deep.include({ state: 'mined', block: block(7n), cost: 40n })
      expect(await store.get(first.id)).to.deep.include({ state: 'done', transactionHash: attempt(0).hash })
      expect(await store.get(second.id)).to.deep.include({ state: 'open', transactionHash: null })
    })

    it('is opened again with what it had brought about, and concluded again', async () => {
      const stored = await mine('a', 0)
      const mined = await place(stored)
      await store.reopen(mined)
      await store.reopen(mined)
      expect(await place(stored)).to.deep.include({ state: 'open', block: null, reorgs: 1 })
      const open = await store.get(stored.id)
      expect(open).to.deep.include({ state: 'open', transactionHash: null })
      const done = { intent: open, state: 'done', transactionHash: attempt(0).hash } as const
      await store.conclude(await place(stored), { state: 'mined', block: block(9n), cost: 41n }, [done])
      expect(await store.get(stored.id)).to.deep.include({ state: 'done' })
      expect(await place(stored)).to.deep.include({ block: block(9n), cost: 41n })
    })

    it('is found by its nonce, its state and its block', async () => {
      const [a, b] = [await mine('a', 0), await mine('b', 1)]
      const c = await intend('c')
      await store.take([c], attempt(2), 100n)
      const nonces = async (places: Promise<readonly TransactionStore.Place[]>) =>
        (await places).map(({ nonce }) => nonce)
      expect(await nonces(store.places(chainId, account, 9))).to.deep.equal([2])
      expect(await nonces(store.places(chainId, account, 1))).to.deep.equal([1, 2])
      expect(await nonces(store.places(1, account, 0))).to.deep.equal([])
      expect(await nonces(store.mined(chainId, account, 0n, 9))).to.deep.equal([1, 0])
      expect(await nonces(store.mined(chainId, account, 0n, 1))).to.deep.equal([1])
      expect(await nonces(store.mined(chainId, account, 1n, 9))).to.deep.equal([1])
      expect([(await place(a)).nonce, (await place(b)).nonce]).to.deep.equal([0, 1])
    })

    it('costs what it has cost, or what it may', async () => {
      await mine('a', 0)
      await store.take([await intend('b')], attempt(1), 10n ** 20n)
      expect(await store.spent(chainId, account, 0)).to.equal(10n ** 20n + 40n)
      expect(await store.spent(chainId, account, attempt(0).createdAt)).to.equal(10n ** 20n)
      expect(await store.spent(1, account, 0)).to.equal(0n)
    })
  })

  describe('a lane', () => {
    const condition = { code: 'FUNDS_MISSING', facts: { account, missing: '5' } } as const

    it('has nothing to say before it has', async () => {
      const lane = await store.lane(chainId, account)
      expect(lane).to.deep.equal({ chainId, account, floor: 0, condition: null, since: 0 })
      expect(await store.lanes()).to.deep.equal([])
    })

    it('remembers what holds it up, and since when', async () => {
      const lane = () => store.lane(chainId, account)
      await store.note(await lane(), condition, 1_000)
      const more = { ...condition, facts: { ...condition.facts, missing: '6' } }
      await store.note(await lane(), more, 2_000)
      await reopen()
      expect(await lane()).to.deep.equal({ chainId, account, floor: 0, condition: more, since: 1_000 })
      expect(await store.lanes()).to.deep.equal([await lane()])
      await store.note(await lane(), null, 3_000)
      expect(await lane()).to.deep.include({ condition: null, since: 3_000 })
    })

    it('takes for accounted for what somebody has accepted', async () => {
      await store.note(await store.lane(chainId, account), condition, 1_000)
      await store.accept(chainId, account, 7)
      expect(await store.lane(chainId, account)).to.deep.include({ floor: 7, condition: null })
      await store.note(await store.lane(chainId, account), condition, 2_000)
      expect((await store.lane(chainId, account)).floor).to.equal(7)
    })
  })

  it('remembers the first block of a chain as it was first', async () => {
    expect(await store.pin(1, hex(1))).to.equal(hex(1))
    expect(await store.pin(1, hex(2))).to.equal(hex(1))
    expect(await store.pin(2, hex(2))).to.equal(hex(2))
  })
}
