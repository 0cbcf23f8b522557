import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { type Lease, LeaseLostError } from '../../ports/BatchStore.ts'
import * as OutboxStore from '../../ports/OutboxStore.ts'
import type * as Endpoint from '../../webhooks/Endpoint.ts'
import type * as Event from '../../webhooks/Event.ts'
import { held } from './Changes.ts'
import type { Database } from './Database.ts'
import * as Events from './Events.ts'
import { inGroups } from './in-groups.ts'
import { bury, take } from './Leases.ts'
import type { Tables } from './Rows.ts'

/** How many endpoints there may be: each event has as many rows. */
const most = 1_000
/** How many tries are told of each delivery. */
const toldTries = 20
/** How many rounds are settled at one go. */
const largestGroup = 100

/** What has happened, and whom it is still to be told. */
export function outbox(database: Database): OutboxStore.OutboxStore {
  const { db, reader, now, locks, alone } = database

  /** Changes an endpoint that is not removed. */
  const change = async (
    id: string,
    work: (tx: Transaction<Tables>, row: Row) => Promise<Row>,
  ): Promise<Endpoint.Endpoint | undefined> =>
    db.transaction().execute(async (tx) => {
      const row = await lock(tx, database, id)
      return row && toEndpoint(await work(tx, row))
    })

  const settle = inGroups(database, (tx, rounds: readonly Round[]) => settleAll(tx, database, rounds), largestGroup)

  return {
    addEndpoint: ({ id, url, description, types, key }) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, 'endpoints')
        const { count } = await present(tx)
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow()
        if (count >= most) throw new OutboxStore.TooManyError(most)
        await tx
          .insertInto('leases')
          .values({ name: leaseName(id), host: null, pid: null, epoch: 0, until: 0, due: 0 })
          .execute()
        const row = await tx
          .insertInto('endpoints')
          .values({ id, url, description, types: fromTypes(types), created_at: now, secret_key: key, generation: 1 })
          .returningAll()
          .executeTakeFirstOrThrow()
        return toEndpoint(row)
      }),
    endpoints: async () => (await present(reader).selectAll().orderBy('seq').execute()).map(toEndpoint),
    endpoint: async (id) => {
      const row = await present(reader).selectAll().where('id', '=', id).executeTakeFirst()
      return row && toEndpoint(row)
    },
    changeEndpoint: (id, { url, description, types, enabled }) =>
      change(id, async (tx, row) => {
        if (enabled === false && row.ended_at === null) await end(tx, database, row, 'ENDPOINT_DISABLED')
        return tx
          .updateTable('endpoints')
          .set({
            url: url ?? row.url,
            description: description === undefined ? row.description : description,
            types: types === undefined ? row.types : fromTypes(types),
            ...(enabled === true && { ended_at: null, ended_reason: null, failing_since: null }),
          })
          .where('seq', '=', row.seq)
          .returningAll()
          .executeTakeFirstOrThrow()
      }),
    rotateSecret: (id, key, overlap) =>
      change(id, (tx, row) =>
        tx
          .updateTable('endpoints')
          .set((eb) => ({
            secret_key: key,
            generation: eb('generation', '+', 1),
            previous_until: row.secret_key === key ? sql<number>`${now} + ${overlap}` : null,
          }))
          .where('seq', '=', row.seq)
          .returningAll()
          .executeTakeFirstOrThrow(),
      ),
    removeEndpoint: async (id) => {
      const removed = await change(id, async (tx, row) => {
        // First: whoever is about to settle what was sent finds the lease gone, or is done.
        await tx.deleteFrom('leases').where('name', '=', leaseName(id)).execute()
        return end(tx, database, row, 'ENDPOINT_DELETED')
      })
      return removed !== undefined
    },

    test: (id) =>
      db.transaction().execute(async (tx) => {
        const row = await lock(tx, database, id)
        if (row === undefined || row.ended_at !== null) return undefined
        const event = { type: 'webhook.test', ...(await aboutEndpoint(tx, database, id, {})) } as const
        return toEvent(await Events.record(tx, database, { ...event, organisation: row.organisation }, row.seq))
      }),
    replay: (id, which) =>
      db.transaction().execute(async (tx) => {
        const row = await lock(tx, database, id)
        if (row === undefined || row.ended_at !== null) return undefined
        const wanted = tx
          .selectFrom('events')
          .innerJoin('endpoints', (on) => on.on('endpoints.seq', '=', row.seq))
          .leftJoin('deliveries as before', (on) =>
            on.onRef('before.event', '=', 'events.seq').onRef('before.endpoint', '=', 'endpoints.seq'),
          )
          .select(['endpoints.seq as endpoint', 'events.seq as event', sql.lit('waiting').as('state')])
          .select([sql.lit(0).as('failures'), sql<number>`${now}`.as('due')])
        const chosen =
          'event' in which
            ? wanted.where('events.id', '=', which.event).where(({ eb, or }) =>
                // What was told to one endpoint alone is no other's business.
                or([eb('events.type', '<>', 'webhook.test'), eb('before.event', 'is not', null)]),
              )
            : wanted
                .where('events.at', '>=', which.since)
                .where('events.type', '<>', 'webhook.test')
                .where(Events.isHeard)
                .where(({ eb, or }) =>
                  or([sql.lit(!which.missing), eb('before.state', 'is', null), eb('before.state', '<>', 'delivered')]),
                )
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('deliveries')
          .columns(['endpoint', 'event', 'state', 'failures', 'due'])
          .expression(chosen)
          .onConflict((on) =>
            on.columns(['endpoint', 'event']).doUpdateSet((eb) => ({
              state: 'waiting',
              failures: 0,
              round: eb('deliveries.round', '+', 1),
              due: eb.ref('excluded.due'),
            })),
          )
          .executeTakeFirstOrThrow()
        return Number(numInsertedOrUpdatedRows ?? 0)
      }),
    events: async ({ before, limit }) => {
      let query = reader.selectFrom('events').selectAll().orderBy('seq', 'desc').limit(limit)
      if (before !== undefined) query = query.where('seq', '<', before)
      return (await query.execute()).map(toEvent)
    },
    deliveries: async (id, { before, limit, state }) => {
      let query = reader
        .selectFrom('endpoints')
        .innerJoin('deliveries', 'deliveries.endpoint', 'endpoints.seq')
        .innerJoin('events', 'events.seq', 'deliveries.event')
        .select(['deliveries.endpoint', 'deliveries.event', 'deliveries.state', 'deliveries.reason', 'deliveries.due'])
        .select(['events.id', 'events.type', 'events.subject', 'events.at'])
        .where('endpoints.id', '=', id)
        .orderBy('deliveries.event', 'desc')
        .limit(limit)
      if (before !== undefined) query = query.where('deliveries.event', '<', before)
      if (state !== undefined) query = query.where('deliveries.state', '=', state)
      const rows = await query.execute()
      const tries = await triesOf(database, rows)
      return rows.map((row) => toDelivery(row, tries.get(row.event) ?? []))
    },

    claim: async (owner, wanted, ttl) => {
      await bury(database, owner)
      // Whoever finds nothing to do takes no lock.
      if ((await due(reader, database, wanted).limit(1).executeTakeFirst()) === undefined) return []
      return db.transaction().execute(async (tx) => {
        const rows = await due(tx, database, wanted)
          .orderBy('leases.due')
          .orderBy('endpoints.seq')
          .limit(wanted.endpoints)
          .modifyEnd(locks.free)
          .execute()
        const claims: OutboxStore.Claim[] = []
        for (const row of rows) {
          const lease = await take(tx, database, leaseName(row.id), owner, ttl)
          const messages = await tx
            .selectFrom('deliveries')
            .innerJoin('events', 'events.seq', 'deliveries.event')
            .selectAll('events')
            .select(['deliveries.failures', 'deliveries.round'])
            .where('deliveries.endpoint', '=', row.seq)
            .where('deliveries.state', '=', 'waiting')
            .where('deliveries.due', '<=', now)
            .orderBy('deliveries.due')
            .orderBy('events.seq')
            .limit(wanted.events)
            .execute()
          claims.push({
            endpoint: toEndpoint(row),
            lease,
            overlaps: Boolean(row.overlaps),
            messages: messages.map(({ failures, round, ...event }) => ({ event: toEvent(event), failures, round })),
          })
        }
        return claims
      })
    },
    settle: (lease, outcomes, rules) => settle({ lease, outcomes, rules }),
    forget: (age) =>
      db.transaction().execute(async (tx) => {
        await tx
          .deleteFrom('events')
          .where('at', '<', sql<number>`${now} - ${age}`)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('deliveries')
                  .select('event')
                  .whereRef('event', '=', 'events.seq')
                  .where('state', '=', 'waiting'),
              ),
            ),
          )
          .execute()
        await tx
          .deleteFrom('endpoints')
          .where('ended_reason', '=', 'ENDPOINT_DELETED')
          .where(({ not, exists, selectFrom }) =>
            not(exists(selectFrom('deliveries').select('event').whereRef('endpoint', '=', 'endpoints.seq'))),
          )
          .execute()
      }),
  }
}

