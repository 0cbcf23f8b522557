import type * as Bytes from '@laurel/core/Bytes'
import type * as DidDocument from '@laurel/core/DidDocument'
import type * as Json from '@laurel/core/Json'

/** A chain whose anchors count, and how it is asked. Never taken from a document. */
export type Chain = {
  readonly chainId: number
  readonly name: string
  /** None where only checkpoints are to count. */
  readonly rpc: readonly string[]
  /** How many of the RPCs have to say the same. */
  readonly quorum: number
  readonly registry: Bytes.Hex
  /** Where digests of status lists are recorded; the address that the contract has on every chain when absent. */
  readonly statusRegistry?: Bytes.Hex
  /** How many blocks, the anchor's own included, make it final. */
  readonly confirmations: number
  /** Its coins are worth nothing, so an anchor on it is cheap to make. */
  readonly test: boolean
  /** Blocks that the verifier knows to be of the chain, whatever the RPCs say. */
  readonly checkpoints?: readonly Checkpoint[]
  /** Whether no anchor counts but one that an RPC has shown by a storage proof; otherwise that is preferred. */
  readonly proof?: 'required' | 'preferred'
}

/** A block by its number and its hash (32 bytes). */
export type Checkpoint = { readonly number: number; readonly hash: Bytes.Hex }

/** Where a directory is, and the id (32 bytes) under which it knows an issuer. */
export type DirectoryEntry = { readonly chainId: number; readonly address: Bytes.Hex; readonly issuerId: Bytes.Hex }

/** An issuer whom the verifier knows. */
export type Issuer = {
  /** Its DID; of an issuer of Open Badges 2.0 or Blockcerts, the address of its profile. */
  readonly did: string
  readonly name: string
  /** CAIP-10 accounts that may anchor for it; any that it has named itself when absent. */
  readonly accounts?: readonly string[]
  /** CAIP-10 accounts that record the digests of its status lists on a chain; its `accounts` when absent. */
  readonly recorders?: readonly string[]
  /** Its DID document, where the verifier has it already and need not ask. */
  readonly didDocument?: DidDocument.DidDocument
  /** The profile at its address, where the verifier has it already and need not ask. */
  readonly profile?: Json.Object
  /** Its entry in a directory of issuers, which says since when accounts and keys speak for it, and which were stolen. */
  readonly directory?: DirectoryEntry
  /** Whether its credentials count without an anchor. */
  readonly anchor: 'required' | 'optional'
}

/** Who keeps a list of issuers that can be asked: the trust anchor of a federation (OpenID Federation 1.0). */
export type Federation = {
  /** Its entity identifier, an https URL. */
  readonly id: string
  readonly name: string
  /** Its keys for statements, as JSON Web Keys with a `kid`. */
  readonly keys: readonly Json.Object[]
  /** Whether credentials of its issuers count without an anchor. */
  readonly anchor: 'required' | 'optional'
}

/** What a verifier goes by. */
export type Trust = {
  readonly chains: readonly Chain[]
  readonly issuers: readonly Issuer[]
  /** Who else knows issuers, the first first. */
  readonly federations?: readonly Federation[]
  /** How old the newest status list that can be had may be. */
  readonly status: { readonly maximumAgeSeconds: number }
}
