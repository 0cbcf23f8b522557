import { randomBytes, randomUUID } from 'node:crypto'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { crashpoint } from '../../internal/crashpoint.ts'
import * as LearnerStore from '../../ports/LearnerStore.ts'
import type * as MailStore from '../../ports/MailStore.ts'
import * as Cell from '../../roster/Cell.ts'
import * as Uuid from '../../Uuid.ts'
import type * as Event from '../../webhooks/Event.ts'
import type { Database } from './Database.ts'
import * as Events from './Events.ts'
import * as Mails from './Mails.ts'
import type { Tables } from './Rows.ts'

/** With whom credentials are, and the links by which they are told. */
export function claims(
  database: Database,
): Pick<
  LearnerStore.LearnerStore,
  | 'settings'
  | 'settle'
  | 'ask'
  | 'rounds'
  | 'invite'
  | 'inviteOne'
  | 'renew'
  | 'claim'
  | 'claimOf'
  | 'decide'
  | 'askMove'
  | 'move'
  | 'moveBy'
  | 'object'
  | 'dueMoves'
  | 'carryOut'
> {
  const { db, reader } = database
  return {
    settings: (batch) => settings(reader, batch),
    settle: async ({ onDelivery, days, waitingDays }) => {
      const values = { on_delivery: onDelivery ? 1 : 0, days, waiting_days: waitingDays } as const
      await db
        .insertInto('claim_settings')
        .values(values)
        .onConflict((on) => on.column('organisation').doUpdateSet(values))
        .execute()
    },

    ask: (batch, renews, now) => db.transaction().execute(async (tx) => open(tx, await keyOf(tx, batch), renews, now)),
    rounds: async (limit) => {
      const rows = await reader
        .selectFrom('claim_rounds')
        .innerJoin('batches', 'batches.seq', 'claim_rounds.batch')
        .select(['claim_rounds.seq', 'batches.id', 'renews', 'reached'])
        .where('claim_rounds.ended_at', 'is', null)
        // In the order of its key SQLite would go through all rounds that there ever were.
        .orderBy('claim_rounds.begun_at')
        .orderBy('claim_rounds.seq')
        .limit(limit)
        .execute()
      return rows.map(({ seq, id, renews, reached }) => ({ id: seq, batch: id, renews: renews === 1, reached }))
    },
    invite: async (round, invitations, { row, ends }, now) => {
      const sent = await db.transaction().execute(async (tx) => {
        const mine = await tx
          .updateTable('claim_rounds')
          .set({ reached: row, ended_at: ends ? now : null })
          .where('seq', '=', round.id)
          .where('reached', '=', round.reached)
          .where('ended_at', 'is', null)
          .returning('batch')
          .executeTakeFirst()
        if (mine === undefined) return undefined
        const count = await send(tx, database, mine.batch, invitations, {
          again: round.renews ? 'unanswered' : 'none',
          now,
        })
        crashpoint('claim:before-save')
        return count
      })
      crashpoint('claim:after-save')
      return sent
    },
    inviteOne: async (batch, invitation, now) => {
      await db.transaction().execute(async (tx) => {
        await send(tx, database, await keyOf(tx, batch), [invitation], { again: 'all', now })
        crashpoint('claim:before-save')
      })
      crashpoint('claim:after-save')
    },
    renew: (token, { digest, expiresAt, mail }, now, since) =>
      db.transaction().execute(async (tx) => {
        const renewed = await tx
          .updateTable('claims')
          .set({ token: digest, sent_at: now, expires_at: expiresAt })
          .where('token', '=', token)
          .where('sent_at', '<=', since)
          .returning('address')
          .executeTakeFirst()
        if (renewed === undefined) return false
        await Mails.insert(tx, database, mail(await emailOf(tx, renewed.address)))
        return true
      }),
    claim: async (token) => toClaim(await told(reader).where('claims.token', '=', token).executeTakeFirst()),
    claimOf: async (batch, row) =>
      toClaim(await told(reader).where('batches.id', '=', batch).where('claims.row', '=', row).executeTakeFirst()),
    decide: async (token, seen, state, now) => {
      const isDecided = await db.transaction().execute(async (tx) => {
        const claim = await tx
          .updateTable('claims')
          .set(({ eb }) => ({ state, decided_at: now, changes: eb('changes', '+', 1) }))
          .where('token', '=', token)
          .where('state', '=', seen)
          .where('expires_at', '>', now)
          .returningAll()
          .executeTakeFirst()
        if (claim === undefined) return false
        if (state === 'accepted') await prove(tx, database, claim.address, now)
        await tell(tx, database, claim, state === 'accepted' ? 'credential.accepted' : 'credential.declined')
        crashpoint('claim:before-decision')
        return true
      })
      crashpoint('claim:after-decision')
      return isDecided
    },

    askMove: (move) =>
      db.transaction().execute(async (tx) => {
        const { now } = move
        const batch = await keyOf(tx, move.batch)
        const places = { batch, row: move.row }
        const addressOf = await addressing(tx, [move.from, move.to])
        // Where no link was sent, there is one that nobody has, and that opens nothing.
        const unsent = {
          token: randomBytes(32),
          sent_at: 0,
          expires_at: 0,
          state: 'offered',
          decided_at: null,
        } as const
        await tx
          .insertInto('claims')
          .values({ ...places, address: addressOf(move.from), ...unsent })
          .onConflict((on) => on.doNothing())
          .execute()
        const { address: source } = await tx
          .selectFrom('claims')
          .select('address')
          .where('batch', '=', batch)
          .where('row', '=', move.row)
          .executeTakeFirstOrThrow()
        const row = await tx
          .insertInto('claim_moves')
          .values({
            ...places,
            id: move.id,
            source,
            target: addressOf(move.to),
            reason: move.reason,
            state: 'waiting',
            token: move.digest,
            asked_at: now,
            due: move.due,
            ended_at: null,
          })
          .onConflict((on) => on.doNothing())
          .returningAll()
          .executeTakeFirst()
        if (row === undefined) return undefined
        await Mails.insert(tx, database, move.mail(await emailOf(tx, source)))
        return toMove({ ...row, credential_id: Uuid.toBytes(move.credential) as Uint8Array })
      }),
    move: async (id) => {
      const row = await moves(reader).where('claim_moves.id', '=', id).executeTakeFirst()
      if (row === undefined) return undefined
      return { ...toMove(row), batch: row.batchId, row: row.row, to: await emailOf(reader, row.target) }
    },
    moveBy: async (token) => {
      const row = await moves(reader).where('claim_moves.token', '=', token).executeTakeFirst()
      return row && toMove(row)
    },
    object: (token, now) =>
      db.transaction().execute(async (tx) => {
        const move = await tx
          .updateTable('claim_moves')
          .set({ state: 'objected', ended_at: now })
          .where('token', '=', token)
          .where('state', '=', 'waiting')
          .returningAll()
          .executeTakeFirst()
        if (move === undefined) return false
        await tell(tx, database, await changed(tx, move), 'credential.move-objected', { move: move.id })
        return true
      }),
    dueMoves: async (now, limit) => {
      const rows = await reader
        .selectFrom('claim_moves')
        .select('id')
        .where('state', '=', 'waiting')
        .where('due', '<=', now)
        .orderBy('due')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },
    carryOut: async ({ id, digest, expiresAt, mail, now }) => {
      const isDone = await db.transaction().execute(async (tx) => {
        const move = await tx
          .updateTable('claim_moves')
          .set({ state: 'done', ended_at: now })
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .where('due', '<=', now)
          .returningAll()
          .executeTakeFirst()
        if (move === undefined) return false
        const claim = await tx
          .updateTable('claims')
          .set(({ eb }) => ({
            address: move.target,
            token: digest,
            sent_at: now,
            expires_at: expiresAt,
            changes: eb('changes', '+', 1),
          }))
          .where('batch', '=', move.batch)
          .where('row', '=', move.row)
          // Its learner may have moved it meanwhile, who then reads the old address after all.
          .where('address', '=', move.source)
          .returningAll()
          .executeTakeFirst()
        if (claim === undefined) {
          await tx.updateTable('claim_moves').set({ state: 'dropped' }).where('id', '=', id).execute()
          return false
        }
        await Mails.insert(tx, database, mail(await emailOf(tx, move.target)))
        await tell(tx, database, claim, 'credential.moved', { move: id })
        crashpoint('claim:before-move')
        return true
      })
      crashpoint('claim:after-move')
      return isDone
    },
  }
}

