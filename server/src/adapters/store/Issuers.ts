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
      .select(['issuers.id', 'name', 'did', 'issuers.created_at', 'issuer_keys.created_at as key_since'])
      .select(['public_key', 'reported_from', 'reported_at'])
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
          await tx
            .insertInto('issuer_keys')
            .values(keys.map((key, i) => toRow(id, i + 1, key)))
            .execute()
        })
      } catch (error) {
        throw isTaken(error) ? new Issuer.TakenKeyError() : error
      }
    },
    addIssuerKey: async ({ id, did }, generation, key) => {
      try {
        await db.transaction().execute(async (tx) => {
          await tx
            .insertInto('issuer_keys')
            .values(toRow(id, generation, key))
            .execute()
          // The same list signed by another key is a new version of it, which is published and recorded like any other.
          await tx
            .updateTable('status_versions')
            .set((eb) => ({ version: eb('version', '+', 1) }))
            .where('list', 'in', tx.selectFrom('status_lists').select('number').where('issuer', '=', did))
            .execute()
        })
      } catch (error) {
        throw isTaken(error) ? new Issuer.TakenKeyError() : error
      }
    },
    reportIssuerKey: async ({ id }, generation, { from, on }) => {
      await db
        .updateTable('issuer_keys')
        .set({ reported_from: from, reported_at: on })
        .where('issuer', '=', id)
        .where('generation', '=', generation)
        .where((eb) => eb.or([eb('reported_from', 'is', null), eb('reported_from', '>', from)]))
        .execute()
    },
    hasIssuerKey: async (publicKey) => {
      const key = Multikey.fromEd25519(publicKey)
      return (
        (await reader.selectFrom('issuer_keys').select('issuer').where('public_key', '=', key).executeTakeFirst()) !==
        undefined
      )
    },
    issuers: async () => toIssuers(await withKeys().execute()),
    issuer: async (did) => toIssuers(await withKeys().where('did', '=', did).execute())[0],
  }
}

type Row = Pick<Selectable<Tables['issuers']>, 'id' | 'name' | 'did' | 'created_at'> &
  Pick<Selectable<Tables['issuer_keys']>, 'public_key' | 'reported_from' | 'reported_at'> & {
    readonly key_since: number
  }

function toRow(issuer: string, generation: number, { publicKey, createdAt, reported }: Issuer.Key) {
  return {
    ...{ issuer, generation, public_key: Multikey.fromEd25519(publicKey), created_at: createdAt },
    ...{ reported_from: reported?.from ?? null, reported_at: reported?.on ?? null },
  }
}

/** @param rows a row for each key, those of an issuer together */
function toIssuers(rows: readonly Row[]): readonly Issuer.Issuer[] {
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const { id, name, did, created_at } = first
    const keys = own.map(({ public_key, key_since, reported_from: from, reported_at: on }) => ({
      publicKey: Multikey.toEd25519(public_key),
      createdAt: key_since,
      reported: from === null || on === null ? null : { from, on },
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
