import type { Selectable } from 'kysely'
import * as Organisation from '../../organisations/Organisation.ts'
import type { OrganisationStore } from '../../ports/OrganisationStore.ts'
import type { Database } from './Database.ts'
import type { Tables } from './Rows.ts'
import { openBatchesOf } from './Usage.ts'

/** Organisations and their departments. */
export function organisations({ db, reader, isTaken }: Database): OrganisationStore {
  const find = (id: string) => reader.selectFrom('organisations').selectAll().where('id', '=', id).executeTakeFirst()
  const unlessTaken = async (work: Promise<unknown>) => {
    try {
      await work
    } catch (error) {
      throw isTaken(error) ? new Organisation.TakenError() : error
    }
  }
  return {
    addOrganisation: ({ id, name, settings, quotas, createdAt }) =>
      unlessTaken(
        db
          .insertInto('organisations')
          .values({
            id,
            name,
            settings: JSON.stringify(settings),
            quotas: JSON.stringify(quotas),
            created_at: createdAt,
          })
          .execute(),
      ),
    organisation: async (id) => {
      const row = await find(id)
      return row && toOrganisation(row)
    },
    organisations: async () =>
      (await reader.selectFrom('organisations').selectAll().orderBy('created_at').orderBy('id').execute()).map(
        toOrganisation,
      ),
    changeOrganisation: async (id, { name, settings, quotas }) => {
      const changes = {
        ...(name !== undefined && { name }),
        ...(settings !== undefined && { settings: JSON.stringify(settings) }),
        ...(quotas !== undefined && { quotas: JSON.stringify(quotas) }),
      }
      if (Object.keys(changes).length > 0)
        await db.updateTable('organisations').set(changes).where('id', '=', id).execute()
      const row = await find(id)
      return row && toOrganisation(row)
    },
    use: async (id, now) => {
      const { day, month } = Organisation.periodsOf(now)
      const rows = await reader
        .selectFrom('usage')
        .select(['period', 'recipients', 'bytes'])
        .where('organisation', '=', id)
        .where('period', 'in', [day, month])
        .execute()
      const of = (wanted: string) => rows.find(({ period }) => period === wanted)
      return {
        recipientsToday: of(day)?.recipients ?? 0,
        recipientsThisMonth: of(month)?.recipients ?? 0,
        bytesThisMonth: of(month)?.bytes ?? 0,
        openBatches: await openBatchesOf(reader, id),
      }
    },
    addDepartment: ({ id, name, createdAt }) =>
      unlessTaken(db.insertInto('departments').values({ id, name, created_at: createdAt }).execute()),
    departments: async () =>
      (await reader.selectFrom('departments').selectAll().orderBy('name').execute()).map(
        ({ id, name, created_at }) => ({
          id,
          name,
          createdAt: created_at,
        }),
      ),
    removeDepartment: async (id) => {
      const { numDeletedRows } = await db.deleteFrom('departments').where('id', '=', id).executeTakeFirstOrThrow()
      return numDeletedRows > 0n
    },
  }
}

function toOrganisation(row: Selectable<Tables['organisations']>): Organisation.Organisation {
  return {
    id: row.id,
    name: row.name,
    settings: JSON.parse(row.settings) as Organisation.Settings,
    quotas: JSON.parse(row.quotas) as Organisation.Quotas,
    createdAt: row.created_at,
  }
}
