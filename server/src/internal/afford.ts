import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import type { Chain } from '../ports/Chain.ts'
import * as Transactions from '../transactions/Transactions.ts'

/** The fees of a unit of gas that are offered, in wei. */
export type Fees = Awaited<ReturnType<Chain['fees']>>

/**
 * What a transaction may be offered now; or the batch, put to wait until the fee falls under the ceiling or the
 * account has what the transaction may cost at most.
 */
export async function afford(
  batch: Batch.Batch,
  { store, chain, maximumFee, lease }: Working<'store' | 'chain' | 'maximumFee'>,
): Promise<{ readonly fees: Fees } | { readonly waiting: Batch.Batch }> {
  const wait = async (state: 'waiting-fee' | 'waiting-funds', reason: string) => ({
    waiting: batch.state === state ? batch : await store.move(batch, state, reason, lease),
  })
  const fees = await chain.fees()
  if (fees.maxFeePerGas > maximumFee) return wait('waiting-fee', 'FEE_ABOVE_CEILING')
  const cost = Transactions.gasLimit * fees.maxFeePerGas
  if ((await chain.balance(batch.terms.account)) < cost) return wait('waiting-funds', 'FUNDS_MISSING')
  return { fees }
}
