import { expect } from 'chai'
import * as TokenId from '../../../core/src/TokenId.ts'
import { batchOf, day, named, nobody, redeemed, type Signer, specify, wallet } from './world.ts'

specify('cancelRebinding', (world) => {
  const proposed = async (to: string = wallet(1)) => {
    const { account, holder, send } = world()
    const tokenId = await redeemed(world(), await batchOf(world(), [named(holder.address)]), 0)
    await send(account, 'proposeRebinding', tokenId, to)
    return tokenId
  }

  describe('cancelRebinding', () => {
    describe('when there is no such token', () => {
      it('it should revert with the token', async () => {
        const { account, holder, refuses, send } = world()
        const gone = await proposed()
        await send(holder, 'burn', gone)
        for (const tokenId of [0n, TokenId.awarded(1, 0), gone])
          for (const from of [account, holder])
            await refuses([from, 'cancelRebinding', tokenId], 'ERC721NonexistentToken', tokenId)
      })
    })

    describe('when the caller is neither the holder nor the issuer', () => {
      const refused = async (tokenId: bigint, ...callers: readonly Signer[]) => {
        const { issuerId, refuses } = world()
        for (const from of callers)
          await refuses([from, 'cancelRebinding', tokenId], 'BadgeCollection_NotIssuer', issuerId, from.address)
      }

      it('it should revert with the issuer and the caller', async () => {
        const { controller, foreigner, secondAccount, stranger, issuerId, tell } = world()
        const tokenId = await proposed()
        await tell(controller, 'retireAccount', issuerId, secondAccount.address)
        await refused(tokenId, foreigner, secondAccount, stranger)
      })

      it('it should revert for the wallet that the token is to be bound to', async () => {
        const { otherHolder } = world()
        await refused(await proposed(otherHolder.address), otherHolder)
      })
    })

    describe('given there is no proposal', () => {
      it('it should revert with the token', async () => {
        const { account, holder, refuses, send } = world()
        const tokenId = await proposed()
        await send(holder, 'cancelRebinding', tokenId)
        for (const from of [account, holder])
          await refuses([from, 'cancelRebinding', tokenId], 'BadgeCollection_RebindingUnknown', tokenId)
      })
    })

    describe('when the holder vetoes', () => {
      it('it should emit {RebindingCancelled} and nothing else', async () => {
        const { holder, send } = world()
        const tokenId = await proposed()
        const { events } = await send(holder, 'cancelRebinding', tokenId)
        expect(events).to.deep.equal([['RebindingCancelled', tokenId, holder.address]])
      })

      it('it should make the proposal void', async () => {
        const { account, ask, holder, refuses, send, pass } = world()
        const tokenId = await proposed()
        await send(holder, 'cancelRebinding', tokenId)
        expect(await ask('rebindingOf', tokenId)).to.deep.equal([nobody, 0n])
        await pass(30 * day)
        await refuses([account, 'completeRebinding', tokenId], 'BadgeCollection_RebindingUnknown', tokenId)
        expect(await ask('ownerOf', tokenId)).to.equal(holder.address)
      })

      it('it should take the veto when the waiting time is over, too', async () => {
        const { account, holder, refuses, send, pass } = world()
        const tokenId = await proposed()
        await pass(45 * day)
        await send(holder, 'cancelRebinding', tokenId)
        await refuses([account, 'completeRebinding', tokenId], 'BadgeCollection_RebindingUnknown', tokenId)
      })

      it('it should let the issuer propose again, and wait again', async () => {
        const { account, ask, holder, refuses, send, pass } = world()
        const tokenId = await proposed()
        await pass(29 * day)
        await send(holder, 'cancelRebinding', tokenId)
        const { time } = await send(account, 'proposeRebinding', tokenId, wallet(1))
        await pass(29 * day)
        await refuses(
          [account, 'completeRebinding', tokenId],
          'BadgeCollection_RebindingNotReady',
          tokenId,
          time + 30 * day,
        )
        await pass(day)
        await send(account, 'completeRebinding', tokenId)
        expect(await ask('balanceOf', wallet(1))).to.equal(1n)
      })
    })

    describe('when the issuer withdraws', () => {
      const withdraws = async (from: Signer) => {
        const { account, refuses, send } = world()
        const tokenId = await proposed()
        const { events } = await send(from, 'cancelRebinding', tokenId)
        expect(events).to.deep.equal([['RebindingCancelled', tokenId, from.address]])
        await refuses([account, 'completeRebinding', tokenId], 'BadgeCollection_RebindingUnknown', tokenId)
      }

      it('it should let the account that has proposed it', () => withdraws(world().account))

      it('it should let another account', () => withdraws(world().secondAccount))

      it('it should let the controller, when every account is gone', async () => {
        const { account, controller, secondAccount, ask, issuerId, send, tell } = world()
        const tokenId = await proposed()
        for (const each of [account, secondAccount]) await tell(controller, 'retireAccount', issuerId, each.address)
        const { events } = await send(controller, 'cancelRebinding', tokenId)
        expect(events).to.deep.equal([['RebindingCancelled', tokenId, controller.address]])
        expect(await ask('rebindingOf', tokenId)).to.deep.equal([nobody, 0n])
      })
    })
  })
})
