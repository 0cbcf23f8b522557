import type * as Bytes from '@laurel/core/Bytes'
import type { Insertable, Transaction } from 'kysely'
import * as Batch from '../../Batch.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import * as BatchStore from '../../ports/BatchStore.ts'
import { advance, fenced, unique, unmoved } from './Changes.ts'
import type { Database, Value } from './Database.ts'
import * as Recipients from './Recipients.ts'
import { fromId, fromRows, type Tables, toBatch } from './Rows.ts'

/** Batches from their acceptance to their final anchor, and the transactions that were signed for them. */
export function batches(
  database: Database,
): Pick<
  BatchStore.BatchStore,
  'requested' | 'accept' | 'list' | 'move' | 'last' | 'root' | 'attempts' | 'attempt' | 'final' | 'check'
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
      const { nonce } = await reader
        .selectFrom('nonces')
        .select((eb) => eb.fn.max<number | null>('nonce').as('nonce'))
        .where('chain_id', '=', chainId)
        .where('account', '=', account)
        .executeTakeFirstOrThrow()
      return { number: batch?.number ?? 0, root: (batch?.root as Bytes.Hex | undefined) ?? null, nonce }
    },
    root: (batch, anchoring, order, attempt, lease, tickets = []) =>
      unique(database, batch.id, () =>
        fenced(database, batch, lease, async (tx) => {
          const seq = await unmoved(tx, batch)
          await insertBlocks(tx, blockRows(seq, order))
          await insertTickets(tx, ticketRows(seq, tickets))
          await tx
            .insertInto('nonces')
            .values({
              chain_id: batch.terms.chainId,
              account: batch.terms.account,
              nonce: attempt.nonce,
              batch: batch.id,
            })
            .execute()
          await insertAttempt(tx, batch, attempt)
          return Batch.rooted(
            await advance(tx, batch, 'rooted', null, {
              number: anchoring.number,
              root: anchoring.root,
              anchoring: JSON.stringify(anchoring),
            }),
          )
        }),
      ),
    attempts: async (batch) =>
      (
        await reader
          .selectFrom('attempts')
          .selectAll()
          .where('batch', '=', batch)
          .orderBy('created_at')
          .orderBy('nonce')
          .execute()
      ).map((row) => ({
        hash: row.hash as Bytes.Hex,
        raw: row.raw as Bytes.Hex,
        nonce: row.nonce,
        createdAt: row.created_at,
      })),
    attempt: (batch, attempt, lease) =>
      unique(database, batch.id, () =>
        fenced(database, batch, lease, async (tx) => {
          await unmoved(tx, batch)
          const nonce = {
            chain_id: batch.terms.chainId,
            account: batch.terms.account,
            nonce: attempt.nonce,
            batch: batch.id,
          }
          const taken = await tx
            .selectFrom('nonces')
            .select('batch')
            .where('chain_id', '=', nonce.chain_id)
            .where('account', '=', nonce.account)
            .where('nonce', '=', nonce.nonce)
            .executeTakeFirst()
          if (taken === undefined) await tx.insertInto('nonces').values(nonce).execute()
          else if (taken.batch !== batch.id) throw new BatchStore.ConflictError(batch.id)
          await insertAttempt(tx, batch, attempt)
        }),
      ),
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

async function insertAttempt(tx: Transaction<Tables>, batch: Batch.Batch, attempt: Batch.Attempt): Promise<void> {
  await tx
    .insertInto('attempts')
    .values({
      hash: attempt.hash,
      batch: batch.id,
      chain_id: batch.terms.chainId,
      account: batch.terms.account,
      nonce: attempt.nonce,
      raw: attempt.raw,
      created_at: attempt.createdAt,
    })
    .execute()
}
