import type * as Bytes from '@laurel/core/Bytes'
import * as Contracts from '../deployment/Contracts.ts'
import { allowed } from '../internal/in-time.ts'
import type { Chain } from '../ports/Chain.ts'
import type { Condition } from '../ports/TransactionStore.ts'
import * as HeldUp from '../transactions/HeldUp.ts'
import * as Transactions from '../transactions/Transactions.ts'
import { type Check, type Finding, failed, type Patient, passed, skipped } from './Examination.ts'

/** A chain as it is found, and what is known of it here. */
export type Seen = {
  readonly chain: Chain
  /** Who anchors; missing where there are no keys yet. */
  readonly account: Bytes.Hex | undefined
  /** The first block that it had when it was used first. */
  readonly genesis: Bytes.Hex | undefined
  readonly condition: Condition | null
}

/**
 * The chain, what Laurel needs there, and what the account that anchors has.
 *
 * @param see opens it, once for all checks; `undefined` where the embedded one does not run
 */
export function chain({ config, now }: Patient, see: () => Promise<Seen | undefined>): readonly Check[] {
  const { chainId, budget, finality } = config.chain
  const there = async (look: (seen: Seen) => Promise<Finding>): Promise<Finding> => {
    const seen = await see()
    return seen === undefined ? skipped('The embedded chain runs only while Laurel does.') : look(seen)
  }
  /** What is no matter beside a chain for development, which is made ready at every start. */
  const real = (look: (seen: Seen) => Promise<Finding>) =>
    there(async (seen) => (seen.chain.development ? skipped('This chain is there to be developed with.') : look(seen)))
  const mendRpc = 'mend LAUREL_CHAIN_RPC, or start the node behind it'
  return [
    {
      name: 'chain',
      look: async () => {
        try {
          return await there(async ({ chain, genesis }) => {
            const found = await chain.identify()
            if (chainId !== undefined && chainId !== found.chainId)
              return failed(`The RPC answers for chain ${found.chainId}, not for chain ${chainId}.`, mendRpc)
            return genesis !== undefined && genesis !== found.genesis && !chain.development
              ? failed(`Another chain than before has the id ${found.chainId}.`, mendRpc)
              : passed(`Chain ${found.chainId} answers.`)
          })
        } catch (error) {
          if ((error as { readonly code?: unknown }).code !== 'CHAIN_UNREACHABLE') throw error
          return failed((error as Error).message, mendRpc)
        }
      },
    },
    {
      name: 'chain-clock',
      look: () =>
        real(async ({ chain }) => {
          const { time } = await chain.head()
          const ahead = Math.round(now() / 1_000) - time
          return Math.abs(ahead) > allowed
            ? failed(
                `The newest block is ${Math.abs(ahead)} seconds ${ahead > 0 ? 'behind' : 'ahead of'} the clock of this machine.`,
                'timedatectl set-ntp true; else look after the node behind LAUREL_CHAIN_RPC',
              )
            : passed(`The newest block is ${Math.max(0, ahead)} seconds old.`)
        }),
    },
    {
      name: 'finality',
      look: () =>
        real(async ({ chain }) => {
          if (finality === 'confirmations') return passed(`${chain.confirmations} blocks make an anchor final.`)
          const head = await chain.head()
          return (await chain.final(head)) < head.number
            ? passed(`The chain says what is ${finality}.`)
            : failed(`The chain calls its newest block ${finality}.`, 'set LAUREL_FINALITY=confirmations')
        }),
    },
    {
      name: 'contracts',
      look: () =>
        real(async ({ chain }) => {
          const missing: string[] = []
          for (const contract of [Contracts.anchorRegistry, Contracts.statusRegistry, Contracts.issuerDirectory])
            if (!(await Contracts.isDeployed(chain, contract))) missing.push(contract.name)
          return missing.length > 0
            ? failed(`The chain lacks ${missing.join(', ')}.`, 'laurel deploy')
            : passed('The contracts stand at their addresses, with the code that was committed.')
        }),
    },
    {
      name: 'fees',
      look: () =>
        real(async ({ chain }) => {
          const { maxFeePerGas } = await chain.fees()
          return maxFeePerGas > budget.maximumFee
            ? failed('A unit of gas costs more than may be paid now.', 'wait, or raise LAUREL_MAX_FEE_GWEI')
            : passed('A unit of gas costs less than may be paid.')
        }),
    },
    {
      name: 'balance',
      look: () =>
        real(async ({ chain, account }) => {
          if (account === undefined) return skipped('The account is made by the first start.')
          const call = Transactions.anchoring(chain.registry, [`0x${'00'.repeat(32)}`])
          const cost = Transactions.cost(call, await chain.fees())
          const balance = await chain.balance(account)
          return balance < cost
            ? failed(`${account} cannot pay for an anchor.`, `send it some of the chain’s currency`)
            : passed(`${account} can pay for ${balance / (cost === 0n ? 1n : cost)} anchors as things stand.`)
        }),
    },
    {
      name: 'lane',
      look: () =>
        there(async ({ condition }) =>
          condition === null
            ? passed('Nothing keeps the account from sending.')
            : failed(HeldUp.describe(condition), 'laurel transactions, which says more'),
        ),
    },
  ]
}
