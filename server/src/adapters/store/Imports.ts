import type * as Bytes from '@laurel/core/Bytes'
import type { Selectable, Transaction } from 'kysely'
import * as Principal from '../../access/Principal.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import * as ImportStore from '../../ports/ImportStore.ts'
import type { Database } from './Database.ts'
import type { Tables } from './Rows.ts'

/** After how many milliseconds whoever has begun an import and not finished it will not. */
const abandoned = 24 * 60 * 60 * 1_000

/** How many places of the same badge are told. */
const most = 10

/** Badges of others that were brought here. */
export function imports({
  db,
  reader,
  alone,
  of,
}: Pick<Database, 'db' | 'reader' | 'alone' | 'of'>): ImportStore.ImportStore {
  return {
    begin: ({ id, kind, digest, createdAt }) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, 'imports')
        const earlier = await tx.selectFrom('imports').selectAll().where('digest', '=', digest).executeTakeFirst()
        if (earlier !== undefined && earlier.finished_at !== null) return toImport(earlier)
        const left = await tx
          .selectFrom('imports')
          .select('id')
          .where('finished_at', 'is', null)
          .where(({ or, eb }) => or([eb('digest', '=', digest), eb('created_at', '<', createdAt - abandoned)]))
          .execute()
        for (const each of left) await remove(tx, each.id)
        const row = { id, ...of(Principal.home), kind, digest, created_at: createdAt }
        await tx
          .insertInto('imports')
          .values({ ...row, total: 0, wrong: '[]', finished_at: null })
          .execute()
        return undefined
      }),
    append: (id, after, originals) =>
      db.transaction().execute(async (tx) => {
        await demandOpen(tx, alone, id)
        const rows = originals.map((original, i) => ({
          import: id,
          row: after + i + 1,
          name: original.name,
          form: original.form,
          address: original.said.address ?? null,
          digest: original.digest,
          said: JSON.stringify(original.said),
          judged: JSON.stringify(original.judged),
          recipient: JSON.stringify(original.recipient),
          bytes: original.bytes,
        }))
        if (rows.length > 0) await tx.insertInto('originals').values(rows).execute()
        await tx
          .updateTable('imports')
          .set({ total: after + rows.length })
          .where('id', '=', id)
          .execute()
      }),
    finish: (id, wrong, now) =>
      db.transaction().execute(async (tx) => {
        await demandOpen(tx, alone, id)
        await tx
          .updateTable('imports')
          .set({ wrong: JSON.stringify(wrong), finished_at: now })
          .where('id', '=', id)
          .execute()
        crashpoint('import:before-finish')
        return toImport(await tx.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
      }),
    abandon: (id) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, 'imports')
        if (await isOpen(tx, id)) await remove(tx, id)
      }),
    imports: async () => {
      const rows = reader.selectFrom('imports').selectAll().where('finished_at', 'is not', null)
      return (await rows.orderBy('created_at').orderBy('id').execute()).map(toImport)
    },
    get: async (id) => {
      const row = await reader
        .selectFrom('imports')
        .selectAll()
        .where('id', '=', id)
        .where('finished_at', 'is not', null)
        .executeTakeFirst()
      return row && toImport(row)
    },
    originals: async (id, after, limit) => {
      const rows = await finished(reader)
        .select(columns)
        .where('originals.import', '=', id)
        .where('originals.row', '>', after)
        .orderBy('originals.row')
        .limit(limit)
        .execute()
      return rows.map(toOriginal)
    },
    original: async (id, row) => {
      const found = await finished(reader)
        .select([...columns, 'originals.bytes'])
        .where('originals.import', '=', id)
        .where('originals.row', '=', row)
        .executeTakeFirst()
      return found && { ...toOriginal(found), bytes: found.bytes }
    },
    find: (address) =>
      finished(reader)
        .select(['originals.import', 'originals.row'])
        .where('originals.address', '=', address)
        .orderBy('imports.created_at', 'desc')
        .orderBy('originals.row')
        .limit(most)
        .execute(),
  }
}

const columns = [
  'originals.row',
  'originals.name',
  'originals.form',
  'originals.digest',
  'originals.said',
  'originals.judged',
  'originals.recipient',
] as const

function finished(reader: Database['reader']) {
  return reader
    .selectFrom('originals')
    .innerJoin('imports', 'imports.id', 'originals.import')
    .where('imports.finished_at', 'is not', null)
}

async function demandOpen(tx: Transaction<Tables>, alone: Database['alone'], id: string): Promise<void> {
  await alone(tx, 'imports')
  if (!(await isOpen(tx, id))) throw new ImportStore.ReplacedError()
}

async function isOpen(tx: Transaction<Tables>, id: string): Promise<boolean> {
  const open = tx.selectFrom('imports').select('id').where('id', '=', id).where('finished_at', 'is', null)
  return (await open.executeTakeFirst()) !== undefined
}

async function remove(tx: Transaction<Tables>, id: string): Promise<void> {
  await tx.deleteFrom('originals').where('import', '=', id).execute()
  await tx.deleteFrom('imports').where('id', '=', id).execute()
}

function toImport(row: Omit<Selectable<Tables['imports']>, 'organisation' | 'finished_at'>): ImportStore.Import {
  return {
    id: row.id,
    kind: row.kind as ImportStore.Import['kind'],
    digest: row.digest as Bytes.Hex,
    total: row.total,
    wrong: JSON.parse(row.wrong),
    createdAt: row.created_at,
  }
}

function toOriginal(row: Omit<Selectable<Tables['originals']>, 'bytes' | 'import' | 'address'>): ImportStore.Numbered {
  return {
    row: row.row,
    name: row.name,
    form: row.form as ImportStore.Numbered['form'],
    digest: row.digest as Bytes.Hex,
    said: JSON.parse(row.said),
    judged: JSON.parse(row.judged),
    recipient: JSON.parse(row.recipient),
  }
}
