import { expect } from 'chai'
import * as TokenId from '../../../core/src/TokenId.ts'
import {
  achievement,
  at,
  awarded,
  batchOf,
  claimed,
  day,
  hex,
  keyed,
  named,
  nobody,
  rebindSignature,
  redeemed,
  redeemingByKey,
  specify,
  tokenOf,
  wallet,
} from './world.ts'

specify('burn', (world) => {
  /** An award to the holder and three others, and the holder's index on its list. */
  const award = async () => {
    const { holder } = world()
    const list = [holder.address, wallet(1), wallet(2), wallet(3)].map(hex).toSorted()
    const number = Number(await awarded(world(), list))
    const index = list.indexOf(hex(holder.address))
    return { number, index, list, tokenId: TokenId.awarded(number, index) }
  }

  const batch = (seed = 0) => batchOf(world(), [named(world().holder.address), named(wallet(1))], seed)

  const isGone = async (tokenId: bigint) => {
    const { stranger, refuses, collection } = world()
    await expect(collection.getFunction('ownerOf')(tokenId))
      .to.be.revertedWithCustomError(collection, 'ERC721NonexistentToken')
      .withArgs(tokenId)
    await refuses([stranger, 'burn', tokenId], 'ERC721NonexistentToken', tokenId)
  }

  describe('burn', () => {
    describe('when there is no such token', () => {
      it('it should revert if it never was', async () => {
        const { holder, refuses } = world()
        const { number, list } = await award()
        const made = await batch()
        for (const tokenId of [
          0n,
          1n,
          TokenId.awarded(number, list.length),
          TokenId.awarded(number + 1, 0),
          TokenId.awarded(number, 2 ** 32 - 1),
          BigInt(number) << 96n,
          tokenOf(made, holder.address),
          TokenId.bound(BigInt(number), hex(holder.address)),
          TokenId.bound(1n << 64n, hex(holder.address)),
          2n ** 256n - 1n,
        ])
          await refuses([holder, 'burn', tokenId], 'ERC721NonexistentToken', tokenId)
      })

      it('it should revert if it is gone', async () => {
        const { holder, refuses, send } = world()
        const { tokenId } = await award()
        const second = await redeemed(world(), await batch(), 0)
        for (const each of [tokenId, second]) {
          await send(holder, 'burn', each)
          await refuses([holder, 'burn', each], 'ERC721NonexistentToken', each)
        }
      })
    })

    describe('when the caller does not hold the token', () => {
      const refused = async (from: 'stranger' | 'account' | 'controller') => {
        const { refuses } = world()
        const { tokenId } = await award()
        const second = await redeemed(world(), await batch(), 0)
        const caller = world()[from]
        for (const each of [tokenId, second])
          await refuses([caller, 'burn', each], 'BadgeCollection_NotHolder', each, caller.address)
      }

      it('it should revert for a stranger', () => refused('stranger'))

      it('it should revert for the issuer', async () => {
        const { controller, refuses } = world()
        await refused('account')
        const tokenId = TokenId.awarded(1, 0)
        await refuses([controller, 'burn', tokenId], 'BadgeCollection_NotHolder', tokenId, controller.address)
      })

      it('it should revert for the claim key that the token was redeemed by', async () => {
        const { chain, holder, stranger, refuses, send } = world()
        const key = keyed(1)
        const made = await batchOf(world(), [claimed(key.address)])
        await send(stranger, 'redeemByKey', ...(await redeemingByKey(world(), at(made, 0), key, holder.address)))
        await chain.networkHelpers.setBalance(key.address, 10n ** 18n)
        await chain.networkHelpers.impersonateAccount(key.address)
        const tokenId = tokenOf(made, holder.address)
        await refuses(
          [await chain.ethers.getSigner(key.address), 'burn', tokenId],
          'BadgeCollection_NotHolder',
          tokenId,
          key.address,
        )
      })
    })

    describe('when the holder burns it', () => {
      it('it should emit {Transfer} and {Burned}, and nothing else', async () => {
        const { holder, send } = world()
        const { tokenId } = await award()
        const second = await redeemed(world(), await batch(), 0)
        for (const each of [tokenId, second])
          expect((await send(holder, 'burn', each)).events).to.deep.equal([
            ['Transfer', holder.address, nobody, each],
            ['Burned', each],
          ])
      })

      it('it should take a token that was awarded away', async () => {
        const { holder, ask, send } = world()
        const { tokenId } = await award()
        await send(holder, 'burn', tokenId)
        await isGone(tokenId)
        expect(await ask('balanceOf', holder.address)).to.equal(0n)
      })

      it('it should take a token that was redeemed away', async () => {
        const { holder, ask, send } = world()
        const tokenId = await redeemed(world(), await batch(), 0)
        await send(holder, 'burn', tokenId)
        await isGone(tokenId)
        expect(await ask('balanceOf', holder.address)).to.equal(0n)
      })

      it('it should take a token that was bound again away', async () => {
        const { account, holder, otherHolder, ask, send, now } = world()
        const { tokenId } = await award()
        const second = await redeemed(world(), await batch(), 0)
        for (const each of [tokenId, second]) {
          const message = { tokenId: each, to: otherHolder.address, deadline: (await now()) + day }
          const signature = await rebindSignature(world(), holder, message)
          const { events } = await send(account, 'rebind', each, message.to, message.deadline, signature)
          const [, , rebound] = events.at(-1) as [string, bigint, bigint]
          expect(await ask('balanceOf', otherHolder.address)).to.equal(1n)
          await send(otherHolder, 'burn', rebound)
          await isGone(rebound)
          expect(await ask('balanceOf', otherHolder.address)).to.equal(0n)
        }
      })

      it('it should leave the other tokens of the series where they are', async () => {
        const { holder, ask, send } = world()
        const { tokenId, list, number } = await award()
        const made = await batch()
        const second = await redeemed(world(), made, 0)
        const others = await redeemed(world(), made, 1)
        await send(holder, 'burn', tokenId)
        await send(holder, 'burn', second)
        for (const [i, each] of list.entries())
          if (each !== hex(holder.address))
            expect(hex((await ask('ownerOf', TokenId.awarded(number, i))) as string)).to.equal(each)
        expect(hex((await ask('ownerOf', others)) as string)).to.equal(wallet(1))
        expect(await ask('balanceOf', wallet(1))).to.equal(2n)
      })

      it("it should leave the holder's other tokens where they are", async () => {
        const { account, holder, ask, send } = world()
        const { tokenId, index } = await award()
        await send(account, 'awardAgain', 2n, achievement, 1n)
        const again = TokenId.awarded(2, index)
        const second = await redeemed(world(), await batch(0), 0)
        const third = await redeemed(world(), await batch(1), 0)
        await send(holder, 'burn', second)
        await send(holder, 'burn', tokenId)
        for (const each of [again, third]) expect(await ask('ownerOf', each)).to.equal(holder.address)
        expect(await ask('balanceOf', holder.address)).to.equal(2n)
      })
    })
  })
})
