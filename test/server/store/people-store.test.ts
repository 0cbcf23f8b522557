import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import { describeDatabases, type Fresh } from './databases.ts'
import { shouldBehaveLikePeopleStore } from './people-store.ts'

describeDatabases('the store of people', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  shouldBehaveLikePeopleStore(() => SqlBatchStore.open(database.location))
})
