import type { Path, Step } from './InclusionProof.ts'
import * as Sha256 from './Sha256.ts'

/** A tree over 32-byte leaves: each level is one run of 32-byte nodes, the leaves first, the root last. */
export type Tree = { readonly levels: readonly Uint8Array[] }

const width = 32

/**
 * Builds the tree: node = SHA-256(left ‖ right), an odd last node is promoted unchanged, one leaf is its own root.
 *
 * @param leaves at least one, 32 bytes each; their order is kept
 */
export function build(leaves: readonly Uint8Array[]): Tree {
  if (leaves.length === 0) throw new TypeError('A tree has at least one leaf')
  let level = new Uint8Array(leaves.length * width)
  leaves.forEach((leaf, i) => {
    if (leaf.length !== width) throw new TypeError('A leaf has 32 bytes')
    level.set(leaf, i * width)
  })
  const levels = [level]
  while (level.length > width) {
    level = parents(level)
    levels.push(level)
  }
  return { levels }
}

/** The root: 32 bytes. */
export function root(tree: Tree): Uint8Array {
  return nodes(tree, tree.levels.length - 1).slice()
}

/** The number of leaves. */
export function size(tree: Tree): number {
  return nodes(tree, 0).length / width
}

/** The siblings that lead from a leaf (0-based) to the root, bottom first; a promoted node adds none. */
export function path(tree: Tree, index: number): Path {
  if (!Number.isInteger(index) || index < 0 || index >= size(tree)) throw new TypeError(`There is no leaf ${index}`)
  const steps: Step[] = []
  for (let height = 0; height < tree.levels.length - 1; height++) {
    const level = nodes(tree, height)
    const sibling = Math.floor(index / 2 ** height) ^ 1
    if (sibling * width >= level.length) continue
    steps.push({ side: sibling % 2 === 0 ? 'left' : 'right', hash: node(level, sibling).slice() })
  }
  return steps
}

function parents(level: Uint8Array): Uint8Array<ArrayBuffer> {
  const count = level.length / width
  const above = new Uint8Array(Math.ceil(count / 2) * width)
  for (let i = 0; i < count; i += 2) {
    const pair = level.subarray(i * width, (i + 2) * width)
    above.set(pair.length === width ? pair : Sha256.digest(pair), (i / 2) * width)
  }
  return above
}

function nodes(tree: Tree, height: number): Uint8Array {
  const level = tree.levels[height]
  if (level === undefined) throw new TypeError(`There is no level ${height}`)
  return level
}

function node(level: Uint8Array, index: number): Uint8Array {
  return level.subarray(index * width, (index + 1) * width)
}
