import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Multikey from '@laurel/core/Multikey'
import type { Selectable } from 'kysely'
import * as Principal from '../../access/Principal.ts'
import * as Issuer from '../../issuer/Issuer.ts'
import type { Profile } from '../../issuer/Profile.ts'
import { ChangedError } from '../../ports/CatalogueStore.ts'
import type * as IssuerStore from '../../ports/IssuerStore.ts'
import type { Database } from './Database.ts'
import * as Events from './Events.ts'
import type { Tables } from './Rows.ts'

/** The issuers beside the home's own, and what issuers say of themselves. */
export function issuers(
  database: Pick<Database, 'db' | 'reader' | 'alone' | 'now' | 'of' | 'isTaken'>,
): IssuerStore.IssuerStore {
  const { db, reader, alone, isTaken } = database
  const versions = (from: Database['db'], issuer: string) =>
    from.selectFrom('issuer_profiles').selectAll().where('issuer', '=', issuer).orderBy('version', 'desc')
  const withKeys = () =>
    reader
      .selectFrom('issuers')
      .innerJoin('issuer_keys', 'issuer_keys.issuer', 'issuers.id')
      .select(['issuers.id', 'name', 'did', 'issuers.created_at', 'public_key', 'issuer_keys.created_at as key_since'])
      .orderBy('issuers.seq')
      .orderBy('generation')
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
    addIssuer: async ({ id, name, did, createdAt, keys }) => {
      try {
        await db.transaction().execute(async (tx) => {
          await tx.insertInto('issuers').values({ id, name, did, created_at: createdAt }).execute()
          const rows = keys.map(({ publicKey, createdAt }, i) => ({
            ...{ issuer: id, generation: i + 1, public_key: Multikey.fromEd25519(publicKey), created_at: createdAt },
            ...{ reported_from: null, reported_at: null },
          }))
          await tx.insertInto('issuer_keys').values(rows).execute()
        })
      } catch (error) {
        throw isTaken(error) ? new Issuer.TakenKeyError() : error
      }
    },
    issuers: async () => toIssuers(await withKeys().execute()),
    issuer: async (did) => toIssuers(await withKeys().where('did', '=', did).execute())[0],
  }
}

type Row = Pick<Selectable<Tables['issuers']>, 'id' | 'name' | 'did' | 'created_at'> &
  Pick<Selectable<Tables['issuer_keys']>, 'public_key'> & { readonly key_since: number }

/** @param rows a row for each key, those of an issuer together */
function toIssuers(rows: readonly Row[]): readonly Issuer.Issuer[] {
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const { id, name, did, created_at } = first
    const keys = own.map(({ public_key, key_since }) => ({
      publicKey: Multikey.toEd25519(public_key),
      createdAt: key_since,
    }))
    return [{ id, name, did, createdAt: created_at, keys }]
  })
}

function toVersion({
  profile,
  version,
  created_at,
}: Pick<Selectable<Tables['issuer_profiles']>, 'profile' | 'version' | 'created_at'>): IssuerStore.Version {
  return { profile: JSON.parse(profile) as Profile, version, createdAt: created_at }
}
