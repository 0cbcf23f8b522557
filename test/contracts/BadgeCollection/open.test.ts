import { expect } from 'chai'
import { toBeHex } from 'ethers'
import * as BadgeCollection from '../../../core/src/BadgeCollection.ts'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as Commitment from '../../../core/src/Commitment.ts'
import * as TokenId from '../../../core/src/TokenId.ts'
import {
  achievement,
  at,
  bytes,
  digest,
  encode,
  inOneBlock,
  join,
  type Made,
  make,
  named,
  nobody,
  opened,
  otherAchievement,
  redeeming,
  type Signer,
  specify,
  tokenOf,
  wallet,
} from './world.ts'

/** What the parts of a batch add up to. */
function rootOf([, treeRoot, ticketRoot, manifestDigest]: Made['batch']): string {
  return Bytes.toHex(Commitment.root(bytes(treeRoot), bytes(ticketRoot), bytes(manifestDigest)))
}

specify('open', (world) => {
  const three = () => make(world(), [named(wallet(1)), named(wallet(2)), named(wallet(3))])
  const series = (made: Made, of = achievement) =>
    world().ask('seriesOf', made.ticketRoot, of) as Promise<readonly [bigint, boolean, bigint, string, bigint]>
  const isOpen = async (made: Made, of = achievement) => (await series(made, of))[1]

  describe('open', () => {
    describe('given the account has not anchored the root', () => {
      it('it should revert with the account and the root', async () => {
        const { account, stranger, refuses } = world()
        const made = three()
        await refuses(
          [stranger, 'open', made.batch, achievement],
          'BadgeCollection_NotAnchored',
          account.address,
          Bytes.toHex(made.root),
        )
      })

      it('it should revert if another account has', async () => {
        const { account, secondAccount, stranger, anchor, refuses } = world()
        const made = three()
        await anchor(made.root, secondAccount)
        await anchor(made.root, stranger)
        await refuses(
          [stranger, 'open', made.batch, achievement],
          'BadgeCollection_NotAnchored',
          account.address,
          Bytes.toHex(made.root),
        )
      })

      it('it should revert if any part of the batch is another one', async () => {
        const { account, stranger, anchor, refuses } = world()
        const made = three()
        await anchor(made.root)
        const [from, tree, tickets, manifest] = made.batch
        for (const batch of [
          [from, digest('other'), tickets, manifest],
          [from, tree, digest('other'), manifest],
          [from, tree, tickets, digest('other')],
          [from, tickets, tree, manifest],
          [from, tree, manifest, tickets],
          [from, Bytes.toHex(made.root), Bytes.toHex(made.root), Bytes.toHex(made.root)],
          [from, toBeHex(0, 32), Bytes.toHex(made.root), toBeHex(0, 32)],
        ])
          await refuses(
            [stranger, 'open', batch, achievement],
            'BadgeCollection_NotAnchored',
            account.address,
            rootOf(batch as unknown as Made['batch']),
          )
      })
    })

    describe('given the account did not speak for the issuer when it anchored', () => {
      const refused = async (from: Signer, made: Made, anchoredOn: number) => {
        const { stranger, issuerId, refuses } = world()
        await refuses(
          [stranger, 'open', [from.address, ...made.batch.slice(1)], achievement],
          'BadgeCollection_NotSpokenFor',
          issuerId,
          from.address,
          anchoredOn,
        )
      }

      it('it should revert if it was added a second later', async () => {
        const { stranger, controller, issuerId, anchor, tell, chain } = world()
        const made = three()
        await tell(stranger, 'consent', issuerId)
        const anchoredOn = await anchor(made.root, stranger)
        await chain.networkHelpers.time.setNextBlockTimestamp(anchoredOn + 1)
        await tell(controller, 'addAccount', issuerId, stranger.address)
        await refused(stranger, made, anchoredOn)
      })

      it('it should revert if it was retired a second before', async () => {
        const { account, controller, issuerId, anchor, tell, chain, now } = world()
        const made = three()
        await tell(controller, 'retireAccount', issuerId, account.address)
        await chain.networkHelpers.time.setNextBlockTimestamp((await now()) + 1)
        await refused(account, made, await anchor(made.root))
      })

      it('it should revert if it was compromised by then', async () => {
        const { account, controller, issuerId, anchor, tell, pass } = world()
        const made = three()
        await pass(100)
        const anchoredOn = await anchor(made.root)
        await tell(controller, 'reportAccount', issuerId, account.address, anchoredOn)
        await refused(account, made, anchoredOn)
        await tell(controller, 'reportAccount', issuerId, account.address, anchoredOn - 50)
        await refused(account, made, anchoredOn)
      })

      it('it should revert if it speaks for another issuer', async () => {
        const { foreigner, anchor } = world()
        const made = three()
        await refused(foreigner, made, await anchor(made.root, foreigner))
      })

      it('it should revert if it speaks for nobody', async () => {
        const { stranger, anchor } = world()
        const made = three()
        await refused(stranger, made, await anchor(made.root, stranger))
      })
    })

    describe('given the account spoke for the issuer when it anchored', () => {
      it('it should emit {Opened} and nothing else', async () => {
        const { account, stranger, anchor, send } = world()
        const made = three()
        const anchoredOn = await anchor(made.root)
        const { events } = await send(stranger, 'open', made.batch, achievement)
        expect(events).to.deep.equal([['Opened', made.ticketRoot, achievement, account.address, BigInt(anchoredOn)]])
      })

      it('it should keep the account and the time of the anchor', async () => {
        const { account, stranger, anchor, send, pass } = world()
        const made = three()
        const number = TokenId.seriesOfBatch(bytes(made.ticketRoot), bytes(achievement))
        expect(await series(made)).to.deep.equal([number, false, 0n, nobody, 0n])
        const anchoredOn = await anchor(made.root)
        await pass(1_000)
        await send(stranger, 'open', made.batch, achievement)
        expect(await series(made)).to.deep.equal([number, true, 0n, account.address, BigInt(anchoredOn)])
      })

      it('it should let anybody open', async () => {
        const { account, controller, foreigner, holder, anchor, send } = world()
        for (const [seed, from] of [account, controller, foreigner, holder].entries()) {
          const made = make(world(), [named(wallet(1))], seed)
          await anchor(made.root)
          await send(from, 'open', made.batch, achievement)
          expect(await isOpen(made)).to.equal(true)
        }
      })

      it('it should make no token', async () => {
        const { ask } = world()
        const made = await opened(world(), three())
        expect(await ask('balanceOf', wallet(1))).to.equal(0n)
        expect(await ask('isSpent', made.ticketRoot, 0)).to.equal(false)
      })

      it('it should open it for each achievement on its own', async () => {
        const { stranger, anchor, send } = world()
        const made = three()
        await anchor(made.root)
        await send(stranger, 'open', made.batch, achievement)
        expect(await isOpen(made, otherAchievement)).to.equal(false)
        await send(stranger, 'open', made.batch, otherAchievement)
        expect([await isOpen(made), await isOpen(made, otherAchievement)]).to.deep.equal([true, true])
      })

      it('it should open it if the account was added in the same second', async () => {
        const { stranger, controller, directory, registry, issuerId, tell } = world()
        const made = three()
        await tell(stranger, 'consent', issuerId)
        const receipts = await inOneBlock(
          world(),
          [controller, String(directory.target), encode(directory, 'addAccount', [issuerId, stranger.address])],
          [stranger, registry, Bytes.toHex(made.root)],
        )
        expect(receipts.map((receipt) => receipt?.status)).to.deep.equal([1, 1])
        await world().send(stranger, 'open', [stranger.address, ...made.batch.slice(1)], achievement)
        expect(await isOpen(made)).to.equal(true)
      })

      it('it should open it if the account was retired in the same second', async () => {
        const { account, stranger, controller, directory, registry, issuerId, send } = world()
        const made = three()
        const receipts = await inOneBlock(
          world(),
          [controller, String(directory.target), encode(directory, 'retireAccount', [issuerId, account.address])],
          [account, registry, Bytes.toHex(made.root)],
        )
        expect(receipts.map((receipt) => receipt?.status)).to.deep.equal([1, 1])
        await send(stranger, 'open', made.batch, achievement)
        expect(await isOpen(made)).to.equal(true)
      })

      it('it should open it if the account has been retired since', async () => {
        const { account, stranger, controller, issuerId, anchor, send, tell, pass } = world()
        const made = three()
        await anchor(made.root)
        await pass(1)
        await tell(controller, 'retireAccount', issuerId, account.address)
        await send(stranger, 'open', made.batch, achievement)
        expect(await isOpen(made)).to.equal(true)
      })

      it('it should open it if the account was compromised a second later', async () => {
        const { account, stranger, controller, issuerId, anchor, send, tell, pass } = world()
        const made = three()
        const anchoredOn = await anchor(made.root)
        await pass(100)
        await tell(controller, 'reportAccount', issuerId, account.address, anchoredOn + 1)
        await send(stranger, 'open', made.batch, achievement)
        expect(await isOpen(made)).to.equal(true)
      })

      it('it should open it without asking whether a ticket is for the achievement', async () => {
        const { ask, stranger, refuses } = world()
        const other = digest('an achievement that no ticket is for')
        const made = await opened(world(), three(), [other])
        const [index, , ...rest] = at(made, 0).opening
        const { siblings } = at(made, 0)
        expect(await isOpen(made, other)).to.equal(true)
        // The ticket is another one with the other achievement, and so is the root to which its path leads.
        const data = encode(world().collection, 'redeem', [[index, other, ...rest], siblings])
        const call = world().chain.ethers.provider.call({ to: world().address, data })
        await expect(call).to.be.revertedWithCustomError(world().collection, 'BadgeCollection_NotOpen')
        await refuses(
          [stranger, 'redeem', ...redeeming(at(made, 0))],
          'BadgeCollection_NotOpen',
          made.ticketRoot,
          achievement,
        )
        expect(await ask('balanceOf', wallet(1))).to.equal(0n)
      })
    })

    describe('given it is open', () => {
      it('it should change nothing', async () => {
        const { stranger, send, state } = world()
        const made = await opened(world(), three())
        await send(stranger, 'redeem', ...redeeming(at(made, 0)))
        const before = await state()
        expect((await send(stranger, 'open', made.batch, achievement)).events).to.deep.equal([])
        expect(await state()).to.equal(before)
      })

      it('it should change nothing if another account has anchored it', async () => {
        const { secondAccount, stranger, anchor, send, state } = world()
        const made = await opened(world(), three())
        const before = await state()
        await anchor(made.root, secondAccount)
        const batch = [secondAccount.address, ...made.batch.slice(1)]
        expect((await send(stranger, 'open', batch, achievement)).events).to.deep.equal([])
        expect(await state()).to.equal(before)
      })
    })

    describe('given it was closed', () => {
      const closed = async () => {
        const { account, controller, stranger, issuerId, anchor, send, tell, pass } = world()
        const made = three()
        await pass(100)
        const anchoredOn = await anchor(made.root)
        await send(stranger, 'open', made.batch, achievement)
        await send(stranger, 'redeem', ...redeeming(at(made, 0)))
        await tell(controller, 'reportAccount', issuerId, account.address, anchoredOn)
        await send(stranger, 'recheck', made.ticketRoot, achievement)
        return { made, anchoredOn }
      }

      it('it should revert if nothing but the same anchor is there', async () => {
        const { account, stranger, issuerId, refuses } = world()
        const { made, anchoredOn } = await closed()
        await refuses(
          [stranger, 'open', made.batch, achievement],
          'BadgeCollection_NotSpokenFor',
          issuerId,
          account.address,
          anchoredOn,
        )
      })

      it('it should open it by the anchor of another account', async () => {
        const { secondAccount, stranger, ask, anchor, refuses, send } = world()
        const { made } = await closed()
        const anchoredOn = await anchor(made.root, secondAccount)
        await send(stranger, 'open', [secondAccount.address, ...made.batch.slice(1)], achievement)
        const [, open, lane, account, time] = await series(made)
        expect([open, lane, account, time]).to.deep.equal([true, 1n, secondAccount.address, BigInt(anchoredOn)])
        await refuses(
          [stranger, 'redeem', ...redeeming(at(made, 0))],
          'BadgeCollection_TicketSpent',
          made.ticketRoot,
          0,
        )
        await send(stranger, 'redeem', ...redeeming(at(made, 1)))
        expect(await ask('ownerOf', tokenOf(made, wallet(1)))).not.to.equal(nobody)
        expect(await ask('ownerOf', tokenOf(made, wallet(2)))).not.to.equal(nobody)
      })
    })

    describe('given another batch has the same tickets', () => {
      it('it should be open by the anchor of either, once', async () => {
        const { account, stranger, anchor, send, refuses } = world()
        const made = await opened(world(), three())
        const again = { ...made, ...join(bytes(made.ticketRoot), 1, account.address) }
        expect(again.root).not.to.deep.equal(made.root)
        await anchor(again.root)
        expect((await send(stranger, 'open', again.batch, achievement)).events).to.deep.equal([])
        await send(stranger, 'redeem', ...redeeming(at(made, 0)))
        await refuses(
          [stranger, 'redeem', ...redeeming(at(made, 0))],
          'BadgeCollection_TicketSpent',
          made.ticketRoot,
          0,
        )
      })
    })

    describe('given another seal has led to the number of the series', () => {
      it('it should revert with the number', async () => {
        const { address, chain, stranger, anchor, refuses, ask } = world()
        const made = three()
        await anchor(made.root)
        const number = TokenId.seriesOfBatch(bytes(made.ticketRoot), bytes(achievement))
        const { head } = BadgeCollection.seriesSlots(number)
        // Nobody can find such a seal: what it would leave behind is put there.
        const seal = Bytes.toHex(TokenId.seal(bytes(made.ticketRoot), bytes(achievement)))
        const other = (BigInt(seal) & (2n ** 160n - 1n)) ^ 1n
        for (const open of [1n, 0n]) {
          await chain.networkHelpers.setStorageAt(address, Bytes.toHex(head), toBeHex((open << 224n) | other, 32))
          await refuses([stranger, 'open', made.batch, achievement], 'BadgeCollection_SeriesTaken', number)
          expect(await ask('seriesOf', made.ticketRoot, achievement)).to.deep.equal([number, false, 0n, nobody, 0n])
          await refuses(
            [stranger, 'redeem', ...redeeming(at(made, 0))],
            'BadgeCollection_NotOpen',
            made.ticketRoot,
            achievement,
          )
        }
      })
    })
  })
})
