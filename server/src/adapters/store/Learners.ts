import { type Selectable, type SqlBool, sql, type Transaction } from 'kysely'
import { crashpoint } from '../../internal/crashpoint.ts'
import * as Token from '../../learners/Token.ts'
import * as LearnerStore from '../../ports/LearnerStore.ts'
import * as Cell from '../../roster/Cell.ts'
import * as Uuid from '../../Uuid.ts'
import { addressing, changed, claims, prove, tell } from './Claims.ts'
import type { Database } from './Database.ts'
import * as Mails from './Mails.ts'
import type { Tables } from './Rows.ts'

/** For how long a challenge is counted after it has expired, in milliseconds: the longest of the rates. */
const memory = 24 * 60 * 60 * 1_000

/** Learners, by what they prove who they are, and with whom credentials are. */
export function learners(database: Database): LearnerStore.LearnerStore {
  const { db, reader, alone } = database
  const committed = async <result>(work: (tx: Transaction<Tables>) => Promise<result>): Promise<result> => {
    const result = await db.transaction().execute(async (tx) => {
      const result = await work(tx)
      crashpoint('learner:before-commit')
      return result
    })
    crashpoint('learner:after-commit')
    return result
  }
  return {
    ...claims(database),

    challengeAddress: ({ email, mail, token, code, ...challenge }, rates) =>
      committed(async (tx) => {
        const learner = await learnerOf(tx, challenge.session, challenge.createdAt)
        if (challenge.session !== undefined && learner === undefined) return false
        const address = (await addressing(tx, [email]))(email)
        await alone(tx, `address-${address}`)
        if (await isOften(tx, { address }, rates.address, challenge.createdAt)) return false
        if (learner !== undefined && (await isOften(tx, { learner }, rates.learner, challenge.createdAt))) return false
        await tx
          .insertInto('challenges')
          .values({ ...toRow(challenge, 'address', learner), address, token, code })
          .execute()
        await Mails.insert(tx, database, mail)
        return true
      }),
    challenged: async (token, now) => {
      const row = await reader
        .selectFrom('challenges')
        .innerJoin('addresses', 'addresses.seq', 'challenges.address')
        .select(['email', 'session'])
        .where('token', '=', token)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row && { email: row.email, adds: row.session !== null }
    },
    signIn: (answer, beginning, now, attempts) =>
      committed(async (tx) => {
        const challenge = await use(tx, answer, { session: undefined, now, attempts })
        if (challenge === undefined) return undefined
        const learner = await prove(tx, database, challenge.address as number, now)
        return begin(tx, { ...beginning, learner, way: 'address' })
      }),
    addAddress: (answer, session, now, attempts) =>
      committed(async (tx) => {
        const learner = await learnerOf(tx, session, now)
        if (learner === undefined) return false
        const challenge = await use(tx, answer, { session, now, attempts })
        if (challenge === undefined) return false
        const address = challenge.address as number
        await alone(tx, `address-${address}`)
        const { learner: before } = await tx
          .selectFrom('addresses')
          .select('learner')
          .where('seq', '=', address)
          .executeTakeFirstOrThrow()
        await tx.updateTable('addresses').set({ learner, verified_at: now }).where('seq', '=', address).execute()
        if (before !== null && before !== learner) await leave(tx, before, learner)
        return true
      }),
    removeAddress: (learner, email, to) =>
      committed(async (tx) => {
        await alone(tx, `learner-${learner}`)
        const own = await addresses(tx, learner)
        const gone = own.find(({ key }) => key === Cell.emailKey(email))
        if (gone === undefined) return false
        const others = own.filter((each) => each !== gone)
        const target = to === undefined ? others[0] : others.find(({ key }) => key === Cell.emailKey(to))
        if (others.length === 0) throw new LearnerStore.LastAddressError()
        if (target === undefined) return false
        await carry(tx, database, gone.seq, target.seq)
        await tx
          .updateTable('addresses')
          .set({ learner: null, verified_at: null })
          .where('seq', '=', gone.seq)
          .execute()
        return true
      }),
    moveAll: (learner, from, to) =>
      committed(async (tx) => {
        await alone(tx, `learner-${learner}`)
        const own = await addresses(tx, learner)
        const [source, target] = [from, to].map((email) => own.find(({ key }) => key === Cell.emailKey(email)))
        if (source === undefined || target === undefined) return undefined
        return source === target ? 0 : carry(tx, database, source.seq, target.seq)
      }),

    setChallenge: (challenge, kind, rates) =>
      committed(async (tx) => {
        const learner = await learnerOf(tx, challenge.session, challenge.createdAt)
        if (challenge.session !== undefined && learner === undefined) return false
        if (learner !== undefined && (await isOften(tx, { learner }, rates, challenge.createdAt))) return false
        await tx
          .insertInto('challenges')
          .values(toRow(challenge, kind, learner))
          .execute()
        return true
      }),
    take: (digest, kind, session, now) =>
      committed(async (tx) => {
        let query = tx
          .updateTable('challenges')
          .set({ used_at: now })
          .where('digest', '=', digest)
          .where('kind', '=', kind)
          .where('used_at', 'is', null)
          .where('expires_at', '>', now)
        query = session === undefined ? query.where('session', 'is', null) : query.where('session', '=', session)
        return (await query.returning('digest').executeTakeFirst()) !== undefined
      }),
    giveBack: async (digest) => {
      await db.updateTable('challenges').set({ used_at: null }).where('digest', '=', digest).execute()
    },
    bind: (session, { kind, value, boundAt }) =>
      committed(async (tx) => {
        const learner = await learnerOf(tx, session, boundAt)
        if (learner === undefined) return false
        await tx
          .insertInto('learner_bindings')
          .values({ kind, value, learner, bound_at: boundAt })
          .onConflict((on) => on.doNothing())
          .execute()
        const bound = await tx
          .selectFrom('learner_bindings')
          .select('learner')
          .where('kind', '=', kind)
          .where('value', '=', value)
          .executeTakeFirstOrThrow()
        if (bound.learner !== learner) throw new LearnerStore.TakenError()
        return true
      }),
    unbind: async (learner, kind, value) => {
      const row = await db
        .deleteFrom('learner_bindings')
        .where('learner', '=', learner)
        .where('kind', '=', kind)
        .where('value', '=', value)
        .returning('value')
        .executeTakeFirst()
      return row !== undefined
    },
    signInBound: (kind, value, beginning) =>
      committed(async (tx) => {
        const bound = await tx
          .selectFrom('learner_bindings')
          .select('learner')
          .where('kind', '=', kind)
          .where('value', '=', value)
          .executeTakeFirst()
        return bound && begin(tx, { ...beginning, learner: bound.learner, way: kind })
      }),

    session: async (digest, now) => {
      const row = await reader
        .selectFrom('learner_sessions')
        .selectAll()
        .where('digest', '=', digest)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row && toSession(row)
    },
    sessions: async (learner, now) => {
      const rows = await reader
        .selectFrom('learner_sessions')
        .selectAll()
        .where('learner', '=', learner)
        .where('expires_at', '>', now)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(toSession)
    },
    endSession: async (learner, id) => {
      let query = db.deleteFrom('learner_sessions').where('learner', '=', learner)
      if (id !== undefined) query = query.where('id', '=', id)
      return (await query.returning('id').execute()).length > 0
    },
    learner: async (id) => {
      const row = await reader.selectFrom('learners').selectAll().where('id', '=', id).executeTakeFirst()
      if (row === undefined) return undefined
      const own = await addresses(reader, id)
      const bindings = await reader
        .selectFrom('learner_bindings')
        .selectAll()
        .where('learner', '=', id)
        .orderBy('bound_at')
        .orderBy('value')
        .execute()
      return {
        id,
        createdAt: row.created_at,
        addresses: own.map(({ email, verified_at }) => ({ email, verifiedAt: verified_at as number })),
        bindings: bindings.map(({ kind, value, bound_at }) => ({ kind, value, boundAt: bound_at })),
      }
    },
    badges: async (learner, limit) => {
      const rows = await reader
        .selectFrom('addresses')
        .innerJoin('claims', 'claims.address', 'addresses.seq')
        .innerJoin('batches', 'batches.seq', 'claims.batch')
        .innerJoin('drafts', (join) =>
          join.onRef('drafts.batch', '=', 'claims.batch').onRef('drafts.row', '=', 'claims.row'),
        )
        .select(['credential_id', 'email', 'claims.state', 'decided_at', 'achievement', 'terms', 'created_at'])
        .where('addresses.learner', '=', learner)
        .orderBy('claims.batch', 'desc')
        .orderBy('claims.row')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        ...{ credential: Uuid.fromBytes(row.credential_id), email: row.email, state: row.state },
        decidedAt: row.decided_at,
        achievement: String(JSON.parse(row.achievement).name),
        issuer: String(JSON.parse(row.terms).issuer.name),
        issuedAt: row.created_at,
      }))
    },

    forget: (now) =>
      db.transaction().execute(async (tx) => {
        await tx.deleteFrom('learner_sessions').where('expires_at', '<=', now).execute()
        await tx
          .deleteFrom('challenges')
          .where('expires_at', '<', now - memory)
          .execute()
        await tx
          .deleteFrom('addresses')
          .where('learner', 'is', null)
          .where(
            sql<SqlBool>`NOT EXISTS (SELECT 1 FROM claims WHERE claims.address = addresses.seq)
              AND NOT EXISTS (SELECT 1 FROM challenges WHERE challenges.address = addresses.seq)
              AND NOT EXISTS (
                SELECT 1 FROM claim_moves WHERE claim_moves.source = addresses.seq OR claim_moves.target = addresses.seq
              )`,
          )
          .execute()
      }),
  }
}

