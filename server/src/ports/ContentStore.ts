import * as Errors from '@laurel/core/Errors'

/** One block: its CID (version 1, base32) and its bytes. */
export type Block = { readonly cid: string; readonly bytes: Uint8Array }

/**
 * Public bytes by their content identifier. Only what is free of personal data may be put here: it cannot be called
 * back.
 */
export type ContentStore = {
  /**
   * Keeps bytes for good; the same bytes again change nothing. Up to 256 KiB become one raw block, whose CID follows
   * from their SHA-256; more become a UnixFS file.
   *
   * @returns the CID, version 1, in base32
   */
  put(bytes: Uint8Array): Promise<string>
  /** The bytes of one block, hashed again before they are handed out; `undefined` when they are not here. */
  get(cid: string): Promise<Uint8Array | undefined>
  /** The bytes that were put, from however many blocks; `undefined` when not all of them are here. */
  read(cid: string): Promise<Uint8Array | undefined>
  /**
   * The root, and every block below it: each once, depth first, in the order of the links.
   *
   * @throws {MissingBlockError} CONTENT_DAMAGED when one is not here, or does not have its digest any more
   */
  blocks(cid: string): AsyncIterable<Block>
}

/** Thrown when a block that was put is not here any more, or has changed: the disk has lost something. */
export class MissingBlockError extends Errors.BaseError<'CONTENT_DAMAGED'> {
  override readonly name = 'ContentStore.MissingBlockError'
  constructor(cid: string) {
    super('CONTENT_DAMAGED', 'A block of public content is not on this disk any more, or has changed.', {
      facts: { cid },
    })
  }
}
