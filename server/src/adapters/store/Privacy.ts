import { randomBytes } from 'node:crypto'
import type * as Json from '@laurel/core/Json'
import { type RawBuilder, sql, type Transaction } from 'kysely'
import type * as Approval from '../../access/Approval.ts'
import * as Principal from '../../access/Principal.ts'
import * as Batch from '../../Batch.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import type * as Mail from '../../mail/Mail.ts'
import { type Held, type PrivacyStore, UnderWayError } from '../../ports/PrivacyStore.ts'
import type { Erasure } from '../../privacy/Erasure.ts'
import * as Cell from '../../roster/Cell.ts'
import * as Uuid from '../../Uuid.ts'
import * as Approvals from './Approvals.ts'
import type { Database } from './Database.ts'
import * as Events from './Events.ts'
import { fromId, type Tables } from './Rows.ts'
import * as Scope from './Scope.ts'

type Row = Extract<Held, { readonly kind: 'row' }>

/** What is kept of people, and how it is forgotten. */
export function privacy(database: Database): PrivacyStore {
  const { db, reader, alone, now, scrub } = database
  return {
    people: async function* () {
      yield* rows(reader)
      yield* waiting(reader)
      yield* originals(reader)
    },
    correspondence: async (address) => {
      const key = Cell.emailKey(address)
      const own = await spellings(reader, key)
      const mails = await reader
        .selectFrom('mails')
        .select(['template', 'language', 'about', 'state', 'created_at', 'sent_at'])
        .where('recipient', 'in', own)
        .orderBy('seq')
        .execute()
      const suppressions = await reader
        .selectFrom('mail_suppressions')
        .select(['reason', 'at'])
        .where('address', '=', key)
        .execute()
      const memberships = await reader
        .selectFrom('members')
        .select(['role', 'created_at', 'removed_at'])
        .where('email', '=', key)
        .where('removed_at', 'is not', null)
        .orderBy('created_at')
        .execute()
      const invitations = await reader
        .selectFrom('invitations')
        .select(['role', 'created_at', 'outcome'])
        .where('email', '=', key)
        .orderBy('created_at')
        .execute()
      return {
        mails: mails.map(({ template, created_at, sent_at, ...mail }) => ({
          ...mail,
          template: template as Mail.Name,
          createdAt: created_at,
          sentAt: sent_at,
        })),
        suppressions,
        memberships: memberships.map(({ role, created_at, removed_at }) => ({
          role,
          createdAt: created_at,
          removedAt: removed_at as number,
        })),
        invitations: invitations.map(({ role, created_at, outcome }) => ({ role, createdAt: created_at, outcome })),
      }
    },
    moves: async (batch, row) => {
      const moves = await reader
        .selectFrom('claim_moves')
        .innerJoin('batches', 'batches.seq', 'claim_moves.batch')
        .innerJoin('addresses as a', 'a.seq', 'claim_moves.source')
        .innerJoin('addresses as b', 'b.seq', 'claim_moves.target')
        .select(['a.email as from', 'b.email as to', 'claim_moves.reason', 'claim_moves.state'])
        .select(['claim_moves.asked_at', 'claim_moves.due', 'claim_moves.ended_at'])
        .where('batches.id', '=', batch)
        .where('claim_moves.row', '=', row)
        .orderBy('claim_moves.asked_at')
        .execute()
      return moves.map(({ asked_at, ended_at, ...move }) => ({ ...move, askedAt: asked_at, endedAt: ended_at }))
    },
    erase: (id, people, address) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, 'erasure')
        const before = await read(tx, sql`id = ${id}`)
        if (before !== undefined) return before
        const batches = await settled(tx, people)
        await tx
          .insertInto('erasures')
          .values({ id, ...database.of(Principal.home), at: now, others: 0, receipt: null, finished_at: null })
          .execute()
        let others = 0
        for (const each of people) {
          if (each.kind === 'order') others += await forgetOrder(tx, database, each.order)
          else if (each.kind === 'original') others += await forgetOriginal(tx, each)
          else if (await forgetRow(tx, database, id, each, batches.get(each.batch) as number)) others++
        }
        for (const [batch, seq] of batches) await forgetRequest(tx, batch, seq)
        await forgetProposals(tx, people)
        if (address !== undefined) await forgetAddress(tx, address, now)
        await tx.updateTable('erasures').set({ others }).where('id', '=', id).execute()
        crashpoint('erase:before-commit')
        return (await read(tx, sql`id = ${id}`)) as Erasure
      }),
    erasure: (id) => read(reader, sql`id = ${id}`),
    erasureOf: async (credentialId) => {
      const id = Uuid.toBytes(credentialId)
      if (id === undefined) return undefined
      return read(reader, Scope.trusted(sql`id = (SELECT erasure FROM erased WHERE credential_id = ${id})`))
    },
    unfinished: async (age) => {
      const open = await reader
        .selectFrom('erasures')
        .select('id')
        .where('finished_at', 'is', null)
        .where('at', '<=', sql<number>`${now} - ${age}`)
        .orderBy('at')
        .execute()
      return Promise.all(open.map(async ({ id }) => (await read(reader, sql`id = ${id}`)) as Erasure))
    },
    finish: async ({ id }, receipt, at) => {
      await db
        .updateTable('erasures')
        .set({ receipt: JSON.stringify(receipt), finished_at: at })
        .where('id', '=', id)
        .where('finished_at', 'is', null)
        .execute()
    },
    erasedLately: async (milliseconds) =>
      (
        await reader
          .selectFrom('erased')
          .select('credential_id')
          .where('at', '>', sql<number>`${now} - ${milliseconds}`)
          .execute()
      ).map(({ credential_id }) => Uuid.fromBytes(credential_id)),
    retention: async (organisation) => {
      const row = await reader
        .selectFrom('retentions')
        .select(['rosters', 'reasons'])
        .where('organisation', '=', organisation)
        .executeTakeFirst()
      return row ?? { rosters: null, reasons: null }
    },
    retaining: async () =>
      (await reader.selectFrom('retentions').select('organisation').orderBy('organisation').execute()).map(
        ({ organisation }) => organisation,
      ),
    setRetention: async (organisation, { rosters, reasons }, at) => {
      const row = { rosters, reasons, changed_at: at }
      await db
        .insertInto('retentions')
        .values({ organisation, ...row })
        .onConflict((on) => on.column('organisation').doUpdateSet(row))
        .execute()
    },
    outdated: async (before, limit) => {
      const rows = await outdated(reader, before)
        .select(columns)
        .orderBy('recipients.batch')
        .orderBy('recipients.row')
        .limit(limit)
        .execute()
      const others = await imported(reader)
        .where('imports.created_at', '<', before)
        .limit(limit - rows.length)
        .execute()
      return [...rows.map(toRow), ...others.map(toHeld)]
    },
    countOutdated: async (before) => {
      const { rows } = await outdated(reader, before)
        .select(({ fn }) => fn.countAll<number>().as('rows'))
        .executeTakeFirstOrThrow()
      const { others } = await reader
        .selectFrom('originals')
        .innerJoin('imports', 'imports.id', 'originals.import')
        .select(({ fn }) => fn.countAll<number>().as('others'))
        .where('imports.created_at', '<', before)
        .executeTakeFirstOrThrow()
      return rows + others
    },
    countReasons: async (before) => {
      let count = 0
      for (const table of ['revocations', 'suspensions'] as const)
        count += (
          await reader
            .selectFrom(table)
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .where('reason', 'is not', null)
            .where('at', '<', before)
            .executeTakeFirstOrThrow()
        ).count
      return count
    },
    forgetReasons: (before) =>
      db.transaction().execute(async (tx) => {
        let count = 0n
        for (const table of ['revocations', 'suspensions'] as const)
          count += (
            await tx
              .updateTable(table)
              .set({ reason: null })
              .where('reason', 'is not', null)
              .where('at', '<', before)
              .executeTakeFirstOrThrow()
          ).numUpdatedRows
        return Number(count)
      }),
    scrub,
  }
}