function toRow(
  { digest, session, createdAt, expiresAt }: LearnerStore.Challenge,
  kind: LearnerStore.Way,
  learner: string | undefined,
) {
  return {
    ...{ digest, kind, session: session ?? null, learner: learner ?? null },
    ...{ address: null, token: null, code: null, created_at: createdAt, expires_at: expiresAt, used_at: null },
  }
}

/** Whose session it is, as long as it lasts. */
async function learnerOf(
  tx: Transaction<Tables>,
  session: Uint8Array | undefined,
  now: number,
): Promise<string | undefined> {
  if (session === undefined) return undefined
  const row = await tx
    .selectFrom('learner_sessions')
    .select('learner')
    .where('digest', '=', session)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row?.learner
}

/** The addresses of a learner, the one first that was proved first. */
function addresses(db: Database['reader'], learner: string) {
  return db
    .selectFrom('addresses')
    .selectAll()
    .where('learner', '=', learner)
    .orderBy('verified_at')
    .orderBy('seq')
    .execute()
}

/** Whether as many challenges were set for an address or by a learner as may be. */
async function isOften(
  tx: Transaction<Tables>,
  of: { readonly address: number } | { readonly learner: string },
  rates: readonly LearnerStore.Rate[],
  now: number,
): Promise<boolean> {
  for (const { count, time } of rates) {
    let query = tx
      .selectFrom('challenges')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('created_at', '>', now - time)
    query = 'address' in of ? query.where('address', '=', of.address) : query.where('learner', '=', of.learner)
    if (Number((await query.executeTakeFirstOrThrow()).count) >= count) return true
  }
  return false
}

