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
}
