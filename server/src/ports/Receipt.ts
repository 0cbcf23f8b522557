import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'

/** An answer as it goes over the wire, to be given again word for word. */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * What makes a request that is repeated act once: the key that its author chose, and a digest of all that was asked.
 * Whoever takes one stores the answer in the same transaction as the effect; where it is stored already there is no
 * second effect, and the answer stored is the outcome. Keys of different principals are different keys.
 */
export type Receipt<effect> = {
  readonly principal: string
  readonly key: string
  readonly fingerprint: Bytes.Hex
  /** Milliseconds since 1970. */
  readonly now: number
  /** Makes the answer out of the effect; called within the transaction, and pure. */
  readonly answer: (effect: effect) => Answer
}

/** A receipt without its answer: enough to look it up. */
export type Name = Pick<Receipt<never>, 'principal' | 'key' | 'fingerprint'>

/** Remembers answers for as long as somebody may still ask again. */
export type ReceiptStore = {
  /**
   * The answer that this very request was given.
   *
   * @throws {ReusedKeyError} when another request was made with the key
   */
  answered(name: Name): Promise<Answer | undefined>
  /** Forgets the answers given before a moment. What they answered stands. */
  forget(before: number): Promise<void>
}

/** Thrown when a key that belongs to one request comes with another. */
export class ReusedKeyError extends Errors.BaseError<'IDEMPOTENCY_KEY_REUSED'> {
  override readonly name = 'Receipt.ReusedKeyError'
  constructor() {
    super('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key came with another request before; nothing was done.')
  }
}
