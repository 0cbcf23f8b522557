import * as Errors from '@laurel/core/Errors'
import type { Chain } from '../ports/Chain.ts'
import type { TransactionStore } from '../ports/TransactionStore.ts'

/**
 * Makes sure that a chain is the one that it was when it was used first: another one with the same id knows nothing of
 * what was sent, and sending it all again there is not what anybody wants. A chain for development may begin anew.
 *
 * That its contracts are the right ones was seen when it was opened. What it knows of our accounts, and we do not, stops
 * their lanes.
 *
 * @throws {ReplacedError} CHAIN_REPLACED
 */
export async function reconcile(chain: Chain, transactions: TransactionStore): Promise<void> {
  if (chain.development) return
  const { genesis } = await chain.identify()
  const known = await transactions.pin(chain.chainId, genesis)
  if (known !== genesis) throw new ReplacedError(chain.chainId, known, genesis)
}

/** Thrown when a chain with the same id has another first block. */
export class ReplacedError extends Errors.BaseError<'CHAIN_REPLACED'> {
  override readonly name = 'reconcile.ReplacedError'
  constructor(chainId: number, known: string, found: string) {
    super('CHAIN_REPLACED', `Another chain has the id ${chainId} now than the one that was used so far.`, {
      facts: { chainId, known, found },
    })
  }
}
