import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import { shouldBehaveLikeApiStore } from './api-store.ts'
import { describeDatabases, type Fresh } from './databases.ts'

describeDatabases('the store of the HTTP interface', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  shouldBehaveLikeApiStore(() => SqlBatchStore.open(database.location))
})
