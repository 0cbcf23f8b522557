import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import * as SqlTransactionStore from '../../../server/src/adapters/store/SqlTransactionStore.ts'
import * as NodeSqlite from '../../../server/src/adapters/store/sqlite/NodeSqlite.ts'
import { attempt, intent, shouldBehaveLikeTransactionStore } from './transaction-store.ts'

describe('SqlTransactionStore', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'laurel-transactions-'))
    path = join(folder, 'laurel.db')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  shouldBehaveLikeTransactionStore(() => SqlTransactionStore.open(path))

  it('shares the file of the batches', async () => {
    const batches = SqlBatchStore.open(path)
    const transactions = SqlTransactionStore.open(path)
    await transactions.intend(intent(), 1_000)
    expect(await batches.list()).to.deep.equal([])
    await transactions.close()
    await batches.close()
  })

  for (const [title, statement, message] of [
    ['unsettles nothing', "UPDATE intents SET state = 'open', transaction_hash = NULL", 'is settled'],
    ['has no outcome of what is open', "UPDATE intents SET transaction_hash = '0x00'", 'is settled'],
    ['has no transaction of nothing', 'UPDATE calls SET intent = 99', 'FOREIGN KEY constraint failed'],
  ] as const)
    it(`${title}, whoever reaches the file`, async () => {
      const transactions = SqlTransactionStore.open(path)
      const stored = await transactions.intend(intent(), 1_000)
      await transactions.attempt(stored, attempt(0))
      await transactions.settle(stored, 'done', attempt(0).hash)
      await transactions.close()
      const database = NodeSqlite.open(path)
      try {
        expect(() => database.exec(statement)).to.throw(message)
      } finally {
        database.close()
      }
    })
})
