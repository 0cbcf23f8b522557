import { z } from 'zod'
import { mayGive } from '../../access/can.ts'
import { invite, type Wish } from '../../access/invite.ts'
import * as Member from '../../access/Member.ts'
import type { Principal } from '../../access/Principal.ts'
import * as Role from '../../access/Role.ts'
import * as Session from '../../access/Session.ts'
import * as Problem from '../Problem.ts'
import { type Api, define, json, known, type Route } from '../Route.ts'
import * as schemas from '../schemas/people.ts'
import { uuid } from '../schemas.ts'
import * as Views from '../Views.ts'

const tag = 'Members'
const byId = z.strictObject({ id: uuid })

export const members: readonly Route[] = [
  define({
    method: 'get',
    path: '/v1/me',
    operation: 'whoAmI',
    summary: 'Says who asks, and what they may do',
    tag,
    scope: 'any',
    reach: 'any',
    answers: { 200: { says: 'The key or the member, and the issuer that it works for', schema: schemas.Me } },
    handle: async ({ principal }, api) =>
      json(200, { ...(await introduce(known(principal), api)), issuer: await issuerOf(known(principal), api) }),
  }),
  define({
    method: 'get',
    path: '/v1/members',
    operation: 'listMembers',
    summary: 'Lists the people of the organisation, the oldest members first',
    tag,
    scope: 'members:read',
    answers: { 200: { says: 'All of them', schema: schemas.Members } },
    handle: async ({ principal }, { members }) =>
      json(200, { items: (await members.members(known(principal).organisation)).map(view) }),
  }),
  define({
    method: 'get',
    path: '/v1/members/{id}',
    operation: 'getMember',
    summary: 'Shows a member',
    tag,
    scope: 'members:read',
    params: byId,
    answers: { 200: { says: 'The member', schema: schemas.Member } },
    problems: ['MEMBER_UNKNOWN'],
    handle: async ({ params, principal }, api) => json(200, view(await find(known(principal), params.id, api))),
  }),
  define({
    method: 'put',
    path: '/v1/members/{id}/role',
    operation: 'changeRole',
    summary: 'Gives a member another role, and ends their sessions; nobody gives or takes more than they have',
    tag,
    scope: 'members:admin',
    recent: true,
    params: byId,
    body: schemas.NewRole,
    answers: { 200: { says: 'The member', schema: schemas.Member } },
    problems: ['MEMBER_UNKNOWN', 'LAST_OWNER', 'SCOPE_REQUIRED', 'SIGN_IN_AGAIN'],
    approval: {
      rule: 'members',
      prepare: async ({ params, body, principal }, api) => {
        const asking = known(principal)
        const member = await find(asking, params.id, api)
        const as = { role: body.role, limits: body.limits ?? Role.everywhere }
        demandGiving(asking, member, as)
        return { subject: member.id, asked: { shown: { email: member.email, ...as }, kept: {} } }
      },
      carryOut: async ({ subject, asked, organisation }, principal, api) => {
        const member = await find(principal, subject as string, api)
        const as = asked.shown as Pick<Member.Member, 'role' | 'limits'>
        demandGiving(principal, member, as)
        await api.members.changeRole(organisation, member.id, { role: as.role, limits: as.limits })
      },
    },
    handle: async ({ params, body, principal }, api) => {
      const asking = known(principal)
      const member = await find(asking, params.id, api)
      const as = { role: body.role, limits: body.limits ?? Role.everywhere }
      demandGiving(asking, member, as)
      return json(200, view(await api.members.changeRole(asking.organisation, member.id, as)))
    },
  }),
  define({
    method: 'post',
    path: '/v1/members/{id}/remove',
    operation: 'removeMember',
    summary:
      'Ends a membership with all its sessions and passkeys, for every process at once; repeating it changes nothing',
    tag,
    scope: 'members:admin',
    recent: true,
    params: byId,
    answers: { 200: { says: 'The member', schema: schemas.Member } },
    problems: ['MEMBER_UNKNOWN', 'LAST_OWNER', 'SCOPE_REQUIRED', 'SIGN_IN_AGAIN'],
    handle: async ({ params, principal }, { members, clock }) => {
      const asking = known(principal)
      const member = await members.member(asking.organisation, params.id)
      if (member !== undefined) demandGiving(asking, member)
      return json(200, view(await members.removeMember(asking.organisation, params.id, clock.now())))
    },
  }),
  define({
    method: 'get',
    path: '/v1/members/{id}/sessions',
    operation: 'listMemberSessions',
    summary: 'Lists where a member is signed in',
    tag,
    scope: 'members:admin',
    params: byId,
    answers: { 200: { says: 'The sessions, the newest first', schema: schemas.Sessions } },
    problems: ['MEMBER_UNKNOWN'],
    handle: async ({ params, principal }, api) => {
      const member = await find(known(principal), params.id, api)
      return json(200, { items: await listSessions(member.organisation, member.id, api) })
    },
  }),
  define({
    method: 'post',
    path: '/v1/members/{id}/sessions/end',
    operation: 'endMemberSessions',
    summary: 'Signs a member out everywhere, for every process at once',
    tag,
    scope: 'members:admin',
    params: byId,
    answers: { 200: { says: 'How many sessions have ended', schema: schemas.Ended } },
    problems: ['MEMBER_UNKNOWN'],
    handle: async ({ params, principal }, api) => {
      const member = await find(known(principal), params.id, api)
      return json(200, { ended: await api.sessions.endSessions(member.organisation, member.id, null) })
    },
  }),
  define({
    method: 'get',
    path: '/v1/invitations',
    operation: 'listInvitations',
    summary: 'Lists who has been asked to join and has not answered yet',
    tag,
    scope: 'members:read',
    answers: { 200: { says: 'The invitations, the oldest first', schema: schemas.Invitations } },
    handle: async ({ principal }, { members, clock }) => {
      const items = await members.invitations(known(principal).organisation, clock.now())
      return json(200, { items: items.map(viewInvitation) })
    },
  }),
  define({
    method: 'post',
    path: '/v1/invitations',
    operation: 'createInvitation',
    summary: 'Asks somebody to join, by mail. The same address again is sent another link, and the one before ends',
    tag,
    scope: 'members:admin',
    recent: true,
    body: schemas.NewInvitation,
    answers: { 201: { says: 'The invitation; its mail is on its way', schema: schemas.Invitation } },
    problems: ['MEMBER_EXISTS', 'SCOPE_REQUIRED', 'SIGN_IN_AGAIN'],
    approval: {
      rule: 'members',
      prepare: async ({ body, principal }, { members }) => {
        const asking = known(principal)
        const { email, role, language = null, limits = Role.everywhere } = body
        demandGiving(asking, { role, limits })
        if ((await members.member(asking.organisation, email)) !== undefined) throw new Member.TakenError()
        return { subject: null, asked: { shown: { email, role, limits, language }, kept: {} } }
      },
      carryOut: async ({ id, asked }, principal, api) => {
        const wish = asked.shown as Asking & { readonly language: string | null }
        // Its id is that of the proposal: a second mail of it is never sent.
        await ask(principal, { ...wish, language: wish.language ?? undefined }, api, id)
      },
    },
    handle: async ({ body, principal }, api) => json(201, viewInvitation(await ask(known(principal), body, api))),
  }),
  define({
    method: 'post',
    path: '/v1/invitations/{id}/withdraw',
    operation: 'withdrawInvitation',
    summary: 'Takes an invitation back; repeating it changes nothing',
    tag,
    scope: 'members:admin',
    params: byId,
    answers: { 200: { says: 'The invitation', schema: schemas.Invitation } },
    problems: ['INVITATION_UNKNOWN'],
    handle: async ({ params, principal }, { members, clock }) => {
      const withdrawn = await members.withdraw(known(principal).organisation, params.id, clock.now())
      if (withdrawn === undefined)
        throw new Problem.RefusedError('INVITATION_UNKNOWN', 'There is no open invitation with this id.')
      return json(200, viewInvitation(withdrawn))
    },
  }),
  define({
    method: 'get',
    path: '/v1/sessions',
    operation: 'listSessions',
    summary: 'Lists where whoever asks is signed in',
    tag,
    scope: 'member',
    reach: 'any',
    answers: { 200: { says: 'The own sessions, the newest first', schema: schemas.Sessions } },
    handle: async ({ principal }, api) => {
      const { organisation, id } = known(principal)
      return json(200, { items: await listSessions(organisation, id, api) })
    },
  }),
  define({
    method: 'post',
    path: '/v1/sessions/{id}/end',
    operation: 'endSession',
    summary: 'Ends one of the own sessions, for every process at once',
    tag,
    scope: 'member',
    reach: 'any',
    params: z.strictObject({ id: schemas.sessionId }),
    answers: { 204: { says: 'It opens nothing any more' } },
    problems: ['SESSION_UNKNOWN'],
    handle: async ({ params, principal }, { sessions }) => {
      const { organisation, id } = known(principal)
      if (!(await sessions.endSession(organisation, id, params.id))) throw new Session.UnknownError()
      return { status: 204 }
    },
  }),
]

