import type * as Bytes from '@laurel/core/Bytes'
import type { Office } from '../issuer/Office.ts'
import type { Call } from '../ports/IssuerDirectory.ts'
import * as CarryOut from '../transactions/carry-out.ts'
import * as Refusal from './Refusal.ts'

/** What something will use, and what the account has to have for it, in wei: what is not used stays with it. */
export type Cost = { readonly account: Bytes.Hex; readonly gas: bigint; readonly maximum: bigint }

/** Hears what something costs before any of it is sent, and throws where that is not wanted. */
export type Approve = (cost: Cost) => Promise<void>

/**
 * What calls cost, but for what a roll-up adds for its data. A call that can be estimated only after another one has been
 * made comes as the gas that it uses at most.
 *
 * @throws {Refusal.RefusedError} when the collection would refuse one
 */
export async function of(
  { chain, badges }: Pick<Office, 'chain' | 'badges'>,
  account: Bytes.Hex,
  calls: readonly (Call | bigint)[],
): Promise<Cost> {
  const { maxFeePerGas } = await chain.fees()
  let gas = 0n
  let limit = 0n
  for (const call of calls) {
    const estimate =
      typeof call === 'bigint'
        ? call
        : await chain.estimate({ from: account, ...call }).catch((error) => {
            throw Refusal.explain(error, badges)
          })
    gas += estimate
    limit += typeof call === 'bigint' ? call : CarryOut.margin(estimate)
  }
  return { account, gas, maximum: limit * maxFeePerGas }
}
