import { expect } from 'chai'
import * as TokenId from '../../../core/src/TokenId.ts'
import { awarded, batchOf, checksummed, day, named, nobody, redeemed, specify, wallet } from './world.ts'

specify('proposeRebinding', (world) => {
  const token = async () => redeemed(world(), await batchOf(world(), [named(world().holder.address)]), 0)

  describe('proposeRebinding', () => {
    describe('when the caller is no account that speaks for the issuer', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { controller, foreigner, secondAccount, stranger, issuerId, refuses, tell } = world()
        const tokenId = await token()
        await tell(controller, 'retireAccount', issuerId, secondAccount.address)
        for (const from of [controller, foreigner, secondAccount, stranger])
          await refuses(
            [from, 'proposeRebinding', tokenId, wallet(1)],
            'BadgeCollection_NotSpeaking',
            issuerId,
            from.address,
          )
      })

      it('it should revert for the holder', async () => {
        const { holder, issuerId, refuses } = world()
        await refuses(
          [holder, 'proposeRebinding', await token(), wallet(1)],
          'BadgeCollection_NotSpeaking',
          issuerId,
          holder.address,
        )
      })
    })

    describe('when there is no such token', () => {
      it('it should revert with the token', async () => {
        const { account, refuses, send } = world()
        await awarded(world(), [wallet(1)])
        const gone = await token()
        await send(account, 'revoke', [gone])
        for (const tokenId of [0n, TokenId.awarded(1, 1), gone])
          await refuses([account, 'proposeRebinding', tokenId, wallet(1)], 'ERC721NonexistentToken', tokenId)
      })
    })

    describe('when the wallet is none', () => {
      it('it should revert with the wallet', async () => {
        const { account, address, refuses } = world()
        const tokenId = await token()
        for (const to of [nobody, address])
          await refuses([account, 'proposeRebinding', tokenId, to], 'ERC721InvalidReceiver', checksummed(to))
      })
    })

    describe('when an account proposes to bind a token to another wallet', () => {
      it('it should emit {RebindingProposed} and nothing else', async () => {
        const { account, send } = world()
        const tokenId = await token()
        const { events, time } = await send(account, 'proposeRebinding', tokenId, wallet(1))
        expect(events).to.deep.equal([['RebindingProposed', tokenId, checksummed(wallet(1)), BigInt(time + 30 * day)]])
      })

      it('it should keep the wallet, and when it is ready', async () => {
        const { account, ask, send } = world()
        const tokenId = await token()
        expect(await ask('rebindingOf', tokenId)).to.deep.equal([nobody, 0n])
        const { time } = await send(account, 'proposeRebinding', tokenId, wallet(1))
        expect(await ask('rebindingOf', tokenId)).to.deep.equal([checksummed(wallet(1)), BigInt(time + 30 * day)])
      })

      it('it should leave the token where it is', async () => {
        const { account, ask, holder, send } = world()
        const tokenId = await token()
        await send(account, 'proposeRebinding', tokenId, wallet(1))
        expect(await ask('ownerOf', tokenId)).to.equal(holder.address)
        expect(await ask('balanceOf', wallet(1))).to.equal(0n)
      })

      describe('given there is a proposal', () => {
        it('it should take its place, and start the waiting time again', async () => {
          const { account, secondAccount, ask, refuses, send, pass } = world()
          const tokenId = await token()
          await send(account, 'proposeRebinding', tokenId, wallet(1))
          await pass(30 * day)
          const { time } = await send(secondAccount, 'proposeRebinding', tokenId, wallet(2))
          const readyOn = BigInt(time + 30 * day)
          expect(await ask('rebindingOf', tokenId)).to.deep.equal([checksummed(wallet(2)), readyOn])
          await refuses([account, 'completeRebinding', tokenId], 'BadgeCollection_RebindingNotReady', tokenId, readyOn)
        })
      })
    })
  })
})
