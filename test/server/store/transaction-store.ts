import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import type * as Batch from '../../../server/src/Batch.ts'
import type * as TransactionStore from '../../../server/src/ports/TransactionStore.ts'

const hex = (byte: number, size = 32) => Bytes.toHex(new Uint8Array(size).fill(byte))

export const intent = (over: Partial<TransactionStore.Intent> = {}): TransactionStore.Intent => ({
  chainId: 31337,
  account: hex(0xa1, 20),
  to: hex(0xb2, 20),
  data: '0x1234',
  purpose: 'directory',
  subject: 'register',
  ...over,
})

export const attempt = (nonce: number): Batch.Attempt => ({
  hash: hex(nonce + 1),
  raw: `0x02${nonce.toString(16).padStart(2, '0')}`,
  nonce,
  createdAt: 2_000 + nonce,
})

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

  it('stores an intent, and finds it again whatever its data are then', async () => {
    const stored = await store.intend(intent(), 1_000)
    expect(stored).to.deep.include({ ...intent(), state: 'open', transactionHash: null })
    await reopen()
    expect(await store.intend(intent({ data: '0xffff' }), 2_000)).to.deep.equal(stored)
  })

  it('finds what is open or done, and nothing that was never asked for or was refused', async () => {
    expect(await store.find(intent())).to.equal(undefined)
    const stored = await store.intend(intent(), 1_000)
    expect(await store.find(intent({ data: '0xffff' }))).to.deep.equal(stored)
    expect(await store.find(intent({ subject: 'describe' }))).to.equal(undefined)
    const done = await store.settle(stored, 'done', hex(7))
    expect(await store.find(intent())).to.deep.equal(done)
    await store.settle(await store.intend(intent({ subject: 'describe' }), 1_000), 'refused', null)
    expect(await store.find(intent({ subject: 'describe' }))).to.equal(undefined)
  })

  it('tells intents apart by chain, account, contract, purpose and subject', async () => {
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

  it('makes one intent only, however many ask at once', async () => {
    const second = await open()
    try {
      const all = await Promise.all([store, second, store, second].map((each) => each.intend(intent(), 1_000)))
      expect(new Set(all.map(({ id }) => id)).size).to.equal(1)
    } finally {
      await second.close()
    }
  })

  it('keeps the transactions of an intent, oldest first', async () => {
    const stored = await store.intend(intent(), 1_000)
    await store.attempt(stored, attempt(3))
    await store.attempt(stored, attempt(7))
    await reopen()
    expect(await store.attempts(stored)).to.deep.equal([attempt(3), attempt(7)])
    expect(await store.attempts(await store.intend(intent({ subject: 'other' }), 1_000))).to.deep.equal([])
  })

  it('hands out a nonce of an account on a chain once', async () => {
    const first = await store.intend(intent(), 1_000)
    const second = await store.intend(intent({ subject: 'other' }), 1_000)
    await store.attempt(first, attempt(0))
    expect(await refusal(store.attempt(second, { ...attempt(0), hash: hex(0x77) }))).to.equal('NONCE_TAKEN')
    expect(await store.attempts(second)).to.deep.equal([])
    const elsewhere = await store.intend(intent({ chainId: 1 }), 1_000)
    await store.attempt(elsewhere, { ...attempt(0), hash: hex(0x78) })
  })

  it('knows the highest nonce of an account on a chain', async () => {
    const stored = await store.intend(intent(), 1_000)
    expect(await store.highestNonce(31337, stored.account)).to.equal(null)
    await store.attempt(stored, attempt(9))
    await store.attempt(stored, attempt(4))
    expect(await store.highestNonce(31337, stored.account)).to.equal(9)
    expect(await store.highestNonce(1, stored.account)).to.equal(null)
    expect(await store.highestNonce(31337, hex(0xa2, 20))).to.equal(null)
  })

  it('knows what an account has signed from a nonce on, in their order', async () => {
    const first = await store.intend(intent(), 1_000)
    const second = await store.intend(intent({ subject: 'other' }), 1_000)
    await store.attempt(second, attempt(5))
    await store.attempt(first, attempt(4))
    await store.attempt(first, attempt(6))
    expect(await store.signed(31337, first.account, 5)).to.deep.equal([attempt(5), attempt(6)])
    expect(await store.signed(1, first.account, 0)).to.deep.equal([])
    expect(await store.signed(31337, hex(0xa2, 20), 0)).to.deep.equal([])
  })

  it('settles an intent once: who comes later learns of the first outcome', async () => {
    const stored = await store.intend(intent(), 1_000)
    await store.attempt(stored, attempt(0))
    const done = await store.settle(stored, 'done', attempt(0).hash)
    expect(done).to.deep.equal({ ...stored, state: 'done', transactionHash: attempt(0).hash })
    expect(await store.settle(stored, 'refused', null)).to.deep.equal(done)
    expect(await store.intend(intent(), 2_000)).to.deep.equal(done)
  })

  it('lets what was refused be tried once more', async () => {
    const stored = await store.intend(intent(), 1_000)
    await store.settle(stored, 'refused', null)
    const again = await store.intend(intent({ data: '0xffff' }), 2_000)
    expect(again).to.deep.include({ state: 'open', data: '0xffff' })
    expect(again.id).to.not.equal(stored.id)
  })

  it('lists what is open, oldest first', async () => {
    const [first, second, third] = [
      await store.intend(intent(), 1_000),
      await store.intend(intent({ subject: 'b' }), 1_000),
      await store.intend(intent({ subject: 'a' }), 1_000),
    ] as const
    await store.settle(second, 'done', hex(1))
    expect(await store.open(31337, first.account)).to.deep.equal([first, third])
    expect(await store.open(1, first.account)).to.deep.equal([])
  })
}
