import type * as Bytes from '@laurel/core/Bytes'
import { parseAbiItem } from 'viem'
import type { Anchored, AnchorLog } from '../../ports/AnchorLog.ts'
import type { Chain } from '../../ports/Chain.ts'
import * as EvmChain from './EvmChain.ts'

/** How many blocks one question covers: what every provider answers. */
const range = 2_000n

const event = parseAbiItem('event Anchored(address indexed account, bytes32 indexed root)')

/** The log of the registry behind an RPC. */
export function create({ registry }: Pick<Chain, 'registry'>, url: string): AnchorLog {
  const client = EvmChain.createClient(url)
  const ask = <answer>(question: Promise<answer>): Promise<answer> =>
    question.catch((cause) => {
      throw new EvmChain.UnreachableError(url, cause)
    })
  const timeOf = async (blockNumber: bigint) => Number((await ask(client.getBlock({ blockNumber }))).timestamp)

  /** The first block made at a time or later: by halves, for a chain's time never goes back. */
  const firstAt = async (time: number, newest: bigint) => {
    let [low, high] = [0n, newest]
    while (low < high) {
      const middle = (low + high) / 2n
      if ((await timeOf(middle)) < time) low = middle + 1n
      else high = middle
    }
    return low
  }
  return {
    since: async (account, time) => {
      const newest = await ask(client.getBlockNumber())
      const found: Anchored[] = []
      for (let from = await firstAt(time, newest); from <= newest; from += range) {
        const toBlock = from + range - 1n < newest ? from + range - 1n : newest
        const logs = await ask(
          client.getLogs({ address: registry, event, args: { account }, fromBlock: from, toBlock, strict: true }),
        )
        for (const { args, blockNumber, transactionHash } of logs) {
          const { nonce } = await ask(client.getTransaction({ hash: transactionHash }))
          found.push({ root: args.root as Bytes.Hex, block: blockNumber, transactionHash, nonce })
        }
      }
      return found
    },
    pendingNonce: (address) => ask(client.getTransactionCount({ address, blockTag: 'pending' })),
  }
}