/** How a mailing sends learners their links. */
export function mailings(database: Database): Pick<MailStore.MailStore, 'write'> {
  const { db } = database
  return {
    write: (mailing, reached, invitations, now) =>
      db.transaction().execute(async (tx) => {
        const mine = await tx
          .updateTable('mailings')
          .set({ reached, ended_at: reached < mailing.size ? null : database.now })
          .where('number', '=', mailing.number)
          .where('reached', '=', mailing.reached)
          .where('ended_at', 'is', null)
          .returning('batch')
          .executeTakeFirst()
        if (mine === undefined) return
        const again = mailing.whom === 'all' ? 'none' : 'reachable'
        const count = await send(tx, database, mine.batch, invitations, { again, now })
        await tx
          .updateTable('mailings')
          .set(({ eb }) => ({ written: eb('written', '+', count) }))
          .where('number', '=', mailing.number)
          .execute()
      }),
  }
}

async function keyOf(db: Kysely<Tables>, batch: string): Promise<number> {
  return (await db.selectFrom('batches').select('seq').where('id', '=', batch).executeTakeFirstOrThrow()).seq
}

/** What the organisation of a batch has settled; without a batch, the one whose way into the database this is. */
async function settings(db: Kysely<Tables>, batch: string | undefined): Promise<LearnerStore.Settings> {
  let query = db.selectFrom('claim_settings').selectAll()
  if (batch !== undefined)
    query = query.where('organisation', '=', ({ selectFrom }) =>
      selectFrom('batches').select('batches.organisation').where('id', '=', batch),
    )
  const row = await query.executeTakeFirst()
  if (row === undefined) return LearnerStore.usual
  return { onDelivery: row.on_delivery === 1, days: row.days, waitingDays: row.waiting_days }
}

