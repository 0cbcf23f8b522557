import * as ApiKey from '../access/ApiKey.ts'
import { can } from '../access/can.ts'
import type * as Principal from '../access/Principal.ts'
import * as Role from '../access/Role.ts'
import * as Session from '../access/Session.ts'
import type { Context } from '../Context.ts'
import type { Quotas } from '../organisations/Organisation.ts'
import type { SignedIn } from '../ports/SessionStore.ts'
import * as Cookie from './Cookie.ts'
import * as Origin from './Origin.ts'
import * as Problem from './Problem.ts'
import type { Asked, Route } from './Route.ts'

/** What somebody is recognised by. */
export type Using = Pick<Context, 'keys' | 'sessions' | 'clock' | 'terms'>

/** Who asks, and how much their organisation may. */
export type Recognised = { readonly principal: Principal.Principal; readonly quotas: Quotas }

/** What of a request says who asks. */
export type Request = Pick<Asked<never, never, never>, 'headers'> & { readonly method: string }

/** The header in which a change that a cookie carries says what only pages of ours know. */
export const csrfHeader = 'laurel-csrf'

/**
 * Who asks: by a key, or by the session of a browser. It is looked up each time, so that what is taken away is gone at once,
 * whichever process is asked. `undefined`: nobody whom we know.
 *
 * @throws {Problem.RefusedError} AUTHENTICATION_AMBIGUOUS when both come; ORIGIN_REFUSED when a change comes from elsewhere
 */
export async function recognise(request: Request, using: Using): Promise<Recognised | undefined> {
  const { headers } = request
  const secret = sessionSecret(request, using)
  if (headers.authorization === undefined) return secret === undefined ? undefined : bySession(secret, request, using)
  if (secret !== undefined)
    throw new Problem.RefusedError('AUTHENTICATION_AMBIGUOUS', 'Send a key or the cookie of a session, not both.')
  return byKey(headers.authorization, using)
}

/** Who asks by the key that a header has; `undefined` where it is none that opens anything now. */
export async function byKey(
  authorization: string,
  { keys, clock }: Pick<Using, 'keys' | 'clock'>,
): Promise<Recognised | undefined> {
  const [, text = ''] = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization) ?? []
  const id = ApiKey.idOf(text)
  const holder = id === undefined ? undefined : await keys.holder(id)
  if (holder === undefined || !ApiKey.opens(text, holder.key, clock.now())) return undefined
  const { key, organisation, quotas } = holder
  const { scopes, madeBy: member } = key
  return { principal: { kind: 'key', id: key.id, member, organisation, scopes, limits: Role.everywhere }, quotas }
}

/** The secret of a session that a request comes with. What another site has made a browser send counts for nothing. */
function sessionSecret({ headers }: Request, { terms }: Using): string | undefined {
  const origin = Origin.of(headers, terms.publicUrl)
  if (origin === undefined || Origin.isForeign(headers, origin)) return undefined
  const secret = Cookie.read(headers.cookie, Cookie.nameOf('session', origin))
  return secret !== undefined && Session.isSecret(secret) ? secret : undefined
}

async function bySession(secret: string, { method, headers }: Request, using: Using): Promise<Recognised | undefined> {
  const signedIn = await signedInBy(secret, using)
  if (signedIn === undefined) return undefined
  const { member, session, quotas } = signedIn
  const csrf = Session.csrfOf(secret)
  const isChange = method !== 'GET' && method !== 'HEAD'
  const origin = Origin.of(headers, using.terms.publicUrl)
  if (isChange && (origin === undefined || !Origin.isOurs(headers, origin) || headers[csrfHeader] !== csrf))
    throw new Problem.RefusedError(
      'ORIGIN_REFUSED',
      'A change that a cookie carries comes from a page of this server, with the header Laurel-CSRF.',
    )
  return {
    principal: {
      kind: 'member',
      ...{ id: member.id, member: member.id, organisation: member.organisation },
      ...{ scopes: Role.scopesOf(member.role), limits: member.limits },
      session: { id: session.id, provenAt: session.provenAt, csrf },
    },
    quotas,
  }
}

/** Who is signed in with a secret now, which is written down now and then. */
export async function signedInBy(
  secret: string,
  { sessions, clock }: Pick<Using, 'sessions' | 'clock'>,
): Promise<SignedIn | undefined> {
  const digest = Session.digestOf(secret)
  const now = clock.now()
  const signedIn = await sessions.session(digest, now)
  if (signedIn !== undefined && now - signedIn.session.seenAt >= Session.noticed) await sessions.notice(digest, now)
  return signedIn
}

/**
 * Whether somebody may do what a route does, before it is known to what. Where the route does not say to what part of the
 * organisation something belongs, it is the whole of it.
 */
export function may({ scope, reach }: Pick<Route, 'scope' | 'reach'>, principal: Principal.Principal): boolean {
  if (scope === null || scope === 'any') return true
  if (scope === 'member') return principal.kind === 'member'
  const { organisation, limits } = principal
  return can(principal, scope, reach === 'any' ? { ...limits, organisation } : { organisation })
}

/** Somebody whom we have known, as they are now; `undefined` where they are nobody any more. */
export async function asNow(
  known: Pick<Principal.Principal, 'kind' | 'id' | 'member' | 'organisation' | 'session'>,
  { keys, members, sessions, clock }: Pick<Context, 'keys' | 'members' | 'sessions' | 'clock'>,
): Promise<Principal.Principal | undefined> {
  const { kind, id, organisation, session } = known
  const now = clock.now()
  if (kind === 'key') {
    const key = await keys.key(id)
    if (key === undefined || !ApiKey.isValid(key, now)) return undefined
    return { ...known, scopes: key.scopes, limits: Role.everywhere }
  }
  const member = await members.member(organisation, id)
  if (member === undefined) return undefined
  if (session !== undefined && !(await sessions.sessions(organisation, id, now)).some((each) => each.id === session.id))
    return undefined
  return { ...known, scopes: Role.scopesOf(member.role), limits: member.limits }
}

/**
 * Demands that somebody {@link may} do what a route does, and has signed in lately where it takes that.
 *
 * @throws {Problem.RefusedError} SCOPE_REQUIRED, PERSON_REQUIRED, SIGN_IN_AGAIN
 */
export function demand(
  route: Pick<Route, 'scope' | 'recent' | 'reach'>,
  principal: Principal.Principal,
  now: number,
): void {
  const { scope, recent } = route
  if (!may(route, principal)) {
    if (scope === 'member')
      throw new Problem.RefusedError('PERSON_REQUIRED', 'A person does this, who has signed in; a key cannot.')
    throw new Problem.RefusedError(
      'SCOPE_REQUIRED',
      principal.scopes.some((each) => each === scope)
        ? 'You may do this within your part of the organisation only.'
        : `${principal.kind === 'key' ? 'This key lacks' : 'Your role lacks'} the scope ${scope}.`,
      { facts: { scope } },
    )
  }
  if (recent && principal.session !== undefined) demandRecent(principal.session, now)
}

/** @throws {Problem.RefusedError} SIGN_IN_AGAIN */
export function demandRecent({ provenAt }: Pick<Session.Session, 'provenAt'>, now: number): void {
  if (now - provenAt >= Session.lasts.recent)
    throw new Problem.RefusedError('SIGN_IN_AGAIN', 'Sign in once more before this; you did so too long ago.')
}
