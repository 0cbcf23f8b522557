import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Cohort from '../../core/src/Cohort.ts'
import { vectors } from '../support/BadgeCollectionVectors.ts'
import { anyBytes, failure } from './support.ts'

const { fromHex, toHex } = Bytes
const wallet = (n: number) => toHex(Bytes.fromUint(n, 20))
const anyWallets = fc.uniqueArray(anyBytes(20).map(toHex), { minLength: 1, maxLength: 50 })
const zero = wallet(0)

describe('Cohort', () => {
  it('packs wallets in ascending order', () => {
    expect(vectors.cohorts).to.have.lengthOf(4)
    for (const { wallets, list } of vectors.cohorts) expect(toHex(Cohort.pack(wallets))).to.equal(list)
  })

  it('packs the same list whatever the order, and in whichever case', () => {
    fc.assert(
      fc.property(anyWallets, (wallets) => {
        fc.pre(!wallets.includes(zero))
        const list = Cohort.pack(wallets)
        expect(Cohort.pack(wallets.toReversed())).to.deep.equal(list)
        expect(Cohort.pack(wallets.map((each) => `0x${each.slice(2).toUpperCase()}` as const))).to.deep.equal(list)
        expect(Cohort.unpack(list)).to.deep.equal(wallets.toSorted())
      }),
    )
  })

  it('reads what a contract keeps', () => {
    for (const { list, code } of vectors.cohorts) {
      expect(toHex(Cohort.toCode(fromHex(list)))).to.equal(code)
      expect(Cohort.fromCode(fromHex(code))).to.deep.equal(Cohort.unpack(fromHex(list)))
      expect(Cohort.fromCode(fromHex(`0x01${code.slice(4)}`))).to.equal(undefined)
    }
    expect(Cohort.fromCode(new Uint8Array())).to.equal(undefined)
  })

  it('finds no list where there is none', () => {
    expect(vectors.noCohorts).to.have.lengthOf(6)
    for (const bytes of vectors.noCohorts) expect(Cohort.unpack(fromHex(bytes))).to.equal(undefined)
  })

  it('takes as many as fit into the code of a contract', () => {
    const most = Array.from({ length: Cohort.maximumSize }, (_, i) => wallet(i + 1))
    expect(Cohort.toCode(Cohort.pack(most)).length).to.be.at.most(24_576)
    expect(Cohort.toCode(Cohort.pack(most)).length + 20).to.be.above(24_576)
  })

  it('refuses none, too many, one twice and the zero address', () => {
    const many = Array.from({ length: Cohort.maximumSize + 1 }, (_, i) => wallet(i + 1))
    for (const wallets of [[], many, [wallet(1), wallet(2), wallet(1)], [zero, wallet(1)]]) {
      const error = failure(() => Cohort.pack(wallets))
      expect(error).to.be.an.instanceOf(Cohort.InvalidCohortError)
      expect([error.code, error.facts]).to.deep.equal(['COHORT_INVALID', { size: wallets.length }])
    }
    expect(() => Cohort.pack(['0x11'])).to.throw(Bytes.InvalidHexError)
  })
})
