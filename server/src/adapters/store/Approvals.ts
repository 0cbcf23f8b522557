import type { Selectable } from 'kysely'
import * as Approval from '../../access/Approval.ts'
import type { ApprovalStore } from '../../ports/ApprovalStore.ts'
import type { Database } from './Database.ts'
import type { Tables } from './Rows.ts'

/** What waits for a second person. */
export function approvals({ db, reader, alone }: Pick<Database, 'db' | 'reader' | 'alone'>): ApprovalStore {
  return {
    rules: async (organisation) => {
      const row = await reader
        .selectFrom('approval_rules')
        .select('rules')
        .where('organisation', '=', organisation)
        .executeTakeFirst()
      return row === undefined ? Approval.none : { ...Approval.none, ...(JSON.parse(row.rules) as Approval.Rules) }
    },
    setRules: async (organisation, rules, now) => {
      const row = { rules: JSON.stringify(rules), changed_at: now }
      await db
        .insertInto('approval_rules')
        .values({ organisation, ...row })
        .onConflict((on) => on.column('organisation').doUpdateSet(row))
        .execute()
    },
    propose: (approval) =>
      db.transaction().execute(async (tx) => {
        const { organisation, operation, subject, createdAt } = approval
        await alone(tx, `approvals-${organisation}`)
        const same =
          subject === null
            ? undefined
            : await tx
                .selectFrom('approvals')
                .selectAll()
                .where('organisation', '=', organisation)
                .where('operation', '=', operation)
                .where('subject', '=', subject)
                .where('state', '=', 'pending')
                .where('ends_at', '>', createdAt)
                .executeTakeFirst()
        if (same !== undefined) return toApproval(same)
        await tx.insertInto('approvals').values(toRow(approval)).execute()
        return approval
      }),
    approval: async (organisation, id) => {
      const row = await reader
        .selectFrom('approvals')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && toApproval(row)
    },
    approvals: async (organisation, { before, limit, state }) => {
      let query = reader
        .selectFrom('approvals')
        .selectAll()
        .where('organisation', '=', organisation)
        .orderBy('seq', 'desc')
        .limit(limit)
      if (before !== undefined) query = query.where('seq', '<', before)
      if (state !== undefined) query = query.where('state', '=', state)
      return (await query.execute()).map((row) => ({ seq: row.seq, approval: toApproval(row) }))
    },
    decideApproval: async (organisation, id, { state, by, now }) => {
      const row = await db
        .updateTable('approvals')
        .set({
          ...{ state, decided_by: by, decided_at: now },
          ...(state !== 'approved' && { settled_at: now, asked: nothing }),
        })
        .where('organisation', '=', organisation)
        .where('id', '=', id)
        .where('state', '=', 'pending')
        .where('ends_at', '>', now)
        .returningAll()
        .executeTakeFirst()
      return row && toApproval(row)
    },
    settleApproval: async (id, { state, reason, now }) => {
      await db
        .updateTable('approvals')
        .set({ state, reason, settled_at: now, asked: nothing })
        .where('id', '=', id)
        .where('state', '=', 'approved')
        .execute()
    },
    forgetExpired: async (before) => {
      await db
        .updateTable('approvals')
        .set({ asked: nothing })
        .where('state', '=', 'pending')
        .where('ends_at', '<=', before)
        .where('asked', '<>', nothing)
        .execute()
    },
    approved: async (before) =>
      (
        await reader
          .selectFrom('approvals')
          .selectAll()
          .where('state', '=', 'approved')
          .where('decided_at', '<', before)
          .orderBy('decided_at')
          .limit(100)
          .execute()
      ).map(toApproval),
    allowRevocation: (organisation, credentials, { count, since, now }) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, `revocations-${organisation}`)
        await tx
          .deleteFrom('revocation_allowances')
          .where('organisation', '=', organisation)
          .where('at', '<=', since)
          .execute()
        const taken = await tx
          .selectFrom('revocation_allowances')
          .select('credential')
          .where('organisation', '=', organisation)
          .execute()
        const before = new Set(taken.map(({ credential }) => credential))
        const more = credentials.filter((credential) => !before.has(credential))
        if (before.size + more.length > count) return more.length === 0
        const rows = more.map((credential) => ({ organisation, credential, at: now }))
        if (rows.length > 0) await tx.insertInto('revocation_allowances').values(rows).execute()
        return true
      }),
  }
}

/** What is left of what was asked, once nobody needs it: it may have named people. */
export const nothing = JSON.stringify({ shown: {}, kept: {} } satisfies Approval.Asked)

function toRow(approval: Approval.Approval): Omit<Tables['approvals'], 'seq'> {
  const { id, organisation, rule, operation, subject, asked, proposer, state, reason } = approval
  return {
    ...{ id, organisation, rule, operation, subject, asked: JSON.stringify(asked), state, reason },
    ...{ proposer_kind: proposer.kind, proposer: proposer.id, proposer_member: proposer.member },
    ...{ created_at: approval.createdAt, ends_at: approval.endsAt },
    ...{ decided_by: approval.decidedBy, decided_at: approval.decidedAt, settled_at: approval.settledAt },
  }
}

function toApproval(row: Selectable<Tables['approvals']>): Approval.Approval {
  const { id, organisation, rule, operation, subject, asked, state, reason } = row
  return {
    ...{ id, organisation, operation, subject, state, reason },
    rule: rule as Approval.Rule,
    asked: JSON.parse(asked) as Approval.Asked,
    proposer: { kind: row.proposer_kind, id: row.proposer, member: row.proposer_member },
    ...{ createdAt: row.created_at, endsAt: row.ends_at },
    ...{ decidedBy: row.decided_by, decidedAt: row.decided_at, settledAt: row.settled_at },
  }
}
