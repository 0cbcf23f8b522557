import { expect } from 'chai'
import * as Duel from '../../bench/Duel.ts'

describe('bench: Duel', () => {
  const entrants = (log: string[]) =>
    ['ours', 'one', 'other'].map(
      (name): Duel.Entrant => ({
        run: async (budget) => {
          log.push(`${name} ${JSON.stringify(budget)}`)
          return { units: log.length, cpu: 1, wall: 2 }
        },
      }),
    )

  it('gives everybody a first turn that does not count, then begins with another each round', async () => {
    const log: string[] = []
    const readings = await Duel.fight(entrants(log), { rounds: 3, budget: { calls: 2 }, warmUp: { seconds: 1 } })
    const turn = (name: string) => `${name} {"calls":2}`
    expect(log).to.deep.equal([
      ...['ours {"seconds":1}', 'one {"seconds":1}', 'other {"seconds":1}'],
      ...[turn('ours'), turn('one'), turn('other')],
      ...[turn('one'), turn('other'), turn('ours')],
      ...[turn('other'), turn('ours'), turn('one')],
    ])
    expect(readings.map((all) => all.map(({ units }) => units))).to.deep.equal([
      [4, 9, 11],
      [5, 7, 12],
      [6, 8, 10],
    ])
  })

  it('warms up with the budget of a turn unless told otherwise', async () => {
    const log: string[] = []
    await Duel.fight(entrants(log), { rounds: 0, budget: { seconds: 3 } })
    expect(log).to.deep.equal(['ours {"seconds":3}', 'one {"seconds":3}', 'other {"seconds":3}'])
  })
})
