import { createHash } from 'node:crypto'
import keccak256 from 'keccak256'
import { MerkleTree } from 'merkletreejs'
import * as Leaves from '../fixtures/Leaves.ts'
import type { Side } from '../Side.ts'

const hashes = {
  keccak256,
  sha256: (data: Uint8Array) => createHash('sha256').update(data).digest(),
}
const options = { sort: false, duplicateOdd: false }

/** A tree over any number of leaves, and the proof of every leaf, each dropped once it is made. */
export function create({ size, hash }: { readonly size: number; readonly hash: keyof typeof hashes }): Side {
  const leaves = Leaves.list(size)
  return {
    work: () => {
      const tree = new MerkleTree(leaves, hashes[hash], options)
      // By its index: without it every proof begins with a search for the leaf.
      for (let i = 0; i < size; i++) tree.getProof(leaves[i] as Buffer, i)
      tree.getRoot()
      return size
    },
    make: (): Leaves.Made => {
      const tree = new MerkleTree(leaves, hashes[hash], options)
      const proof = (index: number) =>
        tree
          .getProof(leaves[index] as Buffer, index)
          .map(({ position, data }) => ({ side: position, hash: new Uint8Array(data) }))
      return {
        hash,
        root: new Uint8Array(tree.getRoot()),
        proofs: Leaves.judged(size).map((index) => ({ index, path: proof(index) })),
      }
    },
    judge: (made) => {
      const { hash, root, proofs } = made as Leaves.Made
      for (const { index, path } of proofs) {
        const proof = path.map(({ side, hash }) => ({ position: side, data: Buffer.from(hash) }))
        const verify = (leaf: Buffer) => MerkleTree.verify(proof, leaf, Buffer.from(root), hashes[hash], options)
        if (!verify(leaves[index] as Buffer)) throw new Error(`It refuses the proof of leaf ${index}`)
        if (verify(Buffer.alloc(32))) throw new Error('It accepts the proof of another leaf')
      }
    },
  }
}
