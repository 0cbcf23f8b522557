import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import { describeDatabases, type Fresh } from './databases.ts'
import { shouldBehaveLikeLearnerStore } from './learner-store.ts'

describeDatabases('the store of learners', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  shouldBehaveLikeLearnerStore(
    () => SqlBatchStore.open(database.location),
    (statement) => database.execute(statement),
  )
})
