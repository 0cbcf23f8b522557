import { expect } from 'chai'
import {
  achievement,
  at,
  batchOf,
  claimed,
  day,
  keyed,
  make,
  named,
  opened,
  otherAchievement,
  rebindSignature,
  redeemed,
  redeeming,
  redeemingByKey,
  specify,
  tokenOf,
  wallet,
} from './world.ts'

specify('recheck', (world) => {
  describe('recheck', () => {
    const key = keyed(1)
    const holder = keyed(2)

    /** A batch that is open for two achievements, and when it was anchored. */
    const batch = async (seed = 0) => {
      const made = await batchOf(
        world(),
        [
          named(holder.address),
          named(wallet(1)),
          named(wallet(2), { achievement: otherAchievement }),
          claimed(key.address),
        ],
        seed,
      )
      const [, , , , anchoredOn] = (await world().ask('seriesOf', made.ticketRoot, achievement)) as bigint[]
      return { made, anchoredOn: Number(anchoredOn) }
    }

    const report = (from: number) => {
      const { account, controller, issuerId, tell } = world()
      return tell(controller, 'reportAccount', issuerId, account.address, from)
    }

    describe('given the batch is not open for the achievement', () => {
      it('it should revert if it never was', async () => {
        const { stranger, anchor, refuses } = world()
        const made = make(world(), [named(wallet(1))])
        await anchor(made.root)
        await refuses(
          [stranger, 'recheck', made.ticketRoot, achievement],
          'BadgeCollection_NotOpen',
          made.ticketRoot,
          achievement,
        )
      })

      it('it should revert if it is open for another achievement', async () => {
        const { stranger, refuses } = world()
        const made = await opened(world(), make(world(), [named(wallet(1))]))
        await refuses(
          [stranger, 'recheck', made.ticketRoot, otherAchievement],
          'BadgeCollection_NotOpen',
          made.ticketRoot,
          otherAchievement,
        )
      })

      it('it should revert if it has been closed', async () => {
        const { stranger, refuses, send } = world()
        const { made, anchoredOn } = await batch()
        await report(anchoredOn)
        await send(stranger, 'recheck', made.ticketRoot, achievement)
        await refuses(
          [stranger, 'recheck', made.ticketRoot, achievement],
          'BadgeCollection_NotOpen',
          made.ticketRoot,
          achievement,
        )
      })
    })

    describe('given nothing is reported against the account', () => {
      const refused = async () => {
        const { account, stranger, refuses } = world()
        const { made, anchoredOn } = await batch()
        return () =>
          refuses(
            [stranger, 'recheck', made.ticketRoot, achievement],
            'BadgeCollection_NotCompromised',
            account.address,
            anchoredOn,
          )
      }

      it('it should revert with the account and the time of its anchor', async () => (await refused())())

      it('it should revert if the account has been retired since', async () => {
        const { account, controller, issuerId, tell, pass } = world()
        const again = await refused()
        await pass(day)
        await tell(controller, 'retireAccount', issuerId, account.address)
        await again()
      })
    })

    describe('given the account is reported to have been compromised after its anchor', () => {
      it('it should revert with the account and the time of its anchor', async () => {
        const { account, stranger, refuses, pass } = world()
        const { made, anchoredOn } = await batch()
        await pass(day)
        await report(anchoredOn + 1)
        await refuses(
          [stranger, 'recheck', made.ticketRoot, achievement],
          'BadgeCollection_NotCompromised',
          account.address,
          anchoredOn,
        )
      })
    })

    describe('given the account is reported to have been compromised by then', () => {
      it('it should emit {Closed} and nothing else', async () => {
        const { account, stranger, ask, send } = world()
        const { made, anchoredOn } = await batch()
        await report(anchoredOn)
        const { events } = await send(stranger, 'recheck', made.ticketRoot, achievement)
        expect(events).to.deep.equal([['Closed', made.ticketRoot, achievement, account.address, BigInt(anchoredOn)]])
        const [, isOpen] = (await ask('seriesOf', made.ticketRoot, achievement)) as [bigint, boolean]
        expect(isOpen).to.equal(false)
      })

      it('it should let anybody close', async () => {
        const { account, controller, foreigner, holder: other, send } = world()
        const batches = []
        for (const seed of [0, 1, 2, 3]) batches.push(await batch(seed))
        await report(batches[0]?.anchoredOn ?? 0)
        for (const [i, from] of [account, controller, foreigner, other].entries()) {
          const { events } = await send(from, 'recheck', batches[i]?.made.ticketRoot, achievement)
          expect(events.map(([event]) => event)).to.deep.equal(['Closed'])
        }
      })

      it('it should close it for the achievement only', async () => {
        const { stranger, send } = world()
        const { made, anchoredOn } = await batch()
        await report(anchoredOn)
        await send(stranger, 'recheck', made.ticketRoot, achievement)
        await send(stranger, 'redeem', ...redeeming(at(made, 2)))
        const { events } = await send(stranger, 'recheck', made.ticketRoot, otherAchievement)
        expect(events.map(([event]) => event)).to.deep.equal(['Closed'])
      })

      it('it should let nothing more be redeemed', async () => {
        const { stranger, refuses, send } = world()
        const { made, anchoredOn } = await batch()
        await redeemed(world(), made, 0)
        await report(anchoredOn)
        await send(stranger, 'recheck', made.ticketRoot, achievement)
        for (const call of [
          ['redeem', ...redeeming(at(made, 0))],
          ['redeem', ...redeeming(at(made, 1))],
          ['redeemByKey', ...(await redeemingByKey(world(), at(made, 3), key, wallet(5)))],
        ] as [string, ...unknown[]][])
          await refuses([stranger, ...call], 'BadgeCollection_NotOpen', made.ticketRoot, achievement)
      })

      it('it should let no token be bound to another wallet', async () => {
        const { secondAccount, stranger, refuses, send, now, pass } = world()
        const { made, anchoredOn } = await batch()
        const tokenId = await redeemed(world(), made, 0)
        await send(secondAccount, 'proposeRebinding', tokenId, wallet(7))
        await pass(30 * day)
        await report(anchoredOn)
        await send(stranger, 'recheck', made.ticketRoot, achievement)
        const series = tokenId >> 160n
        const message = { tokenId, to: wallet(7), deadline: (await now()) + day }
        const signature = await rebindSignature(world(), holder, message)
        await refuses(
          [secondAccount, 'rebind', tokenId, message.to, message.deadline, signature],
          'BadgeCollection_SeriesClosed',
          series,
        )
        await refuses([secondAccount, 'completeRebinding', tokenId], 'BadgeCollection_SeriesClosed', series)
      })

      it('it should leave what was redeemed where it is', async () => {
        const { secondAccount, stranger, ask, send } = world()
        const { made, anchoredOn } = await batch()
        const tokenId = await redeemed(world(), made, 0)
        await report(anchoredOn)
        await send(stranger, 'recheck', made.ticketRoot, achievement)
        expect(await ask('ownerOf', tokenId)).to.equal(holder.address)
        expect(await ask('balanceOf', holder.address)).to.equal(1n)
        expect(await ask('tokenURI', tokenId)).to.match(/^ipfs:\/\/bafkrei/)
        await send(secondAccount, 'revoke', [tokenId])
        expect(await ask('balanceOf', holder.address)).to.equal(0n)
      })

      describe('given the account has anchored another batch before', () => {
        it('it should leave that one open', async () => {
          const { account, stranger, ask, refuses, pass, send } = world()
          const earlier = await batch(0)
          await pass(day)
          const later = await batch(1)
          await report(later.anchoredOn)
          await send(stranger, 'recheck', later.made.ticketRoot, achievement)
          await refuses(
            [stranger, 'recheck', earlier.made.ticketRoot, achievement],
            'BadgeCollection_NotCompromised',
            account.address,
            earlier.anchoredOn,
          )
          await send(stranger, 'redeem', ...redeeming(at(earlier.made, 0)))
          expect(await ask('ownerOf', tokenOf(earlier.made, holder.address))).to.equal(holder.address)
        })
      })
    })
  })
})
