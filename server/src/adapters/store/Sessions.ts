import type { Selectable, Transaction } from 'kysely'
import type * as Member from '../../access/Member.ts'
import * as Session from '../../access/Session.ts'
import type { Quotas } from '../../organisations/Organisation.ts'
import { type SessionStore, tries } from '../../ports/SessionStore.ts'
import * as Cell from '../../roster/Cell.ts'
import type { Database } from './Database.ts'
import * as Mails from './Mails.ts'
import { type Tables, toMember } from './Rows.ts'

/** Who is signed in, and the links with which people sign in. */
export function sessions(database: Pick<Database, 'db' | 'reader' | 'now' | 'of'>): SessionStore {
  const { db, reader } = database
  const ofMember = (organisation: string, member: string) =>
    db.deleteFrom('sessions').where('organisation', '=', organisation).where('member', '=', member)
  return {
    session: async (digest, now) => {
      const row = await reader
        .selectFrom('sessions')
        .innerJoin('members', 'members.id', 'sessions.member')
        .innerJoin('organisations', 'organisations.id', 'sessions.organisation')
        .selectAll('members')
        .select([
          'organisations.quotas',
          'sessions.id as session',
          'sessions.method',
          'sessions.agent',
          'sessions.created_at as opened_at',
          'sessions.proven_at',
          'sessions.seen_at',
          'sessions.ends_at',
        ])
        .where('sessions.digest', '=', digest)
        .where('members.removed_at', 'is', null)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const member = toMember(row)
      const session = toSession({ ...row, id: row.session, member: row.id, created_at: row.opened_at })
      const quotas = JSON.parse(row.quotas) as Quotas
      return Session.isOver(session, now) ? undefined : { session, member, quotas }
    },
    notice: async (digest, now) => {
      await db
        .updateTable('sessions')
        .set({ seen_at: now })
        .where('digest', '=', digest)
        .where('seen_at', '<', now)
        .execute()
    },
    sessions: async (organisation, member, now) =>
      (
        await reader
          .selectFrom('sessions')
          .selectAll()
          .where('organisation', '=', organisation)
          .where('member', '=', member)
          .orderBy('created_at', 'desc')
          .orderBy('id')
          .execute()
      )
        .map(toSession)
        .filter((session) => !Session.isOver(session, now)),
    endSession: async (organisation, member, id) =>
      (await ofMember(organisation, member).where('id', '=', id).returning('id').execute()).length > 0,
    endSessions: async (organisation, member, except) =>
      (
        await ofMember(organisation, member)
          .where('id', '!=', except ?? '')
          .returning('id')
          .execute()
      ).length,

    askSignIn: (email, asking, links) =>
      db.transaction().execute(async (tx) => {
        const rows = await tx
          .selectFrom('members')
          .selectAll()
          .where('email', '=', Cell.emailKey(email))
          .where('removed_at', 'is', null)
          .execute()
        for (const member of rows.length === 0 ? [undefined] : rows.map(toMember)) {
          const { digest, mail } = links(member)
          await insertSignIn(tx, digest, member?.id ?? null, asking)
          if (mail !== undefined) await Mails.insert(tx, database, mail, member?.organisation)
        }
      }),
    addSignIn: async (member, digest, asking) => {
      await insertSignIn(db, digest, member, asking)
    },
    signIn: async (digest, browser, now) => {
      const row = await usable(reader, now).where('digest', '=', digest).executeTakeFirst()
      if (row === undefined || row.code !== null) return undefined
      return isFor(row, browser) ? 'here' : 'elsewhere'
    },
    enter: (digest, browser, opening) =>
      db.transaction().execute(async (tx) => {
        const row = await usable(tx, opening.createdAt).where('digest', '=', digest).executeTakeFirst()
        if (row === undefined || row.code !== null || !isFor(row, browser)) return undefined
        return use(tx, row, opening)
      }),
    offerCode: async (digest, code, now) => {
      const rows = await db
        .updateTable('sign_ins')
        .set({ code })
        .where('digest', '=', digest)
        .where('code', 'is', null)
        .where('browser', 'is not', null)
        .where('member', 'is not', null)
        .where('used_at', 'is', null)
        .where('ends_at', '>', now)
        .returning('member')
        .execute()
      return rows.length > 0
    },
    enterByCode: (browser, code, opening) =>
      db.transaction().execute(async (tx) => {
        // Each try is written down before it is judged: whoever tries many at once has no more of them.
        const rows = await tx
          .updateTable('sign_ins')
          .set((eb) => ({ tries: eb('tries', '+', 1) }))
          .where('browser', '=', browser)
          .where('tries', '<', tries)
          .where('used_at', 'is', null)
          .where('ends_at', '>', opening.createdAt)
          .returningAll()
          .execute()
        const row = rows.find((each) => each.code !== null && Buffer.compare(each.code, code) === 0)
        return row && use(tx, row, opening)
      }),

    forgetOver: async (now) => {
      await db
        .deleteFrom('sessions')
        .where((eb) => eb.or([eb('ends_at', '<=', now), eb('seen_at', '<=', now - Session.lasts.idle)]))
        .execute()
      await db.deleteFrom('sign_ins').where('ends_at', '<=', now).execute()
      await db.deleteFrom('passkey_challenges').where('ends_at', '<=', now).execute()
    },
  }
}

