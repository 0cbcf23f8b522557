import { z } from 'zod'
import * as Approval from '../../access/Approval.ts'
import { can } from '../../access/can.ts'
import type { Principal } from '../../access/Principal.ts'
import * as Role from '../../access/Role.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import * as Approvals from '../Approvals.ts'
import * as Cursor from '../Cursor.ts'
import * as Problem from '../Problem.ts'
import { type Api, define, json, known, type Reply, type Route } from '../Route.ts'
import * as schemas from '../schemas/approvals.ts'
import { uuid } from '../schemas.ts'

const tag = 'Approvals'
const byId = z.strictObject({ id: uuid })
const one = { 200: { says: 'The proposal', schema: schemas.Approval } }

/** What decides what was proposed by way of other routes. */
export function approvals(others: readonly Route[]): readonly Route[] {
  const rules: Route = define({
    method: 'put',
    path: '/v1/approvals/rules',
    operation: 'putApprovalRules',
    summary: 'Says for what a second person is needed; where one is for anything, to ask for less needs one as well',
    tag,
    scope: 'members:admin',
    recent: true,
    body: schemas.Rules,
    answers: { 200: { says: 'The rules', schema: schemas.Rules } },
    problems: ['APPROVERS_TOO_FEW', 'SIGN_IN_AGAIN'],
    approval: {
      rule: 'rules',
      prepare: async ({ body }, _, before) =>
        Approval.relaxes(body, before) ? { subject: null, asked: { shown: { ...body }, kept: {} } } : undefined,
      carryOut: async ({ asked, organisation }, _, { approvals, clock }) => {
        await approvals.setRules(organisation, schemas.Rules.parse(asked.shown), clock.now())
      },
    },
    handle: async ({ body, principal }, api) => {
      const { organisation } = known(principal)
      if (Approval.isInForce(body, 'rules')) await demandTwo(organisation, api)
      await api.approvals.setRules(organisation, body, api.clock.now())
      return json(200, body)
    },
  })
  const all = [...others, rules]
  return [
    define({
      method: 'get',
      path: '/v1/approvals',
      operation: 'listApprovals',
      summary: 'Lists what waits for a second person, and what did, the newest first',
      tag,
      scope: 'approvals:read',
      query: schemas.ApprovalQuery,
      answers: { 200: { says: 'A page of them', schema: schemas.Approvals } },
      problems: ['PAGINATION_INVALID'],
      handle: async ({ principal, query: { limit, cursor, state } }, { approvals, clock }) => {
        const before = Cursor.readNumber('approvals', cursor)
        const found = await approvals.approvals(known(principal).organisation, {
          ...{ before, state, limit: Cursor.reach(limit) },
        })
        const page = Cursor.cut(found, limit, ({ seq }) => Cursor.write('approvals', seq))
        const now = clock.now()
        return json(200, { ...page, items: page.items.map(({ approval }) => Approvals.view(approval, now)) })
      },
    }),
    define({
      method: 'get',
      path: '/v1/approvals/rules',
      operation: 'getApprovalRules',
      summary: 'Says for what a second person is needed',
      tag,
      scope: 'approvals:read',
      answers: { 200: { says: 'The rules', schema: schemas.Rules } },
      handle: async ({ principal }, { approvals }) => json(200, await approvals.rules(known(principal).organisation)),
    }),
    rules,
    define({
      method: 'get',
      path: '/v1/approvals/{id}',
      operation: 'getApproval',
      summary: 'Shows what somebody wants to do, and what has become of it',
      tag,
      scope: 'approvals:read',
      reach: 'any',
      params: byId,
      answers: one,
      problems: ['APPROVAL_UNKNOWN'],
      handle: async ({ principal, params }, api) => {
        const asking = known(principal)
        const approval = await find(asking, params.id, api)
        // Whoever is limited to a part of the organisation sees what they have proposed themselves.
        const isWhole = can(asking, 'approvals:read', { organisation: asking.organisation })
        if (!isWhole && !Approval.isOwn(approval, asking)) throw new Approval.UnknownError()
        return tell(approval, api)
      },
    }),
    define({
      method: 'post',
      path: '/v1/approvals/{id}/approve',
      operation: 'approve',
      summary: 'Approves what somebody else has proposed, and carries it out as it was asked; of two at once, one does',
      tag,
      scope: 'approvals:decide',
      recent: true,
      params: byId,
      answers: one,
      problems: ['APPROVAL_UNKNOWN', 'APPROVAL_OWN', 'APPROVAL_SETTLED', 'SIGN_IN_AGAIN', 'PERSON_REQUIRED'],
      handle: async ({ principal, params }, api) => {
        const asking = known(principal)
        if (asking.kind !== 'member')
          throw new Problem.RefusedError('PERSON_REQUIRED', 'A person approves, who has signed in; a key cannot.')
        const approval = await find(asking, params.id, api)
        if (Approval.isOwn(approval, asking)) throw new Approval.OwnError()
        const approved = await decide(approval, 'approved', asking, api)
        crashpoint('approval:after-decide')
        await Approvals.carryOut(approved, all, api)
        return tell(await find(asking, params.id, api), api)
      },
    }),
    define({
      method: 'post',
      path: '/v1/approvals/{id}/decline',
      operation: 'decline',
      summary: 'Declines what somebody has proposed: nothing comes of it',
      tag,
      scope: 'approvals:decide',
      params: byId,
      answers: one,
      problems: ['APPROVAL_UNKNOWN', 'APPROVAL_SETTLED', 'PERSON_REQUIRED'],
      handle: async ({ principal, params }, api) => {
        const asking = known(principal)
        if (asking.kind !== 'member')
          throw new Problem.RefusedError('PERSON_REQUIRED', 'A person declines, who has signed in; a key cannot.')
        return tell(await decide(await find(asking, params.id, api), 'declined', asking, api), api)
      },
    }),
    define({
      method: 'post',
      path: '/v1/approvals/{id}/withdraw',
      operation: 'withdraw',
      summary: 'Takes back what one has proposed oneself',
      tag,
      scope: 'any',
      reach: 'any',
      params: byId,
      answers: one,
      problems: ['APPROVAL_UNKNOWN', 'APPROVAL_SETTLED'],
      handle: async ({ principal, params }, api) => {
        const asking = known(principal)
        const approval = await find(asking, params.id, api)
        // Of others' there is nothing to see for somebody who may only take back.
        if (!Approval.isOwn(approval, asking)) throw new Approval.UnknownError()
        return tell(await decide(approval, 'withdrawn', asking, api), api)
      },
    }),
  ]
}

