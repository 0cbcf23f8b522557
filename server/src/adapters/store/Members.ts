import type { Selectable, Transaction } from 'kysely'
import * as Member from '../../access/Member.ts'
import type { MemberStore } from '../../ports/MemberStore.ts'
import * as Cell from '../../roster/Cell.ts'
import type { Database } from './Database.ts'
import * as Mails from './Mails.ts'
import { type Tables, toMember } from './Rows.ts'
import * as Sessions from './Sessions.ts'

/** The people of organisations, and whom they have asked to join. */
export function members(database: Pick<Database, 'db' | 'reader' | 'alone' | 'now' | 'of' | 'isTaken'>): MemberStore {
  const { db, reader, alone, isTaken } = database
  const taken = (error: unknown): never => {
    throw isTaken(error) ? new Member.TakenError() : error
  }
  return {
    addMember: async (member) => {
      await db.insertInto('members').values(toRow(member)).execute().catch(taken)
    },
    member: async (organisation, who) => {
      const [column, value] = who.includes('@') ? (['email', Cell.emailKey(who)] as const) : (['id', who] as const)
      const row = await present(reader, organisation).where(column, '=', value).executeTakeFirst()
      return row && toMember(row)
    },
    members: async (organisation) =>
      (await present(reader, organisation).orderBy('created_at').orderBy('id').execute()).map(toMember),
    hasOwner: async (organisation) => (await owners(reader, organisation)).length > 0,
    changeRole: (organisation, id, { role, limits }) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, `members-${organisation}`)
        const row = await present(tx, organisation).where('id', '=', id).executeTakeFirst()
        if (row === undefined) throw new Member.UnknownError()
        const before = toMember(row)
        const after = { ...before, role, limits }
        const { department, issuer } = limits
        if (role === before.role && department === before.limits.department && issuer === before.limits.issuer)
          return before
        if (!Member.isOwner(after)) await demandOther(tx, before)
        await tx.updateTable('members').set({ role, department, issuer }).where('id', '=', id).execute()
        await tx.deleteFrom('sessions').where('member', '=', id).execute()
        return after
      }),
    removeMember: (organisation, id, now) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, `members-${organisation}`)
        const row = await tx
          .selectFrom('members')
          .selectAll()
          .where('organisation', '=', organisation)
          .where('id', '=', id)
          .executeTakeFirst()
        if (row === undefined) throw new Member.UnknownError()
        const member = toMember(row)
        if (member.removedAt !== null) return member
        await demandOther(tx, member)
        await tx.updateTable('members').set({ removed_at: now }).where('id', '=', id).execute()
        for (const table of ['sessions', 'passkeys', 'sign_ins'] as const)
          await tx.deleteFrom(table).where('member', '=', id).execute()
        return { ...member, removedAt: now }
      }),
    invite: (invitation, digest, mail) =>
      db.transaction().execute(async (tx) => {
        const { id, organisation, email, role, limits, invitedBy, createdAt, endsAt } = invitation
        await alone(tx, `members-${organisation}`)
        const before = await tx.selectFrom('invitations').select('id').where('id', '=', id).executeTakeFirst()
        if (before !== undefined) return
        const key = email === null ? null : Cell.emailKey(email)
        if (key !== null) {
          const member = await present(tx, organisation).where('email', '=', key).executeTakeFirst()
          if (member !== undefined) throw new Member.TakenError()
        }
        await tx
          .updateTable('invitations')
          .set({ outcome: 'withdrawn', settled_at: createdAt })
          .where('organisation', '=', organisation)
          .where('email', key === null ? 'is' : '=', key)
          .where('outcome', 'is', null)
          .execute()
        await tx
          .insertInto('invitations')
          .values({
            ...{ id, organisation, email: key, role, ...limits, digest, invited_by: invitedBy },
            ...{ created_at: createdAt, ends_at: endsAt, outcome: null, settled_at: null },
          })
          .execute()
        if (mail !== undefined) await Mails.insert(tx, database, mail, organisation)
      }),
    invitation: async (digest, now) => {
      const row = await open(reader, now).where('digest', '=', digest).executeTakeFirst()
      return row && toInvitation(row)
    },
    invitations: async (organisation, now) =>
      (
        await open(reader, now)
          .where('organisation', '=', organisation)
          .where('email', 'is not', null)
          .orderBy('created_at')
          .orderBy('id')
          .execute()
      ).map(toInvitation),
    withdraw: async (organisation, id, now) => {
      await db
        .updateTable('invitations')
        .set({ outcome: 'withdrawn', settled_at: now })
        .where('organisation', '=', organisation)
        .where('id', '=', id)
        .where('outcome', 'is', null)
        .execute()
      const row = await db
        .selectFrom('invitations')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('id', '=', id)
        .where('outcome', '=', 'withdrawn')
        .executeTakeFirst()
      return row && toInvitation(row)
    },
    accept: (digest, { id, email, now }, opening) =>
      db
        .transaction()
        .execute(async (tx) => {
          const row = await open(tx, now).where('digest', '=', digest).executeTakeFirst()
          if (row === undefined) return undefined
          const { organisation, role, department, issuer } = row
          await alone(tx, `members-${organisation}`)
          const settled = await tx
            .updateTable('invitations')
            .set({ outcome: 'accepted', settled_at: now })
            .where('digest', '=', digest)
            .where('outcome', 'is', null)
            .returning('id')
            .executeTakeFirst()
          // Whoever came first is the owner now, and lets others in.
          if (row.email === null && (await owners(tx, organisation)).length > 0) return undefined
          const address = row.email ?? email
          if (settled === undefined || address === null) return undefined
          const member: Member.Member = {
            ...{ id, organisation, email: Cell.emailKey(address), role, limits: { department, issuer } },
            ...{ createdAt: now, removedAt: null },
          }
          await tx.insertInto('members').values(toRow(member)).execute()
          await Sessions.insert(tx, member, opening)
          return member
        })
        .catch(taken),
  }
}

type Reader = Pick<Transaction<Tables>, 'selectFrom'>

function present(db: Reader, organisation: string) {
  return db.selectFrom('members').selectAll().where('organisation', '=', organisation).where('removed_at', 'is', null)
}

function open(db: Reader, now: number) {
  return db.selectFrom('invitations').selectAll().where('outcome', 'is', null).where('ends_at', '>', now)
}

async function owners(db: Reader, organisation: string): Promise<readonly Member.Member[]> {
  const rows = await present(db, organisation).where('role', '=', 'owner').execute()
  return rows.map(toMember).filter((each) => Member.isOwner(each))
}

/** Demands that an owner is not the only one. Nobody else changes members of the organisation meanwhile. */
async function demandOther(tx: Reader, member: Member.Member): Promise<void> {
  const others = (await owners(tx, member.organisation)).filter(({ id }) => id !== member.id)
  if (Member.isOwner(member) && others.length === 0) throw new Member.LastOwnerError()
}

function toRow({ id, organisation, email, role, limits, createdAt, removedAt }: Member.Member): Tables['members'] {
  const key = email === null ? null : Cell.emailKey(email)
  return { id, organisation, email: key, role, ...limits, created_at: createdAt, removed_at: removedAt }
}

function toInvitation(row: Selectable<Tables['invitations']>): Member.Invitation {
  const { id, organisation, email, role, department, issuer, invited_by, created_at, ends_at, outcome } = row
  return {
    ...{ id, organisation, email, role, limits: { department, issuer }, invitedBy: invited_by },
    ...{ createdAt: created_at, endsAt: ends_at, outcome },
  }
}
