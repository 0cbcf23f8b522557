import type * as Bytes from '@laurel/core/Bytes'
import type { Fees } from '../ports/Chain.ts'
import type { Condition, Place } from '../ports/TransactionStore.ts'
import type { Options } from './Lane.ts'
import * as Transactions from './Transactions.ts'

const day = 24 * 60 * 60 * 1000

/**
 * What is to be offered for a call, or why it cannot be paid for now: under the ceiling of fees, within what may be spent in
 * a day, and out of what the account has.
 *
 * @param replaced the place whose transaction this one replaces: what that may cost is not counted twice
 */
export async function afford(
  call: Pick<Transactions.Call, 'gas'>,
  { transactions, chain, signer, clock, maximumFee, maximumSpending }: Omit<Options, 'patience'>,
  replaced?: { readonly place: Place; readonly offered: Fees },
): Promise<{ readonly fees: Fees } | { readonly condition: Condition }> {
  const account: Bytes.Hex = signer.address
  const asked = await chain.fees()
  const fees = replaced === undefined ? asked : Transactions.raise(replaced.offered, asked)
  if (fees.maxFeePerGas > maximumFee)
    return held('FEE_ABOVE_CEILING', { account, asked: `${fees.maxFeePerGas}`, ceiling: `${maximumFee}` })
  const cost = Transactions.cost(call, fees)
  if (maximumSpending !== undefined) {
    const all = await transactions.spent(chain.chainId, account, clock.now() - day)
    const spent = all - (replaced?.place.cost ?? 0n)
    if (spent + cost > maximumSpending)
      return held('SPENDING_CAP', { account, spent: `${spent}`, cost: `${cost}`, cap: `${maximumSpending}` })
  }
  const balance = await chain.balance(account)
  if (balance < cost)
    return held('FUNDS_MISSING', { account, balance: `${balance}`, cost: `${cost}`, missing: `${cost - balance}` })
  return { fees }
}

function held(code: Condition['code'], facts: Condition['facts']): { readonly condition: Condition } {
  return { condition: { code, facts } }
}
