import type * as BatchStore from '../../ports/BatchStore.ts'
import { fenced } from './Changes.ts'
import type { Database } from './Database.ts'

/** The worker's lease: one row, whose epoch rises with every owner. */
export function leases(database: Database): Pick<BatchStore.BatchStore, 'lease' | 'renew' | 'release'> {
  const { db, alone } = database
  return {
    lease: (owner, now, ttl) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, 'leases')
        const held = await tx.selectFrom('leases').selectAll().where('name', '=', 'worker').executeTakeFirst()
        if (held !== undefined && held.until > now && isAlive(held, owner)) return undefined
        const epoch = (held?.epoch ?? 0) + 1
        const row = { name: 'worker', ...owner, epoch, until: now + ttl }
        await tx
          .insertInto('leases')
          .values(row)
          .onConflict((on) => on.column('name').doUpdateSet(row))
          .execute()
        return { owner, epoch }
      }),
    renew: (lease, now, ttl) =>
      fenced(database, lease, async (tx) => {
        await tx
          .updateTable('leases')
          .set({ until: now + ttl })
          .where('name', '=', 'worker')
          .execute()
        return lease
      }),
    release: async (lease) => {
      await db
        .updateTable('leases')
        .set({ until: 0 })
        .where('name', '=', 'worker')
        .where('epoch', '=', lease.epoch)
        .execute()
    },
  }
}

/** Whether a lease's owner still runs. One on another machine is believed until its lease runs out. */
function isAlive(held: BatchStore.Owner, asking: BatchStore.Owner): boolean {
  if (held.host !== asking.host) return true
  if (held.pid === asking.pid) return false
  try {
    process.kill(held.pid, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}
