import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import type { Chain } from '../ports/Chain.ts'
import * as CarryOut from '../transactions/carry-out.ts'
import * as Contracts from './Contracts.ts'

/** What a chain has, what it lacks, and what that costs. */
export type Plan = {
  readonly present: readonly Contracts.Contract[]
  readonly missing: readonly Contracts.Contract[]
  /** What the missing ones will use. */
  readonly gas: bigint
  /** What the account has to have, in wei: what is not used stays with it. */
  readonly maximum: bigint
}

export type Deployed = { readonly contract: Contracts.Contract; readonly transactionHash: Bytes.Hex }

/**
 * Looks at what is to be deployed, and at what it costs but for what a roll-up adds for its data. Sends nothing.
 *
 * @param account the account that will pay
 * @throws {MissingFactoryError} FACTORY_MISSING where there is something to deploy and nothing to deploy it with
 * @throws {Contracts.CodeError} CONTRACT_CODE
 */
export async function plan(chain: Chain, account: Bytes.Hex): Promise<Plan> {
  const present: Contracts.Contract[] = []
  const missing: Contracts.Contract[] = []
  for (const contract of Contracts.contracts) {
    if (await Contracts.isDeployed(chain, contract)) present.push(contract)
    else missing.push(contract)
  }
  if (missing.length > 0 && !(await Contracts.hasFactory(chain))) throw new MissingFactoryError(chain.chainId)
  const { maxFeePerGas } = await chain.fees()
  let gas = 0n
  let limit = 0n
  for (const contract of missing) {
    const estimate = await chain.estimate({ from: account, ...Contracts.deployment(contract) })
    gas += estimate
    limit += CarryOut.margin(estimate)
  }
  return { present, missing, gas, maximum: limit * maxFeePerGas }
}

/**
 * Deploys what is missing, and makes sure of the code that stands there then. Doing it again changes nothing.
 *
 * If we die in its midst: what is deployed is there, what was signed is sent again, the rest is still missing.
 *
 * @throws {Contracts.CodeError} CONTRACT_CODE, {Contracts.MissingError} CONTRACT_MISSING when it is not there after all
 * @throws {CarryOut.UnaffordableError} and what else carrying a transaction out throws
 */
export async function deploy({ missing }: Plan, options: CarryOut.Options): Promise<readonly Deployed[]> {
  const { chain, signer } = options
  const intents = missing.map((contract) => ({
    contract,
    intent: {
      chainId: chain.chainId,
      account: signer.address,
      ...Contracts.deployment(contract),
      purpose: 'deployment' as const,
      subject: contract.address,
    },
  }))
  // All of them are intended before the first is waited for: they become final together.
  for (const { intent } of intents) await options.transactions.intend(intent, options.clock.now())
  const deployed: Deployed[] = []
  for (const { contract, intent } of intents) {
    const transactionHash = await CarryOut.carryOut(intent, options)
    await Contracts.demand(chain, contract)
    deployed.push({ contract, transactionHash })
  }
  return deployed
}

/** Thrown when a public chain lacks the proxy through which contracts get the same address everywhere. */
export class MissingFactoryError extends Errors.BaseError<'FACTORY_MISSING'> {
  override readonly name = 'deploy.MissingFactoryError'
  constructor(chainId: number) {
    super('FACTORY_MISSING', `Chain ${chainId} does not have the deterministic-deployment proxy.`, {
      facts: { chainId, factory: AnchorRegistry.factory, deployer: AnchorRegistry.factoryDeployer },
    })
  }
}
