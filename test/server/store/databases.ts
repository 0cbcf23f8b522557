import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import * as Postgres from '../../support/Postgres.ts'

/** A database of one test's own, which is made with its tables when it is first opened. */
export type Fresh = {
  readonly location: string
  /** Runs a statement past the store, as anybody can who reaches the database. */
  readonly execute: (statement: string) => Promise<readonly Record<string, unknown>[]>
  readonly remove: () => void
}

type Kind = { readonly name: string; readonly suite: (tests: (fresh: () => Promise<Fresh>) => void) => void }

const sqlite: Kind = {
  name: 'SQLite',
  suite: (tests) =>
    tests(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'laurel-store-'))
      const location = join(folder, 'laurel.db')
      return {
        location,
        execute: async (statement) => {
          const database = new DatabaseSync(location)
          try {
            return database.prepare(statement).all()
          } finally {
            database.close()
          }
        },
        remove: () => rmSync(folder, { recursive: true, force: true }),
      }
    }),
}

const postgres: Kind = {
  name: 'PostgreSQL',
  suite: (tests) => {
    let server: Postgres.Postgres | undefined
    let count = 0
    before(async function () {
      this.timeout(60_000)
      const reason = Postgres.missing()
      if (reason !== undefined) {
        console.log(`    SKIPPED: ${reason}`)
        this.skip()
      }
      server = await Postgres.start()
    })
    after(function () {
      this.timeout(60_000)
      return server?.stop()
    })
    tests(async () => {
      // A schema is made in no time, a database is not.
      const database = (server as Postgres.Postgres).url('test')
      const schema = `test${++count}`
      await ask(database, `CREATE SCHEMA ${schema}`)
      const location = `${database}?options=-c%20search_path%3D${schema}`
      return { location, execute: (statement) => ask(Postgres.seeing(location), statement), remove: () => {} }
    })
  },
}

async function ask(location: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(location)
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

/** Mounts tests on every kind of database; what this machine lacks is skipped. */
export function describeDatabases(title: string, tests: (fresh: () => Promise<Fresh>) => void): void {
  for (const { name, suite } of [sqlite, postgres]) describe(`${title} on ${name}`, () => suite(tests))
}
