import { z } from 'zod'
import * as Role from '../../access/Role.ts'
import * as Cell from '../../roster/Cell.ts'
import { scope, time } from '../schemas.ts'

export const sessionId = z.string().regex(/^[0-9a-f]{16}$/)

const role = z
  .enum(Role.allRoles as readonly [Role.Role, ...Role.Role[]])
  .meta({ id: 'Role', description: Role.allRoles.map((name) => `${name}: ${Role.roles[name]}`).join('; ') })

const limit = z.string().min(1).max(200).nullable()
const limits = z
  .strictObject({ department: limit, issuer: limit })
  .meta({ id: 'RoleLimits', description: 'To which department and which issuer the role is limited; null: to none' })

const email = z
  .string()
  .refine((text) => Cell.isRead(Cell.email(text)), {
    error: 'This is not one e-mail address such as ada@example.org',
    params: { code: 'EMAIL_INVALID' },
  })
  .meta({ description: 'One e-mail address' })

const session = {
  id: z.string(),
  method: z.enum(['link', 'code', 'passkey', 'invitation']).meta({ description: 'How its member has signed in' }),
  agent: z.string().meta({ description: 'The browser and the system, in words of ours' }),
  createdAt: time,
  seenAt: time.meta({ description: 'When somebody was last seen there, to the minute' }),
  endsAt: time.meta({ description: 'When it ends at the latest' }),
}

export const Me = z
  .strictObject({
    key: z
      .strictObject({ id: z.string(), name: z.string(), scopes: z.array(scope), expiresAt: time.nullable() })
      .nullable(),
    member: z
      .strictObject({
        id: z.string(),
        email: z.string().nullable(),
        role,
        limits,
        scopes: z.array(scope),
        session: z.string(),
        csrf: z.string().meta({ description: 'What a change says in the header Laurel-CSRF' }),
      })
      .nullable(),
    issuer: z.string().nullable().meta({ description: 'Its DID; null: the organisation has none yet' }),
  })
  .meta({ id: 'Me', description: 'A key or a member; the other one is null' })

export const Member = z
  .strictObject({
    id: z.string(),
    email: z.string().nullable(),
    role,
    limits,
    createdAt: time,
    removedAt: time.nullable(),
  })
  .meta({ id: 'Member' })

export const Members = z.strictObject({ items: z.array(Member) }).meta({ id: 'Members' })

export const NewRole = z
  .strictObject({ role, limits: limits.optional() })
  .meta({ id: 'NewRole', description: 'Without limits: all of the organisation' })

export const NewInvitation = z
  .strictObject({
    email,
    role,
    limits: limits.optional(),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
      .optional()
      .meta({ description: 'The language of the mail (BCP 47)', examples: ['de'] }),
  })
  .meta({ id: 'NewInvitation' })

export const Invitation = z
  .strictObject({
    id: z.string(),
    email: z.string().nullable(),
    role,
    limits,
    createdAt: time,
    endsAt: time,
    outcome: z.enum(['accepted', 'withdrawn']).nullable(),
  })
  .meta({ id: 'Invitation' })

export const Invitations = z.strictObject({ items: z.array(Invitation) }).meta({ id: 'Invitations' })

export const Session = z.strictObject(session).meta({ id: 'Session' })
export const Sessions = z.strictObject({ items: z.array(Session) }).meta({ id: 'Sessions' })
export const Ended = z.strictObject({ ended: z.int() }).meta({ id: 'EndedSessions', description: 'How many it were' })