/** Rows of rosters, with what they became. */
function rostered(reader: Database['reader']) {
  return reader
    .selectFrom('recipients')
    .innerJoin('batches', 'batches.seq', 'recipients.batch')
    .leftJoin('drafts', (join) =>
      join.onRef('drafts.batch', '=', 'recipients.batch').onRef('drafts.row', '=', 'recipients.row'),
    )
    .leftJoin('claims', (join) =>
      join.onRef('claims.batch', '=', 'recipients.batch').onRef('claims.row', '=', 'recipients.row'),
    )
    .leftJoin('addresses', 'addresses.seq', 'claims.address')
}

function outdated(reader: Database['reader'], before: number) {
  return rostered(reader)
    .where('batches.state', '=', 'delivered')
    .where('batches.created_at', '<', before)
    .where('recipients.fields', '<>', nobody)
}

const columns = [
  'recipients.batch',
  'recipients.row',
  'recipients.fields',
  'batches.id',
  'drafts.credential_id',
  'addresses.email',
] as const

function toRow({
  id,
  row,
  fields,
  credential_id,
  email,
}: {
  readonly id: string
  readonly row: number
  readonly fields: string
  readonly credential_id: Uint8Array | null
  readonly email: string | null
}): Row {
  const credential = credential_id === null ? null : Uuid.fromBytes(credential_id)
  const common = { kind: 'row', batch: id, row, credential, fields: JSON.parse(fields) as Json.Object } as const
  return email === null ? common : { ...common, address: email }
}

