import * as Bytes from '@laurel/core/Bytes'
import * as ClaimTicket from '@laurel/core/ClaimTicket'
import * as Errors from '@laurel/core/Errors'
import * as Jcs from '@laurel/core/Jcs'
import * as Sha256 from '@laurel/core/Sha256'
import * as Entry from '../issuer/Entry.ts'
import type { Office } from '../issuer/Office.ts'
import type { Stored } from '../ports/CollectionStore.ts'
import * as Collection from './Collection.ts'
import * as Cost from './Cost.ts'

export type Options = { readonly name?: string; readonly symbol?: string; readonly description?: string }

/** What a collection is called unless somebody says otherwise. */
const defaultSymbol = 'BADGE'

/**
 * Makes the issuer's collection of badge tokens on its chain, or finds it. What it is called is a part of its address and
 * never changes; so it is stored before it is made, and its metadata are public content before the chain names them.
 *
 * If we die in its midst: what is stored is what the next run makes.
 *
 * @throws {Entry.NotRegisteredError} ISSUER_NOT_REGISTERED
 * @throws {ExistingCollectionError} COLLECTION_EXISTS when it is called otherwise
 * @throws {Collection.carry} what carrying a transaction out throws
 */
export async function createCollection(
  office: Office,
  options: Options,
  approve: Cost.Approve,
): Promise<{
  readonly collection: Stored
  readonly repeated: boolean
  /** Null where it was not made from this home. */
  readonly transactionHash: Bytes.Hex | null
}> {
  const { badges, chain, clock, collections, content } = office
  const { issuerId } = await Entry.demand(office)
  const before = await collections.find(chain.chainId)
  const wanted = describe(office, issuerId, options)
  if (before !== undefined && isAsked(options) && before.address !== wanted.address)
    throw new ExistingCollectionError(before)
  const planned = before ?? wanted
  const call = badges.deploy(planned)
  const isThere = await badges.isDeployed(planned)
  const deed = { purpose: 'collection', subject: planned.address, call } as const
  const known = await office.transactions.find(await Collection.intentOf(office, deed))
  if (!isThere && known === undefined) {
    const { address } = await office.keyring.account('badges')
    await approve(await Cost.of(office, address, [call]))
  }
  const collection = await collections.found(chain.chainId, planned, clock.now())
  await content.put(Bytes.fromUtf8(collection.metadata))
  const transactionHash = isThere && known === undefined ? null : await Collection.carry(office, deed)
  return { collection, repeated: isThere && known?.state !== 'open', transactionHash }
}

function isAsked({ name, symbol, description }: Options): boolean {
  return name !== undefined || symbol !== undefined || description !== undefined
}

/** The metadata of a collection (ERC-7572), as JCS, and what follows from them. */
function describe({ issuer }: Office, issuerId: Bytes.Hex, options: Options): Stored {
  const { name = issuer.name, symbol = defaultSymbol, description } = options
  const metadata = Jcs.bytes({
    name,
    symbol,
    ...(description === undefined ? {} : { description }),
    ...(issuer.url === undefined ? {} : { external_link: issuer.url }),
  })
  const made = { issuerId, metadataDigest: Bytes.toHex(Sha256.digest(metadata)), name, symbol }
  return { address: ClaimTicket.addressOf(made), ...made, metadata: new TextDecoder().decode(metadata) }
}

/** Thrown when a collection is to be made that is called otherwise than the issuer's. */
export class ExistingCollectionError extends Errors.BaseError<'COLLECTION_EXISTS'> {
  override readonly name = 'createCollection.ExistingCollectionError'
  constructor({ name, symbol, address }: Stored) {
    super('COLLECTION_EXISTS', `The issuer has a collection called “${name}” (${symbol}) at ${address}.`, {
      facts: { name, symbol, address },
    })
  }
}
