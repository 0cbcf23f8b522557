import { expect } from 'chai'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Standing from '../../core/src/Standing.ts'
import { vectors } from '../support/IssuerDirectoryVectors.ts'

const standing = (text: Bytes.Hex) => Standing.fromWord(Bytes.fromHex(text))

describe('Standing', () => {
  it('is read from the word that a directory stores', () => {
    expect(vectors.standings).to.have.lengthOf(12)
    for (const { word, validFrom, retiredOn, compromisedFrom, reportedOn } of vectors.standings) {
      const read = standing(word)
      if (validFrom === 0) expect(read).to.equal(undefined)
      else
        expect(read).to.deep.equal({
          validFrom,
          ...(retiredOn === 0 ? {} : { retiredOn }),
          ...(compromisedFrom === 0 ? {} : { compromised: { from: compromisedFrom, reportedOn } }),
        })
    }
  })

  it('is read from the middle of other bytes', () => {
    const { word, validFrom } = vectors.standings[1] as (typeof vectors.standings)[number]
    const around = Bytes.concat(Uint8Array.of(1, 2, 3), Bytes.fromHex(word), Uint8Array.of(4))
    expect(Standing.fromWord(around.subarray(3, 35))).to.deep.equal({ validFrom })
  })

  it('says when its account or key spoke', () => {
    for (const { word, answers } of vectors.standings)
      for (const { time, spoke } of answers)
        expect(Standing.spoke(standing(word), time), `${word} at ${time}`).to.equal(spoke)
  })

  it('is never taken from a word that no directory stores', () => {
    expect(vectors.noStandings).to.have.lengthOf(9)
    for (const word of vectors.noStandings)
      expect(() => standing(word), word)
        .to.throw(Standing.InvalidStandingError)
        .with.property('code', 'STANDING_INVALID')
  })

  it('takes a word of another size for a mistake', () => {
    expect(() => Standing.fromWord(new Uint8Array(31))).to.throw(TypeError)
  })
})
