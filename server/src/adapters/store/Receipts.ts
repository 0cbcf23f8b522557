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
  if (claimed === undefined) return { answer: await given(tx, receipt) }
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

/**
 * Takes several receipts within a transaction, each with an answer that is known beforehand, and answers with those that
 * nobody had before. Of two that are the same, the first is taken.
 */
export async function claim<receipt extends Receipt.Receipt<never>>(
  tx: Transaction<Tables>,
  claims: readonly { readonly receipt: receipt; readonly answer: Receipt.Answer }[],
): Promise<ReadonlySet<receipt>> {
  const nameOf = ({ principal, key }: { readonly principal: string; readonly key: string }) => `${principal} ${key}`
  // Two who take the same ones in two orders would each wait for the other.
  const sorted = claims.toSorted((a, b) => compare(nameOf(a.receipt), nameOf(b.receipt)))
  const taken = await tx
    .insertInto('receipts')
    .values(
      sorted.map(({ receipt: { principal, key, fingerprint, now }, answer: { status, headers, body } }) => {
        return { principal, key, fingerprint, status, headers: JSON.stringify(headers), body, created_at: now }
      }),
    )
    .onConflict((on) => on.doNothing())
    .returning(['principal', 'key'])
    .execute()
  const free = new Set(taken.map(nameOf))
  return new Set(claims.map(({ receipt }) => receipt).filter((receipt) => free.delete(nameOf(receipt))))
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The answer to a receipt that somebody has taken. */
export async function given(tx: Transaction<Tables>, receipt: Receipt.Name): Promise<Receipt.Answer> {
  const answer = await read(tx, receipt)
  if (answer === undefined) throw new TypeError('A receipt is stored with its answer')
  return answer
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
