import * as InclusionProof from './InclusionProof.ts'

// A tree of 2^32 tickets has 32 levels; a ticket's index has four bytes.
const maximumLength = 32

/**
 * On which sides the siblings stand from the ticket at an index (0-based) to the root of its tree, bottom first, when
 * there are `length` of them. Undefined where no tree has such a path.
 *
 * A 1 in the index has its sibling on the left, a 0 on the right. Only where a node is the last of its level, and alone,
 * has it none; there the bit is 0, and above the node stays the last. So a path that is shorter than the index has bits
 * leaves out the highest zeros, and an index and a length have one pattern at most.
 */
export function sides(index: number, length: number): readonly InclusionProof.Step['side'][] | undefined {
  if (!Number.isSafeInteger(index) || index < 0 || index >= 2 ** 32) throw new TypeError('An index is below 2^32')
  if (!Number.isSafeInteger(length) || length < 0 || length > maximumLength) return undefined
  const bits = [...index.toString(2).padStart(length, '0')].reverse()
  const ones = bits.filter((bit) => bit === '1').length
  let zeros = length - ones
  if (zeros < 0) return undefined
  return bits.flatMap((bit) => {
    if (bit === '1') return ['left' as const]
    return zeros-- > 0 ? ['right' as const] : []
  })
}

/**
 * The siblings (32 bytes each) as a collection takes them, from a ticket's path in its tree.
 *
 * @throws {InclusionProof.PatternError} MERKLE_INVALID when the path is not that of the ticket at this index
 */
export function siblings(index: number, path: InclusionProof.Path): readonly Uint8Array[] {
  const expected = sides(index, path.length)
  if (expected === undefined || path.some(({ side }, i) => side !== expected[i]))
    throw new InclusionProof.PatternError()
  return path.map(({ hash }) => hash)
}

/** The root (32 bytes) to which siblings lead from a ticket. Undefined where no tree has so many at this index. */
export function root(ticket: Uint8Array, index: number, siblings: readonly Uint8Array[]): Uint8Array | undefined {
  const pattern = sides(index, siblings.length)
  if (pattern === undefined) return undefined
  const path = siblings.map((hash, i) => ({ side: pattern[i] as InclusionProof.Step['side'], hash }))
  return InclusionProof.fold(ticket, path)
}
