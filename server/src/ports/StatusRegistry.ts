import type * as Bytes from '@laurel/core/Bytes'
import type { Call } from './IssuerDirectory.ts'

/**
 * The registry of status lists on one chain: what it says, and the call that changes it. What it says is as of the newest
 * block; every method that asks rejects with `CHAIN_UNREACHABLE` where nobody answers. Nothing here sends anything.
 */
export type StatusRegistry = {
  readonly address: Bytes.Hex
  /** The head (32 bytes) of what an account has published of a list; zero if nothing. `listId` is 32 bytes. */
  head(account: Bytes.Hex, listId: Uint8Array): Promise<Bytes.Hex>
  /** When the block of a transaction was made, in seconds since 1970; `undefined` while it is in none. */
  timeOf(transactionHash: Bytes.Hex): Promise<number | undefined>
  /** The call that publishes a digest (32 bytes) as the newest of a list. The contract takes one at a time. */
  publication(listId: Uint8Array, digest: Bytes.Hex): Call
}
