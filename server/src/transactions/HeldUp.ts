import * as Errors from '@laurel/core/Errors'
import type { Condition } from '../ports/TransactionStore.ts'

/** Wei as a decimal number of the chain's currency. */
const ether = (wei: string) => decimal(wei, 18)

/** Wei as a decimal number of gwei. */
const gwei = (wei: string) => decimal(wei, 9)

function decimal(wei: string, places: number): string {
  const digits = wei.padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '')
}

/** What is the matter, in one sentence, and what is needed. */
export function describe({ code, facts }: Condition): string {
  switch (code) {
    case 'FEE_ABOVE_CEILING':
      return `A unit of gas costs ${gwei(`${facts.asked}`)} gwei, more than the ${gwei(`${facts.ceiling}`)} that may be paid.`
    case 'FUNDS_MISSING':
      return `${facts.account} has ${ether(`${facts.balance}`)} and needs ${ether(`${facts.missing}`)} more to pay for its transaction.`
    case 'SPENDING_CAP':
      return `${facts.account} has spent ${ether(`${facts.spent}`)} within a day; with its next transaction it would be more than the ${ether(`${facts.cap}`)} that it may.`
    case 'NONCE_CONFLICT':
      return `${facts.account} has ${facts.unknown} transactions on the chain that were not made here, so it signs nothing any more.`
    case 'CHAIN_MISMATCH':
      return `The RPC answers for chain ${facts.found}, not for chain ${facts.expected}.`
    case 'TRANSACTION_REFUSED':
      return `The chain does not take the transaction ${facts.hash}: ${facts.why}`
    case 'TRANSACTION_STUCK':
      return `The transaction ${facts.hash} with nonce ${facts.nonce} waits for longer than it should.`
  }
}

/** Thrown when something cannot be sent now. It goes on by itself once what is said is no longer so. */
export class HeldUpError extends Errors.BaseError<
  | 'FEE_ABOVE_CEILING'
  | 'FUNDS_MISSING'
  | 'SPENDING_CAP'
  | 'NONCE_CONFLICT'
  | 'CHAIN_MISMATCH'
  | 'TRANSACTION_REFUSED'
  | 'TRANSACTION_STUCK'
> {
  override readonly name = 'HeldUp.HeldUpError'
  constructor(condition: Condition) {
    super(condition.code, describe(condition), { facts: condition.facts })
  }
}