/** What one endpoint was sent. */
type Round = {
  readonly lease: Lease
  readonly outcomes: readonly OutboxStore.Outcome[]
  readonly rules: { readonly wait: number; readonly patience: number }
}
type Ended = Endpoint.Reason | undefined

/** Settles rounds; one whose lease is lost is no matter of the others. */
async function settleAll(
  tx: Transaction<Tables>,
  database: Database,
  rounds: readonly Round[],
): Promise<readonly PromiseSettledResult<Ended>[]> {
  // In the order of their names, and before anything else is locked: so nobody waits for somebody who waits for him.
  for (const name of rounds.map(({ lease }) => lease.name).toSorted()) await database.alone(tx, name)
  const settled: PromiseSettledResult<Ended>[] = []
  for (const round of rounds) {
    try {
      await held(tx, database, round.lease)
      settled.push({ status: 'fulfilled', value: await settleOne(tx, database, round) })
    } catch (reason) {
      if (!(reason instanceof LeaseLostError)) throw reason
      settled.push({ status: 'rejected', reason })
    }
  }
  return settled
}

/** Under the lease of the endpoint. */
async function settleOne(
  tx: Transaction<Tables>,
  database: Database,
  { lease, outcomes, rules: { wait, patience } }: Round,
): Promise<Ended> {
  const { now } = database
  await tx
    .updateTable('leases')
    .set({ until: 0, due: sql<number>`${now} + ${wait}` })
    .where('name', '=', lease.name)
    .execute()
  if (outcomes.length === 0) return undefined
  const endpoint = await tx
    .selectFrom('endpoints')
    .selectAll()
    .select(sql<boolean>`failing_since <= ${now} - ${patience}`.as('failing'))
    .where('id', '=', lease.name.slice(leaseName('').length))
    .executeTakeFirstOrThrow()
  const [arrived, failed] = split(outcomes, ({ delivered }) => delivered)
  // What was replayed meanwhile is to be sent once more, whatever has become of it this time.
  const update = (round: number, events: readonly number[]) =>
    tx
      .updateTable('deliveries')
      .where('endpoint', '=', endpoint.seq)
      .where('event', 'in', events)
      .where('round', '=', round)
  for (const [round, ofRound] of Map.groupBy(arrived, ({ round }) => round))
    await update(
      round,
      ofRound.map(({ event }) => event.seq),
    )
      .set({ state: 'delivered', reason: null, failures: 0, due: now })
      .execute()
  for (const { event, round, again, try: made } of failed)
    await update(round, [event.seq])
      .set((eb) => ({
        state: again === null ? 'failed' : 'waiting',
        reason: made.code,
        failures: eb('failures', '+', 1),
        due: sql<number>`${now} + ${again ?? 0}`,
      }))
      // What was dropped meanwhile stays so.
      .where('state', '=', 'waiting')
      .execute()
  await tx
    .insertInto('tries')
    .values(outcomes.map(({ event, try: made }) => ({ endpoint: endpoint.seq, event: event.seq, at: now, ...made })))
    .execute()
  const isWell = arrived.length > 0
  if (!isWell || endpoint.failing_since !== null)
    await tx
      .updateTable('endpoints')
      .set({ failing_since: isWell ? null : (endpoint.failing_since ?? now) })
      .where('seq', '=', endpoint.seq)
      .execute()
  // Somebody has disabled it meanwhile.
  if (endpoint.ended_at !== null) return undefined
  const isGone = outcomes.some(({ gone }) => gone)
  if (!isGone && (isWell || !endpoint.failing)) return undefined
  const reason = isGone ? 'ENDPOINT_GONE' : 'ENDPOINT_FAILING'
  await end(tx, database, endpoint, reason)
  const event = await aboutEndpoint(tx, database, endpoint.id, { reason })
  const { organisation } = endpoint
  await Events.record(tx, database, { type: 'webhook.disabled', ...event, organisation })
  return reason
}

