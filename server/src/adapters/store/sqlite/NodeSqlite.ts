import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import * as Errors from '@laurel/core/Errors'
import { type Dialect, SqliteDialect, type SqliteStatement } from 'kysely'
import { ReadOnlyError } from '../../../internal/ReadOnly.ts'
import * as Recent from '../../../internal/Recent.ts'
import { StorageFullError } from '../../../internal/StorageFull.ts'

/** Pages kept in memory, in KiB. A large batch changes pages all over the indices of what is unique. */
const cache = { writer: 32 * 1024, reader: 8 * 1024 } as const

/**
 * Opens a database file that survives the death of the process and of the machine: WAL with `synchronous=FULL`, so
 * that every commit is on the disk before it returns. Another process's write is waited for up to ten seconds.
 */
export function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 10_000, enableForeignKeyConstraints: true })
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -${cache.writer};`)
  // A roster is one transaction: what the log has grown to for a large one is given back.
  database.exec('PRAGMA journal_size_limit = 67108864')
  // What was deleted is overwritten, not left lying until its place is needed.
  database.exec('PRAGMA secure_delete = ON')
  return database
}

/** Opens the same file for reading alone. It sees every commit, and waits for none. */
export function openReader(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 })
  database.exec(`PRAGMA cache_size = -${cache.reader}`)
  return database
}

/** How many statements a connection keeps ready. */
const ready = 200

/** Lets Kysely's own SQLite dialect speak through `node:sqlite`. */
export function dialect(database: DatabaseSync): Dialect {
  const statements = Recent.create<SqliteStatement>(ready)
  const prepare = (sql: string): SqliteStatement => {
    // A deferred transaction that writes after reading fails at once where somebody else has written between.
    const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql)
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => told(() => statement.all(...(parameters as SQLInputValue[]))),
      run: (parameters) => {
        // A full disk ends a transaction by itself, and whoever rolls it back is told of that instead of the disk.
        if (sql === 'rollback' && !database.isTransaction) return none
        return told(() => statement.run(...(parameters as SQLInputValue[])))
      },
      // It would be begun anew in the midst of somebody else's going through it.
      iterate: () => {
        throw new TypeError('Nothing is streamed out of SQLite')
      },
    }
  }
  return new SqliteDialect({
    database: { close: () => database.close(), prepare: (sql) => statements.get(sql, () => prepare(sql)) },
  })
}

/** What a statement has changed that was not run. */
const none = { changes: 0, lastInsertRowid: 0 }

/** SQLITE_BUSY, SQLITE_READONLY and SQLITE_FULL, by the lowest eight bits of their codes: the others say where. */
const codes = { busy: 5, readOnly: 8, full: 13 } as const

/** Runs a statement; where waiting helps, or room, what it throws says so. */
export function told<result>(work: () => result): result {
  try {
    return work()
  } catch (cause) {
    const { errcode } = cause as { readonly errcode?: unknown }
    const code = typeof errcode === 'number' ? errcode & 0xff : undefined
    if (code === codes.busy) throw new BusyError(cause)
    if (code === codes.readOnly) throw new ReadOnlyError(cause)
    if (code === codes.full) throw new StorageFullError(cause)
    throw cause
  }
}

/** Thrown when another process has been writing for so long that this one has stopped waiting. Nothing was changed. */
export class BusyError extends Errors.BaseError<'DATABASE_BUSY'> {
  override readonly name = 'NodeSqlite.BusyError'
  constructor(cause: unknown) {
    super('DATABASE_BUSY', 'Another process has been writing to the database for a long time.', { cause })
  }
}
