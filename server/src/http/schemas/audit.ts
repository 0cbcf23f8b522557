import { z } from 'zod'
import { paging, time } from '../schemas.ts'

const hex = z.string().regex(/^0x[0-9a-f]{64}$/)
const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9:. -]{0,100}$/)

const filter = {
  principal: word.optional().meta({ description: 'Who asked, as entries have it', examples: ['key:0a1b2c3d'] }),
  operation: word.optional().meta({ description: 'What was asked for', examples: ['revokeCredential'] }),
  object: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,100}$/)
    .optional()
    .meta({ description: 'The id of what it is about' }),
  request: z
    .string()
    .regex(/^[0-9a-f-]{36}$/)
    .optional()
    .meta({ description: 'The id of a request' }),
  since: moment.optional().meta({ description: 'From this moment on' }),
  before: moment.optional().meta({ description: 'Before this moment' }),
}

export const AuditQuery = z.strictObject({ ...paging, ...filter })
export const AuditExport = z.strictObject(filter)

export const AuditEntry = z
  .strictObject({
    type: z.literal('LaurelAuditEntry'),
    version: z.literal(1),
    organisation: z.string(),
    sequence: z.int(),
    at: time,
    principal: z.string(),
    operation: z.string(),
    objects: z.array(z.string()),
    request: z.string(),
    outcome: z.enum(['asked', 'done', 'refused', 'failed']).meta({
      description: 'What was asked for and has no other entry of the same request: nobody knows how it ended',
    }),
    code: z.string().nullable(),
    previous: hex,
    hash: hex.meta({ description: 'SHA-256 of the canonical form (RFC 8785) of all else' }),
  })
  .meta({ id: 'AuditEntry' })

export const AuditEntries = z
  .strictObject({
    items: z.array(AuditEntry),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end' }),
  })
  .meta({ id: 'AuditEntries' })
