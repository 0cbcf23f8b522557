import { z } from 'zod'
import * as Mail from '../../mail/Mail.ts'
import { batchId, paging, time, uuid } from '../schemas.ts'

const next = z.string().nullable().meta({ description: 'The cursor of the next page; null at the end' })

const state = z.enum(['queued', 'sent', 'bounced', 'failed']).meta({
  id: 'MailState',
  description:
    'queued: it waits, or is tried again; sent: the mail server has taken it; bounced: it came back, or its address was ' +
    'refused; failed: it was not sent, and will not be',
})

export const MailView = z
  .strictObject({
    id: uuid,
    template: z.enum(Mail.names as readonly [Mail.Name, ...Mail.Name[]]),
    credential: z.string().nullable().meta({ description: 'The id of the credential that it is about' }),
    state,
    reason: z.string().nullable().meta({ description: 'The code of the last failure; see docs/errors.md' }),
    failures: z.int().meta({ description: 'How often the mail server has put it off' }),
    createdAt: time,
    sentAt: time.nullable(),
  })
  .meta({ id: 'Mail', description: 'What has become of a mail. Neither what it says nor to whom it goes is told.' })

export const Mails = z.strictObject({ items: z.array(MailView), next }).meta({ id: 'Mails' })
export const MailQuery = z.strictObject({ ...paging, state: state.optional() })

export const Resent = z
  .strictObject({
    mail: MailView,
    repeated: z.boolean().meta({ description: 'Whether one is in the queue already, so that no other was put there' }),
  })
  .meta({ id: 'Resent' })

export const NewMailing = z
  .strictObject({
    whom: z
      .enum(['all', 'unreached'])
      .optional()
      .meta({ description: 'Every learner who was not written to yet, or those whom the last mail has not reached' }),
  })
  .meta({ id: 'NewMailing' })

export const Mailing = z
  .strictObject({
    batch: batchId,
    whom: z.enum(['all', 'unreached']),
    learners: z.int(),
    reached: z.int().meta({ description: 'Up to which row of the roster it has come' }),
    written: z.int().meta({ description: 'How many mails are in the queue, or were' }),
    ended: z.boolean(),
    repeated: z.boolean().meta({ description: 'Whether it was begun before' }),
  })
  .meta({ id: 'Mailing', description: 'The writing to the learners of a batch' })

export const Returned = z
  .strictObject({
    mail: uuid,
    outcome: z.enum(['refused', 'undelivered', 'complained']).nullable().meta({
      description: 'refused: nothing is sent to this address any more; null: nothing that changes anything',
    }),
  })
  .meta({ id: 'ReturnedMail' })

export const Suppressions = z
  .strictObject({
    items: z.array(
      z.strictObject({
        address: z.string(),
        reason: z.enum(['bounced', 'complained', 'unsubscribed']),
        at: time,
      }),
    ),
  })
  .meta({
    id: 'MailSuppressions',
    description: 'Addresses to which nothing is sent, or, unless they have bounced, only what somebody asks for',
  })

export const Address = z.strictObject({ address: z.string().max(254) }).meta({ id: 'MailAddress' })
export const Allowed = z.strictObject({ allowed: z.boolean() }).meta({ id: 'AllowedMailAddress' })