/** How many people are read at a time. */
const page = 1_000

/** What stands where there was a person. */
const nobody = '{}'

async function* rows(reader: Database['reader']): AsyncGenerator<readonly Held[]> {
  for (let after: readonly [number, number] | undefined = [0, 0]; after !== undefined; ) {
    const [batch, row]: readonly [number, number] = after
    const found = await rostered(reader)
      .select(columns)
      .where(sql<boolean>`(recipients.batch, recipients.row) > (${batch}, ${row})`)
      .orderBy('recipients.batch')
      .orderBy('recipients.row')
      .limit(page)
      .execute()
    yield found.filter(({ fields }) => fields !== nobody).map(toRow)
    const last = found.at(-1)
    after = last === undefined || found.length < page ? undefined : [last.batch, last.row]
  }
}

async function* waiting(reader: Database['reader']): AsyncGenerator<readonly Held[]> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const found: readonly { readonly seq: number; readonly id: string; readonly fields: string }[] = await reader
      .selectFrom('orders')
      .select(['seq', 'id', 'fields'])
      .where('batch', 'is', null)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(page)
      .execute()
    yield found.map(({ id, fields }) => ({ kind: 'order', order: id, fields: JSON.parse(fields) as Json.Object }))
    after = found.length < page ? undefined : found.at(-1)?.seq
  }
}

function imported(reader: Database['reader']) {
  return reader
    .selectFrom('originals')
    .innerJoin('imports', 'imports.id', 'originals.import')
    .select(['originals.import', 'originals.row', 'originals.recipient'])
    .orderBy('originals.import')
    .orderBy('originals.row')
}

function toHeld(each: { readonly import: string; readonly row: number; readonly recipient: string }): Held {
  return { kind: 'original', import: each.import, row: each.row, recipient: JSON.parse(each.recipient) }
}

/** Badges of others, of imports that were not finished too. */
async function* originals(reader: Database['reader']): AsyncGenerator<readonly Held[]> {
  for (let after: readonly [string, number] | undefined = ['', 0]; after !== undefined; ) {
    const [id, row]: readonly [string, number] = after
    const found = await imported(reader)
      .where(({ eb, refTuple, tuple }) => eb(refTuple('originals.import', 'originals.row'), '>', tuple(id, row)))
      .limit(page)
      .execute()
    yield found.map(toHeld)
    const last = found.at(-1)
    after = last === undefined || found.length < page ? undefined : [last.import, last.row]
  }
}