type Asking = Pick<Wish, 'email' | 'role' | 'language'> & { readonly limits?: Role.Limits | undefined }

async function ask(principal: Principal, wish: Asking, api: Api, id?: string): Promise<Member.Invitation> {
  const { organisation, member } = principal
  const { email, role, language, limits = Role.everywhere } = wish
  demandGiving(principal, { role, limits })
  const by = member === null ? undefined : await api.members.member(organisation, member)
  return invite({ id, organisation, email, role, limits, language, by: by ?? null }, api)
}

async function introduce(principal: Principal, { keys, members }: Api) {
  const { id, session, organisation } = principal
  if (principal.kind === 'key') {
    const key = await keys.key(id)
    if (key === undefined) throw new Problem.RefusedError('AUTHENTICATION_REQUIRED', 'This key opens nothing any more.')
    const { name, scopes, expiresAt } = Views.key(key)
    return { key: { id, name, scopes, expiresAt }, member: null }
  }
  const member = await members.member(organisation, id)
  if (member === undefined || session === undefined)
    throw new Problem.RefusedError('AUTHENTICATION_REQUIRED', 'You are signed in no longer.')
  const { email, role, limits } = member
  const scopes = [...principal.scopes]
  return { key: null, member: { id, email, role, limits, scopes, session: session.id, csrf: session.csrf } }
}

