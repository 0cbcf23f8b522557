import { expect } from 'chai'
import { id } from 'ethers'
import { digest, encode, hex, metadataDigest, name, specify, symbol } from './world.ts'

specify(
  'factoryCalls',
  (world) => {
    describe('factoryCalls', () => {
      describe('{collectionOf}', () => {
        it('it should answer the same before and after it was made', async () => {
          const { address, factory, issuerId, stranger } = world()
          const ask = (...args: readonly string[]): Promise<string> => factory.getFunction('collectionOf')(...args)
          expect(hex(await ask(issuerId, metadataDigest, name, symbol))).to.equal(address)
          const other = [issuerId, digest('other'), name, symbol]
          const before = await ask(...other)
          await (await stranger.sendTransaction({ to: factory.target, data: encode(factory, 'deploy', other) })).wait()
          expect(await ask(...other)).to.equal(before)
        })
      })

      describe('{implementation}', () => {
        it('it should answer what the collections run', async () => {
          const { factory, implementation } = world()
          expect(hex(await factory.getFunction('implementation')())).to.equal(implementation)
        })
      })

      describe('when the call is none that it knows', () => {
        it('it should revert', async () => {
          const { chain, factory, stranger } = world()
          for (const data of ['0x', '0x12', id('owner()').slice(0, 10), id('setImplementation(address)').slice(0, 10)])
            await expect(stranger.call({ to: factory.target, data })).to.be.revertedWithoutReason(chain.ethers)
        })
      })

      describe('when the call carries value', () => {
        it('it should revert, and keep no value', async () => {
          const { chain, factory, issuerId, stranger } = world()
          const args = [issuerId, digest('other'), name, symbol]
          for (const data of [
            '0x',
            encode(factory, 'deploy', args),
            encode(factory, 'collectionOf', args),
            encode(factory, 'implementation', []),
          ])
            await expect(
              stranger.sendTransaction({ to: factory.target, data, value: 1n, gasLimit: 500_000 }),
            ).to.be.revertedWithoutReason(chain.ethers)
          expect(await chain.ethers.provider.getBalance(factory.target)).to.equal(0n)
        })
      })
    })
  },
  'BadgeCollectionFactory',
)
