import type * as Bytes from '@laurel/core/Bytes'
import type * as Json from '@laurel/core/Json'
import type { Selectable } from 'kysely'
import * as CatalogueStore from '../../ports/CatalogueStore.ts'
import type { Database } from './Database.ts'
import type { Tables } from './Rows.ts'

/** The achievements that can be awarded. */
export function achievements({
  db,
  reader,
  alone,
}: Pick<Database, 'db' | 'reader' | 'alone'>): CatalogueStore.CatalogueStore {
  const newest = (from: Database['db'], name: string) =>
    from
      .selectFrom('achievements')
      .selectAll()
      .where('name', '=', name)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst()
  return {
    addVersion: (achievement, expected) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, `achievement-${achievement.name}`)
        const last = await newest(tx, achievement.name)
        if (expected !== undefined && (last?.digest ?? null) !== expected) throw new CatalogueStore.ChangedError()
        if (last?.digest === achievement.digest) return { version: toVersion(last), added: false }
        const version: CatalogueStore.Version = { ...achievement, version: (last?.version ?? 0) + 1 }
        await tx
          .insertInto('achievements')
          .values({
            name: version.name,
            version: version.version,
            digest: version.digest,
            definition: JSON.stringify(version.definition),
            metadata: version.metadata,
            created_at: version.createdAt,
          })
          .execute()
        return { version, added: true }
      }),
    achievement: async (name, version) => {
      const row =
        version === undefined
          ? await newest(reader, name)
          : await reader
              .selectFrom('achievements')
              .selectAll()
              .where('name', '=', name)
              .where('version', '=', version)
              .executeTakeFirst()
      return row && toVersion(row)
    },
    achievements: async (after, limit) =>
      (
        await reader
          .selectFrom('achievements')
          .selectAll()
          .where('name', '>', after)
          .where(({ eb, selectFrom }) =>
            eb(
              'version',
              '=',
              selectFrom('achievements as other')
                .select(({ fn }) => fn.max('other.version').as('version'))
                .whereRef('other.organisation', '=', 'achievements.organisation')
                .whereRef('other.name', '=', 'achievements.name'),
            ),
          )
          .orderBy('name')
          .limit(limit)
          .execute()
      ).map(toVersion),
    versions: async (name) =>
      (
        await reader
          .selectFrom('achievements')
          .selectAll()
          .where('name', '=', name)
          .orderBy('version', 'desc')
          .execute()
      ).map(toVersion),
  }
}

function toVersion(row: Selectable<Tables['achievements']>): CatalogueStore.Version {
  return {
    name: row.name,
    version: row.version,
    digest: row.digest as Bytes.Hex,
    definition: JSON.parse(row.definition) as Json.Object,
    metadata: row.metadata,
    createdAt: row.created_at,
  }
}
