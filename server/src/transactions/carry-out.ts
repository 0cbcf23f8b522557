import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import { crashpoint } from '../internal/crashpoint.ts'
import type { Intent } from '../ports/TransactionStore.ts'
import { advance } from './advance.ts'
import * as HeldUp from './HeldUp.ts'
import type * as Lane from './Lane.ts'

export { margin } from './advance.ts'

export type Options = Lane.Options & {
  /** Waits until the chain may have moved on. */
  readonly pause: () => Promise<void>
}

/**
 * Makes something happen on chain once, and returns when it is final. What the account has begun before is carried on
 * with along the way; see {@link advance}.
 *
 * If we die anywhere: what was intended is stored; the same request finds it, and goes on from there. Whatever was
 * signed is brought to its end by the next request of its account, whichever that is.
 *
 * @returns the hash of the transaction that did it
 * @throws {Chain.RevertedError} CALL_REVERTED when the contract refuses it before anything was sent
 * @throws {RefusedError} CALL_REFUSED when it was sent and the contract refused it then
 * @throws {HeldUp.HeldUpError} FUNDS_MISSING or what else keeps it from being sent; asked again, it goes on from there
 */
export async function carryOut(intent: Intent, options: Options): Promise<Bytes.Hex> {
  const { transactions, chain, clock, pause } = options
  const { id } = await transactions.intend(intent, clock.now())
  crashpoint('call:after-intent')
  for (;;) {
    const condition = await advance(options)
    const stored = await transactions.get(id)
    if (stored.state === 'done' && stored.transactionHash !== null) return stored.transactionHash
    if (stored.state === 'refused') {
      // Asked once more, the contract says why.
      if (stored.transactionHash === null)
        await chain.estimate({ from: intent.account, to: stored.to, data: stored.data })
      throw new RefusedError(intent.purpose)
    }
    if (condition !== null) throw new HeldUp.HeldUpError(condition)
    await pause()
  }
}

/** Thrown when the contract refused what was sent, because the chain had changed since it was asked. */
export class RefusedError extends Errors.BaseError<'CALL_REFUSED'> {
  override readonly name = 'carryOut.RefusedError'
  constructor(purpose: string) {
    super('CALL_REFUSED', 'The contract has refused the transaction.', { facts: { purpose } })
  }
}
