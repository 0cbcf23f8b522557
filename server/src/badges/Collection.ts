import type * as Bytes from '@laurel/core/Bytes'
import type * as ClaimTicket from '@laurel/core/ClaimTicket'
import * as Errors from '@laurel/core/Errors'
import { carrying, type Office } from '../issuer/Office.ts'
import type { Stored } from '../ports/CollectionStore.ts'
import type { Call } from '../ports/IssuerDirectory.ts'
import type { Intent } from '../ports/TransactionStore.ts'
import { carryOut } from '../transactions/carry-out.ts'
import * as Refusal from './Refusal.ts'

/** What the account for badge tokens is to do once: for what, and what makes it the only one of its purpose. */
export type Deed = {
  readonly purpose: 'collection' | 'award' | 'open' | 'close' | 'redeem' | 'revoke' | 'rebind'
  readonly subject: string
  readonly call: Call
}

/**
 * The collection of this home's issuer on its chain.
 *
 * @throws {MissingCollectionError} COLLECTION_MISSING where it has none
 */
export async function demand({ chain, collections }: Pick<Office, 'chain' | 'collections'>): Promise<Stored> {
  const collection = await collections.find(chain.chainId)
  if (collection === undefined) throw new MissingCollectionError(chain.chainId)
  return collection
}

/**
 * The same as it stands in the terms of a batch whose learners may redeem tokens in it.
 *
 * @throws {MissingCollectionError} COLLECTION_MISSING where it has none
 */
export async function offer(context: Pick<Office, 'chain' | 'collections'>): Promise<ClaimTicket.Collection> {
  return agreed(await demand(context))
}

/** The same where there is one. */
export async function find({
  chain,
  collections,
}: Pick<Office, 'chain' | 'collections'>): Promise<ClaimTicket.Collection | undefined> {
  const stored = await collections.find(chain.chainId)
  return stored && agreed(stored)
}

function agreed({ metadata: _, ...collection }: Stored): ClaimTicket.Collection {
  return collection
}

/** A deed of the account for badge tokens, as it is written down before anything is sent. */
export async function intentOf({ chain, keyring }: Office, { call, ...rest }: Deed): Promise<Intent> {
  const { address } = await keyring.account('badges')
  return { chainId: chain.chainId, account: address, ...call, ...rest }
}

/**
 * Does it, once for each subject, and returns when it is final.
 *
 * @returns the hash of the transaction that did it
 * @throws {Refusal.RefusedError} when the collection refuses it, and what else carrying a transaction out throws
 */
export async function carry(office: Office, deed: Deed): Promise<Bytes.Hex> {
  const signer = await office.keyring.account('badges')
  return carryOut(await intentOf(office, deed), carrying(office, signer)).catch((error) => {
    throw Refusal.explain(error, office.badges)
  })
}

/** Thrown when something is asked of the issuer's collection and it has none on this chain. */
export class MissingCollectionError extends Errors.BaseError<'COLLECTION_MISSING'> {
  override readonly name = 'Collection.MissingCollectionError'
  constructor(chainId: number) {
    super('COLLECTION_MISSING', `This issuer has no collection of badge tokens on chain ${chainId}.`, {
      facts: { chainId },
    })
  }
}
