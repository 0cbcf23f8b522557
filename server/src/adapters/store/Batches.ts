import type * as Bytes from '@laurel/core/Bytes'
import type * as Json from '@laurel/core/Json'
import type { Insertable, Transaction } from 'kysely'
import * as Batch from '../../Batch.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import type * as BatchStore from '../../ports/BatchStore.ts'
import { advance, fenced, swap, unique, unmoved } from './Changes.ts'
import type { Database, Value } from './Database.ts'
import * as Events from './Events.ts'
import { openBatches } from './Leases.ts'
import * as Receipts from './Receipts.ts'
import * as Recipients from './Recipients.ts'
import { fromId, fromRows, type Tables, toBatch } from './Rows.ts'
import { insertIntent } from './Transactions.ts'
import * as Usage from './Usage.ts'

/** Batches from their acceptance to their final anchor. */
export function batches(
  database: Database,
): Pick<
  BatchStore.BatchStore,
  | 'requested'
  | 'accept'
  | 'acceptOnce'
  | 'admit'
  | 'cancel'
  | 'page'
  | 'list'
  | 'othersIn'
  | 'move'
  | 'last'
  | 'root'
  | 'submit'
  | 'final'
  | 'check'
> {
  const { db, reader, insertion } = database
  const insertRoster = Recipients.rosterInsertion(database)
  const insertBlocks = insertion('blocks', {
    batch: 'integer',
    place: 'integer',
    first: 'bytes',
    rows: 'bytes',
    leaves: 'bytes',
  })
  const insertTickets = insertion('tickets', { batch: 'integer', place: 'integer', rows: 'bytes', leaves: 'bytes' })
  return {
    requested: async (hash) => {
      const row = await requested(reader, hash)
      return row && toBatch(row)
    },
    accept: async (request, recipients) => {
      const accepted = await db.transaction().execute((tx) => accept(tx, database, insertRoster, request, recipients))
      crashpoint('intake:after-commit')
      return accepted
    },
    acceptOnce: async (request, recipients, receipt) => {
      const { effect, answer } = await db
        .transaction()
        .execute((tx) => Receipts.once(tx, receipt, () => accept(tx, database, insertRoster, request, recipients)))
      crashpoint('intake:after-commit')
      return { ...(effect && { accepted: effect }), answer }
    },
    admit: (batch) =>
      db.transaction().execute(async (tx) => {
        if (!batch.held) return batch
        const admitted = await swap(tx, batch, { held: 0 })
        await Events.recordBatch(tx, database, admitted)
        return admitted
      }),
    cancel: (batch) => db.transaction().execute((tx) => advance(tx, database, batch, 'cancelled', null)),
    page: async ({ before, limit, state, within }) => {
      let query = reader.selectFrom('batches').selectAll().orderBy('seq', 'desc').limit(limit)
      if (before !== undefined) query = query.where('seq', '<', before)
      if (state === 'held') query = query.where('held', '=', 1).where('state', '!=', 'cancelled')
      else if (state !== undefined) query = query.where('held', '=', 0).where('state', '=', state)
      if (within?.department != null) query = query.where('department', '=', within.department)
      if (within?.issuer != null) query = query.where('issuer', '=', within.issuer)
      const rows = await query.execute()
      return rows.map((row) => ({ seq: row.seq, batch: toBatch(row) }))
    },
    list: async () => (await reader.selectFrom('batches').selectAll().orderBy('seq').execute()).map(toBatch),
    othersIn: async (stages, { id, terms }) => {
      const other = await openBatches(reader)
        .select('batches.id')
        .where('batches.id', '<>', id)
        .where('chain_id', '=', terms.chainId)
        .where('account', '=', terms.account)
        .where('held', '=', 0)
        .where('state', '<>', 'blocked')
        .where(({ eb, fn }) => eb(fn.coalesce('interrupted', 'state'), 'in', [...stages]))
        .limit(1)
        .executeTakeFirst()
      return other !== undefined
    },

    move: (batch, to, reason, lease) =>
      fenced(database, batch, lease, (tx) => advance(tx, database, batch, to, reason)),
    last: async (chainId, account) => {
      const batch = await reader
        .selectFrom('batches')
        .select(['number', 'root'])
        .where('chain_id', '=', chainId)
        .where('account', '=', account)
        .where('number', 'is not', null)
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst()
      // What was found on the chain after a restoration has used up numbers as well.
      const found = await reader
        .selectFrom('found_roots')
        .select(['number', 'root'])
        .where('chain_id', '=', chainId)
        .where('account', '=', account)
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst()
      const last = (found?.number ?? 0) > (batch?.number ?? 0) ? found : batch
      return { number: last?.number ?? 0, root: (last?.root as Bytes.Hex | undefined) ?? null }
    },
    root: (batch, anchoring, order, lease, tickets = []) =>
      unique(database, batch.id, () =>
        fenced(database, batch, lease, async (tx) => {
          const seq = await unmoved(tx, batch)
          await insertBlocks(tx, blockRows(seq, order))
          await insertTickets(tx, ticketRows(seq, tickets))
          return Batch.rooted(
            await advance(tx, database, batch, 'rooted', null, {
              number: anchoring.number,
              root: anchoring.root,
              anchoring: JSON.stringify(anchoring),
            }),
          )
        }),
      ),
    submit: (batch, intent, now, lease) =>
      fenced(database, batch, lease, async (tx) => {
        await insertIntent(tx, intent, now)
        return advance(tx, database, batch, 'submitted', null)
      }),
    final: (batch, anchor, lease) =>
      fenced(database, batch, lease, async (tx) =>
        Batch.final(await advance(tx, database, batch, 'final', null, { anchor: JSON.stringify(anchor), checked: 0 })),
      ),
    check: (batch, blocks, lease) =>
      fenced(database, batch, lease, async (tx) => {
        const seq = await unmoved(tx, batch)
        await tx.updateTable('batches').set({ checked: blocks }).where('seq', '=', seq).execute()
      }),
  }
}

