import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import * as AnchorRegistry from '../../core/src/generated/AnchorRegistry.ts'
import * as BadgeCollection from '../../core/src/generated/BadgeCollection.ts'
import * as IssuerDirectory from '../../core/src/generated/IssuerDirectory.ts'
import { contractOf, deployCommitted, nobody } from '../committed.ts'

/** Deploys what the proxies of all collections run. The registry of anchors and the directory of issuers come first. */
export default buildModule('BadgeCollection', (m) => {
  const { contract: implementation, deployment } = deployCommitted(m, 'BadgeCollection', BadgeCollection)
  // A transaction to an address without code succeeds. These ask the contract, and those that it will ask itself, and so
  // fail where one of them, or the proxy, was absent.
  const after = [deployment]
  m.staticCall(implementation, 'anchorRegistry', [], 0, { id: 'Answer', after })
  const registry = contractOf(m, 'AnchorRegistry', AnchorRegistry)
  m.staticCall(registry, 'anchoredAt', [nobody, AnchorRegistry.salt], 'time', { id: 'Registry', after })
  const directory = contractOf(m, 'IssuerDirectory', IssuerDirectory)
  m.staticCall(directory, 'issuerOf', [nobody], 'issuerId', { id: 'Directory', after })
  return { implementation }
})
