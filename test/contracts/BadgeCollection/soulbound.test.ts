import * as TokenId from '../../../core/src/TokenId.ts'
import { shouldSupportInterfaces } from '../behaviours/Interfaces.ts'
import { shouldBehaveLikeSoulbound } from '../behaviours/Soulbound.ts'
import { awarded, batchOf, day, hex, named, rebindSignature, redeemed, specify, wallet } from './world.ts'

specify('soulbound', (world) => {
  describe('soulbound', () => {
    shouldBehaveLikeSoulbound(async () => {
      const { account, chain, collection, controller, holder, otherHolder, stranger, send, now } = world()
      const list = [holder.address, otherHolder.address].map(hex).toSorted()
      const number = Number(await awarded(world(), list))
      const [own, others] = [holder, otherHolder].map(({ address }) =>
        TokenId.awarded(number, list.indexOf(hex(address))),
      ) as [bigint, bigint]
      const made = await batchOf(world(), [named(holder.address), named(wallet(1)), named(wallet(2))])
      const second = await redeemed(world(), made, 0)
      const gone = await redeemed(world(), made, 1)
      await send(account, 'revoke', [gone])
      // A token that was awarded to somebody else and bound to the holder since is one of the award's series.
      const third = await awarded(world(), [otherHolder.address])
      const message = { tokenId: TokenId.awarded(Number(third), 0), to: holder.address, deadline: (await now()) + day }
      const signature = await rebindSignature(world(), otherHolder, message)
      await send(account, 'rebind', message.tokenId, message.to, message.deadline, signature)
      await send(account, 'revoke', [others])
      return {
        chain,
        collection,
        tokens: [own, second, TokenId.bound(third, hex(holder.address))],
        holder,
        stranger,
        rulers: [account, controller],
        absent: [0n, TokenId.awarded(number, 2), TokenId.bound(1n, wallet(3)), gone, others, message.tokenId],
        errors: { locked: 'BadgeCollection_TokenLocked', operator: 'BadgeCollection_OperatorRefused' },
      }
    })

    describe('{supportsInterface}', () => {
      shouldSupportInterfaces(['ERC165', 'ERC721', 'ERC721Metadata', 'ERC5192'], () => world().collection)
    })
  })
})
