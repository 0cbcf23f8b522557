import { setTimeout as pause } from 'node:timers/promises'
import * as Errors from '@laurel/core/Errors'
import type { z } from 'zod'
import * as Approval from '../access/Approval.ts'
import type { Principal } from '../access/Principal.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import * as Uuid from '../Uuid.ts'
import * as Admission from './Admission.ts'
import * as Noting from './Noting.ts'
import * as Part from './Part.ts'
import * as Problem from './Problem.ts'
import { type Api, type Asked, json, type Reply, type Route } from './Route.ts'
import type * as schemas from './schemas/approvals.ts'
import * as Views from './Views.ts'

type Needed = Pick<Api, 'approvals' | 'clock' | 'randomness'>

/** What of a request waits for a second person. */
export type Proposal = Pick<Approval.Approval, 'subject' | 'asked'> & {
  /** What is told to whoever proposes it, and kept nowhere. */
  readonly told?: { readonly secret: string }
}

/**
 * Stores what somebody wants to do, for a second person.
 *
 * If we die right after it: it waits, and the same about the same thing is answered with it.
 */
export async function propose(
  principal: Principal,
  { approval, operation }: Pick<Route, 'operation' | 'approval'>,
  { subject, asked }: Proposal,
  { approvals, clock, randomness }: Needed,
): Promise<Approval.Approval> {
  if (approval === undefined) throw new TypeError('Only what has a rule waits for a second person')
  const now = clock.now()
  const { organisation, kind, id, member } = principal
  const stored = await approvals.propose({
    id: Uuid.name(Uuid.urn(randomness.bytes(16))),
    ...{ organisation, operation, subject, asked, rule: approval.rule, proposer: { kind, id, member } },
    ...{ state: 'pending', reason: null, createdAt: now, endsAt: now + Approval.stands },
    ...{ decidedBy: null, decidedAt: null, settledAt: null },
  })
  crashpoint('approval:after-propose')
  return stored
}

/** Does what a route does, or puts it off until a second person has approved it, where a rule wants that. */
export async function handle(route: Route, asked: Asked<unknown, unknown, unknown>, api: Api): Promise<Reply> {
  return (await divert(route, asked as never, api)) ?? route.handle(asked as never, api)
}

async function divert(route: Route, asked: Asked<never, never, never>, api: Api): Promise<Reply | undefined> {
  const { approval } = route
  const { principal } = asked
  if (approval === undefined || principal === undefined) return undefined
  const rules = await api.approvals.rules(principal.organisation)
  if (!Approval.isInForce(rules, approval.rule)) return undefined
  const proposal = await approval.prepare(asked, api, rules)
  if (proposal === undefined) return undefined
  const stored = await propose(principal, route, proposal, api)
  return json(202, { ...view(stored, api.clock.now()), ...proposal.told }, { Location: `/v1/approvals/${stored.id}` })
}

/**
 * Carries out what was approved, as it was asked, in the name of whoever has proposed it, if they may do it still. Repeating it
 * changes nothing. That it was to be done is noted where it was approved; what became of it, in the name of whoever has
 * proposed it, with the proposal as the request.
 *
 * If we die in its midst: {@link keepCarryingOut} does it again.
 */
export async function carryOut(approval: Approval.Approval, routes: readonly Route[], all: Api): Promise<void> {
  const route = routes.find(({ operation }) => operation === approval.operation)
  // Whoever carries it out, it finds and makes nothing but what is theirs who have proposed it.
  const api = { ...all, ...all.within(approval.organisation) }
  const { clock, approvals } = api
  let reason: string | null = null
  try {
    if (route?.approval === undefined) throw new Approval.VoidError()
    const { proposer, organisation } = approval
    const principal = await Admission.asNow({ ...proposer, organisation }, api)
    if (principal === undefined || !Admission.may(route, principal)) throw new Approval.VoidError()
    await route.approval.carryOut(approval, principal, Part.of(principal, all))
  } catch (error) {
    // What is amiss with us, or away for now, is tried again.
    if (!(error instanceof Errors.BaseError) || Problem.statusOf(error.code) >= 500) throw error
    reason = error.code
  }
  crashpoint('approval:after-effect')
  const { id, subject, operation, organisation, proposer } = approval
  const note = Noting.noteOf({ principal: { ...proposer, organisation }, request: id }, api, {
    operation,
    objects: subject === null ? [id] : [subject, id],
    ...{ outcome: reason === null ? 'done' : 'refused', code: reason },
  })
  await api.audit.note(note)
  const state = reason === null ? 'done' : 'failed'
  await approvals.settleApproval(id, { state, reason, now: clock.now() })
  crashpoint('approval:after-settle')
}

/** For how long whoever has approved something carries it out alone, in milliseconds. */
const alone = 5_000

/** Carries out what was approved by a process that has died since, until the signal says that it is enough. */
export async function keepCarryingOut(
  routes: readonly Route[],
  api: Api,
  { signal, onTrouble }: { readonly signal: AbortSignal; readonly onTrouble: (error: Error) => void },
): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const approval of await api.approvals.approved(api.clock.now() - alone))
        await carryOut(approval, routes, api)
    } catch (error) {
      if (!(error instanceof Error) || error instanceof TypeError) throw error
      onTrouble(error)
    }
    await pause(1_000, undefined, { signal }).catch(() => {})
  }
}

export function view(approval: Approval.Approval, now: number): z.output<typeof schemas.Approval> {
  const { id, rule, operation, subject, asked, proposer, reason, createdAt, endsAt, decidedBy } = approval
  const time = (at: number | null) => (at === null ? null : Views.time(at))
  return {
    ...{ id, rule, operation, subject, asked: { ...asked.shown } },
    proposedBy: { kind: proposer.kind, id: proposer.id, member: proposer.member },
    state: Approval.isExpired(approval, now) ? 'expired' : approval.state,
    ...{ reason, createdAt: Views.time(createdAt), endsAt: Views.time(endsAt), decidedBy },
    ...{ decidedAt: time(approval.decidedAt), settledAt: time(approval.settledAt) },
  }
}
