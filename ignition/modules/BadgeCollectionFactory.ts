import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import * as BadgeCollection from '../../core/src/generated/BadgeCollection.ts'
import * as BadgeCollectionFactory from '../../core/src/generated/BadgeCollectionFactory.ts'
import { contractOf, deployCommitted } from '../committed.ts'

/** Deploys the factory of collections. What they run comes first. */
export default buildModule('BadgeCollectionFactory', (m) => {
  const { contract: factory, deployment } = deployCommitted(m, 'BadgeCollectionFactory', BadgeCollectionFactory)
  // A transaction to an address without code succeeds. These ask the factory, and what its collections will run, and so
  // fail where one of them, or the proxy, was absent.
  const after = [deployment]
  m.staticCall(factory, 'implementation', [], 0, { id: 'Answer', after })
  const implementation = contractOf(m, 'BadgeCollection', BadgeCollection)
  m.staticCall(implementation, 'anchorRegistry', [], 0, { id: 'Collection', after })
  return { factory }
})
