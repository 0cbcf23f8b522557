import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { sql } from 'kysely'
import * as Location from '../../../server/src/adapters/store/Location.ts'
import { NewerDatabaseError } from '../../../server/src/adapters/store/migrate.ts'
import * as Postgres from '../../../server/src/adapters/store/postgres/Postgres.ts'
import * as Sqlite from '../../../server/src/adapters/store/sqlite/Sqlite.ts'
import { describeDatabases, type Fresh } from './databases.ts'

/** Opens the database that it is given, in a thread of its own. */
const opening = new URL('./open.ts', import.meta.url)

const filesOf = (dialect: string) =>
  readdir(new URL(`../../../server/src/adapters/store/${dialect}/migrations/`, import.meta.url))

/** Opens a database in a process of its own, which may be killed at a point. `null`: it was. */
async function opened(location: string, point = ''): Promise<number | null> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./open-alone.ts', import.meta.url)), location], {
    env: { ...process.env, LAUREL_CRASH_AT: point },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  return code
}

/** Makes a database as the version of Laurel has made it whose last migrations were these. */
async function makeVersion({ location }: Fresh, names: readonly string[]): Promise<void> {
  const database = Location.isUrl(location) ? Postgres.open(location) : Sqlite.open(location)
  const { folder, run } = database.migrations
  try {
    await database.db.transaction().execute(async (tx) => {
      await sql`CREATE TABLE migrations (number integer PRIMARY KEY, name text NOT NULL)`.execute(tx)
      for (const name of names) {
        const number = Number.parseInt(name, 10)
        await run(tx, await readFile(new URL(name, folder), 'utf8'), number)
        await tx.insertInto('migrations').values({ number, name }).execute()
      }
    })
  } finally {
    await database.close()
  }
}

/** Every table, index and trigger of a database, by what each is. */
async function tablesOf({ location, execute }: Fresh): Promise<unknown> {
  if (!Location.isUrl(location))
    return execute("SELECT type, name, sql FROM sqlite_master WHERE name <> 'migrations' ORDER BY type, name")
  return execute(`
    SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
    WHERE table_schema = current_schema() ORDER BY table_name, column_name`)
}

describeDatabases(
  'migrate',
  (fresh) => {
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

    it('changes nothing when it is killed in its midst, and is done from there, at every step', async function () {
      this.timeout(240_000)
      const steps = (await filesOf('sqlite')).length
      const points = [
        // The first, one in the midst and the last; all of them where everything is tested.
        ...(process.env.FAULTS === 'all' ? Array.from({ length: steps }, (_, i) => i + 1) : [1, 6, steps]).map(
          (n) => `migrate:after-step*${n}`,
        ),
        'migrate:before-commit',
        'migrate:after-commit',
      ]
      for (const point of points) {
        const each = await fresh()
        const code = await opened(each.location, point)
        expect(code, `${point} was not reached`).to.equal(null)
        const seen = await each.execute('SELECT count(*) AS count FROM migrations').catch(() => [{ count: 0 }])
        expect(Number(seen[0]?.count), point).to.equal(point === 'migrate:after-commit' ? steps : 0)
        expect(await opened(each.location), point).to.equal(0)
        const done = await each.execute('SELECT name FROM migrations ORDER BY number')
        expect(
          done.map(({ name }) => name),
          point,
        ).to.deep.equal((await filesOf('sqlite')).sort())
        each.remove()
      }
    })

    it('leads from every earlier version to the same tables', async function () {
      this.timeout(240_000)
      await (await Location.open(database.location)).close()
      const newest = await tablesOf(database)
      const names = (await filesOf('sqlite')).sort()
      for (const [i, last] of names.entries()) {
        const each = await fresh()
        await makeVersion(each, names.slice(0, i + 1))
        await (await Location.open(each.location)).close()
        expect(await tablesOf(each), `from ${last}`).to.deep.equal(newest)
        each.remove()
      }
    })

    it('refuses a database of a later version', async () => {
      await (await Location.open(database.location)).close()
      await database.execute("INSERT INTO migrations (number, name) VALUES (999, '999-later.sql') RETURNING number")
      const error = await Location.open(database.location).catch((reason: unknown) => reason)
      expect(error).to.be.instanceOf(NewerDatabaseError)
    })
  },
  'nothing',
)

describe('migrations', () => {
  it('have the same numbers and names for SQLite and PostgreSQL', async () => {
    expect((await filesOf('postgres')).sort()).to.deep.equal((await filesOf('sqlite')).sort())
  })
})
