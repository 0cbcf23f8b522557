import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import * as Location from '../../../server/src/adapters/store/Location.ts'
import { NewerDatabaseError } from '../../../server/src/adapters/store/migrate.ts'
import { describeDatabases, type Fresh } from './databases.ts'

/** Opens the database that it is given, in a thread of its own. */
const opening = new URL('./open.ts', import.meta.url)

const filesOf = (dialect: string) =>
  readdir(new URL(`../../../server/src/adapters/store/${dialect}/migrations/`, import.meta.url))

describeDatabases('migrate', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  it('is done once by processes that start together', async () => {
    const threads = Array.from({ length: 3 }, () => new Worker(opening, { workerData: database.location }))
    for (const [code] of await Promise.all(threads.map((thread) => once(thread, 'exit')))) expect(code).to.equal(0)
    const done = await database.execute('SELECT name FROM migrations ORDER BY number')
    expect(done.map(({ name }) => name)).to.deep.equal((await filesOf('sqlite')).sort())
  })

  it('refuses a database of a later version', async () => {
    await (await Location.open(database.location)).close()
    await database.execute("INSERT INTO migrations (number, name) VALUES (999, '999-later.sql') RETURNING number")
    const error = await Location.open(database.location).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(NewerDatabaseError)
  })
})

describe('migrations', () => {
  it('have the same numbers and names for SQLite and PostgreSQL', async () => {
    expect((await filesOf('postgres')).sort()).to.deep.equal((await filesOf('sqlite')).sort())
  })
})
