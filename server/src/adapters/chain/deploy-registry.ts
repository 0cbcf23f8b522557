import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import { keccak256, type PublicClient } from 'viem'

/** The gas price of the factory's presigned transaction times its gas limit, in wei. */
const factoryCost = 100_000_000_000n * 100_000n

/**
 * Whether the registry stands at its address, with the very code that was committed.
 *
 * @throws {CodeError} REGISTRY_CODE when something else stands there
 */
export async function isDeployed(client: PublicClient): Promise<boolean> {
  const code = await client.getCode({ address: AnchorRegistry.address })
  if (code === undefined || code === '0x') return false
  if (keccak256(code) !== AnchorRegistry.runtimeCodeHash) throw new CodeError(AnchorRegistry.address)
  return true
}

/**
 * Deploys the registry on a development chain, at the address that it has on every chain. Doing it again changes
 * nothing.
 *
 * If we die in its midst: the factory stands or not, the registry stands or not, and the next run goes on from there.
 */
export async function deployRegistry(client: PublicClient, fund: Fund): Promise<void> {
  if (await isDeployed(client)) return
  const factory = await client.getCode({ address: AnchorRegistry.factory })
  if (factory === undefined || factory === '0x') {
    await fund(AnchorRegistry.factoryDeployer, factoryCost)
    await mined(client, await send(client, 'eth_sendRawTransaction', AnchorRegistry.factoryRawTransaction))
  }
  const [from] = await client.request<{ Method: 'eth_accounts'; Parameters?: undefined; ReturnType: Bytes.Hex[] }>({
    method: 'eth_accounts',
  })
  if (from === undefined) throw new TypeError('A development chain has accounts of its own')
  const data = `${AnchorRegistry.salt}${AnchorRegistry.initCode.slice(2)}`
  await mined(client, await send(client, 'eth_sendTransaction', { from, to: AnchorRegistry.factory, data }))
  if (!(await isDeployed(client))) throw new CodeError(AnchorRegistry.address)
}

/** Sees to it that an account has at least so much, in wei. */
export type Fund = (account: Bytes.Hex, wei: bigint) => Promise<void>

async function send(client: PublicClient, method: string, parameter: unknown): Promise<Bytes.Hex> {
  return client.request({ method, params: [parameter] } as never)
}

async function mined(client: PublicClient, hash: Bytes.Hex): Promise<void> {
  await client.waitForTransactionReceipt({ hash, pollingInterval: 50, timeout: 10_000 })
}

/** Thrown when other code than the registry's stands at its address. */
export class CodeError extends Errors.BaseError<'REGISTRY_CODE'> {
  override readonly name = 'deploy-registry.CodeError'
  constructor(registry: Bytes.Hex) {
    super('REGISTRY_CODE', 'Something else than the anchor registry stands at its address on this chain.', {
      facts: { registry },
    })
  }
}
