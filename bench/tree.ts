import { createHash } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'
import * as Tree from '@laurel/core/Tree'
import { MerkleTree } from 'merkletreejs'
import type { Duel } from './Duel.ts'

/** A tree and the paths of all its leaves, against merkletreejs set to the same tree. */
export function tree(size: number): Duel {
  const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest()
  const leaves = Array.from({ length: size }, (_, i) => sha256(Bytes.fromUint(i, 4)))
  const theirs = async () => {
    const theirTree = new MerkleTree(leaves, sha256, { sort: false, duplicateOdd: false })
    for (let i = 0; i < size; i++) theirTree.getProof(leaves[i] as Buffer, i)
    return theirTree.getRoot()
  }
  const ours = async () => {
    const ourTree = Tree.build(leaves)
    for (let i = 0; i < size; i++) Tree.path(ourTree, i)
    return Tree.root(ourTree)
  }
  return {
    work: `tree of ${size.toLocaleString('en')} leaves and all its paths`,
    peer: 'merkletreejs 0.6.0, node:crypto',
    unit: 'leaves',
    size,
    theirs,
    ours,
  }
}
