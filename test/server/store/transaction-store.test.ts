import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import * as SqlTransactionStore from '../../../server/src/adapters/store/SqlTransactionStore.ts'
import { describeDatabases, type Fresh } from './databases.ts'
import { attempt, intent, shouldBehaveLikeTransactionStore } from './transaction-store.ts'

describeDatabases('the store of transactions', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  shouldBehaveLikeTransactionStore(() => SqlTransactionStore.open(database.location))

  it('shares the database of the batches', async () => {
    const batches = await SqlBatchStore.open(database.location)
    const transactions = await SqlTransactionStore.open(database.location)
    await transactions.intend(intent(), 1_000)
    expect(await batches.list()).to.deep.equal([])
    await transactions.close()
    await batches.close()
  })

  for (const [title, statement, message] of [
    ['unsettles nothing', "UPDATE intents SET state = 'open', transaction_hash = NULL", /is settled/],
    ['has no outcome of what is open', "UPDATE intents SET transaction_hash = '0x00'", /is settled/],
    ['has no transaction of nothing', 'UPDATE calls SET intent = 99', /foreign key constraint/i],
  ] as const)
    it(`${title}, whoever reaches the database`, async () => {
      const transactions = await SqlTransactionStore.open(database.location)
      const stored = await transactions.intend(intent(), 1_000)
      await transactions.attempt(stored, attempt(0))
      await transactions.settle(stored, 'done', attempt(0).hash)
      await transactions.close()
      const error = await database.execute(statement).catch((reason: unknown) => reason)
      expect((error as Error).message).to.match(message)
    })
})
