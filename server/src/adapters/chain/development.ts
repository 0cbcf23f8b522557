import type * as Bytes from '@laurel/core/Bytes'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import type { PublicClient } from 'viem'
import * as Contracts from '../../deployment/Contracts.ts'
import type { Chain } from '../../ports/Chain.ts'

/** The gas price of the factory's presigned transaction times its gas limit, in wei. */
const factoryCost = 100_000_000_000n * 100_000n

/**
 * Deploys every contract on a development chain, at the address that it has on every chain, paid by the chain's own
 * accounts. Doing it again changes nothing.
 *
 * If we die in its midst: each of them stands or not, and the next run goes on from there.
 *
 * @throws {Contracts.CodeError} CONTRACT_CODE when something else stands at an address
 */
export async function deployAll(chain: Pick<Chain, 'chainId' | 'code'>, client: PublicClient): Promise<void> {
  for (const contract of Contracts.contracts) {
    if (await Contracts.isDeployed(chain, contract)) continue
    if (!(await Contracts.hasFactory(chain))) {
      await fund(client, AnchorRegistry.factoryDeployer, factoryCost)
      await mined(client, await send(client, 'eth_sendRawTransaction', AnchorRegistry.factoryRawTransaction))
    }
    const [from] = await client.request<{ Method: 'eth_accounts'; Parameters?: undefined; ReturnType: Bytes.Hex[] }>({
      method: 'eth_accounts',
    })
    if (from === undefined) throw new TypeError('A development chain has accounts of its own')
    await mined(client, await send(client, 'eth_sendTransaction', { from, ...Contracts.deployment(contract) }))
    await Contracts.demand(chain, contract)
  }
}

/**
 * Sees to it that an account has at least so much, in wei; where it has less it gets twice as much. So mostly nothing is
 * changed: what is changed without a block is in no header, and nothing can be proven until the next block. Both anvil and
 * Hardhat's node take the methods whose names begin with hardhat_.
 */
export async function fund(client: PublicClient, account: Bytes.Hex, wei: bigint): Promise<void> {
  if ((await client.getBalance({ address: account })) >= wei) return
  await client.request({ method: 'hardhat_setBalance', params: [account, `0x${(2n * wei).toString(16)}`] } as never)
}

/** Makes empty blocks. */
export async function mine(client: PublicClient, blocks: number): Promise<void> {
  await client.request({ method: 'hardhat_mine', params: [`0x${blocks.toString(16)}`] } as never)
}

async function send(client: PublicClient, method: string, parameter: unknown): Promise<Bytes.Hex> {
  return client.request({ method, params: [parameter] } as never)
}

async function mined(client: PublicClient, hash: Bytes.Hex): Promise<void> {
  await client.waitForTransactionReceipt({ hash, pollingInterval: 50, timeout: 10_000 })
}
