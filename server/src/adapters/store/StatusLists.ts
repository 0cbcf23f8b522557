import { setImmediate as turn } from 'node:timers/promises'
import type * as Bytes from '@laurel/core/Bytes'
import { sql, type Transaction } from 'kysely'
import * as Bitmap from '../../Bitmap.ts'
import type * as BatchStore from '../../ports/BatchStore.ts'
import { fenced, held, swap } from './Changes.ts'
import type { Database } from './Database.ts'
import { type Tables, toLists } from './Rows.ts'

const minimumListSize = 131_072
/** How many rows are read before others have their turn. */
const page = 10_000
const purposes = ['revocation', 'suspension'] as const

/** Status lists: which batches they are for, which indices are taken, which bits are set, and what was published. */
export function statusLists(
  database: Database,
): Pick<BatchStore.BatchStore, 'reserve' | 'taken' | 'deliveredIn' | 'lists' | 'bits' | 'publish' | 'publication'> {
  const { db, reader, alone, of } = database
  return {
    reserve: (batch, lease) =>
      fenced(database, batch, lease, async (tx) => {
        if (batch.statusLists !== null) return batch
        const { issuer, publicUrl } = batch.terms
        await alone(tx, 'status-lists')
        // Beyond half full, drawing a free index at random would say where the others are.
        const roomy = await tx
          .selectFrom('status_lists')
          .selectAll()
          // Whoever decides about a credential sees the lists of its organisation alone.
          .where('organisation', '=', ({ selectFrom }) =>
            selectFrom('batches').select('batches.organisation').where('id', '=', batch.id),
          )
          .where('issuer', '=', issuer.id)
          .where('public_url', '=', publicUrl)
          .where((eb) => eb(eb('taken', '+', batch.size), '<=', eb('size', '/', 2)))
          .orderBy('number', 'desc')
          .limit(1)
          .executeTakeFirst()
        if (roomy !== undefined) {
          const { number } = roomy
          await tx
            .updateTable('status_lists')
            .set((eb) => ({ taken: eb('taken', '+', batch.size) }))
            .where('number', '=', number)
            .execute()
          return swap(tx, batch, { status_lists: JSON.stringify(toLists(roomy)) })
        }
        // Of all organisations together: addresses have these numbers in them.
        const { last } = await tx
          .selectFrom('status_lists')
          .select((eb) => eb.fn.max<number | null>('number').as('last'))
          .executeTakeFirstOrThrow()
        const list = {
          number: (last ?? 0) + 1,
          ...of(sql<string>`(SELECT organisation FROM batches WHERE id = ${batch.id})`),
          issuer: issuer.id,
          public_url: publicUrl,
          size: Math.max(minimumListSize, 2 ** Math.ceil(Math.log2(2 * batch.size))),
          taken: batch.size,
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
    deliveredIn: async (list) =>
      (
        await reader
          .selectFrom('batches')
          .select('id')
          .where('status_list', '=', list)
          .where('state', '=', 'delivered')
          .execute()
      ).map(({ id }) => id),
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
        const read = list.purpose === 'revocation' ? revoked : suspended
        const rows = await read(tx, list.number, version)
        return { version, set: rows.map((row) => row.status_index) }
      }),
    publish: (list, version, { cid, ...publication }, lease) =>
      db.transaction().execute(async (tx) => {
        await held(tx, database, lease)
        const { number, purpose } = list
        const { text, digest, at } = publication
        const { numUpdatedRows } = await tx
          .updateTable('status_versions')
          .set({ published: version, published_at: at, text, digest })
          .where('list', '=', number)
          .where('purpose', '=', purpose)
          .where('published', '<=', version)
          .executeTakeFirstOrThrow()
        if (numUpdatedRows === 0n) return
        await tx.insertInto('status_publications').values({ list: number, purpose, version, at, digest, cid }).execute()
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

/** What was decided up to a version of the list: another decision may come between two statements. */
const revoked = (tx: Transaction<Tables>, list: number, version: number) =>
  tx
    .selectFrom('revocations')
    .select('status_index')
    .where('status_list', '=', list)
    .where('version', '<=', version)
    .orderBy('status_index')
    .execute()

/** The last decision about an entry counts. */
const suspended = (tx: Transaction<Tables>, list: number, version: number) =>
  tx
    .selectFrom('suspensions as last')
    .select('status_index')
    .where('status_list', '=', list)
    .where('version', '<=', version)
    .where('suspended', '=', 1)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('suspensions as later')
            .select('later.version')
            .whereRef('later.status_list', '=', 'last.status_list')
            .whereRef('later.status_index', '=', 'last.status_index')
            .whereRef('later.version', '>', 'last.version')
            .where('later.version', '<=', version),
        ),
      ),
    )
    .orderBy('status_index')
    .execute()
