import type { Transaction, Updateable } from 'kysely'
import * as Batch from '../../Batch.ts'
import * as BatchStore from '../../ports/BatchStore.ts'
import * as Claims from './Claims.ts'
import type { Database } from './Database.ts'
import * as Events from './Events.ts'
import { type Tables, toBatch } from './Rows.ts'

/** One transaction of somebody who holds the lease of a batch, and still holds it when the transaction ends. */
export function fenced<result>(
  database: Database,
  batch: Batch.Batch,
  lease: BatchStore.Lease,
  work: (tx: Transaction<Tables>) => Promise<result>,
): Promise<result> {
  if (lease.name !== batch.id) throw new TypeError(`The lease of ${lease.name} is none of batch ${batch.id}`)
  return database.db.transaction().execute(async (tx) => {
    await held(tx, database, lease)
    return work(tx)
  })
}

/**
 * Makes sure that a lease is held, and that nobody takes it over before the transaction ends.
 *
 * @throws {BatchStore.LeaseLostError} when it has run out, or somebody else has it
 */
export async function held(
  tx: Transaction<Tables>,
  { now, locks }: Pick<Database, 'now' | 'locks'>,
  lease: BatchStore.Lease,
): Promise<void> {
  const row = await tx
    .selectFrom('leases')
    .select('epoch')
    .where('name', '=', lease.name)
    .where('epoch', '=', lease.epoch)
    .where('until', '>', now)
    .modifyEnd(locks.held)
    .executeTakeFirst()
  if (row === undefined) throw new BatchStore.LeaseLostError()
}

/** Compare-and-swap on state and epoch: the one place where a batch's state changes, and is told of. */
export async function advance(
  tx: Transaction<Tables>,
  database: Pick<Database, 'now' | 'of'>,
  batch: Batch.Batch,
  to: Batch.State,
  reason: string | null,
  also: Pick<Updateable<Tables['batches']>, 'number' | 'root' | 'anchoring' | 'anchor' | 'checked'> = {},
): Promise<Batch.Batch> {
  const moved = await swap(tx, batch, { ...Batch.move(batch, to, reason), ...also })
  if (!Batch.isOpen(moved)) await tx.deleteFrom('leases').where('name', '=', batch.id).execute()
  await Events.recordBatch(tx, database, moved)
  if (to === 'delivered') await Claims.begin(tx, moved.id, database.now)
  return moved
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

/** Turns the refusal of something that must be unique into the port's error. */
export async function unique<result>(
  { isTaken }: Pick<Database, 'isTaken'>,
  batch: string,
  work: () => Promise<result>,
): Promise<result> {
  try {
    return await work()
  } catch (cause) {
    if (isTaken(cause)) throw new BatchStore.ConflictError(batch, cause)
    throw cause
  }
}
