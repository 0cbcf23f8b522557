import { expect } from 'chai'
import * as Viem from 'viem/chains'
import { byChainId, byName, networks } from '../../server/src/networks.ts'

describe('The networks', () => {
  it('have one name each, and one sentence for each chain', () => {
    expect(new Set(networks.map(({ name }) => name)).size).to.equal(networks.length)
    for (const { chainId, title } of networks) expect(byChainId(chainId).title).to.equal(title)
  })

  it('are those that viem knows under these ids', () => {
    const theirs = new Map<number, Viem.Chain>()
    for (const chain of Object.values(Viem)) if (typeof chain === 'object') theirs.set(chain.id, chain as Viem.Chain)
    for (const { chainId, test, explorer } of networks.filter(({ development }) => !development)) {
      const chain = theirs.get(chainId)
      expect(chain?.testnet ?? false, String(chainId)).to.equal(test)
      expect(chain?.blockExplorers?.default.url.replace(/\/$/, ''), String(chainId)).to.equal(explorer)
    }
  })

  it('wait for no block whose state a full node has forgotten', () => {
    for (const { confirmations } of networks) expect(confirmations).to.be.within(1, 127)
  })

  it('take another chain for one whose coins are worth something', () => {
    expect(byChainId(123_456)).to.deep.include({ test: false, development: false, confirmations: 12 })
    expect(byName('nowhere')).to.equal(undefined)
    expect(byName('base')?.chainId).to.equal(8453)
  })
})