function split<item>(items: readonly item[], isFirst: (item: item) => boolean): readonly [item[], item[]] {
  const parts: readonly [item[], item[]] = [[], []]
  for (const item of items) parts[isFirst(item) ? 0 : 1].push(item)
  return parts
}

type Row = Selectable<Tables['endpoints']>
type EventRow = Selectable<Tables['events']>

const leaseName = (id: string) => `webhook/${id}`

/** The endpoints that were not removed. */
function present(db: Kysely<Tables>) {
  return db
    .selectFrom('endpoints')
    .where(({ eb, or }) => or([eb('ended_reason', 'is', null), eb('ended_reason', '<>', 'ENDPOINT_DELETED')]))
}

/** An endpoint that nobody else changes before the transaction ends. */
async function lock(tx: Transaction<Tables>, { alone }: Pick<Database, 'alone'>, id: string): Promise<Row | undefined> {
  await alone(tx, leaseName(id))
  return present(tx).selectAll().where('id', '=', id).executeTakeFirst()
}

/** Empties the queue of an endpoint, and sends to it no more. */
async function end(
  tx: Transaction<Tables>,
  { now }: Pick<Database, 'now'>,
  { seq }: Pick<Row, 'seq'>,
  reason: Endpoint.Reason,
): Promise<Row> {
  await tx
    .updateTable('deliveries')
    .set({ state: 'dropped', reason })
    .where('endpoint', '=', seq)
    .where('state', '=', 'waiting')
    .execute()
  return tx
    .updateTable('endpoints')
    .set({ ended_at: now, ended_reason: reason })
    .where('seq', '=', seq)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The endpoints that nobody has and that have something due. */
function due(db: Kysely<Tables>, { now }: Pick<Database, 'now'>, { key, ailing }: OutboxStore.Wanted) {
  return db
    .selectFrom('endpoints')
    .innerJoin('leases', (on) => on.on('leases.name', '=', sql<string>`${leaseName('')} || endpoints.id`))
    .selectAll('endpoints')
    .select(sql<boolean>`coalesce(endpoints.previous_until > ${now}, ${sql.lit(false)})`.as('overlaps'))
    .where('endpoints.ended_at', 'is', null)
    .where('endpoints.secret_key', '=', key)
    .where('endpoints.failing_since', ailing ? 'is not' : 'is', null)
    .where('leases.until', '<=', now)
    .where('leases.due', '<=', now)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('deliveries')
          .select('deliveries.event')
          .whereRef('deliveries.endpoint', '=', 'endpoints.seq')
          .where('deliveries.state', '=', 'waiting')
          .where('deliveries.due', '<=', now),
      ),
    )
}

