import { randomBytes } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'
import * as InclusionProof from '@laurel/core/InclusionProof'
import * as Tree from '@laurel/core/Tree'
import { expect } from 'chai'
import * as Block from '../../server/src/Block.ts'
import * as Uuid from '../../server/src/Uuid.ts'

const hex = (bytes: Uint8Array) => Bytes.toHex(bytes)

/** Leaves of random credentials, in the order of a roster. `alike`: ids that differ in their last bytes alone. */
function roster(size: number, alike = false) {
  const recipients = Array.from({ length: size }, (_, i) => ({
    id: new Uint8Array(alike ? Bytes.concat(new Uint8Array(14), randomBytes(2)) : randomBytes(16)),
    leaf: Bytes.concat(Bytes.fromUint(i, 4), new Uint8Array(28)),
  }))
  return {
    ids: Bytes.concat(...recipients.map(({ id }) => id)),
    leaves: Bytes.concat(...recipients.map(({ leaf }) => leaf)),
    // Written down another way: as URNs, sorted as texts.
    ordered: recipients
      .map(({ id, leaf }, i) => ({ urn: Uuid.fromBytes(id), leaf, row: i + 1 }))
      .sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : a.row - b.row)),
  }
}

describe('Block', () => {
  for (const size of [1, 2, 255, 256, 257, 511, 512, 513, 769, 1025, 3000]) {
    it(`cuts ${size} leaves into branches of the one tree that they have`, async () => {
      const { ids, leaves, ordered } = roster(size)
      const blocks = Block.cut({ ids, leaves })
      expect(blocks).to.have.length(Block.count(size))
      expect(blocks.flatMap(({ rows }) => [...rows])).to.deep.equal(ordered.map(({ row }) => row))
      expect(hex(Bytes.concat(...blocks.map((block) => block.leaves)))).to.equal(
        hex(Bytes.concat(...ordered.map(({ leaf }) => leaf))),
      )
      expect(blocks.map(({ first }) => first)).to.deep.equal(blocks.map((_, place) => ordered[place * Block.size]?.urn))
      const whole = Tree.build(ordered.map(({ leaf }) => leaf))
      const crown = await Block.crown(blocks)
      expect(hex(Tree.root(crown))).to.equal(hex(Tree.root(whole)))
      for (const [place, block] of blocks.entries()) {
        const tree = Block.tree(block)
        for (const i of new Set([0, 1, 7, block.rows.length - 1].filter((i) => i < block.rows.length))) {
          const path = Block.path(tree, crown, place, i)
          expect(path).to.deep.equal(Tree.path(whole, place * Block.size + i))
          const position = place * Block.size + i
          expect(InclusionProof.position(path, size)).to.equal(position)
        }
      }
    })
  }

  it('orders ids by their last bytes where the others are the same', () => {
    const { ids, leaves, ordered } = roster(700, true)
    expect(Block.cut({ ids, leaves }).flatMap(({ rows }) => [...rows])).to.deep.equal(ordered.map(({ row }) => row))
  })
})
