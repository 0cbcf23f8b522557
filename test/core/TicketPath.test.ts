import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as InclusionProof from '../../core/src/InclusionProof.ts'
import * as TicketPath from '../../core/src/TicketPath.ts'
import * as Tree from '../../core/src/Tree.ts'
import { vectors } from '../support/BadgeCollectionVectors.ts'
import { anyBytes, failure, hash } from './support.ts'
import { leaves, patternsOf } from './trees.ts'

const { fromHex, toHex } = Bytes
const letters = (sides: readonly string[] | undefined) =>
  sides === undefined ? null : sides.map((side) => (side === 'left' ? 'L' : 'R')).join('')

describe('TicketPath', () => {
  it('knows the sides of every index and length of small trees', () => {
    expect(vectors.shapes).to.have.lengthOf(34 * 7)
    for (const { index, length, sides } of vectors.shapes)
      expect(letters(TicketPath.sides(index, length)), `${index}, ${length}`).to.equal(sides)
  })

  it('knows the sides of every leaf of trees of 1 to 129 and of 1,000 and 1,025', () => {
    for (const size of [...Array.from({ length: 129 }, (_, i) => i + 1), 1_000, 1_025])
      for (const [index, pattern] of patternsOf(size).entries())
        expect(letters(TicketPath.sides(index, pattern.length))).to.equal(pattern)
  })

  it('leads from tickets to the roots of their trees', () => {
    let count = 0
    for (const { ticketRoot, tickets } of vectors.trees.trees)
      for (const { ticket, index, sides, siblings } of tickets) {
        expect(letters(TicketPath.sides(index, siblings.length))).to.equal(sides)
        const root = TicketPath.root(
          fromHex(ticket),
          index,
          siblings.map((sibling) => fromHex(sibling)),
        )
        expect(toHex(root ?? new Uint8Array())).to.equal(ticketRoot)
        count++
      }
    expect(count).to.be.above(60)
  })

  it('takes the siblings out of a path, and leads to the same root', () => {
    for (const size of [1, 2, 3, 7, 100]) {
      const tree = Tree.build(leaves.slice(0, size))
      for (let index = 0; index < size; index++) {
        const path = Tree.path(tree, index)
        const siblings = TicketPath.siblings(index, path)
        expect(TicketPath.root(leaves[index] as Uint8Array, index, siblings)).to.deep.equal(Tree.root(tree))
      }
    }
  })

  it('refuses the path of another index', () => {
    const tree = Tree.build(leaves.slice(0, 7))
    for (const [index, other] of [
      [0, 1],
      [1, 0],
      [2, 6],
      [6, 2],
      [5, 4],
      [3, 7],
    ] as const) {
      const error = failure(() => TicketPath.siblings(other, Tree.path(tree, index)))
      expect(error).to.be.an.instanceOf(InclusionProof.PatternError)
    }
  })

  it('gives an index and a length one pattern, whose levels are all used up', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.nat(40), (index, length) => {
        const sides = TicketPath.sides(index, length)
        const ones = index.toString(2).replaceAll('0', '').length
        expect(sides === undefined).to.equal(length < ones || length > 32)
        expect(sides ?? Array.from({ length })).to.have.lengthOf(length)
        expect((sides ?? []).filter((side) => side === 'left')).to.have.lengthOf(sides === undefined ? 0 : ones)
      }),
    )
  })

  it('leads to another root from any other index of the same length', () => {
    fc.assert(
      fc.property(anyBytes(32), fc.nat(255), fc.nat(255), (ticket, index, other) => {
        fc.pre(index !== other)
        const siblings = Array.from({ length: 8 }, (_, i) => hash(i))
        expect(TicketPath.root(ticket, index, siblings)).not.to.deep.equal(TicketPath.root(ticket, other, siblings))
      }),
    )
  })

  it('finds no root where no tree has so many siblings', () => {
    const siblings = Array.from({ length: 33 }, (_, i) => hash(i))
    expect(TicketPath.root(hash(1), 0, siblings)).to.equal(undefined)
    expect(TicketPath.root(hash(1), 7, siblings.slice(0, 2))).to.equal(undefined)
  })

  it('takes what is no index for a mistake', () => {
    for (const index of [-1, 0.5, 2 ** 32]) expect(() => TicketPath.sides(index, 3)).to.throw(TypeError)
  })
})