/** The keys of the batches that people are in, all of which have come to their end. */
async function settled(tx: Transaction<Tables>, people: readonly Held[]): Promise<ReadonlyMap<string, number>> {
  const ids = [...new Set(people.flatMap((each) => (each.kind === 'row' ? [each.batch] : [])))]
  if (ids.length === 0) return new Map()
  const batches = await tx.selectFrom('batches').select(['id', 'seq', 'state']).where('id', 'in', ids).execute()
  const open = batches.filter(({ state }) => Batch.isOpen({ state: state as Batch.State }))
  if (open.length > 0) throw new UnderWayError(open.map(({ id }) => id))
  return new Map(batches.map(({ id, seq }) => [id, seq]))
}

/** Answers whether it was one that never became a credential. */
async function forgetRow(
  tx: Transaction<Tables>,
  database: Pick<Database, 'now' | 'of'>,
  erasure: string,
  { row, credential }: Row,
  batch: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('recipients')
    .set({ fields: nobody })
    .where('batch', '=', batch)
    .where('row', '=', row)
    .where('fields', '<>', nobody)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await tx
    .updateTable('drafts')
    .set({ secret: new Uint8Array(32), proof_id: new Uint8Array(16) })
    .where('batch', '=', batch)
    .where('row', '=', row)
    .execute()
  await tx
    .updateTable('signatures')
    .set({ proof_value: '', document_digest: new Uint8Array(32) })
    .where('batch', '=', batch)
    .where('row', '=', row)
    .execute()
  const orders = await tx
    .updateTable('orders')
    .set({ fields: nobody })
    .where('batch', '=', batch)
    .where('row', '=', row)
    .returning('id')
    .execute()
  for (const { id } of orders) await forgetReceipts(tx, id)
  await forgetClaim(tx, batch, row)
  if (credential === null) return true
  const id = fromId(credential)
  await tx.insertInto('erased').values({ credential_id: id, erasure, batch, row, at: database.now }).execute()
  for (const table of ['revocations', 'suspensions'] as const)
    await tx
      .updateTable(table)
      .set({ reason: null })
      .where('credential_id', '=', id)
      .where('reason', 'is not', null)
      .execute()
  const mails = await tx.deleteFrom('mails').where('about', '=', credential).returning('id').execute()
  // What an endpoint has said when it was told of this credential may be anything.
  await tx
    .updateTable('tries')
    .set({ excerpt: '' })
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('endpoint', 'event'),
        'in',
        selectFrom('deliveries')
          .innerJoin('events', 'events.seq', 'deliveries.event')
          .select(['deliveries.endpoint', 'deliveries.event'])
          .where('events.subject', 'in', [credential, Events.claimOf(credential), ...mails.map(({ id }) => id)])
          .$asTuple('endpoint', 'event'),
      ),
    )
    .execute()
  const { count } = await tx
    .selectFrom('events')
    .select(({ fn }) => fn.max<number | null>('sequence').as('count'))
    .where('subject', '=', credential)
    .executeTakeFirstOrThrow()
  await Events.record(tx, database, {
    type: 'credential.erased',
    subject: credential,
    sequence: (count ?? 0) + 1,
    data: { credential },
    organisation: sql<string>`(SELECT organisation FROM batches WHERE seq = ${batch})`,
  })
  return false
}

/** Answers with how many orders that were: one that was gathered into a batch meanwhile is under way. */
async function forgetOrder(tx: Transaction<Tables>, { alone }: Pick<Database, 'alone'>, id: string): Promise<number> {
  const order = await tx
    .selectFrom('orders')
    .select(['achievement', 'version', 'redeemable'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (order === undefined) return 0
  // Whoever gathers has read what we are about to remove.
  await alone(tx, `orders-${order.achievement}-${order.version}-${order.redeemable === 1}`)
  const { numDeletedRows } = await tx
    .deleteFrom('orders')
    .where('id', '=', id)
    .where('batch', 'is', null)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw new UnderWayError([])
  await forgetReceipts(tx, id)
  return 1
}

/**
 * A badge of others goes with all that is known of it. A file is known by a digest of all that was in it, and what was wrong
 * with it by the names of its files: both go too.
 */
async function forgetOriginal(
  tx: Transaction<Tables>,
  { import: id, row }: Extract<Held, { readonly kind: 'original' }>,
): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('originals')
    .where('import', '=', id)
    .where('row', '=', row)
    .executeTakeFirst()
  if (numDeletedRows === 0n) return 0
  await tx
    .updateTable('imports')
    .set({ digest: `0x${randomBytes(32).toString('hex')}`, wrong: '[]' })
    .where('id', '=', id)
    .execute()
  return 1
}

/**
 * A request is known by a digest of all that was on its roster: whoever has the others could try names until it fits. The
 * same roster handed in once more is then a new one; a request with a key of then is refused.
 */
async function forgetRequest(tx: Transaction<Tables>, batch: string, seq: number): Promise<void> {
  await tx
    .updateTable('batches')
    .set({ request_hash: `0x${randomBytes(32).toString('hex')}` })
    .where('seq', '=', seq)
    .execute()
  await forgetReceipts(tx, batch)
  // A title may say whose the batch is, where it is nobody else's.
  const { numUpdatedRows } = await tx
    .updateTable('batches')
    .set({ title: null })
    .where('seq', '=', seq)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('recipients').select('row').where('batch', '=', seq).where('fields', '<>', nobody))),
    )
    .executeTakeFirst()
  if (numUpdatedRows > 0n)
    await tx.updateTable('approvals').set({ asked: Approvals.nothing }).where('subject', '=', batch).execute()
}

