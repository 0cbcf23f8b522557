import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { MerkleTree } from 'merkletreejs'
import * as Bytes from '../../core/src/Bytes.ts'
import * as InclusionProof from '../../core/src/InclusionProof.ts'
import * as Tree from '../../core/src/Tree.ts'
import { hash, runs } from './support.ts'
import { flat, leaves, patternsOf, rootOf } from './trees.ts'

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest()
const around = [3, 4, 5, 6, 7, 8, 9, 10].flatMap((k) => [2 ** k - 1, 2 ** k, 2 ** k + 1])
const same = (a: Uint8Array, b: Uint8Array | Buffer) => Buffer.from(a).equals(b)

describe('Tree', () => {
  it('has the root of the recursive definition', () => {
    const sizes = new Set([...Array.from({ length: 150 }, (_, i) => i + 1), ...around, 300, 500, 700, 900, 1000])
    for (const size of sizes) {
      const tree = Tree.build(leaves.slice(0, size))
      expect(same(Tree.root(tree), rootOf(size)), `size ${size}`).to.equal(true)
      expect(Tree.size(tree)).to.equal(size)
    }
  })

  it('has the root that merkletreejs has', () => {
    const sizes = new Set([...Array.from({ length: 40 }, (_, i) => i + 1), ...around])
    for (const size of sizes) {
      const other = new MerkleTree(leaves.slice(0, size).map(Buffer.from), sha256, { sort: false, duplicateOdd: false })
      expect(same(Tree.root(Tree.build(leaves.slice(0, size))), other.getRoot()), `size ${size}`).to.equal(true)
    }
  })

  it('proves every leaf, at its own position', () => {
    const sizes = new Set([...Array.from({ length: 70 }, (_, i) => i + 1), 100, 255, 256, 257, 1000, 1025])
    for (const size of sizes) {
      const tree = Tree.build(leaves.slice(0, size))
      const root = Tree.root(tree)
      const patterns = patternsOf(size)
      for (let i = 0; i < size; i++) {
        const path = Tree.path(tree, i)
        expect(path.map((step) => (step.side === 'left' ? 'L' : 'R')).join('')).to.equal(patterns[i])
        expect(same(InclusionProof.fold(leaves[i] as Uint8Array, path), root), `leaf ${i} of ${size}`).to.equal(true)
        expect(InclusionProof.position(path, size)).to.equal(i)
      }
    }
  })

  it('is the same from a list, from what yields the leaves, and from one run of bytes', () => {
    for (const size of [1, 2, 3, 500, 1024, 1025]) {
      const list = leaves.slice(0, size)
      const { levels } = Tree.build(list)
      const run = Bytes.concat(new Uint8Array(5), ...list)
      for (const other of [Tree.build(new Set(list)), Tree.build(list.values()), Tree.build(run.subarray(5))])
        for (const [height, level] of levels.entries())
          expect(same(level, other.levels[height] as Uint8Array), `level ${height} of ${size}`).to.equal(true)
    }
  })

  it('grows for leaves whose number it does not know', () => {
    const many = Tree.build(Array.from({ length: 5000 }, (_, i) => hash(i)).values())
    expect(Tree.size(many)).to.equal(5000)
    expect(same(InclusionProof.fold(hash(4999), Tree.path(many, 4999)), Tree.root(many))).to.equal(true)
  })

  it('has all levels in one buffer', () => {
    const { levels } = Tree.build(leaves)
    for (const level of levels) expect(level.buffer).to.equal(levels[0]?.buffer)
    expect(levels[0]?.buffer.byteLength).to.equal(levels.reduce((total, level) => total + level.length, 0))
  })

  it('gives the path of every leaf in order, in the memory of the one before', () => {
    const sizes = new Set([...Array.from({ length: 70 }, (_, i) => i + 1), 100, 255, 256, 257, 1000, 1025])
    for (const size of sizes) {
      const tree = Tree.build(leaves.slice(0, size))
      let next = 0
      for (const siblings of Tree.paths(tree)) {
        expect(siblings.index).to.equal(next++)
        expect(
          same(flat(Tree.path(tree, siblings.index)), flat(Tree.toPath(siblings))),
          `${siblings.index} of ${size}`,
        ).to.equal(true)
      }
      expect(next).to.equal(size)
    }
  })

  it('gives the paths of some leaves', () => {
    const anyRange = fc.tuple(fc.integer({ min: 1, max: 1025 }), fc.nat(), fc.nat())
    fc.assert(
      fc.property(anyRange, ([size, a, b]) => {
        const tree = Tree.build(leaves.slice(0, size))
        const [from, to] = [a % (size + 1), b % (size + 1)]
        const found = Array.from(Tree.paths(tree, from, to), (siblings) => [siblings.index, Tree.toPath(siblings)])
        const wanted = Array.from({ length: Math.max(0, to - from) }, (_, i) => [from + i, Tree.path(tree, from + i)])
        expect(found).to.deep.equal(wanted)
      }),
      { numRuns: Math.min(50, runs) },
    )
  })

  it('allocates nothing from path to path', () => {
    const seen = new Set()
    for (const siblings of Tree.paths(Tree.build(leaves.slice(0, 1024)))) seen.add(siblings).add(siblings.hashes.buffer)
    expect(seen.size).to.equal(2)
  })

  it('proves no leaf elsewhere, and none that is not in it', () => {
    for (let size = 1; size <= 20; size++) {
      const tree = Tree.build(leaves.slice(0, size))
      for (let i = 0; i < size; i++)
        for (let j = 0; j <= size; j++) {
          const folded = InclusionProof.fold(leaves[j] as Uint8Array, Tree.path(tree, i))
          expect(same(folded, Tree.root(tree)), `leaf ${j} at ${i} of ${size}`).to.equal(i === j)
        }
    }
  })

  it('proves nothing once a bit of a path is changed', () => {
    const anySize = fc.integer({ min: 2, max: 1025 })
    fc.assert(
      fc.property(anySize, fc.nat(), fc.nat(), fc.nat(255), (size, leaf, level, bit) => {
        const tree = Tree.build(leaves.slice(0, size))
        const path = Tree.path(tree, leaf % size)
        const changed = path.map((step, i) => {
          if (i !== level % path.length) return step
          const sibling = step.hash.slice()
          sibling[bit >> 3] = (sibling[bit >> 3] as number) ^ (1 << (bit & 7))
          return { ...step, hash: sibling }
        })
        const start = leaves[leaf % size] as Uint8Array
        expect(same(InclusionProof.fold(start, changed), Tree.root(tree))).to.equal(false)
        const mirrored = path.map((step) => ({ ...step, side: step.side === 'left' ? 'right' : 'left' }) as const)
        expect(same(InclusionProof.fold(start, mirrored), Tree.root(tree))).to.equal(false)
      }),
      { numRuns: Math.min(50, runs) },
    )
  })

  it('gives [A,B,C] and [A,B,C,C] different roots (CVE-2012-2459)', () => {
    const [a, b, c] = [hash(1), hash(2), hash(3)]
    expect(same(Tree.root(Tree.build([a, b, c])), Tree.root(Tree.build([a, b, c, c])))).to.equal(false)
  })

  it('depends on the order of the leaves', () => {
    expect(same(Tree.root(Tree.build([hash(1), hash(2)])), Tree.root(Tree.build([hash(2), hash(1)])))).to.equal(false)
  })

  it('proves both of two equal leaves', () => {
    const tree = Tree.build([hash(1), hash(1), hash(2)])
    for (const i of [0, 1])
      expect(same(InclusionProof.fold(hash(1), Tree.path(tree, i)), Tree.root(tree))).to.equal(true)
  })

  it('is a leaf of its own at size one', () => {
    const tree = Tree.build([hash(9)])
    expect(Tree.root(tree)).to.deep.equal(hash(9))
    expect(Tree.path(tree, 0)).to.deep.equal([])
  })

  it('keeps its own copy of leaves and hands out copies', () => {
    const leaf = hash(1)
    const tree = Tree.build([leaf, hash(2)])
    const before = Bytes.toHex(Tree.root(tree))
    leaf.fill(0)
    Tree.root(tree).fill(0)
    Tree.path(tree, 0)[0]?.hash.fill(0)
    expect(Bytes.toHex(Tree.root(tree))).to.equal(before)
    expect(Bytes.toHex(InclusionProof.fold(hash(1), Tree.path(tree, 0)))).to.equal(before)
  })

  it('takes no leaves, leaves of another size and positions beyond the last for programming errors', () => {
    expect(() => Tree.build([])).to.throw(TypeError)
    expect(() => Tree.build([hash(1).slice(1)])).to.throw(TypeError)
    expect(() => Tree.build([hash(1), new Uint8Array(64)])).to.throw(TypeError)
    const tree = Tree.build([hash(1), hash(2)])
    for (const index of [-1, 2, 0.5, Number.NaN]) expect(() => Tree.path(tree, index)).to.throw(TypeError)
    for (const end of [-1, 3, 0.5, Number.NaN]) {
      expect(() => Tree.paths(tree, end).next()).to.throw(TypeError)
      expect(() => Tree.paths(tree, 0, end).next()).to.throw(TypeError)
    }
    expect(() => Tree.build(new Uint8Array(0))).to.throw(TypeError)
    expect(() => Tree.build(new Uint8Array(33))).to.throw(TypeError)
    expect(() => Tree.root({ levels: [] })).to.throw(TypeError)
  })
})
