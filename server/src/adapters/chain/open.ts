import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import type { PublicClient } from 'viem'
import type { Chain } from '../../ports/Chain.ts'
import { deployRegistry, type Fund, isDeployed } from './deploy-registry.ts'
import * as EvmChain from './EvmChain.ts'

/** Chains whose coins are worth nothing: Hardhat and anvil, Sepolia, Hoodi, and the test networks of the large L2s. */
const testChains = [31337, 1337, 11155111, 560048, 84532, 421614, 11155420, 80002]

/** Chains that somebody runs on their own machine for development. */
const developmentChains = [31337, 1337]

export type Options = {
  readonly url: string
  /** The chain that is expected; any when absent. */
  readonly chainId: number | undefined
  readonly confirmations: number | undefined
  /** Whether it is the embedded chain, which is one for development whatever its id. */
  readonly embedded: boolean
  /** The account that anchors. */
  readonly account: Bytes.Hex
}

/**
 * Opens a chain behind an RPC and makes sure that it is the right one. A development chain is made ready: it gets the
 * registry, and the account gets coins.
 *
 * @throws {EvmChain.UnreachableError} CHAIN_UNREACHABLE when nobody answers
 * @throws {WrongChainError} CHAIN_MISMATCH when another chain answers
 * @throws {MissingRegistryError} REGISTRY_MISSING when the registry has not been deployed on a public chain
 */
export async function open(options: Options): Promise<Chain> {
  const { url, account, embedded } = options
  const client = EvmChain.createClient(url)
  const chainId = await client.getChainId().catch((cause) => {
    throw new EvmChain.UnreachableError(url, cause)
  })
  if (options.chainId !== undefined && options.chainId !== chainId) throw new WrongChainError(options.chainId, chainId)
  const development = embedded || developmentChains.includes(chainId)
  const test = development || testChains.includes(chainId)
  const confirmations = options.confirmations ?? (development ? 1 : 12)
  try {
    if (development) {
      const fund = funder(client)
      await deployRegistry(client, fund)
      await fund(account, 10n ** 19n)
      // A chain that starts from a file knows the state at its newest block only, and the final block is before it.
      if (confirmations > 1) await mine(client, confirmations - 1)
    } else if (!(await isDeployed(client))) throw new MissingRegistryError(chainId)
  } catch (cause) {
    if (cause instanceof Errors.BaseError) throw cause
    throw new EvmChain.UnreachableError(url, cause)
  }
  const chain = EvmChain.create(chainId, client, { url, registry: AnchorRegistry.address, confirmations, test })
  return development && confirmations > 1 ? mining(chain, client) : chain
}

/** Both anvil and Hardhat's node take the methods whose names begin with hardhat_. */
function funder(client: PublicClient): Fund {
  return async (account, wei) => {
    if ((await client.getBalance({ address: account })) >= wei) return
    await client.request({ method: 'hardhat_setBalance', params: [account, `0x${wei.toString(16)}`] } as never)
  }
}

async function mine(client: PublicClient, blocks: number): Promise<void> {
  await client.request({ method: 'hardhat_mine', params: [`0x${blocks.toString(16)}`] } as never)
}

/** Nobody else makes blocks on a development chain, so whoever waits for confirmations makes them by asking. */
function mining(chain: Chain, client: PublicClient): Chain {
  return {
    ...chain,
    head: async () => {
      await mine(client, 1).catch((cause) => {
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

/** Thrown when a public chain has no registry yet. */
export class MissingRegistryError extends Errors.BaseError<'REGISTRY_MISSING'> {
  override readonly name = 'open.MissingRegistryError'
  constructor(chainId: number) {
    super('REGISTRY_MISSING', `The anchor registry has not been deployed on chain ${chainId}.`, {
      facts: { chainId, registry: AnchorRegistry.address },
    })
  }
}
