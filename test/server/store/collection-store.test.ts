import { expect } from 'chai'
import * as SqlCollectionStore from '../../../server/src/adapters/store/SqlCollectionStore.ts'
import { collection, shouldBehaveLikeCollectionStore } from './collection-store.ts'
import { describeDatabases, type Fresh } from './databases.ts'

describeDatabases('the store of collections', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  shouldBehaveLikeCollectionStore(() => SqlCollectionStore.open(database.location))

  for (const [title, statement] of [
    ['changes no collection', "UPDATE collections SET name = 'Other'"],
    ['forgets no collection', 'DELETE FROM collections'],
  ] as const)
    it(`${title}, whoever reaches the database`, async () => {
      const store = await SqlCollectionStore.open(database.location)
      await store.found(31337, collection, 1_000)
      await store.close()
      const error = await database.execute(statement).catch((reason: unknown) => reason)
      expect((error as Error).message).to.match(/a collection is fixed for ever/)
    })
})
