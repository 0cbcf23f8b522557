import type { Pin, PinStore } from '../../ports/PinStore.ts'
import type { Database } from './Database.ts'
import type { Tables } from './Rows.ts'

/** What public content there is, and what is known of it elsewhere. */
export function pins({ db, reader }: Pick<Database, 'db' | 'reader'>): PinStore {
  const save = async ({ cid, place }: Pin, row: Omit<Tables['pins'], 'cid' | 'place'>) => {
    await db
      .insertInto('pins')
      .values({ cid, place, ...row })
      .onConflict((on) => on.columns(['cid', 'place']).doUpdateSet(row))
      .execute()
  }
  return {
    add: async (cid, now) => {
      await db
        .insertInto('contents')
        .values({ cid, added_at: now })
        .onConflict((on) => on.column('cid').doNothing())
        .execute()
    },
    contents: async () => {
      const rows = await reader.selectFrom('contents').select('cid').orderBy('seq').execute()
      return rows.map(({ cid }) => cid)
    },
    due: async (place, now, limit) => {
      const rows = await reader
        .selectFrom('contents')
        .leftJoin('pins', (on) => on.onRef('pins.cid', '=', 'contents.cid').on('pins.place', '=', place))
        .select(['contents.cid', 'pins.state', 'pins.seen_at', 'pins.failures', 'pins.due_at', 'pins.reason'])
        .where((eb) => eb.or([eb('pins.due_at', 'is', null), eb('pins.due_at', '<=', now)]))
        // Databases differ in where they put NULL: what was never asked for comes first.
        .orderBy((eb) => eb('pins.due_at', 'is not', null))
        .orderBy('pins.due_at')
        .orderBy('contents.seq')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        cid: row.cid,
        place,
        state: row.state ?? 'waiting',
        seenAt: row.seen_at,
        failures: row.failures ?? 0,
        dueAt: row.due_at ?? 0,
        reason: row.reason,
      }))
    },
    expedite: async (now) => {
      await db.updateTable('pins').set({ due_at: now }).where('due_at', '>', now).execute()
    },
    seen: (pin, now, dueAt) => save(pin, { state: 'pinned', seen_at: now, failures: 0, due_at: dueAt, reason: null }),
    failed: (pin, reason, isLost, dueAt) =>
      save(pin, {
        state: isLost && pin.state === 'pinned' ? 'lost' : pin.state,
        seen_at: pin.seenAt,
        failures: pin.failures + 1,
        due_at: dueAt,
        reason,
      }),
    count: async (place, since) => {
      const { total } = await reader
        .selectFrom('contents')
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await reader
        .selectFrom('pins')
        .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
        .where('place', '=', place)
        .where((eb) => eb.or([eb('state', '=', 'lost'), eb('seen_at', '>=', since)]))
        .groupBy('state')
        .execute()
      const of = (state: string) => rows.find((row) => row.state === state)?.count ?? 0
      return { total, pinned: of('pinned'), lost: of('lost') }
    },
  }
}
