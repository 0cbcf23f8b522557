import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import type * as Batch from '../Batch.ts'

/**
 * Something that is to happen on a chain once: one account, one call, one subject. The same purpose and subject a second
 * time is the same intent.
 */
export type Intent = {
  readonly chainId: number
  readonly account: Bytes.Hex
  readonly to: Bytes.Hex
  readonly data: Bytes.Hex
  /** What it is for, in a word: `directory`, `award`. */
  readonly purpose: string
  /** What makes it the only one of its purpose, at this contract and by this account. */
  readonly subject: string
}

export type Stored = Intent & {
  readonly id: number
  /** `open` until its outcome was seen at a final block. */
  readonly state: 'open' | 'done' | 'refused'
  /** The transaction that did it. */
  readonly transactionHash: Bytes.Hex | null
}

/**
 * Remembers what is to happen on chains beside anchors, and every transaction that was signed for it.
 *
 * Every method is one transaction of the database and has reached the disk when it returns. The accounts in here anchor
 * nothing: each has its nonces to itself.
 */
export type TransactionStore = {
  /** Stores an intent, or answers with the one of the same purpose and subject that is open or done. */
  intend(intent: Intent, now: number): Promise<Stored>
  /** The intent of the same purpose and subject that is open or done. */
  find(intent: Intent): Promise<Stored | undefined>
  /** The transactions signed for an intent, oldest first. */
  attempts(intent: Stored): Promise<readonly Batch.Attempt[]>
  /** The highest nonce that was ever handed out for an account; `null`: none. */
  highestNonce(chainId: number, account: Bytes.Hex): Promise<number | null>
  /**
   * Commits a signed transaction before it is sent.
   *
   * @throws {NonceTakenError} when its nonce belongs to another intent
   */
  attempt(intent: Stored, attempt: Batch.Attempt): Promise<void>
  /** Stores the outcome, once it is final. */
  settle(intent: Stored, state: 'done' | 'refused', transactionHash: Bytes.Hex | null): Promise<Stored>
  /** What is open, oldest first. */
  open(chainId: number, account: Bytes.Hex): Promise<readonly Stored[]>
  /** Every transaction signed by an account with this nonce or a later one, in the order of their nonces. */
  signed(chainId: number, account: Bytes.Hex, nonce: number): Promise<readonly Batch.Attempt[]>
  close(): Promise<void>
}

/** Thrown when a nonce was handed out for something else meanwhile; another one is to be taken. */
export class NonceTakenError extends Errors.BaseError<'NONCE_TAKEN'> {
  override readonly name = 'TransactionStore.NonceTakenError'
  constructor(account: Bytes.Hex, nonce: number, cause?: unknown) {
    super('NONCE_TAKEN', 'Another transaction has taken this place meanwhile.', { facts: { account, nonce }, cause })
  }
}
