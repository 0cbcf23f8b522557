import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import * as Postgres from '../../support/Postgres.ts'

/** A database of one test's own. */
export type Fresh = {
  readonly location: string
  /** Runs a statement past the store, as anybody can who reaches the database. */
  readonly execute: (statement: string) => Promise<readonly Record<string, unknown>[]>
  readonly remove: () => void
}

/** What they have when a test gets them: their tables, or nothing yet. */
type Content = 'tables' | 'nothing'

type Kind = {
  readonly name: string
  readonly suite: (content: Content, tests: (fresh: () => Promise<Fresh>) => void) => void
}

// Tables are copied: each kind makes them once for a suite, which takes most of the time of a small test.
const sqlite: Kind = {
  name: 'SQLite',
  suite: (content, tests) => {
    const made = mkdtempSync(join(tmpdir(), 'laurel-store-'))
    const template = join(made, 'laurel.db')
    before(async () => {
      if (content === 'tables') await (await SqlBatchStore.open(template)).close()
    })
    after(() => rmSync(made, { recursive: true, force: true }))
    tests(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'laurel-store-'))
      const location = join(folder, 'laurel.db')
      if (content === 'tables') copyFileSync(template, location)
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
    })
  },
}

const postgres: Kind = {
  name: 'PostgreSQL',
  suite: (content, tests) => {
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
      const template = server.url('template')
      if (content === 'tables') await (await SqlBatchStore.open(template)).close()
    })
    after(function () {
      this.timeout(60_000)
      return server?.stop()
    })
    tests(async () => {
      const name = `test${++count}`
      const database = (server as Postgres.Postgres).url('postgres')
      await ask(database, `CREATE DATABASE ${name} TEMPLATE template`)
      const location = new URL(name, database).href
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
export function describeDatabases(
  title: string,
  tests: (fresh: () => Promise<Fresh>) => void,
  content: Content = 'tables',
): void {
  for (const { name, suite } of [sqlite, postgres]) describe(`${title} on ${name}`, () => suite(content, tests))
}