async function accept(
  tx: Transaction<Tables>,
  database: Pick<Database, 'alone' | 'now' | 'of'>,
  insertRoster: ReturnType<typeof Recipients.rosterInsertion>,
  request: BatchStore.Request,
  recipients: AsyncIterable<readonly Json.Object[]>,
): Promise<BatchStore.Accepted> {
  await database.alone(tx, `request-${request.hash}`)
  const before = await requested(tx, request.hash)
  // An open batch is finished first, even where a further one is asked for: a retry after a crash says the same.
  if (before !== undefined && (!request.again || Batch.isOpen(toBatch(before))))
    return { batch: toBatch(before), repeated: true }
  const { count } = await tx
    .selectFrom('batches')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('request_hash', '=', request.hash)
    .executeTakeFirstOrThrow()
  const { seq, organisation, batch } = await insertBatch(tx, database, request, count)
  await Usage.foresee(tx, organisation, request.size, request.now)
  const load = await insertRoster(tx, seq, recipients)
  if (load.recipients !== request.size)
    throw new TypeError(`A request of ${request.size} recipients came with another number of them`)
  await Usage.count(tx, database, { ...load, batches: 1 }, request.now)
  crashpoint('intake:before-commit')
  return { batch, repeated: false }
}

/** Stores a batch that nobody has worked on yet, without its recipients. */
export async function insertBatch(
  tx: Transaction<Tables>,
  database: Pick<Database, 'now' | 'of'>,
  request: BatchStore.Request,
  repetition: number,
): Promise<{ readonly seq: number; readonly organisation: string; readonly batch: Batch.Batch }> {
  const row = await tx
    .insertInto('batches')
    .values({
      id: request.id,
      request_hash: request.hash,
      repetition,
      state: 'accepted',
      epoch: 1,
      created_at: request.now,
      size: request.size,
      terms: JSON.stringify(request.terms),
      achievement: JSON.stringify(request.achievement.definition),
      metadata: request.achievement.metadata,
      chain_id: request.terms.chainId,
      account: request.terms.account,
      held: request.held ? 1 : 0,
      title: request.title ?? null,
      department: request.department ?? null,
    } as Insertable<Tables['batches']>)
    .returningAll()
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('leases')
    .values({ name: request.id, host: null, pid: null, epoch: 0, until: 0, due: database.now })
    .execute()
  const batch = toBatch(row)
  await Events.recordBatch(tx, database, batch)
  return { seq: row.seq, organisation: row.organisation, batch }
}

function requested(db: Database['db'], hash: Bytes.Hex) {
  return db
    .selectFrom('batches')
    .selectAll()
    .where('request_hash', '=', hash)
    .where('state', '!=', 'cancelled')
    .orderBy('seq', 'desc')
    .executeTakeFirst()
}

function* ticketRows(batch: number, tickets: readonly BatchStore.Branch[]): Generator<readonly Value[]> {
  for (const [place, { rows, leaves }] of tickets.entries()) yield [batch, place, fromRows(rows), leaves]
}

function* blockRows(batch: number, order: readonly BatchStore.Block[]): Generator<readonly Value[]> {
  for (const [place, { first, rows, leaves }] of order.entries())
    yield [batch, place, fromId(first), fromRows(rows), leaves]
}
