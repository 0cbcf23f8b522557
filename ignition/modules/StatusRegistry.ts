import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import * as StatusRegistry from '../../core/src/generated/StatusRegistry.ts'
import { deployCommitted, nobody } from '../committed.ts'

/** Deploys the registry of status lists. */
export default buildModule('StatusRegistry', (m) => {
  const { contract: registry, deployment } = deployCommitted(m, 'StatusRegistry', StatusRegistry)
  // A transaction to an address without code succeeds. This asks the registry, and so fails where the proxy was absent.
  m.staticCall(registry, 'headOf', [nobody, StatusRegistry.salt], 'head', { id: 'Answer', after: [deployment] })
  return { registry }
})
