import type * as BadgeCalls from '@laurel/core/BadgeCalls'
import type * as Bytes from '@laurel/core/Bytes'
import type * as ClaimTicket from '@laurel/core/ClaimTicket'
import type * as Ticket from '@laurel/core/Ticket'
import type { Call } from './IssuerDirectory.ts'

/** The tokens of one achievement that come from one batch. `account` by whose anchor it was opened; none if it never was. */
export type Series = {
  readonly isOpen: boolean
  readonly account: Bytes.Hex | undefined
}

/** What was given to a list of wallets at once. `achievement` is the digest of its metadata. */
export type Award = {
  readonly number: number
  readonly achievement: Bytes.Hex
  /** 20 bytes for each wallet, in ascending order. */
  readonly list: Uint8Array
}

/** A proposal to bind a token to another wallet; `readyOn` in seconds since 1970. */
export type Rebinding = { readonly to: Bytes.Hex; readonly readyOn: number }

/**
 * Collections of badge tokens on one chain: what they say, and the calls that change them. What one says is as of the
 * newest block; every method that asks rejects with `CHAIN_UNREACHABLE` where nobody answers. Nothing here sends anything.
 */
export type BadgeCollections = {
  /** What makes a collection, at the address that its arguments lead to. */
  deploy(collection: Omit<ClaimTicket.Collection, 'address'>): Call
  /** Whether the collection stands at its address, with the very code that its arguments lead to. */
  isDeployed(collection: ClaimTicket.Collection): Promise<boolean>
  at(address: Bytes.Hex): BadgeCollection
  /** The name of an error of a collection (`TicketSpent`) by the four bytes with which its answer begins. */
  errorOf(selector: string): string | undefined
}

/** One collection. Roots, digests and salts are 32 bytes in hexadecimal. */
export type BadgeCollection = {
  readonly address: Bytes.Hex
  awardCount(): Promise<number>
  award(number: number): Promise<Award>
  series(ticketRoot: Bytes.Hex, achievement: Bytes.Hex): Promise<Series>
  isSpent(ticketRoot: Bytes.Hex, index: number): Promise<boolean>
  /** The wallet that holds a token; `undefined` where nobody does, or does not any more. */
  ownerOf(tokenId: bigint): Promise<Bytes.Hex | undefined>
  /** `undefined` where nobody holds the token. */
  tokenUri(tokenId: bigint): Promise<string | undefined>
  rebindingOf(tokenId: bigint): Promise<Rebinding | undefined>
  readonly calls: {
    award(number: number, achievement: Bytes.Hex, list: Uint8Array): Call
    awardAgain(number: number, achievement: Bytes.Hex, earlier: number): Call
    open(batch: BadgeCalls.Batch, achievement: Uint8Array): Call
    recheck(ticketRoot: Bytes.Hex, achievement: Bytes.Hex): Call
    redeem(ticket: Ticket.Opening, siblings: readonly Uint8Array[], signed?: BadgeCalls.Signed): Call
    revoke(tokenIds: readonly bigint[]): Call
    /** Revokes the ticket at an index of a tree. */
    revokeTicket(ticketRoot: Bytes.Hex, index: number): Call
    rebind(tokenId: bigint, signed: BadgeCalls.Signed): Call
    proposeRebinding(tokenId: bigint, to: Bytes.Hex): Call
    cancelRebinding(tokenId: bigint): Call
    completeRebinding(tokenId: bigint): Call
  }
}
