import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { MerkleTree } from 'merkletreejs'
import * as InclusionProof from '../../core/src/InclusionProof.ts'
import * as Tree from '../../core/src/Tree.ts'
import { flat, leaves, patternsOf, rootOf } from './trees.ts'

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest()

describe('Tree, at every size from 1 to 1,025', () => {
  it('has the root that merkletreejs and the recursive definition have', function () {
    this.timeout(300_000)
    for (let size = 1; size <= 1025; size++) {
      const other = new MerkleTree(leaves.slice(0, size).map(Buffer.from), sha256, { sort: false, duplicateOdd: false })
      const root = Tree.root(Tree.build(leaves.slice(0, size)))
      expect(other.getRoot().equals(root), `size ${size}`).to.equal(true)
      expect(other.getRoot().equals(rootOf(size)), `size ${size}`).to.equal(true)
    }
  })

  it('proves every leaf, at its own position', function () {
    this.timeout(300_000)
    for (let size = 1; size <= 1025; size++) {
      const tree = Tree.build(leaves.slice(0, size))
      const root = Buffer.from(Tree.root(tree))
      const patterns = patternsOf(size)
      for (let i = 0; i < size; i++) {
        const path = Tree.path(tree, i)
        expect(path.map((step) => (step.side === 'left' ? 'L' : 'R')).join('')).to.equal(patterns[i])
        expect(InclusionProof.position(path, size)).to.equal(i)
        expect(root.equals(InclusionProof.fold(leaves[i] as Uint8Array, path)), `leaf ${i} of ${size}`).to.equal(true)
      }
    }
  })

  it('gives the paths of all leaves in order', function () {
    this.timeout(300_000)
    for (let size = 1; size <= 1025; size++) {
      const tree = Tree.build(leaves.slice(0, size))
      for (const siblings of Tree.paths(tree)) {
        const wanted = Buffer.from(flat(Tree.path(tree, siblings.index)))
        expect(wanted.equals(flat(Tree.toPath(siblings))), `leaf ${siblings.index} of ${size}`).to.equal(true)
      }
    }
  })
})
