import { expect } from 'chai'
import * as TokenId from '../../../core/src/TokenId.ts'
import {
  awarded,
  batchOf,
  checksummed,
  day,
  hex,
  minted,
  named,
  nobody,
  redeemed,
  specify,
  tokenOf,
  wallet,
} from './world.ts'

specify('completeRebinding', (world) => {
  const made = (seed = 0) => batchOf(world(), [named(world().holder.address), named(wallet(1))], seed)

  /** A token of the holder's, and when the proposal to bind it is ready. */
  const proposed = async (to: string = wallet(1)) => {
    const batch = await made()
    const tokenId = await redeemed(world(), batch, 0)
    return { batch, tokenId, readyOn: await propose(tokenId, to) }
  }

  const propose = async (tokenId: bigint, to: string) => {
    const { account, send } = world()
    return (await send(account, 'proposeRebinding', tokenId, to)).time + 30 * day
  }

  const at = (time: number) => world().chain.networkHelpers.time.setNextBlockTimestamp(time)

  describe('completeRebinding', () => {
    describe('when the caller is no account that speaks for the issuer', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { controller, foreigner, holder, stranger, issuerId, refuses, pass } = world()
        const { tokenId } = await proposed()
        await pass(30 * day)
        for (const from of [controller, foreigner, holder, stranger])
          await refuses([from, 'completeRebinding', tokenId], 'BadgeCollection_NotSpeaking', issuerId, from.address)
      })

      it('it should revert for the account that has proposed it, if it has been retired or reported since', async () => {
        const { account, chain, controller, issuerId, refuses, tell, pass, now } = world()
        const { tokenId } = await proposed()
        await pass(30 * day)
        const snapshot = await chain.networkHelpers.takeSnapshot()
        for (const [name, ...more] of [['retireAccount'], ['reportAccount', await now()]] as const) {
          await tell(controller, name, issuerId, account.address, ...more)
          await refuses(
            [account, 'completeRebinding', tokenId],
            'BadgeCollection_NotSpeaking',
            issuerId,
            account.address,
          )
          await snapshot.restore()
        }
      })

      it('it should revert for the wallet that the token is to be bound to', async () => {
        const { otherHolder, issuerId, refuses, pass } = world()
        const { tokenId } = await proposed(otherHolder.address)
        await pass(30 * day)
        await refuses(
          [otherHolder, 'completeRebinding', tokenId],
          'BadgeCollection_NotSpeaking',
          issuerId,
          otherHolder.address,
        )
      })
    })

    describe('when there is no such token', () => {
      it('it should revert if it never was', async () => {
        const { account, refuses } = world()
        for (const tokenId of [0n, TokenId.awarded(1, 0), 2n ** 256n - 1n])
          await refuses([account, 'completeRebinding', tokenId], 'ERC721NonexistentToken', tokenId)
      })

      it('it should revert if it is gone', async () => {
        const { account, holder, refuses, send, pass } = world()
        const { tokenId } = await proposed()
        await send(holder, 'burn', tokenId)
        await pass(30 * day)
        await refuses([account, 'completeRebinding', tokenId], 'ERC721NonexistentToken', tokenId)
      })
    })

    describe('given there is no proposal', () => {
      it('it should revert with the token', async () => {
        const { account, refuses } = world()
        const tokenId = await redeemed(world(), await made(), 0)
        await refuses([account, 'completeRebinding', tokenId], 'BadgeCollection_RebindingUnknown', tokenId)
      })
    })

    describe('given the proposal is not ready', () => {
      it('it should revert at once', async () => {
        const { account, refuses } = world()
        const { tokenId, readyOn } = await proposed()
        await refuses([account, 'completeRebinding', tokenId], 'BadgeCollection_RebindingNotReady', tokenId, readyOn)
      })

      it('it should revert a second before', async () => {
        const { account, address, collection, ask } = world()
        const { tokenId, readyOn } = await proposed()
        await at(readyOn - 1)
        const data = collection.interface.encodeFunctionData('completeRebinding', [tokenId])
        await expect(account.sendTransaction({ to: address, data, gasLimit: 500_000 }))
          .to.be.revertedWithCustomError(collection, 'BadgeCollection_RebindingNotReady')
          .withArgs(tokenId, readyOn)
        expect(await ask('rebindingOf', tokenId)).to.deep.equal([checksummed(wallet(1)), BigInt(readyOn)])
      })
    })

    describe('given the proposal is ready', () => {
      it('it should emit {Transfer} for both tokens, {Locked} and {Rebound}, and nothing else', async () => {
        const { account, holder, send, pass } = world()
        const { batch, tokenId } = await proposed()
        await pass(30 * day)
        const { events } = await send(account, 'completeRebinding', tokenId)
        const next = tokenOf(batch, wallet(1))
        expect(events).to.deep.equal([
          ['Transfer', holder.address, nobody, tokenId],
          ...minted(next, wallet(1)),
          ['Rebound', tokenId, next],
        ])
      })

      it('it should bind a token that was redeemed', async () => {
        const { account, ask, holder, send, pass } = world()
        const { batch, tokenId } = await proposed()
        await pass(30 * day)
        await send(account, 'completeRebinding', tokenId)
        expect(await ask('ownerOf', tokenOf(batch, wallet(1)))).to.equal(checksummed(wallet(1)))
        const balances = await Promise.all([holder.address, wallet(1)].map((each) => ask('balanceOf', each)))
        expect(balances).to.deep.equal([0n, 1n])
      })

      it('it should bind a token that was awarded', async () => {
        const { account, ask, holder, send, pass } = world()
        const list = [hex(holder.address), wallet(2)].toSorted()
        await awarded(world(), list)
        const tokenId = TokenId.awarded(1, list.indexOf(hex(holder.address)))
        await propose(tokenId, wallet(1))
        await pass(30 * day)
        await send(account, 'completeRebinding', tokenId)
        expect(await ask('ownerOf', TokenId.bound(1n, wallet(1)))).to.equal(checksummed(wallet(1)))
        const balances = await Promise.all([holder.address, wallet(1), wallet(2)].map((each) => ask('balanceOf', each)))
        expect(balances).to.deep.equal([0n, 1n, 1n])
      })

      it('it should be carried out in the first second', async () => {
        const { account, send } = world()
        const { tokenId, readyOn } = await proposed()
        await at(readyOn)
        expect((await send(account, 'completeRebinding', tokenId)).time).to.equal(readyOn)
      })

      it('it should be carried out in the last second', async () => {
        const { account, send } = world()
        const { tokenId, readyOn } = await proposed()
        await at(readyOn + 30 * day)
        expect((await send(account, 'completeRebinding', tokenId)).time).to.equal(readyOn + 30 * day)
      })

      it('it should let another account carry it out', async () => {
        const { account, ask, controller, secondAccount, issuerId, send, tell, pass } = world()
        const { tokenId } = await proposed()
        await tell(controller, 'retireAccount', issuerId, account.address)
        await pass(30 * day)
        await send(secondAccount, 'completeRebinding', tokenId)
        expect(await ask('balanceOf', wallet(1))).to.equal(1n)
      })

      it('it should be carried out once', async () => {
        const { account, ask, refuses, send, pass } = world()
        const { tokenId } = await proposed()
        await pass(30 * day)
        await send(account, 'completeRebinding', tokenId)
        expect(await ask('rebindingOf', tokenId)).to.deep.equal([nobody, 0n])
        await refuses([account, 'completeRebinding', tokenId], 'ERC721NonexistentToken', tokenId)
      })

      it('it should let the token be bound again, by another proposal', async () => {
        const { account, ask, send, pass } = world()
        const { batch, tokenId } = await proposed()
        await pass(30 * day)
        await send(account, 'completeRebinding', tokenId)
        const next = tokenOf(batch, wallet(1))
        await propose(next, wallet(2))
        await pass(30 * day)
        await send(account, 'completeRebinding', next)
        const balances = await Promise.all([wallet(1), wallet(2)].map((each) => ask('balanceOf', each)))
        expect(balances).to.deep.equal([0n, 1n])
      })
    })

    describe('given the proposal has been ready for thirty days', () => {
      it('it should revert with when it was', async () => {
        const { account, refuses, pass } = world()
        const { tokenId, readyOn } = await proposed()
        await pass(60 * day + 1)
        await refuses([account, 'completeRebinding', tokenId], 'BadgeCollection_RebindingNotReady', tokenId, readyOn)
      })
    })

    describe('when the new wallet is none that can have the token', () => {
      it('it should revert if it has had a token of the series since', async () => {
        const { account, refuses, send, pass } = world()
        const { batch, tokenId } = await proposed()
        const other = await redeemed(world(), batch, 1)
        await pass(30 * day)
        const refused = () =>
          refuses(
            [account, 'completeRebinding', tokenId],
            'BadgeCollection_AlreadyGiven',
            tokenId >> 160n,
            checksummed(wallet(1)),
          )
        await refused()
        await send(account, 'revoke', [other])
        await refused()
      })
    })
  })
})
