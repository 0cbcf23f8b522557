import type * as Json from '@laurel/core/Json'
import { type Insertable, sql, type Transaction } from 'kysely'
import type * as Entry from '../../audit/Entry.ts'
import { range } from '../../internal/ahead.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import type { Order, OrderStore } from '../../ports/OrderStore.ts'
import type * as Receipt from '../../ports/Receipt.ts'
import { ReusedKeyError } from '../../ports/Receipt.ts'
import * as Audit from './Audit.ts'
import { insertBatch } from './Batches.ts'
import type { Database } from './Database.ts'
import { inGroups } from './in-groups.ts'
import * as Receipts from './Receipts.ts'
import * as Recipients from './Recipients.ts'
import type { Tables } from './Rows.ts'
import * as Usage from './Usage.ts'

/** Credentials that were asked for one by one. */
export function orders(database: Database): OrderStore {
  const { db, reader, alone } = database
  const insertRoster = Recipients.rosterInsertion(database)

  const store = inGroups(database, (tx, group: readonly Wanted[]) => insert(tx, database, group), largestGroup)

  return {
    order: async (order, note) => (await store({ order: { ...order, place: null }, note })).order as Order,
    orderOnce: async (order, receipt, note) => {
      const { order: stored, answer } = await store({ order: { ...order, place: null }, receipt, note })
      return { ...(stored && { order: stored }), answer: answer as Receipt.Answer }
    },
    ordered: async (id) => {
      const row = await reader
        .selectFrom('orders')
        .leftJoin('batches', 'batches.seq', 'orders.batch')
        .selectAll('orders')
        .select('batches.id as batch_id')
        .where('orders.id', '=', id)
        .executeTakeFirst()
      return (
        row && {
          id: row.id,
          achievement: { name: row.achievement, version: row.version },
          fields: JSON.parse(row.fields) as Json.Object,
          redeemable: row.redeemable === 1,
          acceptedAt: row.accepted_at,
          place: row.batch_id === null || row.row === null ? null : { batch: row.batch_id, row: row.row },
        }
      )
    },
    ordersWaiting: async () =>
      (
        await reader
          .selectFrom('orders')
          .select(({ fn }) => [
            'achievement',
            'version',
            'redeemable',
            fn.countAll<number>().as('count'),
            fn.min<number>('accepted_at').as('since'),
          ])
          .where('batch', 'is', null)
          .groupBy(['achievement', 'version', 'redeemable'])
          .execute()
      ).map((row) => ({
        achievement: { name: row.achievement, version: row.version },
        redeemable: row.redeemable === 1,
        count: row.count,
        since: row.since,
      })),
    organisationsWaiting: async () =>
      (await reader.selectFrom('orders').select('organisation').distinct().where('batch', 'is', null).execute()).map(
        ({ organisation }) => organisation,
      ),
    gather: async (request, { achievement, redeemable }, limit) => {
      const batch = await db.transaction().execute(async (tx) => {
        await alone(tx, `orders-${achievement.name}-${achievement.version}-${redeemable}`)
        const rows = await tx
          .selectFrom('orders')
          .select(['seq', 'fields'])
          .where('batch', 'is', null)
          .where('achievement', '=', achievement.name)
          .where('version', '=', achievement.version)
          .where('redeemable', '=', redeemable ? 1 : 0)
          .orderBy('seq')
          .limit(limit)
          .execute()
        if (rows.length === 0) return undefined
        const { seq, batch } = await insertBatch(tx, database, { ...request, again: false, size: rows.length }, 0)
        await insertRoster(tx, seq, pageOf(rows.map(({ fields }) => JSON.parse(fields) as Json.Object)))
        for (const first of range(0, rows.length, page))
          await place(
            tx,
            database,
            seq,
            first,
            rows.slice(first, first + page).map((row) => row.seq),
          )
        crashpoint('gather:before-commit')
        return batch
      })
      if (batch !== undefined) crashpoint('gather:after-commit')
      return batch
    },
  }
}

/** How many orders one transaction stores, and how many get their places by one statement. */
const largestGroup = 500
const page = 1_000

type Wanted = {
  readonly order: Order
  readonly receipt?: Receipt.Receipt<Order>
  readonly note?: Entry.Note | undefined
}
/** Without the order where the receipt was known: the answer is the one of then. */
type Stored = { readonly order?: Order; readonly answer?: Receipt.Answer }

/** Stores orders that came at about the same time, but for those whose receipt is known. */
async function insert(
  tx: Transaction<Tables>,
  database: Pick<Database, 'alone' | 'of'>,
  group: readonly Wanted[],
): Promise<readonly PromiseSettledResult<Stored>[]> {
  const withReceipt = group.flatMap(({ order, receipt }) =>
    receipt === undefined ? [] : [{ receipt, answer: receipt.answer(order) }],
  )
  const claimed = withReceipt.length === 0 ? new Set() : await Receipts.claim(tx, withReceipt)
  const isNew = ({ receipt }: Wanted) => receipt === undefined || claimed.has(receipt)
  const fresh = group.filter(isNew)
  const rows = fresh.map(({ order }) => toRow(order))
  if (rows.length > 0) {
    await tx.insertInto('orders').values(rows).execute()
    const bytes = rows.reduce((sum, { fields }) => sum + Buffer.byteLength(fields), 0)
    const now = Math.max(...group.map(({ order }) => order.acceptedAt))
    await Usage.count(tx, database, { recipients: rows.length, bytes, batches: 0 }, now)
  }
  const outcomes: PromiseSettledResult<Stored>[] = []
  for (const { order, receipt } of group) {
    if (receipt === undefined) outcomes.push({ status: 'fulfilled', value: { order } })
    else if (claimed.has(receipt))
      outcomes.push({ status: 'fulfilled', value: { order, answer: receipt.answer(order) } })
    else outcomes.push(await again(tx, receipt))
  }
  await Audit.append(
    tx,
    database,
    fresh.flatMap(({ note }) => note ?? []),
  )
  return outcomes
}

/** The answer of then; or the refusal of a key that came with another request, which is no matter of the others. */
async function again(tx: Transaction<Tables>, receipt: Receipt.Name): Promise<PromiseSettledResult<Stored>> {
  try {
    return { status: 'fulfilled', value: { answer: await Receipts.given(tx, receipt) } }
  } catch (reason) {
    if (!(reason instanceof ReusedKeyError)) throw reason
    return { status: 'rejected', reason }
  }
}

/** Gives orders their places in a batch, in their order, behind so many others. */
async function place(
  tx: Transaction<Tables>,
  { mine }: Pick<Database, 'mine'>,
  batch: number,
  others: number,
  orders: readonly number[],
): Promise<void> {
  // Found once, and not for each of the orders anew, which is what PostgreSQL makes of it where it takes them for few.
  await sql`WITH places AS MATERIALIZED (
      SELECT seq, row_number() OVER (ORDER BY seq) AS place FROM orders WHERE seq IN (${sql.join(orders)}) AND ${mine('orders')}
    )
    UPDATE orders SET batch = ${batch}, row = ${others} + places.place FROM places WHERE orders.seq = places.seq`.execute(
    tx,
  )
}

function toRow(order: Omit<Order, 'place'>): Insertable<Tables['orders']> {
  return {
    id: order.id,
    achievement: order.achievement.name,
    version: order.achievement.version,
    fields: JSON.stringify(order.fields),
    redeemable: order.redeemable ? 1 : 0,
    accepted_at: order.acceptedAt,
    batch: null,
    row: null,
  }
}

async function* pageOf(people: readonly Json.Object[]): AsyncGenerator<readonly Json.Object[]> {
  yield people
}
