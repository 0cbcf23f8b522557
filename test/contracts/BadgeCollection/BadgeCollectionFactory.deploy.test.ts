import { expect } from 'chai'
import { Contract, concat, getCreate2Address, keccak256, type TransactionReceipt } from 'ethers'
import * as BadgeCollection from '../../../core/src/BadgeCollection.ts'
import * as Bytes from '../../../core/src/Bytes.ts'
import { bytes, checksummed, digest, encode, hex, name, type Signer, specify, zero } from './world.ts'

type Made = readonly [issuerId: string, metadataDigest: string, name: string, symbol: string]

const options: Made = [digest('issuer'), digest('metadata'), name, 'TEST']

specify(
  'deploy',
  (world) => {
    const addressOf = ([issuerId, metadataDigest, called, symbol]: Made) =>
      BadgeCollection.address(hex(String(world().factory.target)), world().implementation, {
        issuerId: bytes(issuerId),
        metadataDigest: bytes(metadataDigest),
        name: called,
        symbol,
      })

    const deploy = async (args: Made, from: Signer = world().stranger): Promise<TransactionReceipt> => {
      const { factory } = world()
      const data = encode(factory, 'deploy', args)
      const receipt = await (await from.sendTransaction({ to: factory.target, data, gasLimit: 16_000_000 })).wait()
      if (receipt === null) throw new Error('the transaction was not mined')
      return receipt
    }

    const events = ({ logs }: TransactionReceipt) =>
      logs.map((log) => {
        const event = world().factory.interface.parseLog(log)
        return [event?.name, ...(event?.args.toArray() ?? [])]
      })

    const codeAt = (address: string) => world().chain.ethers.provider.getCode(address)

    describe('deploy', () => {
      describe('given the collection has not been made', () => {
        it('it should emit {CollectionDeployed} and nothing else', async () => {
          expect(events(await deploy(options))).to.deep.equal([
            ['CollectionDeployed', options[0], checksummed(addressOf(options))],
          ])
        })

        it('it should make it at the address that follows from what it is made with', async () => {
          const { factory } = world()
          const address = addressOf(options)
          expect(hex(await factory.getFunction('collectionOf')(...options))).to.equal(address)
          expect(hex(await factory.getFunction('deploy').staticCall(...options))).to.equal(address)
          expect(await codeAt(address)).to.equal('0x')
          await deploy(options)
          expect(await codeAt(address)).not.to.equal('0x')
          // By ethers: the salt is the Keccak-256 of the arguments.
          const runtime = await codeAt(address)
          const args = `0x${runtime.slice(2 + 2 * 45)}`
          const size = ((runtime.length - 2) / 2).toString(16).padStart(4, '0')
          const initCode = concat(['0x61', `0x${size}`, '0x3d81600a3d39f3', runtime])
          const expected = getCreate2Address(String(factory.target), keccak256(args), keccak256(initCode))
          expect(hex(expected)).to.equal(address)
        })

        it('it should make a proxy of the implementation, followed by the arguments, and nothing else', async () => {
          const { implementation } = world()
          await deploy(options)
          const [issuerId, metadataDigest, called, symbol] = options
          const args = BadgeCollection.encodeArguments({
            issuerId: bytes(issuerId),
            metadataDigest: bytes(metadataDigest),
            name: called,
            symbol,
          })
          expect(await codeAt(addressOf(options))).to.equal(
            concat(['0x363d3d373d3d3d363d73', implementation, '0x5af43d82803e903d91602b57fd5bf3', Bytes.toHex(args)]),
          )
        })

        it('it should leave nothing to set up', async () => {
          const { chain, collection } = world()
          await deploy(options)
          const address = addressOf(options)
          const made = new Contract(address, collection.interface, chain.ethers.provider)
          const views = ['issuerId', 'name', 'symbol', 'awardCount']
          expect(await Promise.all(views.map((view) => made.getFunction(view)()))).to.deep.equal([
            options[0],
            options[2],
            options[3],
            0n,
          ])
          const proof = await chain.provider.request({ method: 'eth_getProof', params: [address, [], 'latest'] })
          // The root of no storage at all.
          expect((proof as { storageHash: string }).storageHash).to.equal(
            '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421',
          )
          expect(await chain.ethers.provider.getTransactionCount(address)).to.equal(1)
        })

        it('it should let anybody make it', async () => {
          const { account, controller, foreigner, holder } = world()
          for (const [i, from] of [account, controller, foreigner, holder].entries()) {
            const args = [digest(`issuer ${i}`), ...options.slice(1)] as unknown as Made
            await deploy(args, from)
            expect(await codeAt(addressOf(args))).not.to.equal('0x')
          }
        })

        it('it should make another one if any argument is another one', async () => {
          const [issuerId, metadataDigest, called, symbol] = options
          const all: readonly Made[] = [
            options,
            [zero, metadataDigest, called, symbol],
            [issuerId, zero, called, symbol],
            [issuerId, metadataDigest, `${called} `, symbol],
            [issuerId, metadataDigest, called, ''],
            [issuerId, metadataDigest, `${called}${symbol}`, ''],
            [metadataDigest, issuerId, called, symbol],
            [issuerId, metadataDigest, symbol, called],
          ]
          for (const args of all) await deploy(args)
          expect(new Set(all.map(addressOf)).size).to.equal(all.length)
          for (const args of all) expect(await codeAt(addressOf(args))).not.to.equal('0x')
        })
      })

      describe('given the collection has been made', () => {
        it('it should change nothing, whoever made it', async () => {
          const { account, factory, stranger } = world()
          await deploy(options, stranger)
          const before = await codeAt(addressOf(options))
          expect(events(await deploy(options, account))).to.deep.equal([])
          expect(await codeAt(addressOf(options))).to.equal(before)
          expect(hex(await factory.getFunction('deploy').staticCall(...options))).to.equal(addressOf(options))
        })
      })

      // 24,576 bytes of code, less the proxy's 45, the four words before the names, and the two that say how long.
      const longest = 24_576 - 45 - 6 * 32
      const rounded = longest - (longest % 32)

      describe('when the names are as long as they can be', () => {
        it('it should make it', async () => {
          const args: Made = [options[0], options[1], 'x'.repeat(rounded), '']
          await deploy(args)
          expect((await codeAt(addressOf(args))).length).to.equal(2 + 2 * (45 + 6 * 32 + rounded))
        })
      })

      describe('when the names are too long', () => {
        const refused = async (called: string, length: number) => {
          const { factory, stranger } = world()
          const args = [options[0], options[1], called, '']
          for (const each of ['deploy', 'collectionOf'])
            await expect(factory.getFunction(each).staticCall(...args, { from: stranger.address }))
              .to.be.revertedWithCustomError(factory, 'BadgeCollectionFactory_ArgumentsTooLong')
              .withArgs(length)
        }

        it('it should revert with the length of the arguments', () =>
          refused('x'.repeat(rounded + 1), 6 * 32 + rounded + 32))

        it('it should revert where the length would not fit into two bytes', async () => {
          // Cut to two bytes the length would be that of short arguments.
          await refused('x'.repeat(2 ** 16), 6 * 32 + 2 ** 16)
        })
      })
    })
  },
  'BadgeCollectionFactory',
)
