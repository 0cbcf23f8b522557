import type * as Errors from '@laurel/core/Errors'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import { expect } from 'chai'
import * as EmbeddedChain from '../../../server/src/adapters/chain/EmbeddedChain.ts'
import { open } from '../../../server/src/adapters/chain/open.ts'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'
import { createSigner, refusal, shouldBehaveLikeChain } from './chain.ts'

describe('A chain', function () {
  this.timeout(60_000)
  const stops: (() => Promise<unknown>)[] = []
  after(async () => {
    for (const stop of stops.reverse()) await stop()
  })

  describe('behind anvil', () =>
    shouldBehaveLikeChain(async () => {
      const chain = await Chain.start()
      stops.push(chain.stop)
      return chain
    }))

  describe('behind hardhat node', () =>
    shouldBehaveLikeChain(async () => {
      const node = await Chain.startHardhat()
      stops.push(node.stop)
      return node
    }))

  describe('that is embedded', () =>
    shouldBehaveLikeChain(async () => {
      const { home, remove } = await Cli.createHome()
      const chain = await EmbeddedChain.open({ home, chainId: 31337, say: () => {} })
      stops.push(remove, chain.close)
      return { url: chain.url, rpc: Chain.rpc(chain.url) }
    }))

  describe('that is not as it should be', () => {
    const { address: account } = createSigner()
    const options = { chainId: undefined, confirmations: undefined, embedded: false, account }

    it('cannot be reached: says where, without what may be secret', async () => {
      const url = 'http://user:password@127.0.0.1:9/key?token=secret'
      expect(await refusal(open({ ...options, url }))).to.equal('CHAIN_UNREACHABLE')
      const error: Errors.BaseError = await open({ ...options, url }).then(
        () => expect.fail('opened'),
        (reason) => reason,
      )
      expect(error.message + JSON.stringify(error.facts))
        .to.include('127.0.0.1:9')
        .and.not.match(/password|key|secret/)
    })

    it('is another one', async () => {
      const chain = await Chain.start(5)
      stops.push(chain.stop)
      expect(await refusal(open({ ...options, url: chain.url, chainId: 1 }))).to.equal('CHAIN_MISMATCH')
    })

    it('is public and has no registry: nothing is deployed behind anybody’s back', async () => {
      const chain = await Chain.start(5)
      stops.push(chain.stop)
      expect(await refusal(open({ ...options, url: chain.url }))).to.equal('REGISTRY_MISSING')
      expect(await chain.rpc('eth_getCode', AnchorRegistry.address, 'latest')).to.equal('0x')
    })

    it('has something else at the address of the registry', async () => {
      const chain = await Chain.start()
      stops.push(chain.stop)
      await chain.rpc('anvil_setCode', AnchorRegistry.address, '0x6001')
      expect(await refusal(open({ ...options, url: chain.url }))).to.equal('CONTRACT_CODE')
    })

    it('goes away in the midst of it', async () => {
      const node = await Chain.start()
      const chain = await open({ ...options, url: node.url })
      await node.stop()
      expect(await refusal(chain.head())).to.equal('CHAIN_UNREACHABLE')
      expect(await refusal(chain.anchoredAt(account, `0x${'11'.repeat(32)}`))).to.equal('CHAIN_UNREACHABLE')
      expect(await refusal(chain.send('0x02'))).to.equal('CHAIN_UNREACHABLE')
      const call = { from: account, to: AnchorRegistry.address, data: '0x' } as const
      expect(await refusal(chain.call(call))).to.equal('CHAIN_UNREACHABLE')
      expect(await refusal(chain.estimate(call))).to.equal('CHAIN_UNREACHABLE')
      expect(await refusal(chain.code(AnchorRegistry.address))).to.equal('CHAIN_UNREACHABLE')
    })

    it('does not take what is no transaction', async () => {
      const node = await Chain.start()
      stops.push(node.stop)
      const chain = await open({ ...options, url: node.url })
      expect(await refusal(chain.send('0x02'))).to.equal('TRANSACTION_REFUSED')
    })
  })
})
