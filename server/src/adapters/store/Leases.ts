import { type Kysely, sql, type Transaction } from 'kysely'
import { owner } from '../../internal/owner.ts'
import type * as BatchStore from '../../ports/BatchStore.ts'
import { held } from './Changes.ts'
import type { Database } from './Database.ts'
import { type Tables, toBatch } from './Rows.ts'

/** Leases: a row for each open batch, and for each other thing that one process does at a time. */
export function leases(
  database: Database,
): Pick<BatchStore.BatchStore, 'claim' | 'waiting' | 'lease' | 'leased' | 'sweep' | 'renew' | 'release'> {
  const { db, reader, now, locks } = database
  return {
    claim: async (owner, wanted, ttl) => {
      await bury(database, owner)
      // Whoever finds nothing to do takes no lock.
      if (!(await isWaiting(reader, wanted, now))) return undefined
      return db.transaction().execute(async (tx) => {
        const next = await waiting(tx, wanted, now)
          .leftJoin('turns', 'turns.organisation', 'batches.organisation')
          .select('leases.name')
          // However many batches one organisation has, another's is not behind all of them.
          .orderBy(({ fn, lit }) => fn.coalesce('turns.at', lit(0)))
          .orderBy('due')
          .orderBy('seq')
          .limit(1)
          .modifyEnd(locks.free)
          .executeTakeFirst()
        if (next === undefined) return undefined
        const lease = await take(tx, database, next.name, owner, ttl)
        const row = await tx.selectFrom('batches').selectAll().where('id', '=', next.name).executeTakeFirstOrThrow()
        await tx
          .insertInto('turns')
          .values({ organisation: row.organisation, at: now })
          .onConflict((on) => on.column('organisation').doUpdateSet({ at: now }))
          .execute()
        return { batch: toBatch(row), lease }
      })
    },
    waiting: (wanted) => isWaiting(reader, wanted, now),
    lease: async (name, owner, ttl) => {
      await bury(database, owner)
      return db.transaction().execute(async (tx) => {
        await tx
          .insertInto('leases')
          .values({ name, host: null, pid: null, epoch: 0, until: 0, due: 0 })
          .onConflict((on) => on.doNothing())
          .execute()
        const free = await tx
          .selectFrom('leases')
          .select('name')
          .where('name', '=', name)
          .where('until', '<=', now)
          .modifyEnd(locks.free)
          .executeTakeFirst()
        return free && take(tx, database, name, owner, ttl)
      })
    },
    leased: async (beginning) => {
      const held = await reader
        .selectFrom('leases')
        .select(['host', 'pid'])
        .where(sql`substr(name, 1, ${beginning.length})`, '=', beginning)
        .where('until', '>', now)
        .execute()
      const here = owner().host
      return held.some(({ host, pid }) => host !== here || (pid !== null && isAlive(pid)))
    },
    sweep: async (beginning) => {
      await db
        .deleteFrom('leases')
        .where(sql`substr(name, 1, ${beginning.length})`, '=', beginning)
        .where('until', '<=', now)
        .execute()
    },
    renew: (lease, ttl) =>
      db.transaction().execute(async (tx) => {
        await held(tx, database, lease)
        await tx
          .updateTable('leases')
          .set({ until: sql<number>`${now} + ${ttl}` })
          .where('name', '=', lease.name)
          .execute()
      }),
    release: async (lease, wait = 0) => {
      await db
        .updateTable('leases')
        .set({ until: 0, due: sql<number>`${now} + ${wait}` })
        .where('name', '=', lease.name)
        .where('epoch', '=', lease.epoch)
        .execute()
    },
  }
}

/** Lets go of what processes of this machine hold that have died. */
export async function bury({ db, reader, now }: Database, { host }: BatchStore.Owner): Promise<void> {
  const holders = await reader
    .selectFrom('leases')
    .select('pid')
    .distinct()
    .where('host', '=', host)
    .where('until', '>', now)
    .execute()
  const dead = holders.flatMap(({ pid }) => (pid === null || isAlive(pid) ? [] : [pid]))
  if (dead.length === 0) return
  await db
    .updateTable('leases')
    .set({ until: 0 })
    .where('host', '=', host)
    .where('pid', 'in', dead)
    .where('until', '>', now)
    .execute()
}

/** Gives a lease to somebody that the transaction has found free and keeps from others. */
export async function take(
  tx: Transaction<Tables>,
  { now }: Pick<Database, 'now'>,
  name: string,
  owner: BatchStore.Owner,
  ttl: number,
): Promise<BatchStore.Lease> {
  const { epoch } = await tx
    .updateTable('leases')
    .set((eb) => ({ ...owner, epoch: eb('epoch', '+', 1), until: sql<number>`${now} + ${ttl}` }))
    .where('name', '=', name)
    .returning('epoch')
    .executeTakeFirstOrThrow()
  return { name, owner, epoch }
}

/**
 * The batches that are open, which are those with a lease. SQLite does the two of a cross join in their order, and those of
 * an inner join the other way round: it would go through every batch that the account ever had.
 */
export function openBatches(db: Kysely<Tables>) {
  return db.selectFrom('leases').crossJoin('batches').whereRef('batches.id', '=', 'leases.name')
}

/** The batches whose turn has come and that nobody has. */
function waiting(db: Kysely<Tables>, wanted: BatchStore.Wanted, now: Database['now']) {
  const { chainId, account, issuer, registry, largest, retry } = wanted
  const open = openBatches(db)
    .where('due', '<=', now)
    .where('until', '<=', now)
    .where('chain_id', '=', chainId)
    .where('account', '=', account)
    // Those of the home's own issuer, and of the others that sign here.
    .where((eb) => eb.or([eb('issuer', '=', issuer), eb('issuer', 'in', db.selectFrom('issuers').select('did'))]))
    .where('registry', '=', registry)
    .where('held', '=', 0)
    .where((eb) =>
      eb.or([eb('state', '<>', 'blocked'), ...(retry.length === 0 ? [] : [eb('batches.id', 'in', [...retry])])]),
    )
  return largest === undefined ? open : open.where('size', '<=', largest)
}

async function isWaiting(db: Kysely<Tables>, wanted: BatchStore.Wanted, now: Database['now']): Promise<boolean> {
  return (await waiting(db, wanted, now).select('leases.name').limit(1).executeTakeFirst()) !== undefined
}

/** Whether a process of this machine still runs. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}
