import * as Bytes from '@laurel/core/Bytes'
import * as InclusionProof from '@laurel/core/InclusionProof'
import * as Tree from '@laurel/core/Tree'
import keccak256 from 'keccak256'
import * as Leaves from '../fixtures/Leaves.ts'
import type { Side } from '../Side.ts'

/** A tree over any number of leaves, and the path of every leaf, each in the memory of the one before. */
export function create({ size }: { readonly size: number }): Side {
  const leaves = Leaves.flat(size)
  return {
    work: () => {
      const tree = Tree.build(leaves)
      let paths = 0
      for (const _ of Tree.paths(tree)) paths++
      Tree.root(tree)
      return paths
    },
    make: (): Leaves.Made => {
      const tree = Tree.build(leaves)
      const proofs = Leaves.judged(size).map((index) => ({ index, path: Tree.path(tree, index) }))
      return { hash: 'sha256', root: Tree.root(tree), proofs }
    },
    judge: (made) => {
      const { hash, root, proofs } = made as Leaves.Made
      const fold = hash === 'sha256' ? InclusionProof.fold : foldKeccak
      for (const { index, path } of proofs) {
        if (!Bytes.equals(fold(leaves.subarray(index * 32, (index + 1) * 32), path), root))
          throw new Error(`The proof of leaf ${index} leads to another root`)
      }
    },
  }
}

/** The way of another hash, which no tree of ours has: it serves to judge the peer alone. */
function foldKeccak(start: Uint8Array, path: InclusionProof.Path): Uint8Array {
  return path.reduce(
    (node, { side, hash }) => keccak256(Buffer.concat(side === 'left' ? [hash, node] : [node, hash])),
    start,
  )
}
