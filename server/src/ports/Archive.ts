/** Files that somebody hands over, in a folder or in one file. Nothing of them is believed. */
export type Archive = {
  /** The names of all of them, with slashes. */
  readonly names: readonly string[]
  readonly has: (name: string) => boolean
  /** Piece by piece; nothing where there is no such file. */
  readonly read: (name: string) => AsyncIterable<Uint8Array>
}
