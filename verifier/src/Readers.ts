import type * as Bytes from '@laurel/core/Bytes'
import type * as Json from '@laurel/core/Json'
import type * as StatusHistory from '@laurel/core/StatusHistory'
import type * as Trust from './Trust.ts'

/** What a chain says about the anchor of (account, root), as far as it could be asked. */
export type Anchor =
  /** It is there, at a final block. `time` is the anchoring block's, in seconds since 1970. */
  | { readonly kind: 'final'; readonly time: number; readonly block: bigint }
  /** It is there, but not final yet. */
  | { readonly kind: 'recent' }
  /** It is not there, as of the newest block that could be had, in seconds since 1970. */
  | { readonly kind: 'absent'; readonly asOf: number }
  /** There is no code where the registry should be, or a word that no registry writes. */
  | { readonly kind: 'no-registry' }
  | { readonly kind: 'other-chain'; readonly chainId: number }
  /** The endpoints do not agree, or too few of them answer alike. */
  | { readonly kind: 'disagreement' }
  /** The endpoints agree, but none has shown it by a storage proof, and the trust demands one. */
  | { readonly kind: 'unproven' }
  | { readonly kind: 'unreachable' }

/** What a contract stores in some of its slots, as far as the chain could be asked. */
export type Words =
  /** The words (32 bytes each) at a final block, and the time of that block, in seconds since 1970. */
  | { readonly kind: 'final'; readonly words: readonly Uint8Array[]; readonly asOf: number }
  /** The same at a block that the trust names, by a storage proof: what came later could not be had. */
  | { readonly kind: 'checkpoint'; readonly words: readonly Uint8Array[]; readonly asOf: number }
  /** There is no code at the address. */
  | { readonly kind: 'no-contract' }
  /** The endpoints do not agree, too few of them answer alike, or one of them is of another chain. */
  | { readonly kind: 'disagreement' }
  /** The endpoints agree, but none has shown it by a storage proof, and the trust demands one. */
  | { readonly kind: 'unproven' }
  | { readonly kind: 'unreachable' }

/** What a chain says about a transaction, as far as it could be asked. */
export type Transaction =
  /** It is in a final block, whose time is in seconds since 1970; by whom it was sent, with which data, and whether it succeeded. */
  | {
      readonly kind: 'final'
      readonly from: Bytes.Hex
      readonly input: Bytes.Hex
      readonly succeeded: boolean
      readonly time: number
    }
  /** It is there, but not final yet. */
  | { readonly kind: 'recent' }
  /** None of the endpoints knows it; there are some that forget what is old. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'other-chain'; readonly chainId: number }
  /** The endpoints do not agree. */
  | { readonly kind: 'disagreement' }
  /** The trust demands proofs, and there is none of transactions. */
  | { readonly kind: 'unproven' }
  | { readonly kind: 'unreachable' }

/** A status list as somebody gave it. `live`: by its own URL just now; otherwise a copy of unknown age. */
export type StatusList = { readonly bytes: Uint8Array; readonly live: boolean }

/** What an address gives out by itself now. */
export type Hosted =
  | { readonly kind: 'found'; readonly bytes: Uint8Array }
  /** It says that there was something (HTTP 410). */
  | { readonly kind: 'gone' }
  | { readonly kind: 'unavailable' }

/**
 * How the verifier reaches the world. None of the answers is believed before it is checked, and none of the methods
 * rejects: what cannot be had is `undefined`, or a kind of its own. Bytes that were given out are not changed any more:
 * what has been found out about them is remembered with them.
 */
export type Readers = {
  /** Asks the chain whether the account anchored the root, at the registry that the trust names. */
  readonly anchor: (chain: Trust.Chain, account: Bytes.Hex, root: Bytes.Hex) => Promise<Anchor>
  /** The bytes with this SHA-256 digest (32 bytes). */
  readonly content: (digest: Uint8Array) => Promise<Uint8Array | undefined>
  /** The DID document as it is published now. */
  readonly did: (did: string) => Promise<Json.Object | undefined>
  /** All versions of the list that can be had, live or as copies. */
  readonly statusLists: (url: string) => Promise<readonly StatusList[]>
  /**
   * Asks a chain what a contract stores; where it can be had, at a block that is no older than `since`, in seconds since 1970.
   * Absent where nobody is asked for directories of issuers or histories of status lists.
   */
  readonly words?: (
    chain: Trust.Chain,
    contract: Bytes.Hex,
    slots: readonly Bytes.Hex[],
    since?: number,
  ) => Promise<Words>
  /**
   * What an account has recorded of a status list, the oldest first: a history that folds to this head (32 bytes), at which
   * it is checked. Absent where no history is asked for.
   */
  readonly history?: (
    chain: Trust.Chain,
    account: Bytes.Hex,
    listId: Uint8Array,
    head: Uint8Array,
  ) => Promise<readonly StatusHistory.Version[] | undefined>
  /**
   * Statements by which a federation may vouch for an issuer: chains of JWTs, each from the one about the issuer up to the one
   * by the trust anchor. Asked for once the issuer's signature has passed. Absent where no federation is asked.
   *
   * @param now in milliseconds since 1970
   */
  readonly trustChains?: (
    federation: Trust.Federation,
    did: string,
    now: number,
  ) => Promise<readonly (readonly string[])[]>
  /** Asks a chain about a transaction. Absent where no certificates are verified that are anchored by one. */
  readonly transaction?: (chain: Trust.Chain, hash: Bytes.Hex) => Promise<Transaction>
  /**
   * What is at an address, from its own origin and no other, to which it might be sent on. Absent where no badges are
   * verified that only their address vouches for.
   */
  readonly hosted?: (url: string) => Promise<Hosted>
  /** What a credential's own refresh service gives out now. Absent where no newer version is to be asked for. */
  readonly refreshed?: (url: string) => Promise<Uint8Array | undefined>
  /** What a credential refers to as a related resource. Absent where nothing of that kind is to be fetched. */
  readonly resource?: (url: string) => Promise<Uint8Array | undefined>
}

/** Readers that ask nobody. */
export const nobody: Readers = {
  anchor: async () => ({ kind: 'unreachable' }),
  content: async () => undefined,
  did: async () => undefined,
  statusLists: async () => [],
}
