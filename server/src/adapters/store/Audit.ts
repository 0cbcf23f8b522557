import * as Bytes from '@laurel/core/Bytes'
import { type Selectable, sql, type Transaction } from 'kysely'
import * as Anchoring from '../../audit/Anchoring.ts'
import * as Entry from '../../audit/Entry.ts'
import type { AuditLog } from '../../ports/AuditLog.ts'
import type { Database } from './Database.ts'
import { inGroups } from './in-groups.ts'
import type { Tables } from './Rows.ts'

/** Who asked for what. */
export function auditLog(database: Database): AuditLog {
  const { db, reader, alone } = database
  const note = inGroups(
    database,
    async (tx, notes: readonly Entry.Note[]) => {
      await append(tx, database, notes)
      return notes.map(() => ({ status: 'fulfilled', value: undefined }) as const)
    },
    largestGroup,
  )
  return {
    note,
    entries: async (organisation, after, limit, wanted = {}) => {
      let query = reader
        .selectFrom('audit_entries')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
      for (const column of ['principal', 'operation', 'request'] as const) {
        const value = wanted[column]
        if (value !== undefined) query = query.where(column, '=', value)
      }
      if (wanted.object !== undefined) query = query.where('objects', 'like', `% ${wanted.object} %`)
      if (wanted.since !== undefined) query = query.where('at', '>=', wanted.since)
      if (wanted.before !== undefined) query = query.where('at', '<', wanted.before)
      return (await query.execute()).map(toEntry)
    },
    audited: async () => {
      const { rows } = await sql<{ organisation: string }>`
        SELECT organisation FROM audit_entries UNION SELECT organisation FROM audit_heads ORDER BY 1`.execute(reader)
      return rows.map(({ organisation }) => organisation)
    },
    heads: () => heads(reader),
    anchors: async () =>
      (await reader.selectFrom('audit_anchors').selectAll().orderBy('number').execute()).map(toAnchor),
    plan: (place, now) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, 'audit-anchors')
        const open = await tx
          .selectFrom('audit_anchors')
          .selectAll()
          .where('chain_id', '=', place.chainId)
          .where('account', '=', place.account)
          .where('time', 'is', null)
          .executeTakeFirst()
        if (open !== undefined) return toAnchor(open)
        const last = await tx
          .selectFrom('audit_anchors')
          .select(({ fn }) => fn.max<number | null>('number').as('number'))
          .executeTakeFirst()
        const planned = { number: (last?.number ?? 0) + 1, at: now, heads: await heads(tx) }
        const digest = Anchoring.digestOf(planned)
        await tx
          .insertInto('audit_anchors')
          .values({
            number: planned.number,
            at: now,
            heads: JSON.stringify(planned.heads),
            digest,
            chain_id: place.chainId,
            registry: place.registry,
            account: place.account,
            transaction_hash: null,
            time: null,
          })
          .execute()
        return { ...place, ...planned, digest, settled: null }
      }),
    settle: async ({ number }, { transactionHash, time }) => {
      await db
        .updateTable('audit_anchors')
        .set({ transaction_hash: transactionHash, time })
        .where('number', '=', number)
        .where('time', 'is', null)
        .execute()
    },
  }
}

/** How many notes one transaction stores, at most. */
const largestGroup = 500

/**
 * Notes something within a transaction. It is what the transaction does last: nobody else notes anything for the same
 * organisation before it has ended, so that the numbers have no gaps and the hashes no forks.
 */
export async function append(
  tx: Transaction<Tables>,
  { alone }: Pick<Database, 'alone'>,
  notes: readonly Entry.Note[],
): Promise<void> {
  // Two who note for the same organisations in two orders would each wait for the other.
  const groups = [...Map.groupBy(notes, ({ organisation }) => organisation)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (const [organisation, group] of groups) {
    await alone(tx, `audit-${organisation}`)
    const head = await tx
      .selectFrom('audit_heads')
      .select(['sequence', 'hash'])
      .where('organisation', '=', organisation)
      .executeTakeFirst()
    let last: Pick<Entry.Entry, 'sequence' | 'hash'> | undefined = head && { ...head, hash: Bytes.toHex(head.hash) }
    const entries: Entry.Entry[] = []
    for (const note of group) {
      const entry = Entry.seal(note, last)
      entries.push(entry)
      last = entry
    }
    if (last === undefined) continue
    await tx.insertInto('audit_entries').values(entries.map(toRow)).execute()
    const { sequence } = last
    const hash = Bytes.fromHex(last.hash)
    await tx
      .insertInto('audit_heads')
      .values({ organisation, sequence, hash })
      .onConflict((on) => on.column('organisation').doUpdateSet({ sequence, hash }))
      .execute()
  }
}

async function heads(db: Pick<Database['reader'], 'selectFrom'>): Promise<readonly Entry.Head[]> {
  const rows = await db.selectFrom('audit_heads').selectAll().orderBy('organisation').execute()
  return rows.map(({ organisation, sequence, hash }) => ({ organisation, sequence, hash: Bytes.toHex(hash) }))
}

function toRow(entry: Entry.Entry): Tables['audit_entries'] {
  return {
    ...entry,
    objects: ` ${entry.objects.join(' ')} `,
    previous: Bytes.fromHex(entry.previous),
    hash: Bytes.fromHex(entry.hash),
  }
}

function toEntry(row: Selectable<Tables['audit_entries']>): Entry.Entry {
  return {
    ...row,
    objects: row.objects.split(' ').filter((id) => id !== ''),
    outcome: row.outcome as Entry.Outcome,
    previous: Bytes.toHex(row.previous),
    hash: Bytes.toHex(row.hash),
  }
}

function toAnchor(row: Selectable<Tables['audit_anchors']>): Anchoring.Anchor {
  const { transaction_hash, time } = row
  return {
    number: row.number,
    at: row.at,
    heads: JSON.parse(row.heads) as readonly Entry.Head[],
    digest: row.digest as Bytes.Hex,
    chainId: row.chain_id,
    registry: row.registry as Bytes.Hex,
    account: row.account as Bytes.Hex,
    settled:
      transaction_hash === null || time === null ? null : { transactionHash: transaction_hash as Bytes.Hex, time },
  }
}
