import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { shuffled } from '../../../server/src/internal/shuffled.ts'

const randomness = { bytes: (size: number) => new Uint8Array(randomBytes(size)) }

/** Yields these 32-bit numbers in a circle. */
const saying = (...numbers: readonly number[]) => ({
  bytes: (size: number) => {
    const view = new DataView(new ArrayBuffer(size))
    for (let i = 0; i < size / 4; i++) view.setUint32(4 * i, numbers[i % numbers.length] ?? 0)
    return new Uint8Array(view.buffer)
  },
})

describe('shuffled', () => {
  it('has every number once, also where they are more than one page of randomness', async () => {
    for (const count of [1, 2, 3, 1_025, 25_000]) {
      const numbers = await shuffled(count, randomness)
      expect([...numbers].toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: count }, (_, i) => i + 1))
    }
  })

  it('does what Fisher and Yates say', async () => {
    expect([...(await shuffled(4, saying(3, 0, 0)))]).to.deep.equal([2, 3, 1, 4])
    expect([...(await shuffled(4, saying(0)))]).to.deep.equal([2, 3, 4, 1])
  })

  it('draws again what would make low numbers likelier', async () => {
    // 2^32 − 1 is above the last multiple of three.
    expect([...(await shuffled(3, saying(2 ** 32 - 1, 2, 1)))]).to.deep.equal([...(await shuffled(3, saying(2, 1)))])
  })

  it('makes every order of four as often as any other', async () => {
    const runs = 6_000
    const counts = new Map<string, number>()
    for (let i = 0; i < runs; i++) {
      const order = (await shuffled(4, randomness)).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).to.equal(24)
    // Chi-squared with 23 degrees of freedom is above 80 once in forty million times.
    const expected = runs / 24
    const statistic = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(statistic).to.be.below(80)
  })
})
