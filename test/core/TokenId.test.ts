import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as TokenId from '../../core/src/TokenId.ts'
import { vectors } from '../support/BadgeCollectionVectors.ts'
import { anyBytes, hash } from './support.ts'

const { fromHex, toHex } = Bytes
const anyWallet = anyBytes(20).map(toHex)
const anyAward = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })

describe('TokenId', () => {
  it('numbers the series of batches by their seals', () => {
    expect(vectors.series).to.have.lengthOf(12)
    for (const { ticketRoot, achievement, seal, series } of vectors.series) {
      expect(toHex(TokenId.seal(fromHex(ticketRoot), fromHex(achievement)))).to.equal(seal)
      expect(`${TokenId.seriesOfBatch(fromHex(ticketRoot), fromHex(achievement))}`).to.equal(series)
    }
  })

  it('numbers the tokens of wallets', () => {
    for (const { series, wallet, tokenId } of vectors.series)
      expect(TokenId.bound(BigInt(series), wallet)).to.equal(BigInt(tokenId))
    for (const { award, wallet, tokenId } of vectors.reboundAward)
      expect(TokenId.bound(TokenId.seriesOfAward(award), wallet)).to.equal(BigInt(tokenId))
  })

  it('numbers the tokens that are awarded', () => {
    expect(vectors.awarded).to.have.lengthOf(7)
    for (const { award, index, tokenId } of vectors.awarded)
      expect(TokenId.awarded(award, index)).to.equal(BigInt(tokenId))
  })

  it('takes every id apart that it has put together', () => {
    fc.assert(
      fc.property(
        anyAward,
        fc.nat(2 ** 32 - 1),
        anyBytes(32),
        anyBytes(32),
        anyWallet,
        (award, index, a, b, wallet) => {
          expect(TokenId.parse(TokenId.awarded(award, index))).to.deep.equal({ kind: 'awarded', award, index })
          for (const series of [TokenId.seriesOfBatch(a, b), TokenId.seriesOfAward(award)])
            expect(TokenId.parse(TokenId.bound(series, wallet))).to.deep.equal({ kind: 'bound', series, wallet })
        },
      ),
    )
  })

  it('finds nothing in ids that no token can have', () => {
    expect(vectors.noTokens).to.have.lengthOf(7)
    for (const tokenId of [...vectors.noTokens.map(BigInt), -1n, 2n ** 256n])
      expect(TokenId.parse(tokenId)).to.equal(undefined)
  })

  it('gives awards and batches numbers that never meet', () => {
    fc.assert(
      fc.property(anyAward, anyBytes(32), anyBytes(32), (award, ticketRoot, achievement) => {
        const [ofAward, ofBatch] = [TokenId.seriesOfAward(award), TokenId.seriesOfBatch(ticketRoot, achievement)]
        expect([TokenId.isOfBatch(ofAward), TokenId.isOfBatch(ofBatch)]).to.deep.equal([false, true])
        expect(ofAward < ofBatch).to.equal(true)
      }),
    )
  })

  it('takes what is no root, award, index or series for a mistake', () => {
    const short = new Uint8Array(31)
    expect(() => TokenId.seal(short, hash(1))).to.throw(TypeError)
    expect(() => TokenId.seal(hash(1), short)).to.throw(TypeError)
    for (const award of [0, -1, 1.5, 2 ** 53]) expect(() => TokenId.seriesOfAward(award)).to.throw(TypeError)
    for (const index of [-1, 0.5, 2 ** 32]) expect(() => TokenId.awarded(1, index)).to.throw(TypeError)
    for (const series of [0n, -1n, 2n ** 96n])
      expect(() => TokenId.bound(series, `0x${'11'.repeat(20)}`)).to.throw(TypeError)
    expect(() => TokenId.bound(1n, '0x11')).to.throw(Bytes.InvalidHexError)
  })
})
