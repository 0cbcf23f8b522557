import type * as ClaimTicket from '@laurel/core/ClaimTicket'

/** A collection of badge tokens, and the public metadata (UTF-8 text, kept exactly) whose digest it is made with. */
export type Stored = ClaimTicket.Collection & { readonly metadata: string }

/**
 * Remembers the one collection that the issuer of this home has on each chain. Whatever is stored has reached the disk
 * when a method returns, and stays as it is.
 */
export type CollectionStore = {
  find(chainId: number): Promise<Stored | undefined>
  /** Stores a collection, or answers with the one that was stored before. */
  found(chainId: number, collection: Stored, now: number): Promise<Stored>
}
