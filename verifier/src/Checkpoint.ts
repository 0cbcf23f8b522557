import * as AnchorSlot from '@laurel/core/AnchorSlot'
import * as Bytes from '@laurel/core/Bytes'
import type * as StorageProof from '@laurel/core/StorageProof'
import type { Anchor } from './Readers.ts'
import type * as Trust from './Trust.ts'

/**
 * The anchor that a storage proof shows, where the block to which it leads is one that the trust names. What such a proof
 * shows not to be there may have come later.
 */
export function anchor(shown: StorageProof.Shown, chain: Trust.Chain): Anchor | undefined {
  if (!shown.hasCode) return undefined
  const hash = Bytes.toHex(shown.trusted)
  const anchored = AnchorSlot.read(shown.word)
  return anchored !== undefined && chain.checkpoints?.some((checkpoint) => checkpoint.hash === hash)
    ? { kind: 'final', ...anchored }
    : undefined
}
