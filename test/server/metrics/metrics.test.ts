import { expect } from 'chai'
import * as Metrics from '../../../server/src/metrics/Metrics.ts'

describe('Metrics', () => {
  const silent = () => new Promise<never>(() => {})
  const chain = { chainId: 1, development: true, balance: async () => 10n ** 18n }
  const needed = { lane: {}, terms: { account: '0xa' }, clock: { now: Date.now } }
  const census = { take: silent, connections: () => undefined }

  it('are told although the database and the chain are silent, and say so', async () => {
    const { text } = await Metrics.create({ ...needed, census, chain: { ...chain, head: silent } } as never, 10).read()
    expect(text).to.include('laurel_up{part="database"} 0\n').and.to.include('laurel_up{part="chain"} 0\n')
    expect(text).to.not.match(/^laurel_account_balance\{/m)
  })

  it('have of the chain what it says while the database is silent', async () => {
    const head = async () => ({ number: 1n, time: 0 })
    const { text } = await Metrics.create({ ...needed, census, chain: { ...chain, head } } as never, 10).read()
    expect(text).to.include('laurel_up{part="chain"} 1\n')
    expect(text).to.include('laurel_account_balance{chain="1",account="0xa"} 1\n')
  })
})
