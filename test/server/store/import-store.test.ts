import * as SqlStores from '../../../server/src/adapters/store/SqlStores.ts'
import { describeDatabases, type Fresh } from './databases.ts'
import { shouldBehaveLikeImportStore } from './import-store.ts'

describeDatabases('The store of imports', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  shouldBehaveLikeImportStore(async () => {
    const { imports, store } = await SqlStores.open(database.location)
    return { imports, close: store.close }
  })
})
