import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import type { Selectable } from 'kysely'
import * as Principal from '../../access/Principal.ts'
import type { Profile } from '../../issuer/Profile.ts'
import { ChangedError } from '../../ports/CatalogueStore.ts'
import type * as IssuerStore from '../../ports/IssuerStore.ts'
import type { Database } from './Database.ts'
import * as Events from './Events.ts'
import type { Tables } from './Rows.ts'

/** What issuers say of themselves. */
export function issuers(database: Pick<Database, 'db' | 'reader' | 'alone' | 'now' | 'of'>): IssuerStore.IssuerStore {
  const { db, reader, alone } = database
  const versions = (from: Database['db'], issuer: string) =>
    from.selectFrom('issuer_profiles').selectAll().where('issuer', '=', issuer).orderBy('version', 'desc')
  return {
    describe: (issuer, profile, now, expected) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, `issuer-${issuer}`)
        const last = await versions(tx, issuer).limit(1).executeTakeFirst()
        if (expected !== undefined && (last?.version ?? 0) !== expected) throw new ChangedError()
        const text = Jcs.text(profile as unknown as Json.Object)
        if (last?.profile === text) return { version: toVersion(last), added: false }
        const version = (last?.version ?? 0) + 1
        const row = { issuer, version, profile: text, created_at: now }
        await tx.insertInto('issuer_profiles').values(row).execute()
        const event = { type: 'issuer.changed', subject: issuer, sequence: version, data: { issuer } } as const
        await Events.record(tx, database, { ...event, organisation: Principal.home })
        return { version: toVersion(row), added: true }
      }),
    profile: async (issuer) => {
      const row = await versions(reader, issuer).limit(1).executeTakeFirst()
      return row && toVersion(row)
    },
    profiles: async (issuer) => (await versions(reader, issuer).execute()).map(toVersion),
  }
}

function toVersion({
  profile,
  version,
  created_at,
}: Pick<Selectable<Tables['issuer_profiles']>, 'profile' | 'version' | 'created_at'>): IssuerStore.Version {
  return { profile: JSON.parse(profile) as Profile, version, createdAt: created_at }
}
