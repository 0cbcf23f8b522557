import { z } from 'zod'
import * as Cell from '../../roster/Cell.ts'
import { uuid } from '../schemas.ts'

const revoke = z
  .boolean()
  .optional()
  .meta({ description: 'Whether the credentials are revoked first; copies that others have then say so' })

const email = z
  .string()
  .max(254)
  .refine((text) => 'value' in Cell.email(text), {
    error: 'This is not one e-mail address',
    params: { code: 'EMAIL_INVALID' },
  })
  .meta({ description: 'By which rosters and orders named the person', examples: ['ada@example.org'] })

export const EraseCredential = z.strictObject({ revoke }).meta({ id: 'EraseCredential' })
export const EraseLearner = z.strictObject({ email, revoke }).meta({ id: 'EraseLearner' })
export const DiscloseLearner = z.strictObject({ email }).meta({ id: 'DiscloseLearner' })

export const Erasure = z
  .strictObject({
    id: uuid,
    state: z
      .enum(['erasing', 'erased'])
      .meta({ description: 'erased once nothing is left, and the receipt is signed' }),
    repeated: z.boolean().meta({ description: 'Whether it was erased before' }),
    credentials: z.array(z.strictObject({ id: z.string(), revoked: z.boolean() })),
    others: z
      .int()
      .meta({ description: 'Orders and rows of rosters that never became credentials, and badges of others' }),
    token: z
      .string()
      .nullable()
      .meta({ description: 'What may be on a chain, and what helps; null where nothing can be' }),
    receipt: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'Signed by the issuer, with nothing about a person in it (docs/privacy.md)' }),
  })
  .meta({ id: 'Erasure' })

const days = z.int().min(1).max(36_500).nullable()

export const NewRetention = z
  .strictObject({
    rosters: days.meta({
      description: 'Days since a batch was accepted; null: until somebody asks for it to be erased',
    }),
    reasons: days.meta({ description: 'Days since something was decided, for the reason; null as above' }),
  })
  .meta({ id: 'NewRetention' })

export const Retention = NewRetention.extend({
  outdated: z
    .strictObject({ people: z.int(), reasons: z.int() })
    .meta({ description: 'What is older than that now, and is forgotten within an hour' }),
}).meta({ id: 'Retention' })

export const Disclosure = z.record(z.string(), z.unknown()).meta({
  id: 'PersonExport',
  description: 'What an organisation keeps of a person (docs/privacy.md)',
})
