import { setImmediate as turn } from 'node:timers/promises'
import type * as InclusionProof from '@laurel/core/InclusionProof'
import * as Tree from '@laurel/core/Tree'
import type * as BatchStore from './ports/BatchStore.ts'
import * as Uuid from './Uuid.ts'

/**
 * How many leaves stand side by side in a block, the last one excepted. A power of two: so a block is a branch of the
 * tree, whose root is a node of it (or is promoted to where the node would be, which gives the same tree), and a path
 * is the path within the block and then the block's own, in the tree of all blocks' roots. A batch is worked on and read
 * block by block, and its tree is never held whole.
 */
export const size = 256

const idWidth = 16
const leafWidth = 32

/** How many blocks the tree of a batch has. */
export function count(recipients: number): number {
  return Math.ceil(recipients / size)
}

/**
 * Puts leaves into the order of the tree, which is that of their credentials' ids (DESIGN §2.3), and cuts them.
 *
 * @param leaves in the order of the roster
 */
export function cut({ ids, leaves }: BatchStore.Leaves): readonly BatchStore.Block[] {
  const order = inOrder(ids)
  return Array.from({ length: count(order.length) }, (_, place) => {
    const members = order.subarray(place * size, (place + 1) * size)
    const block = new Uint8Array(members.length * leafWidth)
    for (const [i, member] of members.entries())
      block.set(leaves.subarray(member * leafWidth, (member + 1) * leafWidth), i * leafWidth)
    const first = (members[0] ?? 0) * idWidth
    return {
      first: Uuid.fromBytes(ids.subarray(first, first + idWidth)),
      rows: members.map((member) => member + 1),
      leaves: block,
    }
  })
}

/** The tree of all blocks' roots. Its root is that of the batch's tree. */
export async function crown(
  blocks: Iterable<BatchStore.Branch> | AsyncIterable<BatchStore.Branch>,
): Promise<Tree.Tree> {
  const roots: Uint8Array[] = []
  for await (const block of blocks) {
    roots.push(Tree.root(tree(block)))
    if (roots.length % 64 === 0) await turn()
  }
  return Tree.build(roots)
}

/** The tree of one block. */
export function tree({ leaves }: BatchStore.Branch): Tree.Tree {
  return Tree.build(leaves)
}

/** The path of a block's leaf in the tree of the batch. */
export function path(block: Tree.Tree, crown: Tree.Tree, place: number, i: number): InclusionProof.Path {
  return [...Tree.path(block, i), ...Tree.path(crown, place)]
}

/**
 * The places of ids in their order. They are random: counting how many begin with the same two bytes leaves a few of
 * each to compare, which for a million is ten times as fast as comparing all.
 */
function inOrder(ids: Uint8Array): Uint32Array {
  const length = ids.length / idWidth
  const beginning = (i: number) => ((ids[i * idWidth] as number) << 8) | (ids[i * idWidth + 1] as number)
  const ends = new Uint32Array(65_536)
  for (let i = 0; i < length; i++) ends[beginning(i)] = (ends[beginning(i)] as number) + 1
  for (let i = 1; i < ends.length; i++) ends[i] = (ends[i] as number) + (ends[i - 1] as number)
  const starts = new Uint32Array(65_536)
  starts.set(ends.subarray(0, -1), 1)
  const order = new Uint32Array(length)
  const next = starts.slice()
  for (let i = 0; i < length; i++) {
    const at = next[beginning(i)] as number
    order[at] = i
    next[beginning(i)] = at + 1
  }
  const compare = (a: number, b: number) => {
    let byte = 2
    while (byte < idWidth - 1 && ids[a * idWidth + byte] === ids[b * idWidth + byte]) byte++
    return (ids[a * idWidth + byte] as number) - (ids[b * idWidth + byte] as number)
  }
  for (const [i, start] of starts.entries()) {
    const end = ends[i] as number
    if (end - start > 1) order.subarray(start, end).sort(compare)
  }
  return order
}
