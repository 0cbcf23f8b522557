import * as Errors from '@laurel/core/Errors'
import { Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely'
import pg from 'pg'
import { ReadOnlyError } from '../../../internal/ReadOnly.ts'
import { StorageFullError } from '../../../internal/StorageFull.ts'
import type { Database, Type, Value } from '../Database.ts'
import type { Tables } from '../Rows.ts'
import * as Scope from '../Scope.ts'

/** How many connections a process opens at most, for each of the two ways into the database. */
const connections = 6

/**
 * How long a transaction may do nothing, in milliseconds. A process that was stopped in the midst of one would keep
 * others from what it has locked.
 */
const idleTime = 30_000

/** PostgreSQL: for any number of processes, on any number of machines. */
export function open(url: string): Database {
  const pools = { writing: createPool(url, connections), reading: createPool(url, connections) }
  // Those of organisations are apart: a connection that goes back and forth would say each time for whom it is.
  const scoped = { writing: createPool(url, connections), reading: createPool(url, connections) }
  const db = connect(pools.writing, Scope.all)
  const reader = connect(pools.reading, Scope.all)
  const database: Database = {
    db,
    reader,
    connections: () => {
      const all = [...Object.values(pools), ...Object.values(scoped)]
      const sum = (of: (counts: pg.Pool) => number) => all.reduce((total, { counts }) => total + of(counts), 0)
      return {
        open: sum(({ totalCount }) => totalCount),
        idle: sum(({ idleCount }) => idleCount),
        waiting: sum(({ waitingCount }) => waitingCount),
      }
    },
    now: sql<number>`CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)`,
    insertion: (table, columns) => {
      const names = Object.keys(columns)
      const types = Object.values(columns) as readonly Type[]
      const into = Scope.trusted(sql.raw(`INSERT INTO ${table} (${names.map((name) => `"${name}"`)})`))
      return async (tx, rows) => {
        for (const page of pages(rows)) {
          const lists = types.map((type, i) => sql`${page.map((row) => row[i])}::${sql.raw(arrays[type])}`)
          await sql`${into} SELECT * FROM unnest(${sql.join(lists)})`.execute(tx)
        }
      }
    },
    locks: { held: sql`FOR UPDATE OF leases`, free: sql`FOR UPDATE OF leases SKIP LOCKED` },
    alone: async (tx, what) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`laurel/${what}`}, 0))`.execute(tx)
    },
    isTaken: (error) => error instanceof pg.DatabaseError && error.code === '23505',
    scrub: async () => {
      for (const table of overwritten) await sql`VACUUM ${sql.table(table)}`.execute(db)
    },
    ...Scope.everything,
    within: (organisation) => {
      const plugin = Scope.plugin(organisation)
      return Scope.within(database, organisation, {
        db: connect(scoped.writing, organisation).withPlugin(plugin),
        reader: connect(scoped.reading, organisation).withPlugin(plugin),
      })
    },
    migrations: {
      folder: new URL('migrations/', import.meta.url),
      applied: async (db) => {
        const { rows } = await sql`
          SELECT 1 FROM pg_tables WHERE tablename = 'migrations' AND schemaname = current_schema()`.execute(db)
        if (rows.length === 0) return []
        return (await db.selectFrom('migrations').select('number').execute()).map(({ number }) => number)
      },
      run: async (tx, text) => {
        await sql.raw(text).execute(tx)
      },
    },
    freeze: async () => {
      for (const pool of [...Object.values(pools), ...Object.values(scoped)]) pool.freeze()
    },
    close: async () => {
      await reader.destroy()
      await db.destroy()
      for (const pool of [...Object.values(pools), ...Object.values(scoped)]) await pool.end()
    },
  }
  return database
}

/** Opens what {@link open} has made, for reading alone. */
export function openReader(url: string): Kysely<Tables> {
  const pool = createPool(url, 1)
  return connect({ as: (scope) => ({ ...pool.as(scope), end: pool.end }) }, Scope.all)
}

/**
 * Refuses a server that answers before a commit is on its disk.
 *
 * @throws {UnreachableError} DATABASE_UNREACHABLE when nobody answers
 * @throws {RefusedError} DATABASE_REFUSED when the server lets nobody in under this name, or has no such database
 * @throws {NotDurableError} DATABASE_NOT_DURABLE
 */
export async function demandDurability({ db }: Pick<Database, 'db'>): Promise<void> {
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows } = await sql<{ value: string }>`SELECT current_setting(${name}) AS value`.execute(db)
    if (rows[0]?.value === 'off') throw new NotDurableError(name)
  }
}

/**
 * The tables of which erasure overwrites rows. Their old versions are given free; their bytes go when others take their
 * place, and with the log, whose window docs/privacy.md tells.
 */
const overwritten = [
  'recipients',
  'drafts',
  'signatures',
  'orders',
  'receipts',
  'revocations',
  'suspensions',
  'tries',
  'batches',
  'mails',
  'mail_suppressions',
  'addresses',
  'claims',
  'claim_moves',
  'challenges',
  'learner_bindings',
  'imports',
  'originals',
] as const

/** How many rows one statement stores. */
const pageSize = 1_000

const arrays: Readonly<Record<Type, string>> = { integer: 'bigint[]', text: 'text[]', bytes: 'bytea[]' }

function* pages(rows: Iterable<readonly Value[]>): Generator<readonly (readonly Value[])[]> {
  let page: (readonly Value[])[] = []
  for (const row of rows) {
    page.push(row)
    if (page.length < pageSize) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

/** Connections that several share, each for a scope of its own; how many do what, and how they change nothing any more. */
type Pool = {
  /** The organisation whose rows are seen, or {@link Scope.all}. Whoever is done with it ends nothing. */
  readonly as: (scope: string) => PostgresPool
  readonly counts: pg.Pool
  readonly freeze: () => void
  readonly end: () => Promise<void>
}

function connect(pool: Pick<Pool, 'as'>, scope: string): Kysely<Tables> {
  return new Kysely({ dialect: new PostgresDialect({ pool: pool.as(scope) }) })
}

/** A pool of connections whose errors say whether waiting helps. */
function createPool(url: string, max: number): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
    application_name: 'laurel',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: idleTime,
  })
  // A connection that breaks while nobody asks anything is replaced by the next that is wanted; whoever asks is told.
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('error', () => {})
  let isFrozen = false
  const told = (cause: unknown): never => {
    throw translate(url, cause)
  }
  let ended: Promise<void> | undefined
  /** For whom a connection was used last: it says so itself, and keeps it when the transaction in its midst has failed. */
  const scopes = new WeakMap<pg.PoolClient, string>()
  return {
    as: (scope) => ({
      options: pool.options,
      connect: async () => {
        const client = await pool.connect().catch(told)
        const query = (text: string, parameters: unknown[]) => client.query(text, parameters).catch(told)
        try {
          if (isFrozen) await client.query('SET default_transaction_read_only = on').catch(told)
          // Row-level security goes by it (migration 015). Without it nothing at all is seen.
          if (scopes.get(client) !== scope) await query("SELECT set_config('laurel.organisation', $1, false)", [scope])
        } catch (error) {
          client.release(true)
          throw error
        }
        scopes.set(client, scope)
        return { query: query as never, release: (destroy) => client.release(destroy) }
      },
      end: async () => {},
    }),
    counts: pool,
    freeze: () => {
      isFrozen = true
    },
    // Several stores stand on one database, and each may be the last that is closed.
    end: () => {
      ended ??= pool.end()
      return ended
    },
  }
}

/** Whole numbers as numbers, which all of ours fit into, and bytes that share their memory with nothing. */
function parserOf(type: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (type === pg.types.builtins.INT8) return Number
  if (type === pg.types.builtins.BYTEA) return (value) => Uint8Array.from(Buffer.from(value.slice(2), 'hex'))
  return pg.types.getTypeParser(type, format as 'text')
}

/** Whether the server itself has answered with an error decides whether it was reached. */
function translate(url: string, cause: unknown): unknown {
  if (cause instanceof TypeError) return cause
  if (!(cause instanceof pg.DatabaseError)) return new UnreachableError(url, cause)
  // Classes of SQLSTATE: 08 connections, 28 and 3D who may enter what, 57P the server goes down or comes up; 53300 too
  // many are connected, 25P03 the transaction did nothing for too long, 53100 its disk is full.
  const code = cause.code ?? ''
  if (/^(08|57P|53300|25P03)/.test(code)) return new UnreachableError(url, cause)
  if (code === '25006') return new ReadOnlyError(cause)
  if (code === '53100') return new StorageFullError(cause)
  if (/^(28|3D)/.test(code)) return new RefusedError(url, cause)
  return cause
}

/** The server and the database, without the name and the password that an address may have. */
function place(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

/** Thrown when the database does not answer, or has hung up. What it was asked may have been done or not. */
export class UnreachableError extends Errors.BaseError<'DATABASE_UNREACHABLE'> {
  override readonly name = 'Postgres.UnreachableError'
  constructor(url: string, cause: unknown) {
    super('DATABASE_UNREACHABLE', `The database ${place(url)} does not answer.`, { cause })
  }
}

/** Thrown when the server lets nobody in under this name, or has no such database. */
export class RefusedError extends Errors.BaseError<'DATABASE_REFUSED'> {
  override readonly name = 'Postgres.RefusedError'
  constructor(url: string, cause: Error) {
    super('DATABASE_REFUSED', `The database ${place(url)} cannot be opened: ${cause.message}.`, { cause })
  }
}

/** Thrown when the server is set to forget, at a power failure, what it has acknowledged. */
export class NotDurableError extends Errors.BaseError<'DATABASE_NOT_DURABLE'> {
  override readonly name = 'Postgres.NotDurableError'
  constructor(setting: string) {
    super('DATABASE_NOT_DURABLE', `The PostgreSQL server has ${setting} off, and would forget what it was told.`, {
      facts: { setting },
    })
  }
}
