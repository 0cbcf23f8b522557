import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import AnchorRegistry from './AnchorRegistry.ts'
import BadgeCollection from './BadgeCollection.ts'
import BadgeCollectionFactory from './BadgeCollectionFactory.ts'
import IssuerDirectory from './IssuerDirectory.ts'
import StatusRegistry from './StatusRegistry.ts'

/**
 * Deploys every contract. None takes a parameter, and no network has other bytes than another: what differs between
 * networks stands in hardhat.config.ts. Where some of them are there already, deploy the others by their own modules, or
 * all that is missing by `laurel deploy`.
 */
export default buildModule('Laurel', (m) => {
  const { registry: anchors } = m.useModule(AnchorRegistry)
  const { registry: statuses } = m.useModule(StatusRegistry)
  const { directory } = m.useModule(IssuerDirectory)
  const { implementation } = m.useModule(BadgeCollection, { after: [anchors, directory] })
  const { factory } = m.useModule(BadgeCollectionFactory, { after: [implementation] })
  return { anchors, statuses, directory, implementation, factory }
})