/** Opens a session of a member, within the transaction in which they have shown who they are. */
export async function insert(
  tx: Transaction<Tables>,
  { id: member, organisation }: Pick<Member.Member, 'id' | 'organisation'>,
  { digest, id, method, agent, createdAt, provenAt, seenAt, endsAt }: Session.Opening,
): Promise<void> {
  await tx
    .insertInto('sessions')
    .values({
      ...{ digest, id, member, organisation, method, agent },
      ...{ created_at: createdAt, proven_at: provenAt, seen_at: seenAt, ends_at: endsAt },
    })
    .execute()
}

type SignIn = Selectable<Tables['sign_ins']>

function insertSignIn(
  db: Pick<Transaction<Tables>, 'insertInto'>,
  digest: Uint8Array,
  member: string | null,
  { browser, now, endsAt }: { browser: Uint8Array | null; now: number; endsAt: number },
) {
  return db
    .insertInto('sign_ins')
    .values({ digest, member, browser, code: null, created_at: now, ends_at: endsAt, used_at: null })
    .execute()
}

function usable(db: Pick<Transaction<Tables>, 'selectFrom'>, now: number) {
  return db
    .selectFrom('sign_ins')
    .selectAll()
    .where('member', 'is not', null)
    .where('used_at', 'is', null)
    .where('ends_at', '>', now)
}

function isFor({ browser: asking }: SignIn, browser: Uint8Array | undefined): boolean {
  return asking === null || (browser !== undefined && Buffer.compare(asking, browser) === 0)
}

/**
 * Uses a link up and opens the session, in one transaction.
 *
 * If we die right after it: the link is used up, and its owner asks for another.
 */
async function use(
  tx: Transaction<Tables>,
  { digest }: SignIn,
  opening: Session.Opening,
): Promise<Member.Member | undefined> {
  const used = await tx
    .updateTable('sign_ins')
    .set({ used_at: opening.createdAt })
    .where('digest', '=', digest)
    .where('used_at', 'is', null)
    .returning('member')
    .executeTakeFirst()
  const row =
    used?.member &&
    (await tx
      .selectFrom('members')
      .selectAll()
      .where('id', '=', used.member)
      .where('removed_at', 'is', null)
      .executeTakeFirst())
  if (!row) return undefined
  const member = toMember(row)
  await insert(tx, member, opening)
  return member
}

function toSession(
  row: Pick<
    Selectable<Tables['sessions']>,
    'id' | 'member' | 'organisation' | 'method' | 'agent' | 'created_at' | 'proven_at' | 'seen_at' | 'ends_at'
  >,
): Session.Session {
  const { id, member, organisation, method, agent, created_at, proven_at, seen_at, ends_at } = row
  return {
    ...{ id, member, organisation, method, agent },
    ...{ createdAt: created_at, provenAt: proven_at, seenAt: seen_at, endsAt: ends_at },
  }
}
