import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as Peers from '../Peers.ts'
import type { Side } from '../Side.ts'
import { bulk, documentStore, multicall } from './document-store.ts'
import { eas } from './eas.ts'
import { tokens } from './tokens.ts'

const service = '@ethereum-attestation-service/eas-contracts'

/** Every peer. Takes a minute: their contracts are compiled. */
export async function peers(): Promise<readonly Side[]> {
  const contracts = Peers.compile([
    'OpenZeppelinERC721.sol',
    'OpenZeppelinERC1155.sol',
    'AzukiERC721A.sol',
    'SoladyERC721.sol',
    `${service}/contracts/EAS.sol`,
    `${service}/contracts/SchemaRegistry.sol`,
  ])
  const compiled = (name: string): Peers.Contract => {
    const { [name]: contract } = contracts
    if (contract === undefined) throw new TypeError(`${name} was not compiled`)
    return contract
  }
  const version = Peers.versions()
  const released = await documentStores()
  return [
    tokens({
      name: `OpenZeppelin ERC721 ${version['@openzeppelin/contracts']}`,
      contract: compiled('OpenZeppelinERC721'),
      most: 340,
      redeems: true,
      badge: 'token',
    }),
    tokens({
      name: `Solady ERC721 ${version.solady}`,
      contract: compiled('SoladyERC721'),
      most: 340,
      redeems: true,
      badge: 'token',
    }),
    tokens({
      name: `ERC721A ${version.erc721a}`,
      contract: compiled('AzukiERC721A'),
      most: 340,
      redeems: false,
      badge: 'token',
    }),
    tokens({
      name: `OpenZeppelin ERC1155 ${version['@openzeppelin/contracts']}`,
      contract: compiled('OpenZeppelinERC1155'),
      most: 500,
      redeems: false,
      badge: 'unit',
    }),
    ...eas(`EAS ${version[service]}`, { EAS: compiled('EAS'), SchemaRegistry: compiled('SchemaRegistry') }),
    documentStore({
      name: `DocumentStore ${version['@govtechsg/document-store']}`,
      contract: released.third,
      several: bulk,
    }),
    documentStore({
      name: `DocumentStore of TrustVC ${version['@trustvc/document-store']}`,
      contract: released.fourth,
      several: multicall(released.fourth.abi),
    }),
  ]
}

/** The factories of the two packages that carry bytecode. */
async function documentStores(): Promise<Readonly<Record<'third' | 'fourth', Peers.Contract>>> {
  const load = async (path: string): Promise<Peers.Contract> => {
    const { DocumentStore__factory: factory } = await import(
      pathToFileURL(join(import.meta.dirname, '../node_modules', path)).href
    )
    return { abi: factory.abi, initCode: factory.bytecode }
  }
  return {
    third: await load('@govtechsg/document-store/dist/contracts/factories/contracts/DocumentStore__factory.js'),
    fourth: await load('@trustvc/document-store/index.mjs'),
  }
}
