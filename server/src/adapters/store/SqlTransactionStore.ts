import type * as Bytes from '@laurel/core/Bytes'
import type { Kysely, Selectable } from 'kysely'
import type * as Batch from '../../Batch.ts'
import * as TransactionStore from '../../ports/TransactionStore.ts'
import * as Location from './Location.ts'
import type { Tables } from './Rows.ts'

/**
 * Opens the store of transactions beside anchors in a database, and brings its tables up to date. Each change is one
 * statement, so that nobody in this process waits for the disk while another connection of it holds the lock.
 *
 * @param location see {@link Location.open}
 */
export async function open(location: string): Promise<TransactionStore.TransactionStore> {
  const { db, isTaken, close } = await Location.open(location)
  return {
    intend: async (intent, now) => {
      for (;;) {
        await db
          .insertInto('intents')
          .values({
            chain_id: intent.chainId,
            account: intent.account,
            to: intent.to,
            data: intent.data,
            purpose: intent.purpose,
            subject: intent.subject,
            state: 'open',
            transaction_hash: null,
            created_at: now,
          })
          .onConflict((on) => on.doNothing())
          .execute()
        // Nothing is found where somebody else has refused it between the two.
        const row = await same(db, intent)
        if (row !== undefined) return toStored(row)
      }
    },
    find: async (intent) => {
      const row = await same(db, intent)
      return row === undefined ? undefined : toStored(row)
    },
    attempts: async ({ id }) =>
      (await db.selectFrom('calls').selectAll().where('intent', '=', id).orderBy('nonce').execute()).map(toAttempt),
    highestNonce: async (chainId, account) => {
      const { nonce } = await db
        .selectFrom('calls')
        .select((eb) => eb.fn.max<number | null>('nonce').as('nonce'))
        .where('chain_id', '=', chainId)
        .where('account', '=', account)
        .executeTakeFirstOrThrow()
      return nonce
    },
    attempt: async (intent, { hash, raw, nonce, createdAt }) => {
      try {
        await db
          .insertInto('calls')
          .values({
            hash,
            intent: intent.id,
            chain_id: intent.chainId,
            account: intent.account,
            nonce,
            raw,
            created_at: createdAt,
          })
          .execute()
      } catch (cause) {
        if (isTaken(cause)) throw new TransactionStore.NonceTakenError(intent.account, nonce, cause)
        throw cause
      }
    },
    settle: async (intent, state, transactionHash) => {
      const row = await db
        .updateTable('intents')
        .set({ state, transaction_hash: transactionHash })
        .where('id', '=', intent.id)
        .where('state', '=', 'open')
        .returningAll()
        .executeTakeFirst()
      // Somebody else has seen the same outcome.
      return toStored(
        row ?? (await db.selectFrom('intents').selectAll().where('id', '=', intent.id).executeTakeFirstOrThrow()),
      )
    },
    open: async (chainId, account) =>
      (
        await db
          .selectFrom('intents')
          .selectAll()
          .where('chain_id', '=', chainId)
          .where('account', '=', account)
          .where('state', '=', 'open')
          .orderBy('id')
          .execute()
      ).map(toStored),
    signed: async (chainId, account, nonce) =>
      (
        await db
          .selectFrom('calls')
          .selectAll()
          .where('chain_id', '=', chainId)
          .where('account', '=', account)
          .where('nonce', '>=', nonce)
          .orderBy('nonce')
          .execute()
      ).map(toAttempt),
    close,
  }
}

function same(db: Kysely<Tables>, intent: TransactionStore.Intent) {
  return db
    .selectFrom('intents')
    .selectAll()
    .where('chain_id', '=', intent.chainId)
    .where('account', '=', intent.account)
    .where('to', '=', intent.to)
    .where('purpose', '=', intent.purpose)
    .where('subject', '=', intent.subject)
    .where('state', '<>', 'refused')
    .executeTakeFirst()
}

function toStored(row: Selectable<Tables['intents']>): TransactionStore.Stored {
  return {
    id: row.id,
    chainId: row.chain_id,
    account: row.account as Bytes.Hex,
    to: row.to as Bytes.Hex,
    data: row.data as Bytes.Hex,
    purpose: row.purpose,
    subject: row.subject,
    state: row.state,
    transactionHash: row.transaction_hash as Bytes.Hex | null,
  }
}

function toAttempt(row: Selectable<Tables['calls']>): Batch.Attempt {
  return { hash: row.hash as Bytes.Hex, raw: row.raw as Bytes.Hex, nonce: row.nonce, createdAt: row.created_at }
}
