import { expect } from 'chai'
import * as Figures from '../../bench/gas/Figures.ts'
import * as Side from '../../bench/gas/Side.ts'
import { laurel } from '../../bench/gas/sides/laurel.ts'

describe('gas of the committed contracts, under the rules of Osaka', () => {
  it('is what bench/gas.json says, and meets the targets', async () => {
    const takings = await Side.measure(laurel)
    const measured = { [laurel.name]: Figures.toSentences(takings, true) }
    expect(Figures.compare(Figures.read(), measured, { complete: false })).to.deep.equal([])
    expect(Figures.missed(takings)).to.deep.equal([])
  })
})