async function find({ organisation }: Principal, id: string, { approvals }: Api): Promise<Approval.Approval> {
  const approval = await approvals.approval(organisation, id)
  if (approval === undefined) throw new Approval.UnknownError()
  return approval
}

/** @throws {Approval.SettledError} when it waits no more */
async function decide(
  { organisation, id }: Approval.Approval,
  state: 'approved' | 'declined' | 'withdrawn',
  { id: by }: Principal,
  { approvals, clock }: Api,
): Promise<Approval.Approval> {
  const decided = await approvals.decideApproval(organisation, id, { state, by, now: clock.now() })
  if (decided === undefined) throw new Approval.SettledError()
  return decided
}

function tell(approval: Approval.Approval, { clock }: Api): Reply {
  return json(200, Approvals.view(approval, clock.now()))
}

/** Demands that there are two who may approve: where there is one, nothing of theirs is ever approved. */
async function demandTwo(organisation: string, { members }: Api): Promise<void> {
  const able = (await members.members(organisation)).filter(
    ({ role, limits }) =>
      Role.scopesOf(role).includes('approvals:decide') && limits.department === null && limits.issuer === null,
  )
  if (able.length < 2)
    throw new Problem.RefusedError(
      'APPROVERS_TOO_FEW',
      'There have to be two members who may approve for all of the organisation; make an owner or an approver first.',
    )
}
