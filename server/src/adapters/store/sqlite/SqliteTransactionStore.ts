import type * as Bytes from '@laurel/core/Bytes'
import type { Kysely, Selectable, Transaction } from 'kysely'
import * as TransactionStore from '../../../ports/TransactionStore.ts'
import type { Tables } from './Rows.ts'

/** Transactions beside anchors, in the home's database. */
export function create(db: Kysely<Tables>): TransactionStore.TransactionStore {
  return {
    intend: (intent, now) =>
      db.transaction().execute(async (tx) => {
        const before = await same(tx, intent)
        if (before !== undefined) return toStored(before)
        const row = await tx
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
          .returningAll()
          .executeTakeFirstOrThrow()
        return toStored(row)
      }),
    attempts: async ({ id }) =>
      (await db.selectFrom('calls').selectAll().where('intent', '=', id).orderBy('nonce').execute()).map((row) => ({
        hash: row.hash as Bytes.Hex,
        raw: row.raw as Bytes.Hex,
        nonce: row.nonce,
        createdAt: row.created_at,
      })),
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
        if (cause instanceof Error && /UNIQUE constraint failed/.test(cause.message))
          throw new TransactionStore.NonceTakenError(intent.account, nonce, cause)
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
  }
}

function same(tx: Transaction<Tables>, intent: TransactionStore.Intent) {
  return tx
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
