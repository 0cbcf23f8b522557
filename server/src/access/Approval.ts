import * as Errors from '@laurel/core/Errors'
import type * as Json from '@laurel/core/Json'
import type { Principal } from './Principal.ts'

/** For what an organisation wants a second person. */
export type Rules = {
  /** Submitting a batch. */
  readonly batches: boolean
  /** Making a key. Ending one waits for nobody: it may be in wrong hands. */
  readonly keys: boolean
  /** Giving somebody a role. Taking one away by removal waits for nobody. */
  readonly members: boolean
  /** Revoking more credentials than so many within an hour; `null`: as many as there are. */
  readonly revocations: number | null
}

/** What a rule is about; `rules`: the rules themselves. */
export type Rule = keyof Rules | 'rules'

/** Nothing needs a second person. */
export const none: Rules = { batches: false, keys: false, members: false, revocations: null }

/** Within what time revocations are counted together, in milliseconds. */
export const together = 60 * 60 * 1_000

/** For how long a proposal waits, in milliseconds. */
export const stands = 7 * 24 * 60 * 60 * 1_000

/** Whether a rule is in force. The rules themselves are kept by the others: whoever is bound by them does not undo them alone. */
export function isInForce(rules: Rules, rule: Rule): boolean {
  if (rule === 'rules') return rules.batches || rules.keys || rules.members || rules.revocations !== null
  return rules[rule] !== false && rules[rule] !== null
}

/** Whether rules leave more to one person than others. */
export function relaxes(after: Rules, before: Rules): boolean {
  const most = ({ revocations }: Rules) => revocations ?? Number.POSITIVE_INFINITY
  return (
    (['batches', 'keys', 'members'] as const).some((rule) => before[rule] && !after[rule]) || most(after) > most(before)
  )
}

/** How far a proposal has come. One that is approved is carried out; after a crash it is carried out again. */
export type State = 'pending' | 'approved' | 'done' | 'failed' | 'declined' | 'withdrawn'

/** What somebody wants to do, until somebody else has approved it. Times are in milliseconds since 1970. */
export type Approval = {
  /** A UUID. */
  readonly id: string
  readonly organisation: string
  readonly rule: Rule
  /** The operation, as the description of the interface calls it. */
  readonly operation: string
  /** What it is about, where that has an id: the same about the same thing is proposed once. */
  readonly subject: string | null
  /** What was asked: for whoever approves, and what it takes besides to carry it out. Nothing of it is left afterwards. */
  readonly asked: Asked
  readonly proposer: Pick<Principal, 'kind' | 'id' | 'member'>
  readonly state: State
  /** Why it could not be carried out: the code of an error. */
  readonly reason: string | null
  readonly createdAt: number
  readonly endsAt: number
  /** The member who has approved, declined or withdrawn it, or the key that has withdrawn it. */
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly settledAt: number | null
}

export type Asked = { readonly shown: Json.Object; readonly kept: Json.Object }

/** Whether it is nobody's turn any more, though nobody has decided. */
export function isExpired({ state, endsAt }: Pick<Approval, 'state' | 'endsAt'>, now: number): boolean {
  return state === 'pending' && now >= endsAt
}

/** Whether somebody has proposed it, by themselves or by a key that they have made. */
export function isOwn(
  { proposer }: Pick<Approval, 'proposer'>,
  { id, member }: Pick<Principal, 'id' | 'member'>,
): boolean {
  return proposer.id === id || (proposer.member !== null && proposer.member === member)
}

/** Thrown when somebody approves what they have proposed themselves, or by a key of theirs. */
export class OwnError extends Errors.BaseError<'APPROVAL_OWN'> {
  override readonly name = 'Approval.OwnError'
  constructor() {
    super('APPROVAL_OWN', 'You have proposed this yourself, or by a key that you have made; somebody else approves it.')
  }
}

/** Thrown when a proposal is decided that waits no more. */
export class SettledError extends Errors.BaseError<'APPROVAL_SETTLED'> {
  override readonly name = 'Approval.SettledError'
  constructor() {
    super('APPROVAL_SETTLED', 'This waits for nobody any more: it was decided, or it has expired.')
  }
}

/** Thrown when there is no such proposal. */
export class UnknownError extends Errors.BaseError<'APPROVAL_UNKNOWN'> {
  override readonly name = 'Approval.UnknownError'
  constructor() {
    super('APPROVAL_UNKNOWN', 'There is no proposal with this id.')
  }
}

/** Thrown when whoever has proposed something may do it no longer. */
export class VoidError extends Errors.BaseError<'APPROVAL_VOID'> {
  override readonly name = 'Approval.VoidError'
  constructor() {
    super('APPROVAL_VOID', 'Whoever has proposed this may do it no longer.')
  }
}