/**
 * Begins to send the recipients of a batch their links, in the transaction in which it is delivered, where its organisation
 * wants that. A batch that is delivered anew after a reorganisation sends nobody a second one.
 */
export async function begin(tx: Transaction<Tables>, batch: string, now: Database['now']): Promise<void> {
  if ((await settings(tx, batch)).onDelivery) await open(tx, await keyOf(tx, batch), false, now)
}

async function open(
  tx: Transaction<Tables>,
  batch: number,
  renews: boolean,
  now: number | Database['now'],
): Promise<boolean> {
  const row = await tx
    .insertInto('claim_rounds')
    .values({ batch, renews: renews ? 1 : 0, begun_at: now, ended_at: null })
    .onConflict((on) => on.doNothing())
    .returning('seq')
    .executeTakeFirst()
  return row !== undefined
}

/** What finds the rows of these addresses, however they are written; those that are new are stored. */
export async function addressing(
  tx: Transaction<Tables>,
  emails: readonly string[],
): Promise<(email: string) => number> {
  const keys = new Map(emails.map((email) => [Cell.emailKey(email), email]))
  // Two who store the same ones in two orders would each wait for the other.
  const values = [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, email]) => ({ key, email }))
  await tx
    .insertInto('addresses')
    .values(values.map((each) => ({ ...each, learner: null, verified_at: null })))
    .onConflict((on) => on.doNothing())
    .execute()
  const rows = await tx
    .selectFrom('addresses')
    .select(['seq', 'key'])
    .where('key', 'in', [...keys.keys()])
    .execute()
  const found = new Map(rows.map(({ seq, key }) => [key, seq]))
  return (email) => found.get(Cell.emailKey(email)) as number
}

export async function emailOf(db: Kysely<Tables>, address: number): Promise<string> {
  return (await db.selectFrom('addresses').select('email').where('seq', '=', address).executeTakeFirstOrThrow()).email
}

/** The learner who reads an address, who is one from now on where there was none. */
export async function prove(
  tx: Transaction<Tables>,
  { alone }: Pick<Database, 'alone'>,
  address: number,
  now: number,
): Promise<string> {
  await alone(tx, `address-${address}`)
  const { learner } = await tx
    .selectFrom('addresses')
    .select('learner')
    .where('seq', '=', address)
    .executeTakeFirstOrThrow()
  if (learner !== null) return learner
  const id = randomUUID()
  await tx.insertInto('learners').values({ id, created_at: now }).execute()
  await tx.updateTable('addresses').set({ learner: id, verified_at: now }).where('seq', '=', address).execute()
  return id
}

