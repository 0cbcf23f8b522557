import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import fc from 'fast-check'
import { ahead, range } from '../../../server/src/internal/ahead.ts'

describe('ahead', () => {
  it('hands results on in order, whoever is done first, and never works on more than it may', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5)), fc.integer({ min: 1, max: 5 }), async (delays, width) => {
        let underway = 0
        const work = async ([delay, i]: readonly [number, number]) => {
          expect(++underway).to.be.at.most(width)
          for (let left = delay; left > 0; left--) await turn()
          underway--
          return i
        }
        const results = []
        for await (const result of ahead(
          delays.map((delay, i) => [delay, i] as const),
          width,
          work,
        ))
          results.push(result)
        expect(results).to.deep.equal([...delays.keys()])
      }),
    )
  })

  it('takes in no more than is asked of it', async () => {
    let taken = 0
    async function* items() {
      for (;;) yield taken++
    }
    const results = ahead(items(), 3, async (item) => item)
    expect((await results.next()).value).to.equal(0)
    expect(taken).to.equal(3)
    await results.return(undefined)
  })

  it('fails where the work failed, after all that went well before it', async () => {
    const results: number[] = []
    const run = async () => {
      for await (const result of ahead(range(0, 10), 4, async (n) => {
        if (n === 5) throw new Error('five')
        return n
      }))
        results.push(result)
    }
    const error = await run().catch((reason: unknown) => reason)
    expect((error as Error).message).to.equal('five')
    expect(results).to.deep.equal([0, 1, 2, 3, 4])
  })
})
