import { expect } from 'chai'
import { concat } from 'ethers'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as Cohort from '../../../core/src/Cohort.ts'
import * as TokenId from '../../../core/src/TokenId.ts'
import { wallets as hostile } from '../IssuerDirectory/world.ts'
import {
  achievement,
  awarded,
  checksummed,
  encode,
  given,
  hex,
  inOneBlock,
  listOf,
  nobody,
  otherAchievement,
  specify,
  wallet,
} from './world.ts'

const three = [wallet(1), wallet(2), wallet(3)].toSorted()
const many = (size: number) => Array.from({ length: size }, (_, i) => wallet(i))

specify('award', (world) => {
  describe('award', () => {
    const call = (number = 1n) => ['award', number, achievement, listOf(three)] as const

    describe('when the caller is no account that speaks for the issuer', () => {
      it('it should revert for a stranger', async () => {
        const { stranger, issuerId, refuses } = world()
        await refuses([stranger, ...call()], 'BadgeCollection_NotSpeaking', issuerId, stranger.address)
      })

      it('it should revert for the controller', async () => {
        const { controller, issuerId, refuses } = world()
        await refuses([controller, ...call()], 'BadgeCollection_NotSpeaking', issuerId, controller.address)
      })

      it('it should revert for the account of another issuer', async () => {
        const { foreigner, issuerId, refuses } = world()
        await refuses([foreigner, ...call()], 'BadgeCollection_NotSpeaking', issuerId, foreigner.address)
      })

      it('it should revert for an account that has been retired, in the same second too', async () => {
        const { account, controller, issuerId, refuses, tell } = world()
        await tell(controller, 'retireAccount', issuerId, account.address)
        await refuses([account, ...call()], 'BadgeCollection_NotSpeaking', issuerId, account.address)
        await expectToFailInTheSameBlock('retireAccount', [])
      })

      it('it should revert for an account that has been reported, in the same second too', async () => {
        const { account, controller, issuerId, refuses, tell, now, pass } = world()
        await pass(1_000)
        await tell(controller, 'reportAccount', issuerId, account.address, await now())
        await refuses([account, ...call()], 'BadgeCollection_NotSpeaking', issuerId, account.address)
        await expectToFailInTheSameBlock('reportAccount', [await now()])
      })

      /** Says something about the second account, and lets it award in the same block. */
      async function expectToFailInTheSameBlock(name: string, args: readonly unknown[]): Promise<void> {
        const { controller, secondAccount, directory, collection, issuerId, ask } = world()
        const receipts = await inOneBlock(
          world(),
          [controller, String(directory.target), encode(directory, name, [issuerId, secondAccount.address, ...args])],
          [secondAccount, String(collection.target), encode(collection, 'award', call().slice(1))],
        )
        expect(receipts.map((receipt) => receipt?.status)).to.deep.equal([1, 0])
        expect(await ask('awardCount')).to.equal(0n)
      }
    })

    describe('when the number is not the next', () => {
      it('it should revert with the number and the next', async () => {
        const { account, refuses } = world()
        for (const number of [0n, 2n, 2n ** 64n + 1n, 2n ** 256n - 1n])
          await refuses([account, ...call(number)], 'BadgeCollection_AwardNumber', number, 1n)
        await awarded(world(), three)
        for (const number of [0n, 1n, 3n])
          await refuses([account, ...call(number)], 'BadgeCollection_AwardNumber', number, 2n)
      })

      it('it should not make one award of two that are the same', async () => {
        const { account, secondAccount, send, refuses, ask } = world()
        await send(account, ...call())
        for (const from of [account, secondAccount])
          await refuses([from, ...call()], 'BadgeCollection_AwardNumber', 1n, 2n)
        expect(await ask('balanceOf', three[0])).to.equal(1n)
      })
    })

    describe('when the recipients are none that it takes', () => {
      const refused = (list: string, error: string, value: number) => {
        const { account, refuses } = world()
        return refuses([account, 'award', 1n, achievement, list], `BadgeCollection_${error}`, value)
      }

      it('it should revert if there are none', () => refused('0x', 'CohortLength', 0))

      it('it should revert if there are more than 1,228', () =>
        refused(listOf(many(1_229)), 'CohortLength', 1_229 * 20))

      it('it should revert if one is cut short, or has too many bytes', async () => {
        await refused(listOf(three).slice(0, -2), 'CohortLength', 59)
        await refused(`${listOf(three)}ff`, 'CohortLength', 61)
        await refused('0xff', 'CohortLength', 1)
      })

      it('it should revert if one is there twice', async () => {
        await refused(listOf([...three, three[0] ?? '']), 'CohortOrder', 1)
        await refused(listOf([...three, three[2] ?? '']), 'CohortOrder', 3)
      })

      it('it should revert if they are not in ascending order', async () => {
        const [a = '', b = '', c = ''] = three
        await refused(concat([b, a, c]), 'CohortOrder', 1)
        await refused(concat([a, c, b]), 'CohortOrder', 2)
        await refused(concat([c, b, a]), 'CohortOrder', 1)
      })

      it('it should revert if one is the zero address', async () => {
        await refused(nobody, 'CohortOrder', 0)
        await refused(listOf([nobody, ...three]), 'CohortOrder', 0)
      })

      it('it should revert if one is the collection', async () => {
        const { account, address, refuses } = world()
        for (const size of [0, 1, 2, 20])
          await refuses(
            [account, 'award', 1n, achievement, listOf([address, ...many(size)])],
            'ERC721InvalidReceiver',
            checksummed(address),
          )
      })
    })

    describe('when an account awards an achievement', () => {
      it('it should emit {Awarded}, and {Transfer} and {Locked} for each recipient', async () => {
        const { account, ask, send } = world()
        const { events } = await send(account, ...call())
        const [, cohort] = (await ask('awardOf', 1)) as [string, string]
        expect(events).to.deep.equal([['Awarded', 1n, achievement, cohort], ...given(1n, three)])
      })

      it('it should make each recipient the holder of a token', async () => {
        const { account, ask, send } = world()
        await send(account, ...call())
        for (const [i, recipient] of three.entries()) {
          expect(hex((await ask('ownerOf', TokenId.awarded(1, i))) as string)).to.equal(recipient)
          expect(await ask('balanceOf', recipient)).to.equal(1n)
          expect(await ask('locked', TokenId.awarded(1, i))).to.equal(true)
        }
      })

      it('it should keep the achievement and the list', async () => {
        const { account, ask, send, chain } = world()
        await send(account, ...call())
        const [of, cohort, size] = (await ask('awardOf', 1)) as [string, string, bigint]
        expect([of, size]).to.deep.equal([achievement, 3n])
        expect(Cohort.fromCode(Bytes.fromHex(await chain.ethers.provider.getCode(cohort)))).to.deep.equal(three)
        expect(await ask('awardCount')).to.equal(1n)
      })

      it('it should keep the list in code that does nothing', async () => {
        const { account, ask, send, chain, stranger } = world()
        // The second byte of the code would be SELFDESTRUCT if anything came to it.
        await send(account, 'award', 1n, achievement, `0xff${'11'.repeat(19)}`)
        const [, cohort] = (await ask('awardOf', 1)) as [string, string]
        const before = await chain.ethers.provider.getCode(cohort)
        expect(before).to.equal(`0x00ff${'11'.repeat(19)}`)
        const receipt = await (await stranger.sendTransaction({ to: cohort, data: '0x12345678' })).wait()
        expect(receipt?.logs).to.deep.equal([])
        expect(await chain.ethers.provider.getCode(cohort)).to.equal(before)
      })

      it('it should take one recipient', async () => {
        const { account, ask, send } = world()
        const { events } = await send(account, 'award', 1n, achievement, three[1])
        expect(events.slice(1)).to.deep.equal(given(1n, [three[1] ?? '']))
        expect(await ask('balanceOf', three[1])).to.equal(1n)
        expect(await ask('balanceOf', three[0])).to.equal(0n)
      })

      it('it should take 1,228 recipients', async () => {
        const { account, ask, send } = world()
        const all = many(Cohort.maximumSize)
        const { events } = await send(account, 'award', 1n, achievement, listOf(all))
        expect(events.slice(1)).to.deep.equal(given(1n, all))
        const sorted = all.toSorted()
        for (const i of [0, 1, 613, 614, 1_226, 1_227]) {
          expect(hex((await ask('ownerOf', TokenId.awarded(1, i))) as string)).to.equal(sorted[i])
          expect(await ask('balanceOf', sorted[i])).to.equal(1n)
        }
      })

      it('it should call nothing of a recipient that is a contract', async () => {
        const { account, ask, send, setCode } = world()
        await setCode(three[0] ?? '', hostile.endless)
        await setCode(three[1] ?? '', hostile.reverting)
        const { events } = await send(account, ...call())
        expect(events.slice(1)).to.deep.equal(given(1n, three))
        expect(await ask('balanceOf', three[0])).to.equal(1n)
      })

      describe('given another account of the issuer has awarded', () => {
        it('it should take the next number', async () => {
          const { account, secondAccount, send, ask } = world()
          await send(secondAccount, ...call(1n))
          const { events } = await send(account, 'award', 2n, otherAchievement, listOf(three))
          expect(events.slice(1)).to.deep.equal(given(2n, three))
          expect(await ask('awardCount')).to.equal(2n)
        })
      })

      describe('given a recipient has a token of another award of the achievement', () => {
        it('it should give it another one', async () => {
          const { ask } = world()
          await awarded(world(), three)
          await awarded(world(), [three[1] ?? '', wallet(9)])
          expect(await Promise.all(three.map((each) => ask('balanceOf', each)))).to.deep.equal([1n, 2n, 1n])
        })
      })

      describe('given all of the recipients have gone away', () => {
        it('it should give them tokens of a new award', async () => {
          const { account, ask, send } = world()
          await awarded(world(), three)
          await send(account, 'revokeAwarded', 1n, 0n, 7n)
          expect(await ask('balanceOf', three[0])).to.equal(0n)
          const { events } = await send(account, 'award', 2n, achievement, listOf(three))
          expect(events.slice(1)).to.deep.equal(given(2n, three))
          expect(await ask('balanceOf', three[0])).to.equal(1n)
        })
      })
    })
  })
})
