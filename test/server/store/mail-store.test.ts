import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import { describeDatabases, type Fresh } from './databases.ts'
import { shouldBehaveLikeMailStore } from './mail-store.ts'

describeDatabases('the queue of mails', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  shouldBehaveLikeMailStore(
    () => SqlBatchStore.open(database.location),
    (statement) => database.execute(statement),
  )
})
