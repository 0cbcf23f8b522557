import * as Errors from '@laurel/core/Errors'
import type * as Role from './Role.ts'

/** A person of an organisation. Times are in milliseconds since 1970. */
export type Member = {
  /** A UUID. */
  readonly id: string
  readonly organisation: string
  /** As it was written by whoever invited; `null` once it was erased of somebody who was removed. */
  readonly email: string | null
  readonly role: Role.Role
  readonly limits: Role.Limits
  readonly createdAt: number
  readonly removedAt: number | null
}

/** What somebody is asked to join as. */
export type Invitation = {
  /** A UUID. */
  readonly id: string
  readonly organisation: string
  /** `null`: whoever has the link says the own address, as the first owner of a home does. */
  readonly email: string | null
  readonly role: Role.Role
  readonly limits: Role.Limits
  /** The member who has invited; `null`: at the terminal, or by a key that was made there. */
  readonly invitedBy: string | null
  readonly createdAt: number
  readonly endsAt: number
  readonly outcome: 'accepted' | 'withdrawn' | null
}

/** For how long an invitation stands, in milliseconds, and one that the terminal shows to the first owner. */
export const stands = { mailed: 7 * 24 * 60 * 60 * 1_000, shown: 15 * 60 * 1_000 } as const

/** Whether a member is an owner of all of the organisation: one there has to be. */
export function isOwner({ role, limits }: Pick<Member, 'role' | 'limits'>): boolean {
  return role === 'owner' && limits.department === null && limits.issuer === null
}

/** Thrown when the last owner of an organisation would be removed, or would be one no longer. */
export class LastOwnerError extends Errors.BaseError<'LAST_OWNER'> {
  override readonly name = 'Member.LastOwnerError'
  constructor() {
    super('LAST_OWNER', 'This is the only owner of all of the organisation; make another one first.')
  }
}

/** Thrown when somebody with this address is a member already. */
export class TakenError extends Errors.BaseError<'MEMBER_EXISTS'> {
  override readonly name = 'Member.TakenError'
  constructor() {
    super('MEMBER_EXISTS', 'A member of the organisation has this address already.')
  }
}

/** Thrown when there is no such member of the organisation. */
export class UnknownError extends Errors.BaseError<'MEMBER_UNKNOWN'> {
  override readonly name = 'Member.UnknownError'
  constructor() {
    super('MEMBER_UNKNOWN', 'There is no member with this id or address.')
  }
}
