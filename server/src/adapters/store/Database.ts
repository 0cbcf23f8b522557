import type { Kysely, RawBuilder, SqlBool, Transaction } from 'kysely'
import type { Connections } from '../../ports/Census.ts'
import type { Tables } from './Rows.ts'

/**
 * A database as the store sees it: two ways in, and what SQLite and PostgreSQL do in ways of their own. Everything else
 * is written once, for both.
 */
export type Database = {
  /** On which everything is written, a transaction at a time; durable when the transaction returns. */
  readonly db: Kysely<Tables>
  /** Reads past what is being written, so that nobody waits while a large roster is stored. */
  readonly reader: Kysely<Tables>
  /** The time by the database's own clock, in whole milliseconds since 1970. */
  readonly now: RawBuilder<number>
  /** Stores many rows, for statements that run a million times. */
  readonly insertion: <name extends keyof Tables>(
    table: name,
    columns: Readonly<Partial<Record<keyof Tables[name], Type>>>,
  ) => Insertion
  /** What stands at the end of a query for leases that the transaction keeps from others: it waits for them, or passes over them. */
  readonly locks: { readonly held: RawBuilder<unknown>; readonly free: RawBuilder<unknown> }
  /** Lets one transaction at a time pass that names the same thing; the next when the one before has ended. */
  readonly alone: (tx: Transaction<Tables>, what: string) => Promise<void>
  /** Whether the database refused something that must be unique and was there already. */
  readonly isTaken: (error: unknown) => boolean
  /** Removes from the files of the database what was deleted or overwritten, as far as the database can. */
  readonly scrub: () => Promise<void>
  /** The same database within an organisation: nothing of another's is seen or written through it. */
  readonly within: (organisation: string) => Database
  /** Whether a row of a table that names its organisation is seen: for raw SQL, which is refused without it. */
  readonly mine: (table: keyof Tables) => RawBuilder<SqlBool>
  /** What an insertion says of whose a row is. Within an organisation it says nothing: every row is the organisation's. */
  readonly of: (organisation: string | RawBuilder<string>) => { readonly organisation?: string | RawBuilder<string> }
  readonly migrations: Migrations
  /** How many connections there are to a server; missing where the database is a file. */
  readonly connections?: () => Connections
  /** Lets nothing be changed any more, by whichever of our connections. */
  readonly freeze: () => Promise<void>
  readonly close: () => Promise<void>
}

/** What a bulk insertion stores in a column. */
export type Type = 'integer' | 'text' | 'bytes'
export type Value = number | string | Uint8Array | null

/** Stores rows within a transaction; each has as many values as there are columns, in their order. */
export type Insertion = (tx: Transaction<Tables>, rows: Iterable<readonly Value[]>) => Promise<void>

export type Migrations = {
  /** Where the numbered `.sql` files lie. The same number stands for the same change in both. */
  readonly folder: URL
  /** The numbers of those that this database has seen. */
  readonly applied: (db: Kysely<Tables>) => Promise<readonly number[]>
  /** Runs a file, which has any number of statements. */
  readonly run: (tx: Transaction<Tables>, text: string, number: number) => Promise<void>
}
