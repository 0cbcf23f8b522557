import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import { describeDatabases, type Fresh } from './databases.ts'
import { shouldBehaveLikeOutboxStore } from './outbox-store.ts'

describeDatabases('the outbox', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  shouldBehaveLikeOutboxStore(
    () => SqlBatchStore.open(database.location),
    (statement) => database.execute(statement),
  )
})
