import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import * as AnchorRegistry from '../../core/src/generated/AnchorRegistry.ts'

/**
 * Deploys the committed bytes of the registry at the address that it has on every chain.
 *
 * The chain must have the deterministic-deployment proxy at `AnchorRegistry.factory`; where it has not, fund
 * `AnchorRegistry.factoryDeployer` and send `AnchorRegistry.factoryRawTransaction` first. Where the registry is already
 * there, whoever put it there, the proxy reverts and there is nothing to do: the code is the same.
 *
 * Not Ignition's own create2 strategy, whose factory is another one and would lead to another address.
 */
export default buildModule('AnchorRegistry', (m) => {
  const data = `${AnchorRegistry.salt}${AnchorRegistry.initCode.slice(2)}`
  const deployment = m.send('Deployment', AnchorRegistry.factory, 0n, data)
  const registry = m.contractAt(
    'AnchorRegistry',
    {
      _format: 'hh3-artifact-1',
      contractName: 'AnchorRegistry',
      sourceName: 'contracts/AnchorRegistry.sol',
      abi: AnchorRegistry.abi,
      bytecode: AnchorRegistry.initCode,
      deployedBytecode: AnchorRegistry.runtimeCode,
      linkReferences: {},
      deployedLinkReferences: {},
    },
    AnchorRegistry.address,
    { after: [deployment] },
  )
  // A transaction to an address without code succeeds. This asks the registry, and so fails where the proxy was absent.
  const nobody = '0x0000000000000000000000000000000000000000'
  m.staticCall(registry, 'anchoredAt', [nobody, AnchorRegistry.salt], 'time', { id: 'Answer', after: [deployment] })
  return { registry }
})
