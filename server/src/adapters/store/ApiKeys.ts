import type { Insertable, Selectable } from 'kysely'
import type * as ApiKey from '../../access/ApiKey.ts'
import type { Quotas } from '../../organisations/Organisation.ts'
import type { ApiKeyStore } from '../../ports/ApiKeyStore.ts'
import type { Database } from './Database.ts'
import type { Tables } from './Rows.ts'

/** Who may use the HTTP interface. */
export function apiKeys({ db, reader, alone }: Pick<Database, 'db' | 'reader' | 'alone'>): ApiKeyStore {
  const find = (id: string) => reader.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()
  return {
    addKey: async (key) => {
      await db.insertInto('api_keys').values(toRow(key)).execute()
    },
    addFirstKey: (key) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, 'first-key')
        const before = await tx.selectFrom('api_keys').select('id').limit(1).executeTakeFirst()
        if (before !== undefined) return false
        await tx.insertInto('api_keys').values(toRow(key)).execute()
        return true
      }),
    key: async (id) => {
      const row = await find(id)
      return row && toKey(row)
    },
    holder: async (id) => {
      const row = await reader
        .selectFrom('api_keys')
        .innerJoin('organisations', 'organisations.id', 'api_keys.organisation')
        .selectAll('api_keys')
        .select('organisations.quotas')
        .where('api_keys.id', '=', id)
        .executeTakeFirst()
      return row && { key: toKey(row), organisation: row.organisation, quotas: JSON.parse(row.quotas) as Quotas }
    },
    keys: async () =>
      (await reader.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id').execute()).map(toKey),
    revokeKey: async (id, now) => {
      await db
        .updateTable('api_keys')
        .set({ revoked_at: now })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .execute()
      const row = await find(id)
      return row && toKey(row)
    },
  }
}

function toRow(key: ApiKey.Stored): Insertable<Tables['api_keys']> {
  return {
    id: key.id,
    name: key.name,
    digest: key.digest,
    scopes: JSON.stringify(key.scopes),
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
    made_by: key.madeBy,
  }
}

function toKey(row: Selectable<Tables['api_keys']>): ApiKey.Stored {
  return {
    id: row.id,
    name: row.name,
    digest: row.digest,
    scopes: JSON.parse(row.scopes) as readonly ApiKey.Scope[],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    madeBy: row.made_by,
  }
}
