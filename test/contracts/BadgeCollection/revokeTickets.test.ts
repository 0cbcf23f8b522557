import { expect } from 'chai'
import {
  achievement,
  at,
  batchOf,
  checksummed,
  make,
  named,
  redeemed,
  redeeming,
  specify,
  tokenOf,
  wallet,
} from './world.ts'

specify('revokeTickets', (world) => {
  const wanted = Array.from({ length: 5 }, (_, i) => named(wallet(i)))
  const batch = (seed = 0) => batchOf(world(), wanted, seed)
  const spent = (root: string, indices: readonly number[]) =>
    Promise.all(indices.map((index) => world().ask('isSpent', root, index)))

  describe('revokeTickets', () => {
    describe('when the caller is neither an account that speaks for the issuer nor its controller', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { controller, foreigner, holder, secondAccount, stranger, issuerId, refuses, tell } = world()
        const { ticketRoot } = await batch()
        await tell(controller, 'retireAccount', issuerId, secondAccount.address)
        for (const from of [foreigner, holder, secondAccount, stranger])
          await refuses([from, 'revokeTickets', ticketRoot, 0, 1], 'BadgeCollection_NotIssuer', issuerId, from.address)
      })
    })

    describe('when the issuer revokes tickets', () => {
      it('it should emit {TicketsRevoked} and nothing else', async () => {
        const { account, send } = world()
        const { ticketRoot } = await batch()
        const { events } = await send(account, 'revokeTickets', ticketRoot, 0, 0b10100)
        expect(events).to.deep.equal([['TicketsRevoked', ticketRoot, 0n, 0b10100n]])
      })

      it('it should mark them as spent, and no others', async () => {
        const { account, refuses, send, stranger } = world()
        const made = await batch()
        await send(account, 'revokeTickets', made.ticketRoot, 0, 0b10100)
        expect(await spent(made.ticketRoot, [0, 1, 2, 3, 4])).to.deep.equal([false, false, true, false, true])
        for (const index of [2, 4])
          await refuses(
            [stranger, 'redeem', ...redeeming(at(made, index))],
            'BadgeCollection_TicketSpent',
            made.ticketRoot,
            index,
          )
        for (const index of [0, 1, 3]) await redeemed(world(), made, index)
      })

      it('it should let the controller revoke', async () => {
        const { controller, send } = world()
        const { ticketRoot } = await batch()
        const { events } = await send(controller, 'revokeTickets', ticketRoot, 0, 1)
        expect(events).to.deep.equal([['TicketsRevoked', ticketRoot, 0n, 1n]])
      })

      it('it should take a batch that is not open, nor anchored', async () => {
        const { account, anchor, refuses, send, stranger } = world()
        const made = make(world(), wanted)
        await send(account, 'revokeTickets', made.ticketRoot, 0, 1)
        await anchor(made.root)
        await send(stranger, 'open', made.batch, achievement)
        await refuses(
          [stranger, 'redeem', ...redeeming(at(made, 0))],
          'BadgeCollection_TicketSpent',
          made.ticketRoot,
          0,
        )
        await redeemed(world(), made, 1)
      })

      it('it should take any word, up to the last index', async () => {
        const { account, send } = world()
        const { ticketRoot } = await batch()
        await send(account, 'revokeTickets', ticketRoot, 2 ** 24 - 1, 1n << 255n)
        await send(account, 'revokeTickets', ticketRoot, 1, 1n)
        const indices = [0, 255, 256, 257, 2 ** 32 - 2, 2 ** 32 - 1]
        expect(await spent(ticketRoot, indices)).to.deep.equal([false, false, true, false, false, true])
      })

      it('it should leave out those that have been redeemed, and say so', async () => {
        const { account, ask, send } = world()
        const made = await batch()
        await redeemed(world(), made, 1)
        const { events } = await send(account, 'revokeTickets', made.ticketRoot, 0, 0b111)
        expect(events).to.deep.equal([['TicketsRevoked', made.ticketRoot, 0n, 0b101n]])
        expect(await ask('ownerOf', tokenOf(made, wallet(1)))).to.equal(checksummed(wallet(1)))
        const again = await send(account, 'revokeTickets', made.ticketRoot, 0, 0b111)
        expect(again.events).to.deep.equal([['TicketsRevoked', made.ticketRoot, 0n, 0n]])
      })

      it('it should leave the tickets of another batch where they are', async () => {
        const { account, send } = world()
        const [first, second] = [await batch(0), await batch(1)]
        await send(account, 'revokeTickets', first.ticketRoot, 0, 0b11111)
        for (const index of [0, 1, 2, 3, 4]) await redeemed(world(), second, index)
      })
    })
  })
})
