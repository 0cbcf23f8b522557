import * as Errors from '@laurel/core/Errors'
import type * as ApiKey from './ApiKey.ts'
import { allScopes } from './ApiKey.ts'

/** What a person of an organisation is, each with a sentence for whoever gives it. */
export const roles = {
  owner: 'runs the organisation: may do all there is, and says who else may',
  issuer: 'awards: achievements, batches, credentials and how they stand',
  approver: 'is the second person: sees what somebody wants to do, and approves or declines it',
  auditor: 'sees everything, and changes nothing',
  viewer: 'sees what is awarded, and nobody’s credential',
} as const

export type Role = keyof typeof roles

/** Every role there is, the one that may most first. */
export const allRoles = Object.keys(roles) as readonly Role[]

const viewer: readonly ApiKey.Scope[] = ['achievements:read', 'batches:read']

const granted: Readonly<Record<Role, readonly ApiKey.Scope[]>> = {
  owner: allScopes,
  issuer: [
    ...viewer,
    'achievements:write',
    'approvals:read',
    'batches:write',
    'credentials:read',
    'credentials:status',
    'imports:read',
    'imports:write',
    'webhooks:read',
  ],
  approver: [...viewer, 'approvals:decide', 'approvals:read', 'credentials:read'],
  auditor: allScopes.filter((scope) => scope.endsWith(':read')),
  viewer,
}

/** What a role may. */
export function scopesOf(role: Role): readonly ApiKey.Scope[] {
  return granted[role]
}

/** To what part of the organisation a person is limited; `null` where they are not. */
export type Limits = { readonly department: string | null; readonly issuer: string | null }

/** The whole organisation. */
export const everywhere: Limits = { department: null, issuer: null }

export function isRole(text: string): text is Role {
  return Object.hasOwn(roles, text)
}

/** @throws {UnknownRoleError} */
export function toRole(text: string): Role {
  if (!isRole(text)) throw new UnknownRoleError(text)
  return text
}

/** Thrown when a role is named that does not exist. */
export class UnknownRoleError extends Errors.BaseError<'ROLE_UNKNOWN'> {
  override readonly name = 'Role.UnknownRoleError'
  constructor(role: string) {
    super('ROLE_UNKNOWN', `There is no role ${role.slice(0, 80)}; there are ${allRoles.join(', ')}.`)
  }
}
