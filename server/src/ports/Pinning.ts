import * as Errors from '@laurel/core/Errors'
import type { Block } from './ContentStore.ts'

/**
 * A place elsewhere that keeps public content: an IPFS node, or a pinning service.
 *
 * Not trusted. What it says about keeping something counts only once every block has been fetched back and hashed, which
 * is the caller's business. Everything may be repeated; nothing here retries. Every method ends within a time of its
 * own or at once when the signal says so, and rejects with {@link UnreachableError} where no whole answer came, with
 * {@link RefusedError} where the answer is no.
 */
export type Pinning = {
  /** What the place is called: its host, without what may be a secret in its address. */
  readonly place: string
  /**
   * Has the place keep a root and all blocks below it. Returns once the place says that it does, or that it has begun
   * to: some take hours.
   *
   * @param blocks the root, and every block below it
   * @throws {MismatchError} when the place calls the same bytes by another name
   */
  pin(root: string, blocks: AsyncIterable<Block>, signal: AbortSignal): Promise<void>
  /** Whether the place says that it keeps a root and all below it. A block that is there by chance is not kept. */
  keeps(root: string, signal: AbortSignal): Promise<boolean>
  /** The bytes of a block, unchecked, if the place has them; it does not look for them elsewhere. */
  fetch(cid: string, signal: AbortSignal): Promise<Uint8Array | undefined>
}

/** Thrown when a place does not answer, not in time, or breaks off in its answer. */
export class UnreachableError extends Errors.BaseError<'PINNING_UNREACHABLE'> {
  override readonly name = 'Pinning.UnreachableError'
  constructor(place: string, cause?: unknown) {
    super('PINNING_UNREACHABLE', `Public content cannot be handed to ${place} now; it is tried again.`, {
      facts: { place },
      cause,
    })
  }
}

/** Thrown when a place answers that it does not keep something. */
export class RefusedError extends Errors.BaseError<'PINNING_REFUSED'> {
  override readonly name = 'Pinning.RefusedError'
  constructor(place: string, cause?: unknown) {
    super('PINNING_REFUSED', `${place} does not keep public content for us; it is asked again.`, {
      facts: { place },
      cause,
    })
  }
}

/** Thrown when a place names the same bytes differently: it did not keep what it was given. */
export class MismatchError extends Errors.BaseError<'CID_MISMATCH'> {
  override readonly name = 'Pinning.MismatchError'
  constructor(place: string, expected: string, found: string) {
    super('CID_MISMATCH', `${place} has not kept the bytes that it was given.`, { facts: { place, expected, found } })
  }
}

/** Says that a place has lost what was seen there. */
export class LostError extends Errors.BaseError<'CONTENT_LOST'> {
  override readonly name = 'Pinning.LostError'
  constructor(place: string, cid: string) {
    super('CONTENT_LOST', `${place} has lost public content that it had; it is handed over again.`, {
      facts: { place, cid },
    })
  }
}

/** Says that a place has accepted something and does not hand it out. */
export class UnseenError extends Errors.BaseError<'PINNING_UNSEEN'> {
  override readonly name = 'Pinning.UnseenError'
  constructor(place: string, cid: string) {
    super('PINNING_UNSEEN', `${place} has accepted public content, and does not hand it out.`, {
      facts: { place, cid },
    })
  }
}
