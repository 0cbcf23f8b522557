import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import type { Config } from '../config.ts'
import { deploy as deployContracts, plan as makePlan, type Plan } from '../deployment/deploy.ts'
import { carrying } from '../issuer/Office.ts'
import { byChainId, byName, networks } from '../networks.ts'
import { confirm } from './confirm.ts'
import { ether } from './ether.ts'
import type * as Progress from './Progress.ts'
import { withOffice } from './with-office.ts'

/** Deploys every contract that a chain lacks, at the addresses that they have everywhere. */
export async function deploy(
  options: {
    readonly network?: string
    readonly dryRun?: boolean
    readonly yes?: boolean
    readonly json?: boolean
  },
  config: Config,
): Promise<void> {
  await withOffice(
    onNetwork(config, options.network),
    { purposes: ['controller'], demand: [] },
    async (office, say) => {
      const { chain, keyring } = office
      const network = byChainId(chain.chainId)
      const signer = await keyring.account('controller')
      const plan = await makePlan(chain, signer.address)
      preview(plan, `${network.title}, from ${signer.address}`, say)
      if (plan.missing.length > 0 && !options.dryRun && !chain.test)
        await confirm(`This costs up to ${ether(plan.maximum)} of the currency of ${network.title}.`, options.yes)
      const deployed = options.dryRun ? [] : await deployContracts(plan, carrying(office, signer))
      if (options.json) {
        const transactions = new Map(deployed.map(({ contract, transactionHash }) => [contract.name, transactionHash]))
        const row = ({ name, address }: Plan['missing'][number], state: string) => ({
          name,
          address,
          state,
          transactionHash: transactions.get(name) ?? null,
          ...(network.explorer === undefined ? {} : { page: `${network.explorer}/address/${address}` }),
        })
        const contracts = [
          ...plan.present.map((contract) => row(contract, 'present')),
          ...plan.missing.map((contract) => row(contract, options.dryRun ? 'missing' : 'deployed')),
        ]
        const answer = { chainId: chain.chainId, account: signer.address, gas: Number(plan.gas), contracts }
        process.stdout.write(`${JSON.stringify({ ...answer, maximumCost: plan.maximum.toString() }, null, 2)}\n`)
        return
      }
      for (const { contract, transactionHash } of deployed)
        process.stdout.write(`${pc.green('✔')} ${contract.name} deployed by ${transactionHash}\n`)
      if (plan.missing.length === 0) process.stdout.write(`${pc.green('✔')} Everything is there\n`)
    },
  )
}

function preview({ present, missing, gas, maximum }: Plan, where: string, say: Progress.Reporter['say']): void {
  say(`On ${where}:`)
  for (const { name, address } of present) say(`  ${name.padEnd(22)} ${address}  is there, with the code committed`)
  for (const { name, address } of missing) say(`  ${name.padEnd(22)} ${address}  missing`)
  if (missing.length > 0) say(`  ${gas.toLocaleString('en')} gas, at most ${ether(maximum)}`)
}

/** The configuration, held to the network that is named. */
function onNetwork(config: Config, name: string | undefined): Config {
  if (name === undefined) return config
  const network = byName(name)
  if (network === undefined) throw new UnknownNetworkError(name)
  const rpc = config.chain.rpc ?? (network.development ? 'http://127.0.0.1:8545' : undefined)
  if (rpc === undefined) throw new MissingRpcError(name)
  return { ...config, chain: { ...config.chain, rpc, chainId: network.chainId } }
}

/** Thrown when a network is named that is not in the table. */
export class UnknownNetworkError extends Errors.BaseError<'NETWORK_UNKNOWN'> {
  override readonly name = 'deploy.UnknownNetworkError'
  constructor(name: string) {
    const known = networks.map((network) => network.name).join(', ')
    super('NETWORK_UNKNOWN', `There is no network ${name} here. There are ${known}.`, { facts: { name } })
  }
}

/** Thrown when a public network is named and nothing says how to reach it. */
export class MissingRpcError extends Errors.BaseError<'RPC_MISSING'> {
  override readonly name = 'deploy.MissingRpcError'
  constructor(name: string) {
    super('RPC_MISSING', `LAUREL_CHAIN_RPC does not say how ${name} is reached.`, { facts: { name } })
  }
}
