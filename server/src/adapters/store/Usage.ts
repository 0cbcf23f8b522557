import type { Kysely, Transaction } from 'kysely'
import * as Principal from '../../access/Principal.ts'
import * as Organisation from '../../organisations/Organisation.ts'
import type { Database } from './Database.ts'
import { openBatches } from './Leases.ts'
import type { Tables } from './Rows.ts'

/** What is accepted at one go. */
export type Load = { readonly recipients: number; readonly bytes: number; readonly batches: number }

/**
 * Counts what is accepted, and holds it against the quotas of its organisation, at the end of the transaction that
 * accepts it: from here on others of the organisation wait for its commit, and of two that have room for one of them the
 * second is refused.
 *
 * @throws {Organisation.QuotaExceededError} QUOTA_EXCEEDED
 * @throws {Organisation.QuotaTooSmallError} QUOTA_TOO_SMALL
 */
export async function count(
  tx: Transaction<Tables>,
  { of }: Pick<Database, 'of'>,
  { recipients, bytes, batches }: Load,
  now: number,
): Promise<void> {
  const { day, month } = Organisation.periodsOf(now)
  const rows = await tx
    .insertInto('usage')
    // Always in this order: two who take two rows in two orders would wait for each other.
    .values([day, month].map((period) => ({ period, recipients, bytes, ...of(Principal.home) })))
    .onConflict((on) =>
      on.columns(['organisation', 'period']).doUpdateSet((eb) => ({
        recipients: eb('usage.recipients', '+', eb.ref('excluded.recipients')),
        bytes: eb('usage.bytes', '+', eb.ref('excluded.bytes')),
      })),
    )
    .returning(['organisation', 'period', 'recipients', 'bytes'])
    .execute()
  const [today, thisMonth] = [day, month].map((period) => rows.find((row) => row.period === period))
  if (today === undefined || thisMonth === undefined) throw new TypeError('What is counted is counted')
  const limits = await quotasOf(tx, today.organisation)
  const counted: Organisation.Counted[] = [
    { quota: 'recipientsPerDay', asked: recipients, used: today.recipients },
    { quota: 'recipientsPerMonth', asked: recipients, used: thisMonth.recipients },
    { quota: 'bytesPerMonth', asked: bytes, used: thisMonth.bytes },
  ]
  // What is open is found anew, and only where somebody wants to know.
  if (batches > 0 && limits.openBatches !== undefined)
    counted.push({ quota: 'openBatches', asked: batches, used: await openBatchesOf(tx, today.organisation) })
  Organisation.demand(limits, counted, now)
}

/**
 * Refuses beforehand what there is no room for, so that nobody hands in a large roster in vain. Who passes is counted all
 * the same.
 */
export async function foresee(
  tx: Transaction<Tables>,
  organisation: string,
  recipients: number,
  now: number,
): Promise<void> {
  const { day, month } = Organisation.periodsOf(now)
  const rows = await tx
    .selectFrom('usage')
    .select(['period', 'recipients'])
    .where('organisation', '=', organisation)
    .where('period', 'in', [day, month])
    .execute()
  const used = (wanted: string) => recipients + (rows.find(({ period }) => period === wanted)?.recipients ?? 0)
  const counted: Organisation.Counted[] = [
    { quota: 'recipientsPerDay', asked: recipients, used: used(day) },
    { quota: 'recipientsPerMonth', asked: recipients, used: used(month) },
  ]
  Organisation.demand(await quotasOf(tx, organisation), counted, now)
}

/** How many batches of an organisation are on their way, those that are held included. */
export async function openBatchesOf(db: Kysely<Tables>, organisation: string): Promise<number> {
  const { count } = await openBatches(db)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('batches.organisation', '=', organisation)
    .executeTakeFirstOrThrow()
  return count
}

async function quotasOf(tx: Transaction<Tables>, organisation: string): Promise<Organisation.Quotas> {
  const { quotas } = await tx
    .selectFrom('organisations')
    .select('quotas')
    .where('id', '=', organisation)
    .executeTakeFirstOrThrow()
  return JSON.parse(quotas) as Organisation.Quotas
}
