import type * as Json from '@laurel/core/Json'
import { type Kysely, sql, type Transaction } from 'kysely'
import type * as Batch from '../../Batch.ts'
import * as Block from '../../Block.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import * as Recent from '../../internal/Recent.ts'
import * as BatchStore from '../../ports/BatchStore.ts'
import * as Uuid from '../../Uuid.ts'
import { fenced, unique, unmoved } from './Changes.ts'
import type { Database, Value } from './Database.ts'
import { fromId, type RecipientRow, type Tables, toBatch, toBlock, toRecipient, toRows } from './Rows.ts'
import * as Scope from './Scope.ts'

/** What can be read about the recipients of a batch: all that a thread needs that stamps their documents. */
export type Reading = Pick<
  BatchStore.BatchStore,
  | 'get'
  | 'recipients'
  | 'reached'
  | 'find'
  | 'leaves'
  | 'block'
  | 'blockRecipients'
  | 'recipientsAt'
  | 'tickets'
  | 'ticketIndex'
  | 'erased'
>

/** What stores the rows of a roster in their order, within the transaction that stores their batch. */
export function rosterInsertion({ insertion }: Pick<Database, 'insertion'>) {
  const insert = insertion('recipients', { batch: 'integer', row: 'integer', fields: 'text' })
  return async (
    tx: Transaction<Tables>,
    batch: number,
    recipients: AsyncIterable<readonly Json.Object[]>,
  ): Promise<{ readonly recipients: number; readonly bytes: number }> => {
    let last = 0
    let bytes = 0
    for await (const page of recipients) {
      const after = last
      const texts = page.map((fields) => JSON.stringify(fields))
      await insert(
        tx,
        texts.map((text, i) => [batch, after + i + 1, text]),
      )
      last += page.length
      bytes += texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
      crashpoint('intake:after-some')
    }
    return { recipients: last, bytes }
  }
}

/** What is written about recipients after that: each row once, in the order of the roster. */
export function writing(database: Database): Pick<BatchStore.BatchStore, 'draft' | 'sign'> {
  const { insertion, alone } = database
  const insertDrafts = insertion('drafts', {
    batch: 'integer',
    row: 'integer',
    credential_id: 'bytes',
    proof_id: 'bytes',
    secret: 'bytes',
    status_list: 'integer',
    status_index: 'integer',
  })
  const insertSignatures = insertion('signatures', {
    batch: 'integer',
    row: 'integer',
    created: 'text',
    proof_value: 'text',
    document_digest: 'bytes',
    leaf: 'bytes',
  })
  return {
    draft: (batch, after, drafts, lease) =>
      unique(database, batch.id, () =>
        fenced(database, batch, lease, async (tx) => {
          const seq = await unmoved(tx, batch)
          if ((await lastRow(tx, 'drafts', seq)) !== after) throw new BatchStore.ConflictError(batch.id)
          const list = batch.statusLists?.number ?? null
          if (list !== null) await alone(tx, `status-list-${list}`)
          let row = after
          for await (const page of drafts) {
            await insertDrafts(
              tx,
              page.map(({ credentialId, proofId, secret, statusIndex }): readonly Value[] => [
                seq,
                ++row,
                fromId(credentialId),
                fromId(proofId),
                secret,
                list,
                statusIndex,
              ]),
            )
          }
        }),
      ),
    sign: (batch, after, signatures, lease) =>
      fenced(database, batch, lease, async (tx) => {
        const seq = await unmoved(tx, batch)
        if ((await lastRow(tx, 'signatures', seq)) !== after) throw new BatchStore.ConflictError(batch.id)
        await insertSignatures(
          tx,
          signatures.map(({ created, proofValue, documentDigest, leaf }, i) => [
            seq,
            after + i + 1,
            created,
            proofValue,
            documentDigest,
            leaf,
          ]),
        )
      }),
  }
}

/** What is read about them. */
export function reading({ reader, mine }: Pick<Database, 'reader' | 'mine'>): Reading {
  // Whoever asks for recipients by it keeps to the scope in which the batch is seen.
  const key = (batch: string) =>
    Scope.trusted(sql<number>`(SELECT seq FROM batches WHERE id = ${batch} AND ${mine('batches')})`)
  const seqOf = async (batch: string) =>
    (await reader.selectFrom('batches').select('seq').where('id', '=', batch).executeTakeFirst())?.seq ?? 0
  const read = async (batch: string, place: number) =>
    reader
      .selectFrom('blocks')
      .select(['first', 'rows', 'leaves'])
      .where('batch', '=', key(batch))
      .where('place', '=', place)
      .executeTakeFirstOrThrow()
  const readBatch = async (seq: number) =>
    toBatch(await reader.selectFrom('batches').selectAll().where('seq', '=', seq).executeTakeFirstOrThrow())
  /** Nothing of a delivered batch changes without its epoch. */
  const delivered = Recent.create<Promise<Batch.Batch>>(64)
  // The rows lie all over the batch: they are looked up one by one, never found by going through all of them.
  const recipientsAt = async (batch: string, wanted: Uint32Array) => {
    const { rows } = await sql<RecipientRow>`
      SELECT ${columns} FROM recipients JOIN drafts USING (batch, row) JOIN signatures USING (batch, row)
      WHERE batch = ${key(batch)} AND row IN (${sql.join([...wanted])})`.execute(reader)
    const found = new Map(rows.map((each) => [each.row, each]))
    return Array.from(wanted, (row) => toRecipient(found.get(row) as RecipientRow))
  }
  return {
    recipientsAt,
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
      const { rows } = await sql<RecipientRow & { batch: number; state: string; epoch: number; place: number | null }>`
        SELECT drafts.batch, batches.state, batches.epoch, ${columns},
          (SELECT place FROM blocks WHERE blocks.batch = drafts.batch AND first <= credential_id
           ORDER BY first DESC LIMIT 1) AS place
        FROM drafts JOIN recipients USING (batch, row) LEFT JOIN signatures USING (batch, row)
        JOIN batches ON batches.seq = drafts.batch
        WHERE credential_id = ${Uuid.toBytes(credentialId) ?? null} AND ${mine('batches')}`.execute(reader)
      const [row] = rows
      if (row === undefined) return undefined
      const { batch: seq, state, epoch } = row
      const batch = await (state === 'delivered'
        ? delivered.get(`${seq} ${epoch}`, () => readBatch(seq))
        : readBatch(seq))
      return { batch, recipient: toRecipient(row), block: row.place }
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
    blockRecipients: async (batch, place) => recipientsAt(batch, toBlock(await read(batch, place)).rows),
    tickets: async (batch, place) => {
      const { rows, leaves } = await reader
        .selectFrom('tickets')
        .select(['rows', 'leaves'])
        .where('batch', '=', key(batch))
        .where('place', '=', place)
        .executeTakeFirstOrThrow()
      return { rows: toRows(rows), leaves }
    },
    erased: async (batch) => {
      const rows = await reader.selectFrom('erased').select('row').where('batch', '=', key(batch)).execute()
      return new Set(rows.map(({ row }) => row))
    },
    ticketIndex: async (batch, row) => {
      // Four bytes a recipient: to go through them is cheaper than an index that hardly anybody ever asks.
      const stored = await reader
        .selectFrom('tickets')
        .select(['place', 'rows'])
        .where('batch', '=', key(batch))
        .execute()
      for (const { place, rows } of stored) {
        const at = toRows(rows).indexOf(row)
        if (at >= 0) return place * Block.size + at
      }
      return undefined
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
