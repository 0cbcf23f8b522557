import * as AnchorSlot from '@laurel/core/AnchorSlot'
import * as Bytes from '@laurel/core/Bytes'
import type * as StorageProof from '@laurel/core/StorageProof'
import type { Anchor } from './Readers.ts'
import type * as Trust from './Trust.ts'

/** Whether a block is one that the trust names, by its hash. */
export function isOne(block: Uint8Array, { checkpoints = [] }: Trust.Chain): boolean {
  const hash = Bytes.toHex(block)
  return checkpoints.some((checkpoint) => checkpoint.hash === hash)
}

/**
 * The anchor that a storage proof shows, where the block to which it leads is one that the trust names. What such a proof
 * shows not to be there may have come later.
 */
export function anchor(shown: StorageProof.Shown, chain: Trust.Chain): Anchor | undefined {
  const anchored = shown.hasCode && isOne(shown.trusted, chain) ? AnchorSlot.read(shown.word) : undefined
  return anchored && { kind: 'final', ...anchored }
}
