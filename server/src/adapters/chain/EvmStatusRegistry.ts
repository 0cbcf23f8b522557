import * as Bytes from '@laurel/core/Bytes'
import * as Generated from '@laurel/core/generated/StatusRegistry'
import { encodeFunctionData } from 'viem'
import type { Chain } from '../../ports/Chain.ts'
import type { StatusRegistry } from '../../ports/StatusRegistry.ts'
import { asking } from './asking.ts'
import * as EvmChain from './EvmChain.ts'

const { abi, address } = Generated

/** The registry of status lists at the address that it has on every chain. */
export function create(chain: Pick<Chain, 'call'>, url: string): StatusRegistry {
  const client = EvmChain.createClient(url)
  const ask = asking(chain, address, abi)
  return {
    address,
    head: (account, listId) => ask('headOf', [account, Bytes.toHex(listId)]),
    timeOf: async (hash) => {
      try {
        const { blockHash } = await client.getTransactionReceipt({ hash })
        const { timestamp } = await client.getBlock({ blockHash })
        return Number(timestamp)
      } catch (cause) {
        const { name } = cause as Error
        if (name === 'TransactionReceiptNotFoundError' || name === 'BlockNotFoundError') return undefined
        throw new EvmChain.UnreachableError(url, cause)
      }
    },
    publication: (listId, digest) => ({
      to: address,
      data: encodeFunctionData({ abi, functionName: 'publish', args: [Bytes.toHex(listId), digest] }),
    }),
  }
}
