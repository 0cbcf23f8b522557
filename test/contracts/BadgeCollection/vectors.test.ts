import { expect } from 'chai'
import * as BadgeCollection from '../../../core/src/BadgeCollection.ts'
import * as Bytes from '../../../core/src/Bytes.ts'
import { vectors } from '../../support/BadgeCollectionVectors.ts'
import * as Support from '../support.ts'
import { bytes, encode, listOf, type World, wallet, worldOf } from './world.ts'

/** The error that a call ends with, and its values. */
async function errorOf(world: World, to: string, name: string, args: readonly unknown[]) {
  const { chain, collection } = world
  const error = await chain.ethers.provider.call({ to, data: encode(collection, name, args) }).then(
    () => undefined,
    (thrown: { data?: string }) => collection.interface.parseError(thrown.data ?? ''),
  )
  return [error?.name, ...(error?.args.toArray() ?? [])]
}

describe('the vectors of a collection of badge tokens', () => {
  for (const profile of Support.profiles) {
    describe(`${profile} profile`, () => {
      const { chainId, collection: place, trees } = vectors.trees
      let chain: Support.Chain
      let world: World

      before(async function () {
        this.timeout(300_000)
        chain = await Support.chain(chainId)
        world = await worldOf(chain, profile)
        // A proxy where the vectors have their collection: what tickets and signatures name.
        const code = await chain.ethers.provider.getCode(world.address)
        await world.setCode(place, code)
      })

      after(() => chain.close())

      it('are what it numbers', async () => {
        for (const { ticketRoot, achievement, series, wallet: holder, tokenId } of vectors.series) {
          expect(await world.ask('tokenIdOf', ticketRoot, achievement, holder)).to.equal(BigInt(tokenId))
          const [number] = (await world.ask('seriesOf', ticketRoot, achievement)) as [bigint]
          expect(`${number}`).to.equal(series)
        }
      })

      it('are the roots to which it follows tickets and paths, of both kinds', async () => {
        let count = 0
        for (const { ticketRoot, tickets } of trees)
          for (const { kind, index, achievement, address, salt, siblings, redeem } of tickets) {
            const ticket = [[index, achievement, address, salt], siblings]
            const of = kind === 'holder' ? 'redeem' : 'redeemByKey'
            const args = redeem === undefined ? ticket : [...ticket, redeem.to, redeem.deadline, redeem.signature]
            expect(await errorOf(world, place, of, args)).to.deep.equal([
              'BadgeCollection_NotOpen',
              ticketRoot,
              achievement,
            ])
            count++
          }
        expect(count).to.be.above(60)
      })

      it('are the indices and lengths to which it knows a path', async () => {
        const siblings = Array.from({ length: 6 }, (_, i) => Support.root(i))
        for (const { index, length, sides } of vectors.shapes) {
          const args = [[index, Support.root(9), wallet(1), Support.root(9)], siblings.slice(0, length)]
          const [error, ...values] = await errorOf(world, place, 'redeem', args)
          expect(error).to.equal(sides === null ? 'BadgeCollection_PathLength' : 'BadgeCollection_NotOpen')
          if (sides === null) expect(values).to.deep.equal([BigInt(index), BigInt(length)])
        }
      })

      it('are the signatures that it takes, and no other for the same ticket', async () => {
        for (const { tickets } of trees)
          for (const { index, achievement, address, salt, siblings, redeem } of tickets) {
            if (redeem === undefined) continue
            const args = [
              [index, achievement, address, salt],
              siblings,
              redeem.to,
              redeem.deadline + 1,
              redeem.signature,
            ]
            const [error] = await errorOf(world, place, 'redeemByKey', args)
            expect(error).to.equal('BadgeCollection_SignatureInvalid')
          }
      })

      it('are the lists that it keeps', async () => {
        let number = 0n
        for (const { wallets, list, code } of vectors.cohorts) {
          number++
          expect(listOf(wallets)).to.equal(list)
          await world.send(world.account, 'award', number, Support.root(1), list)
          const [, cohort] = (await world.ask('awardOf', number)) as [string, string]
          expect(await chain.ethers.provider.getCode(cohort)).to.equal(code)
        }
        for (const list of vectors.noCohorts)
          expect((await errorFrom('award', [number + 1n, Support.root(1), list]))[0]).to.match(
            /^BadgeCollection_Cohort(Length|Order)$/,
          )
      })

      const errorFrom = async (name: string, args: readonly unknown[]) => {
        const { account, address, collection } = world
        const data = encode(collection, name, args)
        const error = await chain.ethers.provider.call({ from: account.address, to: address, data }).then(
          () => undefined,
          (thrown: { data?: string }) => collection.interface.parseError(thrown.data ?? ''),
        )
        return [error?.name]
      }

      it('are the code and the address of collections', async () => {
        for (const { issuerId, metadataDigest, name, symbol } of vectors.collections) {
          const { factory, implementation, stranger } = world
          const args = [issuerId, metadataDigest, name, symbol]
          const options = { issuerId: bytes(issuerId), metadataDigest: bytes(metadataDigest), name, symbol }
          const expected = BadgeCollection.address(
            String(factory.target).toLowerCase() as Bytes.Hex,
            implementation,
            options,
          )
          await (await stranger.sendTransaction({ to: factory.target, data: encode(factory, 'deploy', args) })).wait()
          const code = Bytes.toHex(BadgeCollection.code(implementation, options))
          expect(await chain.ethers.provider.getCode(expected)).to.equal(code)
        }
      })
    })
  }
})
