import { hash } from '#Pairs'
import type { Path, Step } from './InclusionProof.ts'

/**
 * A tree over 32-byte leaves: each level is one run of 32-byte nodes, the leaves first, the root last. All levels lie
 * in one buffer.
 */
export type Tree = { readonly levels: readonly Uint8Array[] }

/**
 * A leaf's path, in memory that the path of the next leaf takes over: it is to be used at once, or copied
 * ({@link toPath}).
 *
 * `hashes` holds the siblings, 32 bytes each, bottom first; `sides` one byte for each, 0 for a sibling on the left and 1
 * for one on the right.
 */
export type Siblings = { readonly index: number; readonly sides: Uint8Array; readonly hashes: Uint8Array }

const width = 32

/**
 * Builds the tree: node = SHA-256(left ‖ right), an odd last node is promoted unchanged, one leaf is its own root.
 *
 * @param leaves at least one, of 32 bytes each, whose order is kept: a list, anything that yields them, or one run of
 *   bytes. They are copied.
 */
export function build(leaves: Iterable<Uint8Array> | Uint8Array): Tree {
  const bottom = leaves instanceof Uint8Array ? leaves : gather(leaves)
  if (bottom.length === 0) throw new TypeError('A tree has at least one leaf')
  if (bottom.length % width !== 0) throw new TypeError('A leaf has 32 bytes')
  const counts = [bottom.length / width]
  for (let count = bottom.length / width; count > 1; counts.push(count)) count = Math.ceil(count / 2)
  const nodes = new Uint8Array(counts.reduce((total, count) => total + count, 0) * width)
  nodes.set(bottom)
  let end = 0
  const levels = counts.map((count) => {
    end += count * width
    return nodes.subarray(end - count * width, end)
  })
  for (let height = 1; height < levels.length; height++) raise(level(levels, height - 1), level(levels, height))
  return { levels }
}

/** The root: 32 bytes. */
export function root({ levels }: Tree): Uint8Array {
  return level(levels, levels.length - 1).slice()
}

/** The number of leaves. */
export function size({ levels }: Tree): number {
  return level(levels, 0).length / width
}

/** The siblings that lead from a leaf (0-based) to the root, bottom first; a promoted node adds none. */
export function path(tree: Tree, index: number): Path {
  if (!Number.isInteger(index) || index < 0 || index >= size(tree)) throw new TypeError(`There is no leaf ${index}`)
  const steps: Step[] = []
  for (let height = 0; height < tree.levels.length - 1; height++) {
    const nodes = level(tree.levels, height)
    const sibling = Math.floor(index / 2 ** height) ^ 1
    if (sibling * width >= nodes.length) continue
    steps.push({
      side: sibling % 2 === 0 ? 'left' : 'right',
      hash: nodes.slice(sibling * width, (sibling + 1) * width),
    })
  }
  return steps
}

/**
 * The paths of many leaves in order, as {@link path} has them, each in the memory of the one before. From one leaf to
 * the next two siblings change on average, and only these are copied.
 *
 * @param from the first leaf (0-based)
 * @param to the leaf to stop before
 */
export function* paths(tree: Tree, from = 0, to = size(tree)): Generator<Siblings, void, undefined> {
  for (const end of [from, to])
    if (!Number.isInteger(end) || end < 0 || end > size(tree)) throw new TypeError(`There is no leaf ${end}`)
  const height = tree.levels.length - 1
  const hashes = new Uint8Array(height * width)
  const sides = new Uint8Array(height)
  // Steps are laid out from the top down to the end of the memory, so that those which stay need not move. starts[h] is
  // the place of the lowest step at height h or above it.
  const starts = new Uint8Array(height + 1).fill(height)
  const siblings = { index: from, sides, hashes }
  let start = 0
  for (let index = from; index < to; index++) {
    const changed = index === from ? height : Math.min(height, 32 - Math.clz32(index ^ (index - 1)))
    for (let h = changed - 1; h >= 0; h--) {
      const nodes = level(tree.levels, h)
      // 32-bit arithmetic: memory ends long before 2^31 leaves.
      const sibling = (index >>> h) ^ 1
      let at = starts[h + 1] as number
      if ((sibling + 1) * width <= nodes.length) {
        at--
        sides[at] = sibling & 1
        for (let i = 0; i < width; i++) hashes[at * width + i] = nodes[sibling * width + i] as number
      }
      starts[h] = at
    }
    const first = starts[0] as number
    if (first !== start) {
      start = first
      siblings.sides = sides.subarray(first)
      siblings.hashes = hashes.subarray(first * width)
    }
    siblings.index = index
    yield siblings
  }
}

/** A path of {@link paths} as a copy of its own. */
export function toPath({ sides, hashes }: Siblings): Path {
  return Array.from(sides, (side, i) => ({
    side: side === 0 ? 'left' : 'right',
    hash: hashes.slice(i * width, (i + 1) * width),
  }))
}

function gather(leaves: Iterable<Uint8Array>): Uint8Array {
  let nodes = new Uint8Array(1024 * width)
  let at = 0
  for (const leaf of leaves) {
    if (leaf.length !== width) throw new TypeError('A leaf has 32 bytes')
    if (at === nodes.length) {
      const larger = new Uint8Array(2 * nodes.length)
      larger.set(nodes)
      nodes = larger
    }
    nodes.set(leaf, at)
    at += width
  }
  return nodes.subarray(0, at)
}

/** Fills a level from the one below it. */
function raise(below: Uint8Array, above: Uint8Array): void {
  const paired = below.length - (below.length % (2 * width))
  hash(below.subarray(0, paired), above.subarray(0, paired / 2))
  above.set(below.subarray(paired), paired / 2)
}

function level(levels: readonly Uint8Array[], height: number): Uint8Array {
  const nodes = levels[height]
  if (nodes === undefined) throw new TypeError(`There is no level ${height}`)
  return nodes
}
