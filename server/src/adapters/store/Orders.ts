import type * as Json from '@laurel/core/Json'
import type { Insertable } from 'kysely'
import { crashpoint } from '../../internal/crashpoint.ts'
import type { Order, OrderStore } from '../../ports/OrderStore.ts'
import { insertBatch } from './Batches.ts'
import type { Database } from './Database.ts'
import * as Receipts from './Receipts.ts'
import * as Recipients from './Recipients.ts'
import type { Tables } from './Rows.ts'

/** Credentials that were asked for one by one. */
export function orders(database: Database): OrderStore {
  const { db, reader, alone } = database
  const insertRoster = Recipients.rosterInsertion(database)
  return {
    order: async (order) => {
      await db.insertInto('orders').values(toRow(order)).execute()
      return { ...order, place: null }
    },
    orderOnce: (order, receipt) =>
      db.transaction().execute(async (tx) => {
        const { effect, answer } = await Receipts.once(tx, receipt, async () => {
          await tx.insertInto('orders').values(toRow(order)).execute()
          return { ...order, place: null }
        })
        return { ...(effect && { order: effect }), answer }
      }),
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
            fn.countAll<number>().as('count'),
            fn.min<number>('accepted_at').as('since'),
          ])
          .where('batch', 'is', null)
          .groupBy(['achievement', 'version'])
          .execute()
      ).map((row) => ({
        achievement: { name: row.achievement, version: row.version },
        count: row.count,
        since: row.since,
      })),
    gather: async (request, achievement, limit) => {
      const batch = await db.transaction().execute(async (tx) => {
        await alone(tx, `orders-${achievement.name}-${achievement.version}`)
        const rows = await tx
          .selectFrom('orders')
          .select(['seq', 'fields'])
          .where('batch', 'is', null)
          .where('achievement', '=', achievement.name)
          .where('version', '=', achievement.version)
          .orderBy('seq')
          .limit(limit)
          .execute()
        if (rows.length === 0) return undefined
        const { seq, batch } = await insertBatch(tx, database, { ...request, again: false, size: rows.length }, 0)
        await insertRoster(tx, seq, pageOf(rows.map(({ fields }) => JSON.parse(fields) as Json.Object)))
        for (const [i, row] of rows.entries())
          await tx
            .updateTable('orders')
            .set({ batch: seq, row: i + 1 })
            .where('seq', '=', row.seq)
            .execute()
        crashpoint('gather:before-commit')
        return batch
      })
      if (batch !== undefined) crashpoint('gather:after-commit')
      return batch
    },
  }
}

function toRow(order: Omit<Order, 'place'>): Insertable<Tables['orders']> {
  return {
    id: order.id,
    achievement: order.achievement.name,
    version: order.achievement.version,
    fields: JSON.stringify(order.fields),
    accepted_at: order.acceptedAt,
    batch: null,
    row: null,
  }
}

async function* pageOf(people: readonly Json.Object[]): AsyncGenerator<readonly Json.Object[]> {
  yield people
}
