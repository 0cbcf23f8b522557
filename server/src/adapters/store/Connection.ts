import type { DatabaseSync } from 'node:sqlite'
import { Kysely, type Transaction, type Updateable } from 'kysely'
import * as Batch from '../../Batch.ts'
import * as BatchStore from '../../ports/BatchStore.ts'
import { type Tables, toBatch } from './Rows.ts'
import * as NodeSqlite from './sqlite/NodeSqlite.ts'

/**
 * The two ways into the database: one on which everything is written, a transaction at a time, and one that reads past
 * it, so that nobody waits while a large roster is stored.
 *
 * `database` is the writing one itself, for statements that run a million times; within a transaction of `db` alone.
 */
export type Connection = {
  readonly db: Kysely<Tables>
  readonly database: DatabaseSync
  readonly reader: Kysely<Tables>
}

/** Opens both, and brings the tables up to date. */
export function open(path: string): Connection {
  const database = NodeSqlite.open(path)
  NodeSqlite.migrate(database, new URL('sqlite/migrations/', import.meta.url))
  return { database, db: new Kysely({ dialect: NodeSqlite.dialect(database) }), reader: openReader(path) }
}

/** Opens one for reading. */
export function openReader(path: string): Kysely<Tables> {
  return new Kysely({ dialect: NodeSqlite.dialect(NodeSqlite.openReader(path)) })
}

/** One transaction of somebody who holds the lease. */
export function fenced<result>(
  { db }: Connection,
  lease: BatchStore.Lease,
  work: (tx: Transaction<Tables>) => Promise<result>,
): Promise<result> {
  return db.transaction().execute(async (tx) => {
    const held = await tx
      .selectFrom('leases')
      .select('epoch')
      .where('name', '=', 'worker')
      .where('epoch', '=', lease.epoch)
      .executeTakeFirst()
    if (held === undefined) throw new BatchStore.LeaseLostError()
    return work(tx)
  })
}

/** Compare-and-swap on state and epoch: the one place where a batch's state changes. */
export async function advance(
  tx: Transaction<Tables>,
  batch: Batch.Batch,
  to: Batch.State,
  reason: string | null,
  also: Pick<Updateable<Tables['batches']>, 'number' | 'root' | 'anchoring' | 'anchor' | 'checked'> = {},
): Promise<Batch.Batch> {
  return swap(tx, batch, { ...Batch.move(batch, to, reason), ...also })
}

/** Compare-and-swap on state and epoch. */
export async function swap(
  tx: Transaction<Tables>,
  batch: Batch.Batch,
  changes: Updateable<Tables['batches']>,
): Promise<Batch.Batch> {
  const row = await tx
    .updateTable('batches')
    .set({ ...changes, epoch: batch.epoch + 1 })
    .where('id', '=', batch.id)
    .where('state', '=', batch.state)
    .where('epoch', '=', batch.epoch)
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) throw new BatchStore.ConflictError(batch.id)
  return toBatch(row)
}

/** The key of a batch that has not moved since it was read. */
export async function unmoved(tx: Transaction<Tables>, batch: Batch.Batch): Promise<number> {
  const row = await tx
    .selectFrom('batches')
    .select('seq')
    .where('id', '=', batch.id)
    .where('state', '=', batch.state)
    .where('epoch', '=', batch.epoch)
    .executeTakeFirst()
  if (row === undefined) throw new BatchStore.ConflictError(batch.id)
  return row.seq
}

/** Turns SQLite's refusal of something that must be unique into the port's error. */
export async function unique<result>(batch: string, work: () => Promise<result>): Promise<result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof Error && /UNIQUE constraint failed/.test(cause.message))
      throw new BatchStore.ConflictError(batch, cause)
    throw cause
  }
}
