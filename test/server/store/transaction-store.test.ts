import { expect } from 'chai'
import * as SqlStores from '../../../server/src/adapters/store/SqlStores.ts'
import * as SqlTransactionStore from '../../../server/src/adapters/store/SqlTransactionStore.ts'
import type * as Batch from '../../../server/src/Batch.ts'
import { anchorOf } from '../../../server/src/internal/anchor-of.ts'
import { anchoring, pages, request, urn, wanted } from './batch-store.ts'
import { describeDatabases, type Fresh } from './databases.ts'
import { attempt, intent, shouldBehaveLikeTransactionStore } from './transaction-store.ts'

describeDatabases('the store of transactions', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  shouldBehaveLikeTransactionStore(() => SqlTransactionStore.open(database.location))

  it('shares the database of the batches, which hand a root over with their state or not at all', async () => {
    const { store, transactions } = await SqlStores.open(database.location)
    await store.accept(request({ size: 1 }), pages([{}]))
    const claim = await store.claim({ host: 'test', pid: process.pid }, wanted(), 3_600_000)
    if (claim === undefined) throw new Error('nobody else has it, and yet it is not to be had')
    const { batch, lease } = claim
    const reserved = await store.reserve(batch, lease)
    const drafted = await store.move(reserved, 'drafted', null, lease)
    const signed = await store.move(drafted, 'signed', null, lease)
    const order = [{ first: urn(1), rows: Uint32Array.of(1), leaves: new Uint8Array(32) }]
    const rooted = await store.root(signed, anchoring(1), order, lease)
    const published = (await store.move(rooted, 'published', null, lease)) as Batch.Rooted
    const anchor = anchorOf({ terms: published.terms, root: published.anchoring.root })

    const error = await store.submit({ ...published, epoch: 99 }, anchor, 2_000, lease).catch((reason) => reason)
    expect(error.code).to.equal('BATCH_CONFLICT')
    expect(await transactions.find(anchor)).to.equal(undefined)
    expect((await store.submit(published, anchor, 2_000, lease)).state).to.equal('submitted')
    expect(await transactions.find(anchor)).to.deep.include({ ...anchor, state: 'open' })
    await transactions.close()
    await store.close()
  })

  for (const [title, statement, message] of [
    ['changes nothing that was intended', "UPDATE intents SET data = '0x'", /is fixed/],
    ['brings back nothing that was refused', "UPDATE intents SET state = 'open' WHERE state = 'refused'", /is fixed/],
    [
      'has no transaction of what is open',
      "UPDATE intents SET transaction_hash = '0x00' WHERE state = 'open'",
      /check constraint/i,
    ],
    ['changes nothing that was signed', "UPDATE attempts SET raw = '0x'", /is fixed/],
    ['forgets nothing that was signed', 'DELETE FROM attempts', /is fixed/],
    ['has no nonce of nothing', 'UPDATE carried SET intent = 99', /foreign key constraint/i],
    ['takes no nonce away', 'DELETE FROM nonces', /foreign key constraint/i],
  ] as const)
    it(`${title}, whoever reaches the database`, async () => {
      const transactions = await SqlTransactionStore.open(database.location)
      await transactions.take([await transactions.intend(intent(), 1_000)], attempt(0), 0n)
      const other = await transactions.intend(intent({ subject: 'other' }), 1_000)
      await transactions.settle(other, { state: 'refused', transactionHash: null })
      await transactions.close()
      const error = await database.execute(statement).catch((reason: unknown) => reason)
      expect((error as Error).message).to.match(message)
    })
})
