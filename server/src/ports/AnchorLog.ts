import type * as Bytes from '@laurel/core/Bytes'

/** A root as the log of the registry has it. */
export type Anchored = {
  readonly root: Bytes.Hex
  readonly block: bigint
  readonly transactionHash: Bytes.Hex
  /** Of the transaction. */
  readonly nonce: number
}

/**
 * What an account has anchored, by the log of the registry: an index, whose every word is to be looked up in the contract.
 * Rejects with `CHAIN_UNREACHABLE` where nobody answers.
 */
export type AnchorLog = {
  /** What was anchored in blocks made at this time (seconds since 1970) or later, in the order of the chain. */
  since(account: Bytes.Hex, time: number): Promise<readonly Anchored[]>
  /** The next nonce of an account, those of transactions counted that wait to be mined. */
  pendingNonce(account: Bytes.Hex): Promise<number>
}
