import type { DatabaseSync } from 'node:sqlite'
import type * as Json from '@laurel/core/Json'
import { type Kysely, sql } from 'kysely'
import { crashpoint } from '../../internal/crashpoint.ts'
import * as BatchStore from '../../ports/BatchStore.ts'
import * as Uuid from '../../Uuid.ts'
import { type Connection, fenced, unique, unmoved } from './Connection.ts'
import { fromId, type RecipientRow, type Tables, toBatch, toBlock, toRecipient } from './Rows.ts'

/** What can be read about the recipients of a batch: all that a thread needs that stamps their documents. */
export type Reading = Pick<
  BatchStore.BatchStore,
  'get' | 'recipients' | 'reached' | 'find' | 'leaves' | 'block' | 'blockRecipients'
>

/** Stores the rows of a roster in their order, within the transaction that stores their batch. */
export async function insertRoster(
  database: DatabaseSync,
  batch: number,
  recipients: AsyncIterable<readonly Json.Object[]>,
): Promise<number> {
  const insert = database.prepare('INSERT INTO recipients (batch, row, fields) VALUES (?, ?, ?)')
  let row = 0
  for await (const page of recipients) {
    for (const fields of page) insert.run(batch, ++row, JSON.stringify(fields))
    crashpoint('intake:after-some')
  }
  return row
}

/** What is written about recipients after that: each row once, in the order of the roster. */
export function writing(connection: Connection): Pick<BatchStore.BatchStore, 'draft' | 'sign'> {
  const { database } = connection
  const insertDraft = database.prepare(
    `INSERT INTO drafts (batch, row, credential_id, proof_id, secret, status_list, status_index)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertSignature = database.prepare(
    `INSERT INTO signatures (batch, row, created, proof_value, document_digest, leaf) VALUES (?, ?, ?, ?, ?, ?)`,
  )
  return {
    draft: (batch, after, drafts, lease) =>
      unique(batch.id, () =>
        fenced(connection, lease, async (tx) => {
          const seq = await unmoved(tx, batch)
          if ((await lastRow(tx, 'drafts', seq)) !== after) throw new BatchStore.ConflictError(batch.id)
          const list = batch.statusLists?.number ?? null
          let row = after
          for await (const page of drafts) {
            for (const { credentialId, proofId, secret, statusIndex } of page)
              insertDraft.run(seq, ++row, fromId(credentialId), fromId(proofId), secret, list, statusIndex)
          }
        }),
      ),
    sign: (batch, after, signatures, lease) =>
      fenced(connection, lease, async (tx) => {
        const seq = await unmoved(tx, batch)
        if ((await lastRow(tx, 'signatures', seq)) !== after) throw new BatchStore.ConflictError(batch.id)
        let row = after
        for (const { created, proofValue, documentDigest, leaf } of signatures)
          insertSignature.run(seq, ++row, created, proofValue, documentDigest, leaf)
      }),
  }
}

/** What is read about them. */
export function reading(reader: Kysely<Tables>): Reading {
  const key = (batch: string) => sql<number>`(SELECT seq FROM batches WHERE id = ${batch})`
  const seqOf = async (batch: string) =>
    (await reader.selectFrom('batches').select('seq').where('id', '=', batch).executeTakeFirst())?.seq ?? 0
  const read = async (batch: string, place: number) =>
    reader
      .selectFrom('blocks')
      .select(['first', 'rows', 'leaves'])
      .where('batch', '=', key(batch))
      .where('place', '=', place)
      .executeTakeFirstOrThrow()
  return {
    get: async (id) => {
      const row = await reader.selectFrom('batches').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toBatch(row)
    },
    recipients: async (batch, after, limit) => {
      const { rows } = await sql<RecipientRow>`
        SELECT ${columns} FROM recipients
        LEFT JOIN drafts USING (batch, row) LEFT JOIN signatures USING (batch, row)
        WHERE batch = ${key(batch)} AND row > ${after} ORDER BY row LIMIT ${limit}`.execute(reader)
      return rows.map(toRecipient)
    },
    reached: async (batch) => {
      const seq = await seqOf(batch)
      return { drafted: await lastRow(reader, 'drafts', seq), signed: await lastRow(reader, 'signatures', seq) }
    },
    find: async (credentialId) => {
      const { rows } = await sql<RecipientRow & { batch: number; place: number | null }>`
        SELECT batch, ${columns},
          (SELECT place FROM blocks WHERE blocks.batch = drafts.batch AND first <= credential_id
           ORDER BY first DESC LIMIT 1) AS place
        FROM drafts JOIN recipients USING (batch, row) LEFT JOIN signatures USING (batch, row)
        WHERE credential_id = ${Uuid.toBytes(credentialId) ?? null}`.execute(reader)
      const [row] = rows
      if (row === undefined) return undefined
      const batch = await reader
        .selectFrom('batches')
        .selectAll()
        .where('seq', '=', row.batch)
        .executeTakeFirstOrThrow()
      return { batch: toBatch(batch), recipient: toRecipient(row), block: row.place }
    },
    leaves: async (batch, after, limit) => {
      const rows = await reader
        .selectFrom('signatures')
        .innerJoin('drafts', (join) =>
          join.onRef('drafts.batch', '=', 'signatures.batch').onRef('drafts.row', '=', 'signatures.row'),
        )
        .select(['credential_id', 'leaf'])
        .where('signatures.batch', '=', key(batch))
        .where('signatures.row', '>', after)
        .orderBy('signatures.row')
        .limit(limit)
        .execute()
      return { ids: flat(rows, 'credential_id', 16), leaves: flat(rows, 'leaf', 32) }
    },
    block: async (batch, place) => toBlock(await read(batch, place)),
    blockRecipients: async (batch, place) => {
      const wanted = JSON.stringify([...toBlock(await read(batch, place)).rows])
      // The rows lie all over the batch: they are looked up one by one, never found by going through all of them.
      const { rows } = await sql<RecipientRow>`
        SELECT ${columns} FROM json_each(${wanted}) AS wanted
        CROSS JOIN recipients ON recipients.batch = ${key(batch)} AND recipients.row = CAST(wanted.value AS INTEGER)
        CROSS JOIN drafts USING (batch, row) CROSS JOIN signatures USING (batch, row)
        ORDER BY wanted.key`.execute(reader)
      return rows.map(toRecipient)
    },
  }
}

const columns = sql.raw(
  'row, fields, credential_id, proof_id, secret, status_index, created, proof_value, document_digest, leaf',
)

/** The last row that has been stored, which is how many there are: they are stored in their order. */
async function lastRow(db: Kysely<Tables>, table: 'drafts' | 'signatures', batch: number): Promise<number> {
  const { row } = await db
    .selectFrom(table)
    .select(({ fn }) => fn.max<number | null>('row').as('row'))
    .where('batch', '=', batch)
    .executeTakeFirstOrThrow()
  return row ?? 0
}

function flat<column extends string>(
  rows: readonly { readonly [name in column]: Uint8Array }[],
  column: column,
  width: number,
): Uint8Array {
  const bytes = new Uint8Array(rows.length * width)
  for (const [i, row] of rows.entries()) bytes.set(row[column], i * width)
  return bytes
}
