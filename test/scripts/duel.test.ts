import { expect } from 'chai'
import * as Duel from '../../bench/Duel.ts'

describe('bench duel', () => {
  const spin = (turns: number) => async () => {
    let sum = 0
    for (let i = 0; i < turns; i++) sum += Math.sqrt(i)
    return sum
  }

  it('finds the faster side, with a median inside of its spread', async () => {
    const duel: Duel.Duel = { work: 'spin', peer: 'x', unit: 'calls', size: 1, theirs: spin(8e6), ours: spin(8e4) }
    const { ratio, rounds } = await Duel.fight(duel, { rounds: 3, calls: 3 })
    expect(rounds).to.equal(3)
    expect(ratio.median).to.be.greaterThan(1)
    expect(ratio.least).to.be.at.most(ratio.median)
    expect(ratio.most).to.be.at.least(ratio.median)
  })

  it('begins with another side each round', async () => {
    const order: string[] = []
    const duel: Duel.Duel = {
      work: 'order',
      peer: 'x',
      unit: 'calls',
      size: 1,
      theirs: async () => order.push('theirs'),
      ours: async () => order.push('ours'),
    }
    await Duel.fight(duel, { rounds: 2, calls: 1 })
    const warmUp = 2
    expect(order.slice(warmUp)).to.deep.equal(['theirs', 'ours', 'ours', 'theirs'])
  })

  it('prints a table', () => {
    const ratio = { median: 2, least: 1.5, most: 2.25 }
    const table = Duel.toTable([{ work: 'w', peer: 'p', unit: 'u', rounds: 5, theirs: 1234.4, ours: 2468, ratio }])
    expect(table.split('\n')[2]).to.equal('| w | p | 1,234 u/s | 2,468 u/s | **2.00×** | 1.50–2.25× |')
  })
})
