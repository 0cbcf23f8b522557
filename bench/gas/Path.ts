import { concatHex, type Hex, keccak256 } from 'viem'
import { word } from './Stage.ts'

export type Tree = {
  readonly root: Hex
  /** The siblings from a leaf up to the root. */
  readonly path: (index: number) => readonly Hex[]
}

/** How two siblings become the node above them. */
export type Node = (left: Hex, right: Hex) => Hex

/** Siblings in the order of their values, as OpenZeppelin and Solady have it. */
export const sorted: Node = (left, right) => keccak256(concatHex(left < right ? [left, right] : [right, left]))

/**
 * A few leaves, a power of two of them, at the left edge of a tree that is `depth` levels deep. The rest of the tree is
 * its hashes only: a path of a million leaves costs its verifier no more for their being real.
 */
export function deepTree(leaves: readonly Hex[], depth: number, node: Node): Tree {
  const levels = [leaves]
  for (let level = leaves; level.length > 1; ) {
    level = level.flatMap((left, i) => (i % 2 === 0 ? [node(left, level[i + 1] ?? left)] : []))
    levels.push(level)
  }
  const own = levels.length - 1
  if (leaves.length !== 1 << own || depth < own)
    throw new TypeError(`${leaves.length} leaves do not fit depth ${depth}`)
  const above = Array.from({ length: depth - own }, (_, i) => word(7_000_000 + 100 * depth + i))
  const root = above.reduce(node, levels[own]?.[0] ?? '0x')
  const path = (index: number) => [...levels.slice(0, own).map((level, i) => level[(index >> i) ^ 1] ?? '0x'), ...above]
  return { root, path }
}
