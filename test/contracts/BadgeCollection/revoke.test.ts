import { expect } from 'chai'
import * as TokenId from '../../../core/src/TokenId.ts'
import {
  awarded,
  batchOf,
  checksummed,
  day,
  hex,
  keyed,
  named,
  nobody,
  rebindSignature,
  redeemed,
  specify,
  wallet,
} from './world.ts'

specify('revoke', (world) => {
  const key = keyed(5)

  /** A token of each kind, with its holder. */
  const tokens = async () => {
    const { account, holder, send, now } = world()
    const list = [holder.address, wallet(1)].map(hex).toSorted()
    const number = Number(await awarded(world(), list))
    const first = TokenId.awarded(number, list.indexOf(hex(holder.address)))
    const made = await batchOf(world(), [named(holder.address), named(key.address)])
    const second = await redeemed(world(), made, 0)
    const message = {
      tokenId: await redeemed(world(), made, 1),
      to: wallet(2),
      deadline: (await now()) + day,
    }
    const signature = await rebindSignature(world(), key, message)
    const { events } = await send(account, 'rebind', message.tokenId, message.to, message.deadline, signature)
    const [, , third] = events.at(-1) as [string, bigint, bigint]
    return [
      [first, holder.address],
      [second, holder.address],
      [third, checksummed(wallet(2))],
    ] as const
  }

  const logged = (each: readonly (readonly [tokenId: bigint, holder: string])[]) =>
    each.flatMap(([tokenId, holder]) => [
      ['Transfer', holder, nobody, tokenId],
      ['Revoked', tokenId],
    ])

  describe('revoke', () => {
    describe('when the caller is neither an account that speaks for the issuer nor its controller', () => {
      const refused = async (...names: ('stranger' | 'holder' | 'foreigner' | 'account' | 'secondAccount')[]) => {
        const { issuerId, refuses } = world()
        for (const from of names.map((name) => world()[name]))
          await refuses([from, 'revoke', [TokenId.awarded(1, 0)]], 'BadgeCollection_NotIssuer', issuerId, from.address)
      }

      it('it should revert for a stranger', async () => {
        await awarded(world(), [wallet(1)])
        await refused('stranger')
      })

      it('it should revert for the holder', async () => {
        await awarded(world(), [world().holder.address])
        await refused('holder')
      })

      it('it should revert for the account of another issuer, and its controller', async () => {
        await awarded(world(), [wallet(1)])
        // Is both.
        await refused('foreigner')
      })

      it('it should revert for an account that has been retired or reported', async () => {
        const { account, controller, secondAccount, issuerId, tell, now, pass } = world()
        await awarded(world(), [wallet(1)])
        await pass(100)
        await tell(controller, 'retireAccount', issuerId, account.address)
        await tell(controller, 'reportAccount', issuerId, secondAccount.address, await now())
        await refused('account', 'secondAccount')
      })
    })

    describe('when there never was such a token', () => {
      it('it should revert, and revoke none of the others', async () => {
        const { account, ask, refuses } = world()
        const [[first]] = await tokens()
        for (const tokenId of [0n, TokenId.awarded(1, 2), TokenId.awarded(2, 0), 2n ** 256n - 1n, 2n ** 160n])
          await refuses([account, 'revoke', [first, tokenId]], 'ERC721NonexistentToken', tokenId)
        expect(await ask('ownerOf', first)).to.equal(world().holder.address)
      })
    })

    describe('when it is none at all', () => {
      it('it should change nothing', async () => {
        const { account, send, state } = world()
        const before = await state()
        expect((await send(account, 'revoke', [])).events).to.deep.equal([])
        expect(await state()).to.equal(before)
      })
    })

    describe('when the issuer revokes tokens', () => {
      it('it should emit {Transfer} and {Revoked} for each, and nothing else', async () => {
        const { account, send } = world()
        const all = await tokens()
        const { events } = await send(
          account,
          'revoke',
          all.map(([tokenId]) => tokenId),
        )
        expect(events).to.deep.equal(logged(all))
      })

      it('it should take tokens of every kind away', async () => {
        const { account, ask, collection, send } = world()
        const all = await tokens()
        for (const [tokenId, holder] of all) {
          const before = (await ask('balanceOf', holder)) as bigint
          await send(account, 'revoke', [tokenId])
          await expect(collection.getFunction('ownerOf')(tokenId)).to.be.revertedWithCustomError(
            collection,
            'ERC721NonexistentToken',
          )
          expect(await ask('balanceOf', holder)).to.equal(before - 1n)
        }
      })

      it('it should let the controller revoke', async () => {
        const { account, controller, secondAccount, issuerId, send, tell } = world()
        const all = await tokens()
        for (const each of [account, secondAccount]) await tell(controller, 'retireAccount', issuerId, each.address)
        const { events } = await send(
          controller,
          'revoke',
          all.map(([tokenId]) => tokenId),
        )
        expect(events).to.deep.equal(logged(all))
      })

      it('it should let any account revoke what another one has made', async () => {
        const { secondAccount, send } = world()
        const all = await tokens()
        const { events } = await send(
          secondAccount,
          'revoke',
          all.map(([tokenId]) => tokenId),
        )
        expect(events).to.deep.equal(logged(all))
      })

      it('it should leave out those that are gone', async () => {
        const { account, holder, send } = world()
        const all = await tokens()
        const [first, second, third] = all
        await send(holder, 'burn', second[0])
        const { events } = await send(
          account,
          'revoke',
          all.map(([tokenId]) => tokenId),
        )
        expect(events).to.deep.equal(logged([first, third]))
        const again = await send(
          account,
          'revoke',
          all.map(([tokenId]) => tokenId),
        )
        expect(again.events).to.deep.equal([])
      })

      it('it should revoke a token once if it is named twice', async () => {
        const { account, send } = world()
        const [first, second] = await tokens()
        const { events } = await send(account, 'revoke', [first[0], second[0], first[0], second[0]])
        expect(events).to.deep.equal(logged([first, second]))
      })
    })
  })
})