/**
 * What an event about an endpoint says: the next one. Under its lease or lock only. It counts on from the time, because the
 * events before it may have been forgotten.
 */
async function aboutEndpoint(
  tx: Transaction<Tables>,
  { now }: Pick<Database, 'now'>,
  id: string,
  data: Event.Data,
): Promise<Pick<Event.Event, 'subject' | 'sequence' | 'data'>> {
  const { last, time } = await tx
    .selectFrom('events')
    .select((eb) => [eb.fn.max<number | null>('sequence').as('last'), now.as('time')])
    .where('subject', '=', id)
    .executeTakeFirstOrThrow()
  return { subject: id, sequence: Math.max((last ?? 0) + 1, time), data: { endpoint: id, ...data } }
}

/** The last tries of deliveries to one endpoint, by their events. */
async function triesOf(
  { reader, mine }: Pick<Database, 'reader' | 'mine'>,
  deliveries: readonly Pick<Tables['deliveries'], 'endpoint' | 'event'>[],
): Promise<ReadonlyMap<number, readonly OutboxStore.Try[]>> {
  const [first] = deliveries
  if (first === undefined) return new Map()
  const events = deliveries.map(({ event }) => event)
  const { rows } = await sql<OutboxStore.Try & { event: number }>`
    SELECT event, at, status, duration, code, excerpt FROM (
      SELECT tries.*, row_number() OVER (PARTITION BY event ORDER BY seq DESC) AS place
      FROM tries WHERE endpoint = ${first.endpoint} AND event IN (${sql.join(events)})
        AND EXISTS (SELECT 1 FROM endpoints WHERE seq = ${first.endpoint} AND ${mine('endpoints')})
    ) AS numbered WHERE place <= ${toldTries} ORDER BY seq DESC`.execute(reader)
  const tries = new Map<number, OutboxStore.Try[]>()
  for (const { event, ...made } of rows) tries.set(event, [...(tries.get(event) ?? []), made])
  return tries
}

function toDelivery(
  row: Pick<Tables['deliveries'], 'event' | 'state' | 'reason' | 'due'> &
    Pick<EventRow, 'id' | 'type' | 'subject' | 'at'>,
  tries: readonly OutboxStore.Try[],
): OutboxStore.Placed<OutboxStore.Delivery> {
  const { event: seq, state, reason, due, id, type, subject, at } = row
  const dueAt = state === 'waiting' ? due : null
  return { seq, event: { id, type: type as Event.Type, subject, at }, state, reason, dueAt, tries }
}

function toEvent({ data, type, organisation: _, ...row }: EventRow): OutboxStore.Placed<Event.Event> {
  return { ...row, type: type as Event.Type, data: JSON.parse(data) as Event.Data }
}

function fromTypes(types: Endpoint.Endpoint['types']): string | null {
  return types === null ? null : ` ${types.join(' ')} `
}

function toEndpoint(row: Row): Endpoint.Endpoint {
  const { ended_at, ended_reason } = row
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    types: row.types === null ? null : (row.types.trim().split(' ') as Event.Type[]),
    createdAt: row.created_at,
    ended:
      ended_at === null || ended_reason === null ? null : { reason: ended_reason as Endpoint.Reason, at: ended_at },
    failingSince: row.failing_since,
    secret: { key: row.secret_key, generation: row.generation, previousUntil: row.previous_until },
  }
}
