import { expect } from 'chai'
import * as Bytes from '../../core/src/Bytes.ts'
import * as InclusionProof from '../../core/src/InclusionProof.ts'
import * as Sha256 from '../../core/src/Sha256.ts'
import * as Tree from '../../core/src/Tree.ts'
import { failure, hash, jsonOf } from './support.ts'
import { patternsOf } from './trees.ts'

const pathOf = (pattern: string): InclusionProof.Path =>
  [...pattern].map((letter, i) => ({ side: letter === 'L' ? 'left' : 'right', hash: hash(i) }))

function patterns(length: number): readonly string[] {
  if (length === 0) return ['']
  return patterns(length - 1).flatMap((pattern) => [`${pattern}L`, `${pattern}R`])
}

describe('InclusionProof', () => {
  it('gives each pattern of lefts and rights its position, and all others none, at every size to 40', () => {
    for (let size = 1; size <= 40; size++) {
      const expected = patternsOf(size)
      for (let length = 0; length <= 7; length++)
        for (const pattern of patterns(length)) {
          const position = expected.indexOf(pattern)
          const found = InclusionProof.position(pathOf(pattern), size)
          expect(found, `${pattern} in ${size}`).to.equal(position < 0 ? undefined : position)
        }
    }
  })

  it('knows the last position of the largest batches', () => {
    for (const power of [20, 31, 32]) {
      expect(InclusionProof.position(pathOf('L'.repeat(power)), 2 ** power)).to.equal(2 ** power - 1)
      expect(InclusionProof.position(pathOf('R'.repeat(power)), 2 ** power)).to.equal(0)
      expect(InclusionProof.position(pathOf('L'), 2 ** power + 1)).to.equal(2 ** power)
      expect(InclusionProof.position(pathOf('LL'), 2 ** power + 1)).to.equal(undefined)
      expect(InclusionProof.position(pathOf('L'.repeat(power)), 2 ** power - 1)).to.equal(undefined)
    }
  })

  it('has no position in a batch without a size', () => {
    for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      for (const pattern of ['', 'L', 'R', 'RL', 'LR'])
        expect(InclusionProof.position(pathOf(pattern), size), `${pattern} in ${size}`).to.equal(undefined)
  })

  it('refuses a hidden credential below a leaf, and two nodes read as a leaf', () => {
    const tree = Tree.build([hash(0), hash(1), hash(2), hash(3)])
    const below = [...pathOf('R'), ...Tree.path(tree, 0)]
    expect(InclusionProof.position(below, 4)).to.equal(undefined)
    const above = Tree.path(tree, 0).slice(1)
    expect(InclusionProof.position(above, 4)).to.equal(undefined)
    const parent = Sha256.digest(hash(0), hash(1))
    expect(Bytes.toHex(InclusionProof.fold(parent, above))).to.equal(Bytes.toHex(Tree.root(tree)))
  })

  it('folds to the left and to the right', () => {
    const [start, sibling] = [hash(1), hash(2)]
    const fold = (side: 'left' | 'right') => InclusionProof.fold(start, [{ side, hash: sibling }])
    expect(fold('left')).to.deep.equal(Sha256.digest(sibling, start))
    expect(fold('right')).to.deep.equal(Sha256.digest(start, sibling))
    expect(InclusionProof.fold(start, [])).to.deep.equal(start)
    expect(start).to.deep.equal(hash(1))
    const buffer = Buffer.from(start)
    expect(InclusionProof.fold(buffer, [{ side: 'left', hash: sibling }])).to.deep.equal(fold('left'))
    expect(buffer.equals(start)).to.equal(true)
    for (const bytes of [new Uint8Array(31), new Uint8Array(64)]) {
      expect(() => InclusionProof.fold(start, [{ side: 'left', hash: bytes }])).to.throw(TypeError)
      expect(() => InclusionProof.fold(bytes, [{ side: 'left', hash: sibling }])).to.throw(TypeError)
    }
  })

  it('takes a path apart as it was put together', () => {
    for (const pattern of ['', 'L', 'R', 'LRLRR', 'L'.repeat(32)]) {
      const parts = { blind: hash(90), treePath: pathOf(pattern), ticketRoot: hash(91), manifestDigest: hash(92) }
      expect(InclusionProof.open(InclusionProof.credentialPath(parts))).to.deep.equal(parts)
    }
  })

  for (const length of [0, 1, 2, 36, 10_000])
    it(`refuses a path of ${length} steps`, () => {
      const error = failure(() => InclusionProof.open(pathOf('R'.repeat(length))))
      expect(error).to.include({ code: 'MERKLE_PROOF_LENGTH', name: 'InclusionProof.LengthError' })
      expect(error.facts).to.deep.equal({ length })
    })

  for (const pattern of ['LRR', 'RLR', 'RRL', 'LLRR', 'RLLR', 'RLRL', 'LRLRLRR'])
    it(`refuses a path whose fixed steps stand on the wrong side: ${pattern}`, () => {
      const error = failure(() => InclusionProof.open(pathOf(pattern)))
      expect(error).to.include({ code: 'MERKLE_INVALID', name: 'InclusionProof.PatternError' })
    })

  for (const { why, size, documentDigest, path, root } of jsonOf('laurel-v1/vectors.json').refused)
    it(`refuses ${why}, although it folds to the root`, () => {
      const steps: InclusionProof.Path = path.map((step: { left?: string; right?: string }) => ({
        side: step.left === undefined ? 'right' : 'left',
        hash: Bytes.fromHex(`0x${step.left ?? step.right}`),
      }))
      expect(Bytes.toHex(InclusionProof.fold(Bytes.fromHex(documentDigest), steps))).to.equal(root)
      expect(InclusionProof.position(InclusionProof.open(steps).treePath, size)).to.equal(undefined)
    })
})
