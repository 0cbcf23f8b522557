import type { Source } from '../roster/Source.ts'

/** Bytes that came once and can be read as often as it takes. */
export type Spooled = {
  readonly source: Source
  /** SHA-256 (32 bytes). */
  readonly digest: Uint8Array
  /** Forgets them. */
  drop(): Promise<void>
}

/**
 * Keeps what is uploaded until it has been looked at: small things in memory, large ones on the disk, never more in memory
 * than a mebibyte. What a dead process has left behind is removed by a later one.
 */
export type Spool = {
  /** Takes bytes to their end. Where they end in an error, nothing of them is kept. */
  keep(bytes: AsyncIterable<Uint8Array>): Promise<Spooled>
}
