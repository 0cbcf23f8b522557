import type * as Bytes from '@laurel/core/Bytes'
import type { Insertable } from 'kysely'
import * as Batch from '../../Batch.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import type * as BatchStore from '../../ports/BatchStore.ts'
import { advance, fenced, unique, unmoved } from './Changes.ts'
import type { Database, Value } from './Database.ts'
import * as Recipients from './Recipients.ts'
import { fromId, fromRows, type Tables, toBatch } from './Rows.ts'
import { insertIntent } from './Transactions.ts'

/** Batches from their acceptance to their final anchor. */
export function batches(
  database: Database,
): Pick<
  BatchStore.BatchStore,
  'requested' | 'accept' | 'list' | 'move' | 'last' | 'root' | 'submit' | 'final' | 'check'
> {
  const { db, reader, now, insertion, alone } = database
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
      const outcome = await db.transaction().execute(async (tx) => {
        await alone(tx, `request-${request.hash}`)
        const before = await requested(tx, request.hash)
        // An open batch is finished first, even where a further one is asked for: a retry after a crash says the same.
        if (before !== undefined && (!request.again || Batch.isOpen(toBatch(before))))
          return { batch: toBatch(before), repeated: true }
        const { count } = await tx
          .selectFrom('batches')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('request_hash', '=', request.hash)
          .executeTakeFirstOrThrow()
        const row = await tx
          .insertInto('batches')
          .values({
            id: request.id,
            request_hash: request.hash,
            repetition: count,
            state: 'accepted',
            epoch: 1,
            created_at: request.now,
            size: request.size,
            terms: JSON.stringify(request.terms),
            achievement: JSON.stringify(request.achievement.definition),
            metadata: request.achievement.metadata,
            chain_id: request.terms.chainId,
            account: request.terms.account,
          } as Insertable<Tables['batches']>)
          .returningAll()
          .executeTakeFirstOrThrow()
        if ((await insertRoster(tx, row.seq, recipients)) !== request.size)
          throw new TypeError(`A request of ${request.size} recipients came with another number of them`)
        await tx
          .insertInto('leases')
          .values({ name: request.id, host: null, pid: null, epoch: 0, until: 0, due: now })
          .execute()
        crashpoint('intake:before-commit')
        return { batch: toBatch(row), repeated: false }
      })
      crashpoint('intake:after-commit')
      return outcome
    },
    list: async () => (await reader.selectFrom('batches').selectAll().orderBy('seq').execute()).map(toBatch),

    move: (batch, to, reason, lease) => fenced(database, batch, lease, (tx) => advance(tx, batch, to, reason)),
    last: async (chainId, account) => {
      const batch = await reader
        .selectFrom('batches')
        .select(['number', 'root'])
        .where('chain_id', '=', chainId)
        .where('account', '=', account)
        .where('number', 'is not', null)
        .orderBy('number', 'desc')
        .executeTakeFirst()
      return { number: batch?.number ?? 0, root: (batch?.root as Bytes.Hex | undefined) ?? null }
    },
    root: (batch, anchoring, order, lease, tickets = []) =>
      unique(database, batch.id, () =>
        fenced(database, batch, lease, async (tx) => {
          const seq = await unmoved(tx, batch)
          await insertBlocks(tx, blockRows(seq, order))
          await insertTickets(tx, ticketRows(seq, tickets))
          return Batch.rooted(
            await advance(tx, batch, 'rooted', null, {
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
        return advance(tx, batch, 'submitted', null)
      }),
    final: (batch, anchor, lease) =>
      fenced(database, batch, lease, async (tx) =>
        Batch.final(await advance(tx, batch, 'final', null, { anchor: JSON.stringify(anchor), checked: 0 })),
      ),
    check: (batch, blocks, lease) =>
      fenced(database, batch, lease, async (tx) => {
        const seq = await unmoved(tx, batch)
        await tx.updateTable('batches').set({ checked: blocks }).where('seq', '=', seq).execute()
      }),
  }
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