/** Uses a challenge by mail up, in the session in which it was set. A wrong code is counted, and stays counted. */
async function use(
  tx: Transaction<Tables>,
  answer: LearnerStore.Answer,
  { session, now, attempts }: { session: Uint8Array | undefined; now: number; attempts: number },
): Promise<Selectable<Tables['challenges']> | undefined> {
  const [column, digest] =
    'token' in answer ? (['token', answer.token] as const) : (['digest', answer.challenge] as const)
  let query = tx
    .updateTable('challenges')
    .set(({ eb }) => ('token' in answer ? { used_at: now } : { attempts: eb('attempts', '+', 1) }))
    .where(column, '=', digest)
    .where('kind', '=', 'address')
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .where('attempts', '<', attempts)
  query = session === undefined ? query.where('session', 'is', null) : query.where('session', '=', session)
  const row = await query.returningAll().executeTakeFirst()
  if (row === undefined || 'token' in answer) return row
  if (row.code === null || !Token.equals(row.code, answer.code)) return undefined
  await tx.updateTable('challenges').set({ used_at: now }).where('digest', '=', digest).execute()
  return row
}

async function begin(
  tx: Transaction<Tables>,
  { digest, replaces, id, learner, way, createdAt, expiresAt }: LearnerStore.Session & LearnerStore.Beginning,
): Promise<LearnerStore.Session> {
  // What a browser had before it signed in opens nothing afterwards: nobody can have put it there.
  if (replaces !== undefined) await tx.deleteFrom('learner_sessions').where('digest', '=', replaces).execute()
  const row = { digest, id, learner, way, created_at: createdAt, expires_at: expiresAt }
  await tx.insertInto('learner_sessions').values(row).execute()
  return toSession(row)
}

function toSession({
  id,
  learner,
  way,
  created_at,
  expires_at,
}: Selectable<Tables['learner_sessions']>): LearnerStore.Session {
  return { id, learner, way, createdAt: created_at, expiresAt: expires_at }
}

/** Moves all that is with one address to another. */
async function carry(
  tx: Transaction<Tables>,
  database: Pick<Database, 'now' | 'of'>,
  from: number,
  to: number,
): Promise<number> {
  const rows = await tx.selectFrom('claims').select(['batch', 'row']).where('address', '=', from).execute()
  await tx.updateTable('claims').set({ address: to }).where('address', '=', from).execute()
  for (const row of rows) await tell(tx, database, await changed(tx, row), 'credential.moved', { move: null })
  return rows.length
}

/** What becomes of a learner who has lost an address to another: whoever has none left is one with that one. */
async function leave(tx: Transaction<Tables>, before: string, learner: string): Promise<void> {
  if ((await addresses(tx, before)).length > 0) return
  await tx.updateTable('learner_bindings').set({ learner }).where('learner', '=', before).execute()
  await tx.deleteFrom('learner_sessions').where('learner', '=', before).execute()
  await tx.deleteFrom('challenges').where('learner', '=', before).execute()
  await tx.deleteFrom('learners').where('id', '=', before).execute()
}
