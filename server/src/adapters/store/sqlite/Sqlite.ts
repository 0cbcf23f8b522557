import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { Kysely, sql } from 'kysely'
import type { Database } from '../Database.ts'
import type { Tables } from '../Rows.ts'
import * as Scope from '../Scope.ts'
import * as NodeSqlite from './NodeSqlite.ts'

/** How often, and how long apart, it is tried to cut the log. */
const patience = { tries: 100, milliseconds: 100 } as const

/** SQLite in one file: for one machine, whose processes write one after the other. */
export function open(path: string): Database {
  const connection = NodeSqlite.open(path)
  const db = new Kysely<Tables>({ dialect: NodeSqlite.dialect(connection) })
  const reader = openReader(path)
  const database: Database = {
    db,
    reader,
    now: sql<number>`CAST(unixepoch('subsec') * 1000 AS INTEGER)`,
    insertion: (table, columns) => {
      const names = Object.keys(columns)
      let statement: ReturnType<DatabaseSync['prepare']> | undefined
      return async (_tx, rows) => {
        statement ??= connection.prepare(
          `INSERT INTO ${table} (${names.map((name) => `"${name}"`)}) VALUES (${names.map(() => '?')})`,
        )
        const run = statement.run.bind(statement)
        for (const row of rows) NodeSqlite.told(() => run(...row))
      }
    },
    locks: { held: sql``, free: sql`` },
    // Every transaction of ours begins by taking the only lock that there is.
    alone: async () => {},
    isTaken: (error) => error instanceof Error && /UNIQUE constraint failed/.test(error.message),
    scrub: async () => {
      // What a page has been split from may lie about in it, and in the log: all pages are written anew, and the log cut.
      await sql`VACUUM`.execute(db)
      for (let tries = 1; ; tries++) {
        const { rows } = await sql<{ busy: number }>`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db)
        if (rows[0]?.busy === 0) return
        // Somebody else reads from before; nobody does so for long.
        if (tries === patience.tries) throw new NodeSqlite.BusyError(undefined)
        await pause(patience.milliseconds)
      }
    },
    ...Scope.everything,
    within: (organisation) => {
      const plugin = Scope.plugin(organisation)
      return Scope.within(database, organisation, { db: db.withPlugin(plugin), reader: reader.withPlugin(plugin) })
    },
    migrations: {
      folder: new URL('migrations/', import.meta.url),
      applied: async (db) => {
        const { rows } = await sql`SELECT 1 FROM sqlite_master WHERE name = 'migrations'`.execute(db)
        if (rows.length > 0)
          return (await db.selectFrom('migrations').select('number').execute()).map((row) => row.number)
        const version = Number(connection.prepare('PRAGMA user_version').get()?.user_version)
        return Array.from({ length: version }, (_, i) => i + 1)
      },
      // Versions of Laurel from before there was a table of migrations look here, and refuse what they do not know.
      run: async (_tx, text, number) => connection.exec(`${text}; PRAGMA user_version = ${number}`),
    },
    freeze: async () => connection.exec('PRAGMA query_only = ON'),
    close: async () => {
      await reader.destroy()
      await db.destroy()
    },
  }
  return database
}

/** Opens what {@link open} has made, for reading alone. */
export function openReader(path: string): Kysely<Tables> {
  return new Kysely({ dialect: NodeSqlite.dialect(NodeSqlite.openReader(path)) })
}
