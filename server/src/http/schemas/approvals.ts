import { z } from 'zod'
import { paging, time } from '../schemas.ts'

const state = z.enum(['pending', 'approved', 'done', 'failed', 'declined', 'withdrawn'])

export const Approval = z
  .strictObject({
    id: z.string(),
    rule: z.enum(['batches', 'keys', 'members', 'revocations', 'rules']),
    operation: z.string().meta({ description: 'What is to be done, as this description calls it' }),
    subject: z.string().nullable().meta({ description: 'The id of what it is about' }),
    asked: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What was asked, to be looked at before it is approved; empty once it is settled' }),
    proposedBy: z.strictObject({
      kind: z.enum(['key', 'member']),
      id: z.string(),
      member: z.string().nullable().meta({ description: 'The person behind it, who cannot approve it' }),
    }),
    state: z.enum([...state.options, 'expired']),
    reason: z.string().nullable().meta({ description: 'Where it has failed: the code of why' }),
    createdAt: time,
    endsAt: time.meta({ description: 'Until when it waits' }),
    decidedBy: z.string().nullable(),
    decidedAt: time.nullable(),
    settledAt: time.nullable(),
    secret: z.string().optional().meta({
      description: 'Of a key that opens nothing before it is approved. It is told this once and kept nowhere.',
    }),
  })
  .meta({ id: 'Approval' })

export const ApprovalQuery = z.strictObject({ ...paging, state: state.optional() })

export const Approvals = z
  .strictObject({
    items: z.array(Approval),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end' }),
  })
  .meta({ id: 'Approvals' })

export const Rules = z
  .strictObject({
    batches: z.boolean().meta({ description: 'Submitting a batch' }),
    keys: z.boolean().meta({ description: 'Making a key; ending one waits for nobody' }),
    members: z.boolean().meta({ description: 'Giving somebody a role, or asking somebody to join' }),
    revocations: z
      .int()
      .min(0)
      .max(1_000_000)
      .nullable()
      .meta({ description: 'Revoking more credentials than so many within an hour; null: no number of them' }),
  })
  .meta({ id: 'ApprovalRules', description: 'For what a second person is needed, who has the scope approvals:decide' })
