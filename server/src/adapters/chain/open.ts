import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import type { PublicClient } from 'viem'
import * as Contracts from '../../deployment/Contracts.ts'
import { byChainId } from '../../networks.ts'
import type { Chain, Finality } from '../../ports/Chain.ts'
import * as Development from './development.ts'
import * as EvmChain from './EvmChain.ts'

export type Options = {
  readonly url: string
  /** The chain that is expected; any when absent. */
  readonly chainId: number | undefined
  readonly confirmations: number | undefined
  /** What makes a block final; so many confirmations when absent. */
  readonly finality?: Finality
  /** Whether it is the embedded chain, which is one for development whatever its id. */
  readonly embedded: boolean
  /** The account that anchors. */
  readonly account: Bytes.Hex
  /** Further accounts that send transactions. */
  readonly others?: readonly Bytes.Hex[]
  /** The contracts that have to be there; the registry of anchors, unless it says otherwise. */
  readonly demand?: readonly Contracts.Contract[]
}

/**
 * Opens a chain behind an RPC and makes sure that it is the right one. A development chain is made ready: it gets the
 * contracts, and the accounts get coins.
 *
 * @throws {EvmChain.UnreachableError} CHAIN_UNREACHABLE when nobody answers
 * @throws {WrongChainError} CHAIN_MISMATCH when another chain answers
 * @throws {Contracts.MissingError} REGISTRY_MISSING or CONTRACT_MISSING when it has not been deployed on a public chain
 * @throws {Contracts.CodeError} CONTRACT_CODE when something else stands at its address
 * @throws {FinalityError} FINALITY_UNKNOWN when a public chain does not say what is final, or calls everything so
 */
export async function open(options: Options): Promise<Chain> {
  const { url, account, others = [], embedded, demand = [Contracts.anchorRegistry] } = options
  const client = EvmChain.createClient(url)
  const chainId = await client.getChainId().catch((cause) => {
    throw new EvmChain.UnreachableError(url, cause)
  })
  if (options.chainId !== undefined && options.chainId !== chainId) throw new WrongChainError(options.chainId, chainId)
  const network = byChainId(chainId)
  const development = embedded || network.development
  const test = development || network.test
  const confirmations = options.confirmations ?? (development ? 1 : network.confirmations)
  const { finality = 'confirmations' } = options
  const registry = AnchorRegistry.address
  const chain = EvmChain.create(chainId, client, { url, registry, confirmations, finality, test, development })
  try {
    if (finality !== 'confirmations' && !development) await demandFinality(client, chainId, finality)
    if (development) {
      await Development.deployAll(chain, client)
      for (const each of [account, ...others]) await Development.fund(client, each, 10n ** 19n)
      // A chain that starts from a file knows the state at its newest block only, and the final block is before it.
      if (confirmations > 1) await Development.mine(client, confirmations - 1)
    } else for (const contract of demand) await Contracts.demand(chain, contract)
  } catch (cause) {
    if (cause instanceof Errors.BaseError) throw cause
    throw new EvmChain.UnreachableError(url, cause)
  }
  return development && confirmations > 1 ? mining(chain, client) : chain
}

/**
 * Makes sure that a chain's word for what is final means something: development nodes, and some of public chains, call
 * the newest block final, or do not know the word.
 */
async function demandFinality(client: PublicClient, chainId: number, tag: 'finalized' | 'safe'): Promise<void> {
  const final = await client.getBlock({ blockTag: tag }).catch((cause) => {
    if (isAnswer(cause)) throw new FinalityError(chainId, tag, cause)
    throw cause
  })
  const latest = await client.getBlock({ blockTag: 'latest' })
  if (final.number >= latest.number) throw new FinalityError(chainId, tag)
}

/** Whether a node has answered, be it with an error of its own. */
function isAnswer(cause: unknown): boolean {
  for (let error = cause; error instanceof Error; error = error.cause)
    if (['RpcRequestError', 'BlockNotFoundError'].includes(error.name)) return true
  return false
}

/** Nobody else makes blocks on a development chain, so whoever waits for confirmations makes them by asking. */
function mining(chain: Chain, client: PublicClient): Chain {
  return {
    ...chain,
    head: async () => {
      await Development.mine(client, 1).catch((cause) => {
        throw new EvmChain.UnreachableError(client.transport.url ?? '', cause)
      })
      return chain.head()
    },
  }
}

/** Thrown when the RPC answers for another chain than the one that was configured. */
export class WrongChainError extends Errors.BaseError<'CHAIN_MISMATCH'> {
  override readonly name = 'open.WrongChainError'
  constructor(expected: number, found: number) {
    super('CHAIN_MISMATCH', `The RPC answers for chain ${found}, not for chain ${expected}.`, {
      facts: { expected, found },
    })
  }
}

/** Thrown when what a chain calls final is not. */
export class FinalityError extends Errors.BaseError<'FINALITY_UNKNOWN'> {
  override readonly name = 'open.FinalityError'
  constructor(chainId: number, tag: string, cause?: unknown) {
    super('FINALITY_UNKNOWN', `Chain ${chainId} does not tell its newest block from one that is ${tag}.`, {
      facts: { chainId, tag },
      cause,
    })
  }
}
