import * as Bytes from '@laurel/core/Bytes'
import type * as Batch from '../Batch.ts'
import type { Context } from '../Context.ts'
import { missing } from '../internal/afford.ts'
import type { Condition } from '../ports/TransactionStore.ts'
import * as HeldUp from '../transactions/HeldUp.ts'
import * as Transactions from '../transactions/Transactions.ts'

/** What anchoring a batch would cost now. Fees are in wei. */
export type Cost = {
  readonly gas: bigint
  readonly gasAtMost: bigint
  readonly feePerGas: bigint
  readonly feePerGasAtMost: bigint
  readonly now: bigint
  readonly atMost: bigint
  readonly balance: bigint
}

export type Preview = {
  readonly cost: Cost
  /** What keeps it from being anchored now, by the code with which a batch would wait: the first thing that would. */
  readonly needs: readonly { readonly code: Condition['code']; readonly detail: string }[]
  /** What cannot be undone, and from when on. */
  readonly risks: readonly string[]
}

/**
 * Says what anchoring would cost and mean before anything is spent: the chain is asked, nothing is sent or reserved.
 *
 * @throws {EvmChain.UnreachableError} when the chain cannot be asked
 */
export async function preview(
  { terms, size }: Pick<Batch.Batch, 'terms' | 'size'>,
  { chain, lane, randomness }: Pick<Context, 'chain' | 'lane' | 'randomness'>,
): Promise<Preview> {
  // Any root that was never anchored takes as much as the one that will be.
  const root = Bytes.toHex(randomness.bytes(32))
  const most = Transactions.anchoring(terms.registry, [root]).gas
  const [fees, balance, gas] = await Promise.all([
    chain.fees(),
    chain.balance(terms.account),
    chain.estimate({ from: terms.account, to: terms.registry, data: root }),
  ])
  const { condition } = await lane.transactions.lane(terms.chainId, terms.account)
  const need = (await missing(lane, { fees, balance })) ?? condition
  const { maxFeePerGas } = fees
  const cost: Cost = {
    gas,
    gasAtMost: most,
    feePerGas: maxFeePerGas,
    feePerGasAtMost: lane.maximumFee,
    now: gas * maxFeePerGas,
    atMost: most * lane.maximumFee,
    balance,
  }
  const needs = need === null ? [] : [{ code: need.code, detail: HeldUp.describe(need) }]
  return { cost, needs, risks: risks(terms, size, chain) }
}

function risks({ chainId, profile }: Batch.Terms, size: number, { test, confirmations }: Context['chain']): string[] {
  const people = size === 1 ? 'One person gets' : `${size} people get`
  return [
    `${people} a credential in which the data of the roster stand; it is theirs and cannot be called back.`,
    'From rooted on the batch cannot be cancelled; a credential can only be revoked.',
    profile === 'blockcerts'
      ? 'Credentials of the Blockcerts profile have no status: they cannot be revoked.'
      : 'A revocation is public for ever, though not whose it is.',
    `The root stays on chain ${chainId} for ever, with the account and the time; it says nothing about any person.`,
    'The manifest and the achievement are public and may be copied; they hold no personal data.',
    confirmations === 1
      ? 'One block makes an anchor final here.'
      : `Until ${confirmations} blocks are there the anchor may move, and nothing is delivered.`,
    ...(test ? ['This is a test chain: its anchors convince nobody who has not named it.'] : []),
  ]
}
