import type * as Bytes from '@laurel/core/Bytes'
import type { Fees } from '../ports/Chain.ts'
import type { Condition, Place } from '../ports/TransactionStore.ts'
import type { Options } from './Lane.ts'
import * as Transactions from './Transactions.ts'

const day = 24 * 60 * 60 * 1000

/** What the chain says of fees and of what the account has. */
export type Seen = { readonly fees: Fees; readonly balance: bigint }

/**
 * What is to be offered for a call, or why it cannot be paid for now: under the ceiling of fees, within what may be spent in
 * a day, and out of what the account has.
 *
 * @param given `replaced`: the place whose transaction this one replaces, of which what it may cost is not counted twice;
 * `seen`: what the chain has just said, which is asked otherwise
 */
export async function afford(
  call: Pick<Transactions.Call, 'gas'>,
  { transactions, chain, signer, clock, maximumFee, maximumSpending }: Omit<Options, 'patience'>,
  {
    replaced,
    seen,
  }: { readonly replaced?: { readonly place: Place; readonly offered: Fees }; readonly seen?: Seen } = {},
): Promise<{ readonly fees: Fees } | { readonly condition: Condition }> {
  const account: Bytes.Hex = signer.address
  const asked = seen?.fees ?? (await chain.fees())
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
  const balance = seen?.balance ?? (await chain.balance(account))
  if (balance < cost)
    return held('FUNDS_MISSING', { account, balance: `${balance}`, cost: `${cost}`, missing: `${cost - balance}` })
  return { fees }
}

function held(code: Condition['code'], facts: Condition['facts']): { readonly condition: Condition } {
  return { condition: { code, facts } }
}
