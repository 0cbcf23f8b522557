import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'

/** A block at the end of the chain. `time` is in seconds since 1970. */
export type Head = { readonly number: bigint; readonly hash: Bytes.Hex; readonly time: number }

/** What became of a transaction that is in a block. */
export type Receipt = {
  readonly blockNumber: bigint
  readonly blockHash: Bytes.Hex
  readonly succeeded: boolean
  readonly gasUsed: bigint
  /** What was paid for a unit of it, in wei. */
  readonly gasPrice: bigint
}

/** What tells a chain from every other one: its id, and the hash of its first block. */
export type Identity = { readonly chainId: number; readonly genesis: Bytes.Hex }

/** What makes a block final: the chain's own word for it, or how many blocks there are from it on. */
export type Finality = 'finalized' | 'safe' | 'confirmations'

/** What is offered for a unit of gas, in wei (EIP-1559). */
export type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

/**
 * One EVM chain and the anchor registry on it.
 *
 * Every method asks the chain afresh and rejects with a `CHAIN_UNREACHABLE` error when nobody answers: then nothing is
 * known, least of all that something is absent.
 */
export type Chain = {
  readonly chainId: number
  readonly registry: Bytes.Hex
  /** Whether its coins are worth nothing: a report on its anchors says so. */
  readonly test: boolean
  /** Whether it is one for development, which may begin anew at any time. */
  readonly development: boolean
  /**
   * How many blocks, its own included, make an anchor final. At least 1. Where the chain itself says what is final, about
   * how many that are.
   */
  readonly confirmations: number
  readonly finality: Finality
  /** Which chain answers now: whoever is behind the RPC may have been exchanged. */
  identify(): Promise<Identity>
  head(): Promise<Head>
  /** The number of the newest final block; below 0 while there is none. */
  final(head: Head): Promise<bigint>
  /** The hash of the block with this number; `null` where there is none. */
  blockHash(number: bigint): Promise<Bytes.Hex | null>
  /** How many transactions of the account are in blocks, up to the one named or to the newest. */
  nonce(account: Bytes.Hex, block?: bigint): Promise<number>
  /** In wei. */
  balance(account: Bytes.Hex): Promise<bigint>
  /** What gets a transaction into one of the next blocks. */
  fees(): Promise<Fees>
  /**
   * Hands a signed transaction to the chain. Handing over the same bytes again is no error, whether they wait or are in
   * a block, and makes no second transaction. Nor is it one that another transaction has used the nonce.
   *
   * @throws TRANSACTION_REFUSED when the chain does not take it, for now or for ever
   */
  send(raw: Bytes.Hex): Promise<void>
  /** `null` while it is in no block. */
  receipt(hash: Bytes.Hex): Promise<Receipt | null>
  /** Whether the chain knows the transaction, waiting or in a block. */
  transaction(hash: Bytes.Hex): Promise<boolean>
  /**
   * What a call answers, as of the newest block; nothing is changed by it.
   *
   * @throws {RevertedError} CALL_REVERTED when the contract refuses it, with the contract's own word for why
   */
  call(call: { readonly from?: Bytes.Hex; readonly to: Bytes.Hex; readonly data: Bytes.Hex }): Promise<Bytes.Hex>
  /**
   * How much gas a call would use, sent by an account at the newest block.
   *
   * @throws {RevertedError} CALL_REVERTED
   */
  estimate(call: { readonly from: Bytes.Hex; readonly to: Bytes.Hex; readonly data: Bytes.Hex }): Promise<bigint>
  /** The code at an address, as of the newest block: `0x` where there is none. */
  code(address: Bytes.Hex): Promise<Bytes.Hex>
  /** Since when the account has anchored the root, as of the block named or of the newest; `null` when it has not. */
  anchoredAt(
    account: Bytes.Hex,
    root: Bytes.Hex,
    block?: bigint,
  ): Promise<{ readonly time: number; readonly block: bigint } | null>
  /** The transaction that anchored a root in this block, by the registry's log; `null` where the log has none. */
  anchoredBy(account: Bytes.Hex, root: Bytes.Hex, block: bigint): Promise<Bytes.Hex | null>
}

/** Thrown when a contract refuses a call. `reason` is the beginning of its answer: an error's selector, or nothing. */
export class RevertedError extends Errors.BaseError<'CALL_REVERTED'> {
  override readonly name = 'Chain.RevertedError'
  constructor(to: Bytes.Hex, reason: Bytes.Hex, cause?: unknown) {
    super('CALL_REVERTED', 'The contract refuses what it was asked for.', { facts: { to, reason }, cause })
  }
}