/** Why somebody wants credentials revoked, where a second person has not approved it yet: it may say of whom. */
async function forgetProposals(tx: Transaction<Tables>, people: readonly Held[]): Promise<void> {
  const names = people.flatMap((each) =>
    each.kind === 'row' && each.credential !== null ? [Uuid.name(each.credential)] : [],
  )
  const gone = new Set(names)
  if (gone.size === 0) return
  const open = await tx
    .selectFrom('approvals')
    .select(['id', 'asked'])
    .where('asked', '<>', Approvals.nothing)
    .execute()
  for (const { id, asked } of open) {
    const { shown, kept } = JSON.parse(asked) as Approval.Asked
    if (!('credentials' in shown) || !(shown.credentials as readonly string[]).some((each) => gone.has(each))) continue
    const rest = JSON.stringify({ shown: { ...shown, reason: null }, kept } satisfies Approval.Asked)
    await tx.updateTable('approvals').set({ asked: rest }).where('id', '=', id).execute()
  }
}

/** With which address a credential was; the address too, where it is there for nothing else. */
async function forgetClaim(tx: Transaction<Tables>, batch: number, row: number): Promise<void> {
  const moves = await tx
    .deleteFrom('claim_moves')
    .where('batch', '=', batch)
    .where('row', '=', row)
    .returning(['source', 'target'])
    .execute()
  const claims = await tx
    .deleteFrom('claims')
    .where('batch', '=', batch)
    .where('row', '=', row)
    .returning('address')
    .execute()
  const seen = [...moves.flatMap(({ source, target }) => [source, target]), ...claims.map(({ address }) => address)]
  for (const address of new Set(seen)) {
    const isUnused = await tx
      .selectFrom('addresses')
      .select('seq')
      .where('seq', '=', address)
      .where('learner', 'is', null)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('claims').select('row').where('address', '=', address))),
      )
      .where(({ not, exists, selectFrom }) => not(exists(selectFrom('claim_moves').select('id').where(names(address)))))
      .executeTakeFirst()
    if (isUnused === undefined) continue
    await removeAddress(tx, address)
  }
}

/** Removes an address, unless another organisation has it too, whose it is then alone. Answers whether it is removed. */
async function removeAddress(tx: Transaction<Tables>, address: number): Promise<boolean> {
  await tx.deleteFrom('challenges').where('address', '=', address).execute()
  await Scope.trusted(sql`SAVEPOINT address`).execute(tx)
  try {
    await tx.deleteFrom('addresses').where('seq', '=', address).execute()
    return true
  } catch (error) {
    if (!(error instanceof Error && /foreign key constraint/i.test(error.message))) throw error
    await Scope.trusted(sql`ROLLBACK TO SAVEPOINT address`).execute(tx)
    return false
  } finally {
    await Scope.trusted(sql`RELEASE SAVEPOINT address`).execute(tx)
  }
}

/** Whether a move leads from an address, or to it. */
const names = (address: number) => sql<boolean>`(source = ${address} OR target = ${address})`

