import * as Errors from '@laurel/core/Errors'

/** What an issuer may decide about a credential. */
export type Act = 'revoke' | 'suspend' | 'reinstate'

/** The purposes of lists: each credential has one bit in a list of either. */
export type Purpose = 'revocation' | 'suspension'

/** How a credential stands. `reinstated` is as good as `valid`; it was suspended before. */
export type State = 'valid' | 'suspended' | 'reinstated' | 'revoked'

/** A decision that was made, at `at` milliseconds since 1970. The reason is the issuer's own and never published. */
export type Decision = { readonly act: Act; readonly reason: string | null; readonly at: number }

/** The list whose bit an act sets or clears. */
export const purposeOf: Readonly<Record<Act, Purpose>> = {
  revoke: 'revocation',
  suspend: 'suspension',
  reinstate: 'suspension',
}

/** How a credential stands once an act is done, whether just now or before. */
export const outcomeOf: Readonly<Record<Act, Exclude<State, 'valid'>>> = {
  revoke: 'revoked',
  suspend: 'suspended',
  reinstate: 'reinstated',
}

/** What each act leads to from each state; to the same state when it was done before, nowhere where it makes no sense. */
const moves: Readonly<Record<State, Readonly<Record<Act, State | undefined>>>> = {
  valid: { revoke: 'revoked', suspend: 'suspended', reinstate: undefined },
  suspended: { revoke: 'revoked', suspend: 'suspended', reinstate: 'reinstated' },
  reinstated: { revoke: 'revoked', suspend: 'suspended', reinstate: 'reinstated' },
  revoked: { revoke: 'revoked', suspend: undefined, reinstate: undefined },
}

/**
 * The state to which an act leads; the same state means that it was done before.
 *
 * @throws {RefusedError} CREDENTIAL_REVOKED or CREDENTIAL_NOT_SUSPENDED
 */
export function decide(state: State, act: Act, credentialId: string): State {
  const next = moves[state][act]
  if (next === undefined)
    throw new RefusedError(state === 'revoked' ? 'CREDENTIAL_REVOKED' : 'CREDENTIAL_NOT_SUSPENDED', credentialId)
  return next
}

/** How a credential stands after decisions, the oldest first. */
export function after(decisions: readonly Decision[]): State {
  const isRevoked = decisions.some(({ act }) => act === 'revoke')
  if (isRevoked) return 'revoked'
  const last = decisions.at(-1)
  if (last === undefined) return 'valid'
  return last.act === 'suspend' ? 'suspended' : 'reinstated'
}

/** How a credential stood at a moment (milliseconds since 1970), and the decision that made it stand so. */
export function at(
  decisions: readonly Decision[],
  moment: number,
): { readonly state: State; readonly decision: Decision | undefined } {
  const made = decisions.filter((decision) => decision.at <= moment)
  const state = after(made)
  return { state, decision: made.findLast(({ act }) => state !== 'revoked' || act === 'revoke') }
}

const reasons = {
  CREDENTIAL_REVOKED: 'This credential is revoked for good; it is neither suspended nor reinstated any more.',
  CREDENTIAL_NOT_SUSPENDED: 'This credential is not suspended, so there is nothing to reinstate.',
}

/** Thrown when a decision makes no sense for a credential as it stands. */
export class RefusedError extends Errors.BaseError<keyof typeof reasons> {
  override readonly name = 'Status.RefusedError'
  constructor(code: keyof typeof reasons, credentialId: string) {
    super(code, reasons[code], { facts: { credentialId } })
  }
}