/** Stores links, and sends a mail for each that is new, or takes the place of another. */
async function send(
  tx: Transaction<Tables>,
  database: Pick<Database, 'now' | 'of'>,
  batch: number,
  invitations: readonly LearnerStore.Invitation[],
  { again, now }: { readonly again: 'none' | 'unanswered' | 'reachable' | 'all'; readonly now: number },
): Promise<number> {
  if (invitations.length === 0) return 0
  const addressOf = await addressing(
    tx,
    invitations.map(({ email }) => email),
  )
  const inserted = await tx
    .insertInto('claims')
    .values(
      invitations.map(({ row, email, digest, expiresAt }) => ({
        ...{ batch, row, address: addressOf(email), state: 'offered' as const, decided_at: null },
        ...{ token: digest, sent_at: now, expires_at: expiresAt },
      })),
    )
    .onConflict((on) => on.doNothing())
    .returning('row')
    .execute()
  const fresh = new Set(inserted.map(({ row }) => row))
  const mails = invitations.filter(({ row }) => fresh.has(row)).map(({ email, mail }) => mail(email))
  if (again !== 'none')
    for (const { row, digest, expiresAt, mail } of invitations.filter(({ row }) => !fresh.has(row))) {
      let query = tx
        .updateTable('claims')
        .set({ token: digest, sent_at: now, expires_at: expiresAt })
        .where('batch', '=', batch)
        .where('row', '=', row)
      if (again === 'unanswered') query = query.where('state', '=', 'offered')
      // A link that nobody is sent would only end the one that they may have.
      if (again === 'reachable')
        query = query.where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('mail_suppressions')
                .innerJoin('addresses', 'addresses.key', 'mail_suppressions.address')
                .innerJoin('batches', 'batches.organisation', 'mail_suppressions.organisation')
                .select('mail_suppressions.address')
                .whereRef('addresses.seq', '=', 'claims.address')
                .whereRef('batches.seq', '=', 'claims.batch'),
            ),
          ),
        )
      const renewed = await query.returning('address').executeTakeFirst()
      // It goes to where the credential is now, which the roster need not know.
      if (renewed !== undefined) mails.push(mail(await emailOf(tx, renewed.address)))
    }
  await Mails.insertAll(tx, database, mails)
  return mails.length
}

/** Stores that something has happened to whom a credential is with. */
export async function tell(
  tx: Transaction<Tables>,
  database: Pick<Database, 'now' | 'of'>,
  { batch, row, changes }: Pick<Selectable<Tables['claims']>, 'batch' | 'row' | 'changes'>,
  type: Event.Type,
  more: Event.Data = {},
): Promise<void> {
  const { credential_id, id } = await tx
    .selectFrom('drafts')
    .innerJoin('batches', 'batches.seq', 'drafts.batch')
    .select(['credential_id', 'id'])
    .where('drafts.batch', '=', batch)
    .where('drafts.row', '=', row)
    .executeTakeFirstOrThrow()
  const credential = Uuid.fromBytes(credential_id)
  const subject = Events.claimOf(credential)
  const organisation = sql<string>`(SELECT organisation FROM batches WHERE id = ${id})`
  const data = { credential, batch: id, ...more }
  await Events.record(tx, database, { type, subject, sequence: changes, data, organisation })
}

/** Counts one more change of a claim. */
export async function changed(
  tx: Transaction<Tables>,
  { batch, row }: Pick<Selectable<Tables['claims']>, 'batch' | 'row'>,
): Promise<Selectable<Tables['claims']>> {
  return tx
    .updateTable('claims')
    .set(({ eb }) => ({ changes: eb('changes', '+', 1) }))
    .where('batch', '=', batch)
    .where('row', '=', row)
    .returningAll()
    .executeTakeFirstOrThrow()
}

function told(reader: Kysely<Tables>) {
  return reader
    .selectFrom('claims')
    .innerJoin('addresses', 'addresses.seq', 'claims.address')
    .innerJoin('batches', 'batches.seq', 'claims.batch')
    .innerJoin('drafts', (join) =>
      join.onRef('drafts.batch', '=', 'claims.batch').onRef('drafts.row', '=', 'claims.row'),
    )
    .select([
      'batches.id',
      'claims.row',
      'credential_id',
      'email',
      'claims.state',
      'decided_at',
      'sent_at',
      'expires_at',
    ])
}

type Told = Awaited<ReturnType<ReturnType<typeof told>['executeTakeFirst']>>

function toClaim(row: Told): LearnerStore.Claim | undefined {
  return (
    row && {
      ...{ batch: row.id, row: row.row, credential: Uuid.fromBytes(row.credential_id), email: row.email },
      ...{ state: row.state, decidedAt: row.decided_at, sentAt: row.sent_at, expiresAt: row.expires_at },
    }
  )
}

function moves(reader: Kysely<Tables>) {
  return reader
    .selectFrom('claim_moves')
    .innerJoin('batches', 'batches.seq', 'claim_moves.batch')
    .innerJoin('drafts', (join) =>
      join.onRef('drafts.batch', '=', 'claim_moves.batch').onRef('drafts.row', '=', 'claim_moves.row'),
    )
    .selectAll('claim_moves')
    .select(['batches.id as batchId', 'credential_id'])
}

function toMove(row: Selectable<Tables['claim_moves']> & { readonly credential_id: Uint8Array }): LearnerStore.Move {
  return {
    ...{ id: row.id, credential: Uuid.fromBytes(row.credential_id), reason: row.reason, state: row.state },
    ...{ askedAt: row.asked_at, due: row.due, endedAt: row.ended_at },
  }
}
