import { expect } from 'chai'
import { grouped } from '../../../server/src/internal/grouped.ts'

const fine = (value: number): PromiseSettledResult<number> => ({ status: 'fulfilled', value })

describe('grouped', () => {
  it('does at one go what came while the last was under way, in its order, and no more than the limit', async () => {
    const groups: (readonly number[])[] = []
    let finish = () => {}
    const double = grouped(async (items: readonly number[]) => {
      groups.push(items)
      if (groups.length === 1)
        await new Promise<void>((resolve) => {
          finish = resolve
        })
      return items.map((item) => fine(2 * item))
    }, 3)
    const first = double(1)
    while (groups.length === 0) await new Promise(setImmediate)
    const others = [2, 3, 4, 5].map(double)
    expect(groups).to.deep.equal([[1]])
    finish()
    expect(await Promise.all([first, ...others])).to.deep.equal([2, 4, 6, 8, 10])
    expect(groups).to.deep.equal([[1], [2, 3, 4], [5]])
    expect(await double(6)).to.equal(12)
  })

  it('lets one fail without the others', async () => {
    const odd = grouped(
      async (items: readonly number[]) =>
        items.map((item) => (item % 2 === 1 ? fine(item) : { status: 'rejected' as const, reason: new Error('even') })),
      9,
    )
    const outcomes = await Promise.allSettled([1, 2, 3].map(odd))
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('tells everybody when nothing was done, and goes on', async () => {
    let isDown = true
    const work = grouped(async (items: readonly number[]) => {
      if (isDown) throw new Error('down')
      return items.map(fine)
    }, 9)
    const outcomes = await Promise.allSettled([1, 2].map(work))
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected'])
    isDown = false
    expect(await work(3)).to.equal(3)
    const lazy = grouped<number, number>(async () => [], 9)
    expect((await Promise.allSettled([lazy(1)]))[0]?.status).to.equal('rejected')
  })
})
