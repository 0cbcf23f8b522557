import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import * as IssuerDirectory from '../../core/src/generated/IssuerDirectory.ts'
import { deployCommitted, nobody } from '../committed.ts'

/** Deploys the directory of issuers. */
export default buildModule('IssuerDirectory', (m) => {
  const { contract: directory, deployment } = deployCommitted(m, 'IssuerDirectory', IssuerDirectory)
  // A transaction to an address without code succeeds. This asks the directory, and so fails where the proxy was absent.
  m.staticCall(directory, 'issuerOf', [nobody], 'issuerId', { id: 'Answer', after: [deployment] })
  return { directory }
})
