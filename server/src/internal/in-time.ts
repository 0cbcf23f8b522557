import * as Errors from '@laurel/core/Errors'
import type { Context } from '../Context.ts'

/** How far the clock of this machine and the newest block may be apart, in seconds. */
export const allowed = 5 * 60

/**
 * Makes sure that what is dated now is dated rightly: what is signed with a wrong date stays wrong. A chain for development
 * makes blocks when it is asked to, and tells no time.
 *
 * @throws {ClockSkewError} CLOCK_SKEW
 */
export async function demandTime({ chain, clock }: Pick<Context, 'chain' | 'clock'>): Promise<void> {
  if (chain.development) return
  const { time } = await chain.head()
  const ahead = Math.round(clock.now() / 1000) - time
  if (Math.abs(ahead) > allowed) throw new ClockSkewError(ahead)
}

/** Thrown when the clock of this machine and the chain disagree about the time: one of them stands still, or is wrong. */
export class ClockSkewError extends Errors.BaseError<'CLOCK_SKEW'> {
  override readonly name = 'inTime.ClockSkewError'
  constructor(ahead: number) {
    const apart = `${Math.abs(ahead)} seconds ${ahead > 0 ? 'ahead of' : 'behind'}`
    super('CLOCK_SKEW', `The clock of this machine is ${apart} the newest block of the chain, so nothing is dated.`, {
      facts: { ahead, allowed },
    })
  }
}
