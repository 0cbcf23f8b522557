import type * as ApiKey from './ApiKey.ts'
import type { Principal } from './Principal.ts'
import type * as Role from './Role.ts'

/** Whose something is: of an organisation, and of a department or an issuer within it where it belongs to one. */
export type Owned = { readonly organisation: string } & Partial<Role.Limits>

/**
 * Whether somebody may do what needs a scope to something. It is denied unless all agree: the organisation is theirs, they
 * have the scope, and where they are limited to a part of it, the thing says that it belongs there.
 */
export function can(
  { organisation, scopes, limits }: Pick<Principal, 'organisation' | 'scopes' | 'limits'>,
  scope: ApiKey.Scope,
  object: Owned,
): boolean {
  return organisation === object.organisation && scopes.includes(scope) && isWithin(limits, object)
}

/** Whether something lies within the part of an organisation to which somebody is limited. */
export function isWithin({ department, issuer }: Role.Limits, object: Partial<Role.Limits>): boolean {
  const fits = (limit: string | null, of: string | null | undefined) => limit === null || limit === of
  return fits(department, object.department) && fits(issuer, object.issuer)
}

/** Whether somebody has all that is to be given, and may give it there: nobody hands out what they have not. */
export function mayGive(
  { scopes, limits }: Pick<Principal, 'scopes' | 'limits'>,
  given: { readonly scopes: readonly ApiKey.Scope[]; readonly limits: Role.Limits },
): boolean {
  const isNoWider = (mine: string | null, theirs: string | null) => mine === null || mine === theirs
  return (
    given.scopes.every((scope) => scopes.includes(scope)) &&
    isNoWider(limits.department, given.limits.department) &&
    isNoWider(limits.issuer, given.limits.issuer)
  )
}
