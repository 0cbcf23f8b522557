import type * as Bytes from '@laurel/core/Bytes'
import type * as Batch from '../Batch.ts'
import type { Context, Identity } from '../Context.ts'
import type { BadgeCollections } from '../ports/BadgeCollections.ts'
import type { Chain } from '../ports/Chain.ts'
import type { ChainSigner } from '../ports/ChainSigner.ts'
import type { Clock } from '../ports/Clock.ts'
import type { CollectionStore } from '../ports/CollectionStore.ts'
import type { IssuerDirectory } from '../ports/IssuerDirectory.ts'
import type { Keyring } from '../ports/Keyring.ts'
import type { StatusRegistry } from '../ports/StatusRegistry.ts'
import type { TransactionStore } from '../ports/TransactionStore.ts'
import type * as CarryOut from '../transactions/carry-out.ts'
import type { Budget } from '../transactions/Lane.ts'

/** Everything that is needed to speak for the issuer, composed once in `main.ts`. */
export type Office = Pick<Context, 'store' | 'history' | 'content' | 'audit'> &
  Budget & {
    readonly chain: Chain
    readonly directory: IssuerDirectory
    readonly badges: BadgeCollections
    readonly registry: StatusRegistry
    readonly transactions: TransactionStore
    readonly collections: CollectionStore
    readonly keyring: Keyring
    readonly clock: Clock
    readonly identity: Identity
    readonly issuer: Batch.Terms['issuer']
    readonly profile: 'standard' | 'blockcerts'
    /** Waits until the chain may have moved on. */
    readonly pause: () => Promise<void>
    /** Lets the verifiers of this home ask the directory who speaks for the issuer, from now on. */
    readonly heed: (issuerId: Bytes.Hex) => Promise<void>
    /** Publishes the DID document and whatever else follows from the keys. */
    readonly publish: () => Promise<void>
  }

/** What carries out a transaction of one of the office's accounts. */
export function carrying(office: Office, signer: ChainSigner): CarryOut.Options {
  return { ...office, signer }
}
