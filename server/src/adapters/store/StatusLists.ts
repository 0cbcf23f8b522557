import { setImmediate as turn } from 'node:timers/promises'
import type * as Bytes from '@laurel/core/Bytes'
import * as Bitmap from '../../Bitmap.ts'
import * as BatchStore from '../../ports/BatchStore.ts'
import * as Uuid from '../../Uuid.ts'
import { fenced, held, swap } from './Changes.ts'
import type { Database } from './Database.ts'
import { toLists } from './Rows.ts'

const minimumListSize = 131_072
/** How many rows are read before others have their turn. */
const page = 10_000
const purposes = ['revocation', 'suspension'] as const

/** Status lists: which batches they are for, which indices are taken, what is revoked, and what was published. */
export function statusLists(
  database: Database,
): Pick<
  BatchStore.BatchStore,
  'reserve' | 'taken' | 'revoke' | 'revocation' | 'lists' | 'bits' | 'publish' | 'publication'
> {
  const { db, reader, alone } = database
  return {
    reserve: (batch, lease) =>
      fenced(database, batch, lease, async (tx) => {
        if (batch.statusLists !== null) return batch
        const { issuer, publicUrl } = batch.terms
        await alone(tx, 'status-lists')
        const candidates = await tx
          .selectFrom('status_lists')
          .selectAll('status_lists')
          .select((eb) =>
            eb
              .selectFrom('batches')
              .whereRef('batches.status_list', '=', 'status_lists.number')
              .select(({ fn }) => fn.coalesce(fn.sum<number>('batches.size'), eb.lit(0)).as('taken'))
              .as('taken'),
          )
          .where('issuer', '=', issuer.id)
          .where('public_url', '=', publicUrl)
          .orderBy('number', 'desc')
          .execute()
        // Beyond half full, drawing a free index at random would say where the others are.
        const roomy = candidates.find(({ size, taken }) => Number(taken) + batch.size <= size / 2)
        if (roomy !== undefined) return swap(tx, batch, { status_lists: JSON.stringify(toLists(roomy)) })
        const { last } = await tx
          .selectFrom('status_lists')
          .select((eb) => eb.fn.max<number | null>('number').as('last'))
          .executeTakeFirstOrThrow()
        const list = {
          number: (last ?? 0) + 1,
          issuer: issuer.id,
          public_url: publicUrl,
          size: Math.max(minimumListSize, 2 ** Math.ceil(Math.log2(2 * batch.size))),
        }
        await tx.insertInto('status_lists').values(list).execute()
        for (const purpose of purposes) {
          await tx
            .insertInto('status_versions')
            .values({ list: list.number, purpose, version: 1, published: 0, published_at: 0, text: null, digest: null })
            .execute()
        }
        return swap(tx, batch, { status_lists: JSON.stringify(toLists(list)) })
      }),
    taken: async ({ number }) => {
      const { size } = await reader
        .selectFrom('status_lists')
        .select('size')
        .where('number', '=', number)
        .executeTakeFirstOrThrow()
      const taken = Bitmap.create(size)
      for (let after: number | null = -1; after !== null; ) {
        const rows = await reader
          .selectFrom('drafts')
          .select('status_index')
          .where('status_list', '=', number)
          .where('status_index', '>', after)
          .orderBy('status_index')
          .limit(page)
          .execute()
        for (const { status_index } of rows) Bitmap.add(taken, status_index as number)
        after = rows.length < page ? null : (rows.at(-1)?.status_index ?? null)
        await turn()
      }
      return taken
    },
    revoke: (credentialId, reason, now) =>
      db.transaction().execute(async (tx) => {
        const id = Uuid.toBytes(credentialId)
        const recipient =
          id &&
          (await tx
            .selectFrom('drafts')
            .select(['status_list', 'status_index'])
            .where('credential_id', '=', id)
            .executeTakeFirst())
        if (id === undefined || recipient === undefined) throw new BatchStore.UnknownCredentialError(credentialId)
        const { status_list, status_index } = recipient
        if (status_list === null || status_index === null) throw new BatchStore.NoStatusError(credentialId)
        await alone(tx, `revocations-${status_list}`)
        const before = await tx
          .selectFrom('revocations')
          .select('at')
          .where('credential_id', '=', id)
          .executeTakeFirst()
        if (before !== undefined) return { repeated: true }
        const { version } = await tx
          .updateTable('status_versions')
          .set((eb) => ({ version: eb('version', '+', 1) }))
          .where('list', '=', status_list)
          .where('purpose', '=', 'revocation')
          .returning('version')
          .executeTakeFirstOrThrow()
        await tx
          .insertInto('revocations')
          .values({ credential_id: id, status_list, status_index, version, reason, at: now })
          .execute()
        return { repeated: false }
      }),
    revocation: async (credentialId) => {
      const id = Uuid.toBytes(credentialId)
      if (id === undefined) return undefined
      return reader
        .selectFrom('revocations')
        .select(['at', 'reason'])
        .where('credential_id', '=', id)
        .executeTakeFirst()
    },
    lists: async () =>
      (
        await reader
          .selectFrom('status_versions')
          .innerJoin('status_lists', 'status_lists.number', 'status_versions.list')
          .select([
            'status_lists.number',
            'status_lists.issuer',
            'status_lists.public_url',
            'status_lists.size',
            'status_versions.purpose',
            'status_versions.version',
            'status_versions.published',
            'status_versions.published_at',
          ])
          .orderBy('status_lists.number')
          .orderBy('status_versions.purpose')
          .execute()
      ).map((row) => ({
        id: `${row.purpose}-${row.number}`,
        number: row.number,
        issuer: row.issuer,
        url: toLists(row)[row.purpose],
        purpose: row.purpose,
        size: row.size,
        version: row.version,
        published: row.published,
        publishedAt: row.published_at,
      })),
    bits: (list) =>
      db.transaction().execute(async (tx) => {
        const { version } = await tx
          .selectFrom('status_versions')
          .select('version')
          .where('list', '=', list.number)
          .where('purpose', '=', list.purpose)
          .executeTakeFirstOrThrow()
        // Nothing is suspended yet; the list is there because the manifest names it for ever.
        if (list.purpose === 'suspension') return { version, set: [] }
        const rows = await tx
          .selectFrom('revocations')
          .select('status_index')
          .where('status_list', '=', list.number)
          .where('version', '<=', version)
          .orderBy('status_index')
          .execute()
        return { version, set: rows.map((row) => row.status_index) }
      }),
    publish: (list, version, publication, lease) =>
      db.transaction().execute(async (tx) => {
        await held(tx, database, lease)
        await tx
          .updateTable('status_versions')
          .set({ published: version, published_at: publication.at, text: publication.text, digest: publication.digest })
          .where('list', '=', list.number)
          .where('purpose', '=', list.purpose)
          .where('published', '<=', version)
          .where('published_at', '<=', publication.at)
          .execute()
      }),
    publication: async (id) => {
      const [purpose, number] = id.split('-')
      const row = await reader
        .selectFrom('status_versions')
        .select(['text', 'digest', 'published_at'])
        .where('list', '=', Number(number))
        .where('purpose', '=', purpose as 'revocation' | 'suspension')
        .executeTakeFirst()
      if (row === undefined || row.text === null || row.digest === null) return undefined
      return { text: row.text, digest: row.digest as Bytes.Hex, at: row.published_at }
    },
  }
}