async function find({ organisation }: Principal, id: string, { members }: Api): Promise<Member.Member> {
  const member = await members.member(organisation, id)
  if (member === undefined) throw new Member.UnknownError()
  return member
}

/**
 * Demands that somebody has all that the roles may which they give or take.
 *
 * @throws {Problem.RefusedError} SCOPE_REQUIRED
 */
function demandGiving(principal: Principal, ...all: readonly Pick<Member.Member, 'role' | 'limits'>[]): void {
  const beyond = all.find(({ role, limits }) => !mayGive(principal, { scopes: Role.scopesOf(role), limits }))
  if (beyond !== undefined)
    throw new Problem.RefusedError('SCOPE_REQUIRED', `You may not do all that the role ${beyond.role} may do there.`)
}

async function listSessions(organisation: string, member: string, { sessions, clock }: Api) {
  return (await sessions.sessions(organisation, member, clock.now())).map(viewSession)
}

function view({ id, email, role, limits, createdAt, removedAt }: Member.Member): z.output<typeof schemas.Member> {
  return {
    ...{ id, email, role, limits: { department: limits.department, issuer: limits.issuer } },
    ...{ createdAt: Views.time(createdAt), removedAt: removedAt === null ? null : Views.time(removedAt) },
  }
}

function viewInvitation(invitation: Member.Invitation): z.output<typeof schemas.Invitation> {
  const { id, email, role, limits, createdAt, endsAt, outcome } = invitation
  return {
    ...{ id, email, role, limits: { department: limits.department, issuer: limits.issuer }, outcome },
    ...{ createdAt: Views.time(createdAt), endsAt: Views.time(endsAt) },
  }
}

function viewSession(session: Session.Session): z.output<typeof schemas.Session> {
  const { id, method, agent, createdAt, seenAt, endsAt } = session
  return {
    ...{ id, method, agent },
    ...{ createdAt: Views.time(createdAt), seenAt: Views.time(seenAt), endsAt: Views.time(endsAt) },
  }
}

/** The DID of the issuer that issues what names none. */
async function issuerOf({ organisation }: Principal, { issuing }: Pick<Api, 'issuing'>): Promise<string | null> {
  return (await issuing.of(organisation))?.identity.id ?? null
}
