import type { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import * as AnchorRegistry from '../core/src/generated/AnchorRegistry.ts'

type Builder = Parameters<Parameters<typeof buildModule>[1]>[0]

/** The committed bytes of a contract, and what follows from them. */
export type Committed = {
  readonly abi: readonly unknown[]
  readonly initCode: string
  readonly salt: string
  readonly address: string
  readonly runtimeCode: string
}

/**
 * Deploys the committed bytes of a contract at the address that it has on every chain, and answers with the contract
 * and the step after which it is there.
 *
 * The chain must have the deterministic-deployment proxy at `AnchorRegistry.factory`; where it has not, fund
 * `AnchorRegistry.factoryDeployer` and send `AnchorRegistry.factoryRawTransaction` first. Where the contract is already
 * there, whoever put it there, the proxy reverts and there is nothing to do: the code is the same.
 *
 * Not Ignition's own create2 strategy, whose factory is another one and would lead to another address.
 */
export function deployCommitted(m: Builder, name: string, committed: Committed) {
  const data = `${committed.salt}${committed.initCode.slice(2)}`
  const deployment = m.send('Deployment', AnchorRegistry.factory, 0n, data)
  const contract = contractOf(m, name, committed, [deployment])
  return { contract, deployment }
}

/** A contract of which the committed bytes are, or will be, at their address. */
export function contractOf(
  m: Builder,
  name: string,
  committed: Committed,
  after: NonNullable<Parameters<Builder['contractAt']>[3]>['after'] & object = [],
) {
  return m.contractAt(
    name,
    {
      _format: 'hh3-artifact-1',
      contractName: name,
      sourceName: `contracts/${name}.sol`,
      abi: committed.abi as never,
      bytecode: committed.initCode,
      deployedBytecode: committed.runtimeCode,
      linkReferences: {},
      deployedLinkReferences: {},
    },
    committed.address,
    { after },
  )
}

/** An account that has published nothing: whoever asks a registry about it learns that the registry is there. */
export const nobody = '0x0000000000000000000000000000000000000000'
