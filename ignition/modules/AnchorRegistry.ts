import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import * as AnchorRegistry from '../../core/src/generated/AnchorRegistry.ts'
import { deployCommitted, nobody } from '../committed.ts'

/** Deploys the registry of anchors. */
export default buildModule('AnchorRegistry', (m) => {
  const { contract: registry, deployment } = deployCommitted(m, 'AnchorRegistry', AnchorRegistry)
  // A transaction to an address without code succeeds. This asks the registry, and so fails where the proxy was absent.
  m.staticCall(registry, 'anchoredAt', [nobody, AnchorRegistry.salt], 'time', { id: 'Answer', after: [deployment] })
  return { registry }
})
