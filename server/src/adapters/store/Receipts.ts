import type { Transaction } from 'kysely'
import * as Receipt from '../../ports/Receipt.ts'
import type { Database } from './Database.ts'
import type { Tables } from './Rows.ts'

/** Answers that were given. */
export function receipts({ db, reader }: Pick<Database, 'db' | 'reader'>): Receipt.ReceiptStore {
  return {
    answered: (name) => read(reader, name),
    forget: async (before) => {
      await db.deleteFrom('receipts').where('created_at', '<', before).execute()
    },
  }
}

/**
 * Does something once for a receipt, within a transaction. Whoever comes second waits for the first one's end, and is
 * given its answer; where the first has failed, nothing of it is there.
 */
export async function once<effect>(
  tx: Transaction<Tables>,
  receipt: Receipt.Receipt<effect>,
  work: () => Promise<effect>,
): Promise<{ readonly effect?: effect; readonly answer: Receipt.Answer }> {
  const { principal, key, fingerprint, now } = receipt
  const claimed = await tx
    .insertInto('receipts')
    .values({ principal, key, fingerprint, status: null, headers: null, body: null, created_at: now })
    .onConflict((on) => on.doNothing())
    .returning('key')
    .executeTakeFirst()
  if (claimed === undefined) {
    const answer = await read(tx, receipt)
    if (answer === undefined) throw new TypeError('A receipt is stored with its answer')
    return { answer }
  }
  const effect = await work()
  const answer = receipt.answer(effect)
  await tx
    .updateTable('receipts')
    .set({ status: answer.status, headers: JSON.stringify(answer.headers), body: answer.body })
    .where('principal', '=', principal)
    .where('key', '=', key)
    .execute()
  return { effect, answer }
}

async function read(
  db: Database['db'],
  { principal, key, fingerprint }: Receipt.Name,
): Promise<Receipt.Answer | undefined> {
  const row = await db
    .selectFrom('receipts')
    .select(['fingerprint', 'status', 'headers', 'body'])
    .where('principal', '=', principal)
    .where('key', '=', key)
    .executeTakeFirst()
  if (row === undefined) return undefined
  if (row.fingerprint !== fingerprint) throw new Receipt.ReusedKeyError()
  if (row.status === null || row.headers === null || row.body === null) return undefined
  return { status: row.status, headers: JSON.parse(row.headers), body: row.body }
}