/** Whoever has proved to read an address, by whatever they proved it, and all else by which they are known. */
async function forgetLearner(tx: Transaction<Tables>, key: string): Promise<void> {
  const found = await tx.selectFrom('addresses').select(['seq', 'learner']).where('key', '=', key).executeTakeFirst()
  if (found === undefined) return
  const { seq, learner } = found
  await tx.deleteFrom('claim_moves').where(names(seq)).execute()
  const claims = await tx.selectFrom('claims').select(['batch', 'row']).where('address', '=', seq).execute()
  for (const { batch, row } of claims) await forgetClaim(tx, batch, row)
  if (!(await removeAddress(tx, seq)) || learner === null) return
  const others = await tx.selectFrom('addresses').select('seq').where('learner', '=', learner).limit(1).execute()
  // Who has another address is still somebody here.
  if (others.length > 0) return
  for (const table of ['challenges', 'learner_sessions', 'learner_bindings'] as const)
    await tx.deleteFrom(table).where('learner', '=', learner).execute()
  await tx.deleteFrom('learners').where('id', '=', learner).execute()
}

/**
 * What was written to an address, and that nothing is to be; who was asked to work here at it, or did. Its files are swept
 * by what is not here any more.
 */
async function forgetAddress(tx: Transaction<Tables>, address: string, now: Database['now']): Promise<void> {
  const key = Cell.emailKey(address)
  await forgetLearner(tx, key)
  await tx
    .updateTable('members')
    .set({ email: null })
    .where('email', '=', key)
    .where('removed_at', 'is not', null)
    .execute()
  await tx
    .updateTable('invitations')
    .set({ outcome: 'withdrawn', settled_at: now })
    .where('email', '=', key)
    .where('outcome', 'is', null)
    .execute()
  await tx.updateTable('invitations').set({ email: null }).where('email', '=', key).execute()
  await tx
    .deleteFrom('mails')
    .where('recipient', 'in', await spellings(tx, key))
    .execute()
  await tx.deleteFrom('mail_suppressions').where('address', '=', key).execute()
}

/** An address as mails have it, which may write it otherwise than a roster; and by its key, so that it is never none. */
async function spellings(db: Pick<Database['reader'], 'selectFrom'>, key: string): Promise<readonly string[]> {
  const found = await db.selectFrom('mails').select('recipient').distinct().where('recipient', 'is not', null).execute()
  return [
    key,
    ...found.flatMap(({ recipient }) => (recipient !== null && Cell.emailKey(recipient) === key ? [recipient] : [])),
  ]
}

async function forgetReceipts(tx: Transaction<Tables>, made: string): Promise<void> {
  await tx
    .updateTable('receipts')
    .set({ fingerprint: 'erased' })
    .where(sql<boolean>`body LIKE ${`%"${made}"%`}`)
    .execute()
}

async function read(
  db: Pick<Database['reader'], 'selectFrom'>,
  which: RawBuilder<unknown>,
): Promise<Erasure | undefined> {
  const erasure = await db
    .selectFrom('erasures')
    .selectAll()
    .where(which as RawBuilder<boolean>)
    .executeTakeFirst()
  if (erasure === undefined) return undefined
  const credentials = await db
    .selectFrom('erased')
    .innerJoin('batches', 'batches.seq', 'erased.batch')
    .leftJoin('revocations', 'revocations.credential_id', 'erased.credential_id')
    .select(['erased.credential_id', 'erased.row', 'batches.id', 'batches.terms', 'revocations.version'])
    .where('erased.erasure', '=', erasure.id)
    .orderBy('erased.batch')
    .orderBy('erased.row')
    .execute()
  return {
    id: erasure.id,
    at: erasure.at,
    others: erasure.others,
    receipt: erasure.receipt === null ? null : (JSON.parse(erasure.receipt) as Json.Object),
    credentials: credentials.map(({ credential_id, row, id, terms, version }) => ({
      id: Uuid.fromBytes(credential_id),
      batch: id,
      row,
      revoked: version !== null,
      redeemable: (JSON.parse(terms) as Batch.Terms).collection !== undefined,
    })),
  }
}
