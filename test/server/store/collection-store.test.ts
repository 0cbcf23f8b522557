import { expect } from 'chai'
import * as SqlStores from '../../../server/src/adapters/store/SqlStores.ts'
import { collection, shouldBehaveLikeCollectionStore } from './collection-store.ts'
import { describeDatabases, type Fresh } from './databases.ts'

describeDatabases('the store of collections', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  const open = async () => {
    const { store, transactions, collections } = await SqlStores.open(database.location)
    const close = async () => {
      await transactions.close()
      await store.close()
    }
    return { collections, close }
  }

  shouldBehaveLikeCollectionStore(open)

  for (const [title, statement] of [
    ['changes no collection', "UPDATE collections SET name = 'Other'"],
    ['forgets no collection', 'DELETE FROM collections'],
  ] as const)
    it(`${title}, whoever reaches the database`, async () => {
      const { collections, close } = await open()
      await collections.found(31337, collection, 1_000)
      await close()
      const error = await database.execute(statement).catch((reason: unknown) => reason)
      expect((error as Error).message).to.match(/a collection is fixed for ever/)
    })
})
