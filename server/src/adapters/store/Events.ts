import { randomUUID } from 'node:crypto'
import { type Expression, type RawBuilder, type Selectable, type SqlBool, sql, type Transaction } from 'kysely'
import * as Batch from '../../Batch.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import * as Event from '../../webhooks/Event.ts'
import type { Database } from './Database.ts'
import type { Tables } from './Rows.ts'

/**
 * Stores that something has happened, in the transaction in which it happens, and puts it into the queue of everybody who
 * listens. An endpoint that ends at the same moment may have it in its queue afterwards, from which nothing is sent.
 *
 * @param only the key of the one endpoint that is told, whatever it listens to
 */
export async function record(
  tx: Transaction<Tables>,
  { now, of }: Pick<Database, 'now' | 'of'>,
  event: Omit<Event.Event, 'id' | 'at'> & { readonly organisation: string | RawBuilder<string> },
  only?: number,
): Promise<Selectable<Tables['events']>> {
  crashpoint('webhook:before-enqueue')
  const { type, subject, sequence, data, organisation } = event
  const row = await tx
    .insertInto('events')
    .values({ id: randomUUID(), type, subject, sequence, at: now, data: JSON.stringify(data), ...of(organisation) })
    .returningAll()
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('deliveries')
    .columns(['endpoint', 'event', 'state', 'failures', 'due'])
    .expression(
      tx
        .selectFrom(['endpoints', 'events'])
        .select(['endpoints.seq as endpoint', 'events.seq as event'])
        .select([sql.lit('waiting').as('state'), sql.lit(0).as('failures'), 'events.at as due'])
        .where('events.seq', '=', row.seq)
        .whereRef('endpoints.organisation', '=', 'events.organisation')
        .where('endpoints.ended_at', 'is', null)
        .where(only === undefined ? isHeard : sql<SqlBool>`endpoints.seq = ${only}`),
    )
    .execute()
  crashpoint('webhook:after-enqueue')
  return row
}

/** Whether an endpoint listens to events of a type; its types stand with a blank on either side. */
export const isHeard: Expression<SqlBool> = sql<SqlBool>`(
  endpoints.types IS NULL OR endpoints.types LIKE '% ' || events.type || ' %')`

/**
 * The subject of what is told of whom a credential is with. Of the credential itself decisions are told, whose numbers are
 * those of its status list.
 */
export function claimOf(credential: string): string {
  return `${credential}#claim`
}

/** Stores that a batch has come into its state, where that is told: one that is held has not begun its way. */
export async function recordBatch(
  tx: Transaction<Tables>,
  database: Pick<Database, 'now' | 'of'>,
  batch: Batch.Batch,
): Promise<void> {
  const state = Batch.told(batch)
  const type = state === 'held' ? undefined : Event.ofState(state)
  if (type === undefined) return
  const { id, epoch, reason } = batch
  const organisation = sql<string>`(SELECT organisation FROM batches WHERE id = ${id})`
  await record(tx, database, { type, subject: id, sequence: epoch, data: { batch: id, state, reason }, organisation })
}
