import { expect } from 'chai'
import { getCreateAddress } from 'ethers'
import * as TokenId from '../../../core/src/TokenId.ts'
import { achievement, awarded, given, hex, otherAchievement, specify, wallet } from './world.ts'

const three = [wallet(1), wallet(2), wallet(3)].toSorted()

specify('awardAgain', (world) => {
  describe('awardAgain', () => {
    describe('when the caller is no account that speaks for the issuer', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { controller, foreigner, stranger, secondAccount, issuerId, refuses, tell } = world()
        await awarded(world(), three)
        await tell(controller, 'retireAccount', issuerId, secondAccount.address)
        for (const from of [controller, foreigner, stranger, secondAccount])
          await refuses(
            [from, 'awardAgain', 2n, achievement, 1n],
            'BadgeCollection_NotSpeaking',
            issuerId,
            from.address,
          )
      })
    })

    describe('when the number is not the next', () => {
      it('it should revert with the number and the next', async () => {
        const { account, refuses, send } = world()
        await awarded(world(), three)
        for (const number of [0n, 1n, 3n])
          await refuses(
            [account, 'awardAgain', number, otherAchievement, 1n],
            'BadgeCollection_AwardNumber',
            number,
            2n,
          )
        await send(account, 'awardAgain', 2n, otherAchievement, 1n)
        await refuses([account, 'awardAgain', 2n, otherAchievement, 1n], 'BadgeCollection_AwardNumber', 2n, 3n)
      })
    })

    describe('given there is no such earlier award', () => {
      it('it should revert with its number', async () => {
        const { account, refuses } = world()
        await refuses([account, 'awardAgain', 1n, achievement, 0n], 'BadgeCollection_AwardUnknown', 0n)
        await refuses([account, 'awardAgain', 1n, achievement, 1n], 'BadgeCollection_AwardUnknown', 1n)
        await awarded(world(), three)
        await refuses([account, 'awardAgain', 2n, achievement, 2n], 'BadgeCollection_AwardUnknown', 2n)
        await refuses(
          [account, 'awardAgain', 2n, achievement, 2n ** 256n - 1n],
          'BadgeCollection_AwardUnknown',
          -1n + 2n ** 256n,
        )
      })
    })

    describe('given there is such an earlier award', () => {
      it('it should emit {Awarded}, and {Transfer} and {Locked} for each of its recipients', async () => {
        const { account, ask, send } = world()
        await awarded(world(), three)
        const [, cohort] = (await ask('awardOf', 1)) as [string, string]
        const { events } = await send(account, 'awardAgain', 2n, otherAchievement, 1n)
        expect(events).to.deep.equal([['Awarded', 2n, otherAchievement, cohort], ...given(2n, three)])
      })

      it('it should make each of them the holder of another token', async () => {
        const { account, ask, send } = world()
        await awarded(world(), three)
        await send(account, 'awardAgain', 2n, otherAchievement, 1n)
        for (const [i, recipient] of three.entries()) {
          expect(hex((await ask('ownerOf', TokenId.awarded(2, i))) as string)).to.equal(recipient)
          expect(hex((await ask('ownerOf', TokenId.awarded(1, i))) as string)).to.equal(recipient)
          expect(await ask('balanceOf', recipient)).to.equal(2n)
        }
      })

      it('it should keep the achievement, and the list of the earlier award', async () => {
        const { account, ask, send } = world()
        await awarded(world(), three)
        await send(account, 'awardAgain', 2n, otherAchievement, 1n)
        const [, cohort, size] = (await ask('awardOf', 1)) as [string, string, bigint]
        expect(await ask('awardOf', 2)).to.deep.equal([otherAchievement, cohort, size])
        expect(await ask('awardOf', 1)).to.deep.equal([achievement, cohort, size])
      })

      it('it should create no contract', async () => {
        const { account, address, ask, chain, send } = world()
        await awarded(world(), three)
        const [, cohort] = (await ask('awardOf', 1)) as [string, string]
        expect(cohort).to.equal(getCreateAddress({ from: address, nonce: 1 }))
        await send(account, 'awardAgain', 2n, otherAchievement, 1n)
        expect(await chain.ethers.provider.getTransactionCount(address)).to.equal(2)
      })

      it('it should take the list of an award that was made in this way', async () => {
        const { account, send } = world()
        await awarded(world(), three)
        await send(account, 'awardAgain', 2n, otherAchievement, 1n)
        const { events } = await send(account, 'awardAgain', 3n, achievement, 2n)
        expect(events.slice(1)).to.deep.equal(given(3n, three))
      })

      it('it should take a list of 1,228', async () => {
        const { account, send } = world()
        const all = Array.from({ length: 1_228 }, (_, i) => wallet(i))
        await awarded(world(), all)
        const { events } = await send(account, 'awardAgain', 2n, otherAchievement, 1n)
        expect(events.slice(1)).to.deep.equal(given(2n, all))
      })

      describe('given tokens of the earlier award are gone', () => {
        it('it should give their wallets a token all the same', async () => {
          const { account, ask, send } = world()
          await awarded(world(), three)
          await send(account, 'revokeAwarded', 1n, 0n, 5n)
          const { events } = await send(account, 'awardAgain', 2n, achievement, 1n)
          expect(events.slice(1)).to.deep.equal(given(2n, three))
          expect(await Promise.all(three.map((each) => ask('balanceOf', each)))).to.deep.equal([1n, 2n, 1n])
        })
      })
    })
  })
})
