import { expect } from 'chai'
import { together } from '../../../server/src/internal/together.ts'

const message = (byte: number) => Uint8Array.of(byte)

describe('together', () => {
  it('asks once for what is asked in one turn, and gives each its own', async () => {
    const asked: number[] = []
    const sign = together(async (messages) => {
      asked.push(messages.length)
      return messages.map(([byte]) => message(2 * (byte ?? 0)))
    })
    const signatures = await Promise.all([1, 2, 3].map((byte) => sign(message(byte))))
    expect(signatures).to.deep.equal([2, 4, 6].map(message))
    expect(await sign(message(9))).to.deep.equal(message(18))
    expect(asked).to.deep.equal([3, 1])
  })

  it('lets everybody know when nothing was signed', async () => {
    const refusing = together(() => Promise.reject(new Error('locked')))
    const lazy = together(async () => [])
    for (const sign of [refusing, lazy]) {
      const outcomes = await Promise.allSettled([sign(message(1)), sign(message(2))])
      expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected'])
    }
  })
})
