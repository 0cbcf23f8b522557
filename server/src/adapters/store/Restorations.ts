import type { RestorationStore } from '../../ports/RestorationStore.ts'
import { advance } from './Changes.ts'
import type { Database } from './Database.ts'
import { openBatches } from './Leases.ts'
import { moment } from './moment.ts'
import { toBatch } from './Rows.ts'

/** Backups that were made, and that a database came out of one. */
export function restorations(database: Database): RestorationStore {
  const { db } = database
  return {
    moment: () => moment(database),
    noteBackup: async (at) => {
      await db.insertInto('backups').values({ at }).execute()
    },
    open: () => openRestoration(database),
    reconcile: ({ chainId, account }, found, at) =>
      db.transaction().execute(async (tx) => {
        await tx.updateTable('restorations').set({ reconciled_at: at }).where('reconciled_at', 'is', null).execute()
        if (found.length === 0) return []
        const { last } = await tx
          .selectFrom('batches')
          .select(({ fn }) => fn.max<number | null>('number').as('last'))
          .where('chain_id', '=', chainId)
          .where('account', '=', account)
          .executeTakeFirstOrThrow()
        await tx
          .insertInto('found_roots')
          .values(
            found.map(({ root, block, transactionHash }, i) => ({
              chain_id: chainId,
              account,
              number: (last ?? 0) + i + 1,
              root,
              block_number: Number(block),
              transaction_hash: transactionHash,
            })),
          )
          .execute()
        const rows = await openBatches(tx).selectAll('batches').where('root', 'is', null).orderBy('seq').execute()
        const blocked: string[] = []
        for (const batch of rows.map(toBatch)) {
          if (batch.state !== 'blocked') await advance(tx, database, batch, 'blocked', 'RESTORED')
          blocked.push(batch.id)
        }
        return blocked
      }),
  }
}

/** The restoration that nobody has reconciled yet. */
export async function openRestoration({
  reader,
}: Pick<Database, 'reader'>): Promise<{ readonly backupAt: number; readonly restoredAt: number } | undefined> {
  const row = await reader
    .selectFrom('restorations')
    .select(['backup_at as backupAt', 'restored_at as restoredAt'])
    .where('reconciled_at', 'is', null)
    .orderBy('seq', 'desc')
    .executeTakeFirst()
  return row
}

/** Notes that a database came out of a backup. */
export async function noteRestoration({ db, now }: Pick<Database, 'db' | 'now'>, backupAt: number): Promise<void> {
  await db.insertInto('restorations').values({ backup_at: backupAt, restored_at: now, reconciled_at: null }).execute()
}
