import { expect } from 'chai'
import { concat, dataSlice, toBeHex } from 'ethers'
import * as BadgeCollection from '../../../core/src/BadgeCollection.ts'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as Sha256 from '../../../core/src/Sha256.ts'
import * as Ticket from '../../../core/src/Ticket.ts'
import { wallets as hostile } from '../IssuerDirectory/world.ts'
import {
  achievement,
  at,
  batchOf,
  bytes,
  checksummed,
  day,
  digest,
  encode,
  hex,
  join,
  keyed,
  type Made,
  make,
  minted,
  named,
  nobody,
  opened,
  otherAchievement,
  type Redeemable,
  rebindSignature,
  redeemed,
  redeeming,
  specify,
  tokenOf,
  type Wanted,
  wallet,
  zero,
} from './world.ts'

const wallets = (size: number) => Array.from({ length: size }, (_, i) => named(wallet(i)))

specify('redeem', (world) => {
  const batch = (size = 5, seed = 0) => batchOf(world(), wallets(size), seed)

  /** That a ticket and its path lead to a root that is not open. */
  const leadsElsewhere = async ({ opening, siblings }: Redeemable, of: string = achievement) => {
    const { stranger, collection, chain, address, refuses } = world()
    const data = encode(collection, 'redeem', [opening, siblings])
    const error = await chain.ethers.provider.call({ to: address, data }).then(
      () => undefined,
      (thrown: { data?: string }) => collection.interface.parseError(thrown.data ?? ''),
    )
    expect(error?.name).to.equal('BadgeCollection_NotOpen')
    await refuses([stranger, 'redeem', opening, siblings], 'BadgeCollection_NotOpen', error?.args[0], of)
    return error?.args[0] as string
  }

  describe('redeem', () => {
    describe("when the ticket is a named wallet's", () => {
      it('it should emit {Transfer} and {Locked}, and nothing else', async () => {
        const { stranger, send } = world()
        const made = await batch()
        const { events } = await send(stranger, 'redeem', ...redeeming(at(made, 2)))
        expect(events).to.deep.equal(minted(tokenOf(made, wallet(2)), wallet(2)))
      })

      it('it should make the wallet the holder of a token', async () => {
        const { ask } = world()
        const made = await batch()
        const tokenId = await redeemed(world(), made, 2)
        expect(await ask('tokenIdOf', made.ticketRoot, achievement, wallet(2))).to.equal(tokenId)
        expect(await ask('ownerOf', tokenId)).to.equal(checksummed(wallet(2)))
        expect(await ask('balanceOf', wallet(2))).to.equal(1n)
        expect(await ask('locked', tokenId)).to.equal(true)
        expect(await ask('balanceOf', wallet(1))).to.equal(0n)
      })

      it('it should mark the ticket as spent', async () => {
        const { ask } = world()
        const made = await batch()
        await redeemed(world(), made, 2)
        const spent = await Promise.all([0, 1, 2, 3, 4].map((index) => ask('isSpent', made.ticketRoot, index)))
        expect(spent).to.deep.equal([false, false, true, false, false])
      })

      it('it should let anybody send it, for the wallet', async () => {
        const { account, controller, foreigner, holder, send } = world()
        const made = await batch()
        for (const [i, from] of [account, controller, foreigner, holder].entries()) {
          const { events } = await send(from, 'redeem', ...redeeming(at(made, i)))
          expect(events).to.deep.equal(minted(tokenOf(made, wallet(i)), wallet(i)))
        }
      })

      it('it should take every index of a tree of 1 to 9, 31, 32 and 33 tickets', async () => {
        const { stranger, send, ask } = world()
        for (const size of [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33]) {
          const made = await batch(size, size)
          for (let i = size - 1; i >= 0; i--) {
            if (size > 9 && i % 5 !== 0 && i < size - 2) continue
            await send(stranger, 'redeem', ...redeeming(at(made, i)))
            expect(await ask('ownerOf', tokenOf(made, wallet(i)))).to.equal(checksummed(wallet(i)))
          }
        }
      })

      it('it should take an index of a tree of 1,000 tickets', async () => {
        const { stranger, send, ask } = world()
        const made = await batch(1_000)
        // 10 siblings, 10 siblings, and 8 and 7 where levels are skipped: 1,000 is 0b1111101000.
        for (const [index, length] of [
          [0, 10],
          [511, 10],
          [991, 10],
          [992, 8],
          [999, 8],
        ] as const) {
          expect(at(made, index).siblings).to.have.lengthOf(length)
          await send(stranger, 'redeem', ...redeeming(at(made, index)))
          expect(await ask('isSpent', made.ticketRoot, index)).to.equal(true)
        }
        expect(await ask('isSpent', made.ticketRoot, 998)).to.equal(false)
      })

      it('it should take a path of 32 siblings', async () => {
        const { account, stranger, send, ask } = world()
        // Of a tree with 2^32 tickets there are this one, the last, and the siblings on its way.
        const index = 2 ** 32 - 1
        const opening = { index, address: wallet(1), achievement: bytes(achievement), salt: bytes(digest('salt')) }
        const ticket = Ticket.commitment({
          ...opening,
          kind: 'holder',
          chainId: world().chainId,
          collection: world().address,
        })
        const siblings = Array.from({ length: 32 }, (_, i) => bytes(digest(`sibling ${i}`)))
        const root = siblings.reduce((node, sibling) => Sha256.digest(sibling, node), ticket)
        const made = { ...join(root, 0, account.address), tickets: [] }
        await opened(world(), made)
        await send(
          stranger,
          'redeem',
          [index, achievement, wallet(1), Bytes.toHex(opening.salt)],
          siblings.map(Bytes.toHex),
        )
        expect(await ask('ownerOf', tokenOf(made, wallet(1)))).to.equal(checksummed(wallet(1)))
        expect(await ask('isSpent', made.ticketRoot, index)).to.equal(true)
      })

      it('it should call nothing of a wallet that is a contract', async () => {
        const { stranger, setCode, send } = world()
        const made = await batch()
        await setCode(wallet(2), hostile.endless)
        const { events } = await send(stranger, 'redeem', ...redeeming(at(made, 2)))
        expect(events).to.deep.equal(minted(tokenOf(made, wallet(2)), wallet(2)))
      })

      it('it should ask for nothing that leads to the credential', async () => {
        const { collection } = world()
        const made = await batch(8)
        const ticket = at(made, 2)
        const calldata = encode(collection, 'redeem', redeeming(ticket)).slice(10)
        const words = calldata.match(/.{64}/g)?.map((word) => `0x${word}`) ?? []
        // The ticket's own members, the array's place and length, and hashes of other tickets: nothing of the batch.
        const [index, of, addressee, own] = ticket.opening
        expect(words).to.deep.equal([
          toBeHex(index, 32),
          of,
          toBeHex(addressee, 32),
          own,
          toBeHex(5 * 32, 32),
          toBeHex(3, 32),
          ...ticket.siblings,
        ])
        const [, treeRoot, , manifestDigest] = made.batch
        for (const word of [treeRoot, manifestDigest, Bytes.toHex(made.root), ticket.commitment])
          expect(words).not.to.include(word)
      })
    })

    describe('when a member of the ticket is another one', () => {
      const changed = (made: Made, change: Partial<Record<0 | 1 | 2 | 3, unknown>>) => {
        const { opening, ...rest } = at(made, 2)
        const other = opening.map((member, i) => change[i as 0] ?? member) as unknown as Redeemable['opening']
        expect(other).not.to.deep.equal(opening)
        return { ...rest, opening: other }
      }

      it('it should revert if it is the index', async () => {
        const made = await batch()
        for (const index of [0, 1, 3]) await leadsElsewhere(changed(made, { 0: index }))
      })

      it('it should revert if it is the achievement', async () => {
        await leadsElsewhere(changed(await batch(), { 1: otherAchievement }), otherAchievement)
      })

      it('it should revert if it is the wallet', async () => {
        const made = await batch()
        for (const other of [wallet(3), world().stranger.address]) await leadsElsewhere(changed(made, { 2: other }))
      })

      it('it should revert if it is the salt', async () => {
        const made = await batch()
        for (const other of [digest('another salt'), zero]) await leadsElsewhere(changed(made, { 3: other }))
      })

      /** A batch that is open, with one ticket that is not what the others are. */
      const odd = async (one: Partial<Wanted>) => {
        const wanted: Wanted[] = wallets(5)
        wanted[2] = { ...named(wallet(2)), ...one }
        return opened(world(), make(world(), wanted))
      }

      it('it should revert if it was made for another chain', async () => {
        await leadsElsewhere(at(await odd({ chainId: 1 }), 2))
      })

      it('it should revert if it was made for another collection', async () => {
        await leadsElsewhere(at(await odd({ collection: wallet(8) }), 2))
      })

      it('it should revert if it was made for another index than it stands at', async () => {
        const made = await odd({ index: 3 })
        const ticket = at(made, 2)
        const [index, ...rest] = ticket.opening
        expect(index).to.equal(3)
        // Neither with the index that it says, nor with the one where it stands.
        await leadsElsewhere(ticket)
        await leadsElsewhere({ ...ticket, opening: [2, ...rest] })
      })

      it("it should revert if it is a claim key's", async () => {
        await leadsElsewhere(at(await odd({ kind: 'ticket' }), 2))
      })
    })

    describe('when the path is another one', () => {
      const withSiblings = (ticket: Redeemable, siblings: readonly string[]) => ({ ...ticket, siblings })

      it('it should revert if it is empty', async () => {
        const made = await batch()
        expect(await leadsElsewhere(withSiblings(at(made, 0), []))).to.equal(at(made, 0).commitment)
      })

      it('it should revert if it is of another ticket', async () => {
        const made = await batch()
        await leadsElsewhere(withSiblings(at(made, 2), at(made, 3).siblings))
        await leadsElsewhere(withSiblings(at(made, 2), at(made, 0).siblings))
      })

      it('it should revert if it is of another batch', async () => {
        const [first, second] = [await batch(5, 0), await batch(5, 1)]
        await leadsElsewhere(withSiblings(at(first, 2), at(second, 2).siblings))
      })

      it('it should revert if a sibling is missing, at either end', async () => {
        const made = await batch()
        const { siblings } = at(made, 2)
        await leadsElsewhere(withSiblings(at(made, 2), siblings.slice(1)))
        await leadsElsewhere(withSiblings(at(made, 2), siblings.slice(0, -1)))
      })

      it('it should revert if a sibling is too many, at either end', async () => {
        const made = await batch()
        const { siblings } = at(made, 2)
        for (const more of [zero, siblings[0] ?? '', made.ticketRoot]) {
          await leadsElsewhere(withSiblings(at(made, 2), [more, ...siblings]))
          await leadsElsewhere(withSiblings(at(made, 2), [...siblings, more]))
        }
      })

      it('it should revert if two siblings are swapped', async () => {
        const made = await batch()
        const [a = '', b = '', c = ''] = at(made, 2).siblings
        for (const swapped of [
          [b, a, c],
          [a, c, b],
          [c, b, a],
        ])
          await leadsElsewhere(withSiblings(at(made, 2), swapped))
      })

      it('it should revert if any bit of it is another one', async () => {
        const { chain, collection, address } = world()
        const made = await batch()
        const ticket = at(made, 2)
        const path = BigInt(concat(ticket.siblings))
        const size = ticket.siblings.length
        // All 768 bits, asked without a transaction.
        for (let bit = 0n; bit < 256n * BigInt(size); bit++) {
          const flipped = toBeHex(path ^ (1n << bit), 32 * size)
          const siblings = ticket.siblings.map((_, i) => dataSlice(flipped, 32 * i, 32 * (i + 1)))
          const data = encode(collection, 'redeem', [ticket.opening, siblings])
          const outcome = await chain.ethers.provider.call({ to: address, data }).then(
            () => 'redeemed',
            (thrown: { data?: string }) => collection.interface.parseError(thrown.data ?? '')?.name,
          )
          expect(outcome).to.equal('BadgeCollection_NotOpen')
        }
      })

      it('it should revert if it is shorter than the index has ones', async () => {
        const { stranger, refuses } = world()
        const made = await batch(8)
        const { opening, siblings } = at(made, 7)
        for (const length of [0, 1, 2])
          await refuses(
            [stranger, 'redeem', opening, siblings.slice(0, length)],
            'BadgeCollection_PathLength',
            7,
            length,
          )
      })

      it('it should revert if it has more than 32 siblings', async () => {
        const { stranger, refuses } = world()
        const made = await batch()
        const more = Array.from({ length: 33 }, (_, i) => digest(`${i}`))
        await refuses([stranger, 'redeem', at(made, 0).opening, more], 'BadgeCollection_PathLength', 0, 33)
        await leadsElsewhere(withSiblings(at(made, 0), more.slice(1)))
      })

      it('it should revert if it has 10,000 siblings', async () => {
        const { chain, collection, address } = world()
        const made = await batch()
        const siblings = Array.from({ length: 10_000 }, () => at(made, 0).siblings[0] ?? '')
        const data = encode(collection, 'redeem', [at(made, 0).opening, siblings])
        await expect(chain.ethers.provider.call({ to: address, data }))
          .to.be.revertedWithCustomError(collection, 'BadgeCollection_PathLength')
          .withArgs(0, 10_000)
      })
    })

    describe("when the ticket stands where the tree is no tree of an issuer's", () => {
      it('it should take the first of two tickets at one index, and refuse the second', async () => {
        const { account, stranger, send, refuses, ask } = world()
        // Index 1 twice: on the right of the root with one sibling, and two levels below it, on the right of the left.
        const opening = (n: number) => ({
          kind: 'holder' as const,
          chainId: world().chainId,
          collection: world().address,
          achievement: bytes(achievement),
          index: 1,
          address: wallet(n),
          salt: bytes(digest(`salt ${n}`)),
        })
        const [upper, lower] = [Ticket.commitment(opening(1)), Ticket.commitment(opening(2))]
        const filler = bytes(digest('filler'))
        const left = Sha256.digest(filler, lower)
        const made: Made = { ...join(Sha256.digest(left, upper), 0, account.address), tickets: [] }
        await opened(world(), made)
        const of = (n: number) => [1, achievement, wallet(n), digest(`salt ${n}`)]
        await send(stranger, 'redeem', of(1), [Bytes.toHex(left)])
        await refuses(
          [stranger, 'redeem', of(2), [Bytes.toHex(filler), Bytes.toHex(upper)]],
          'BadgeCollection_TicketSpent',
          made.ticketRoot,
          1,
        )
        expect(await ask('balanceOf', wallet(2))).to.equal(0n)
      })

      it('it should refuse a node for a ticket', async () => {
        const { chain, collection, address } = world()
        const made = await batch(4)
        // The two hashes below a node, with what is left of the path: no member of a ticket takes 64 bytes.
        const [first, second] = [at(made, 0), at(made, 1)]
        const path = first.siblings.slice(1)
        expect(Sha256.digest(bytes(first.commitment), bytes(second.commitment))).to.have.lengthOf(32)
        const data = encode(collection, 'redeem', [[0, first.commitment, wallet(0), second.commitment], path])
        await expect(chain.ethers.provider.call({ to: address, data })).to.be.revertedWithCustomError(
          collection,
          'BadgeCollection_NotOpen',
        )
      })
    })

    describe('given the batch is not open', () => {
      it('it should revert with the root of the tickets and the achievement', async () => {
        const { anchor, stranger, refuses } = world()
        const made = make(world(), wallets(5))
        const call = [stranger, 'redeem', ...redeeming(at(made, 2))] as const
        await refuses([...call], 'BadgeCollection_NotOpen', made.ticketRoot, achievement)
        await anchor(made.root)
        await refuses([...call], 'BadgeCollection_NotOpen', made.ticketRoot, achievement)
      })

      it('it should revert if it is open for another achievement', async () => {
        const { stranger, refuses } = world()
        const made = await opened(world(), make(world(), wallets(5)), [otherAchievement])
        await refuses(
          [stranger, 'redeem', ...redeeming(at(made, 2))],
          'BadgeCollection_NotOpen',
          made.ticketRoot,
          achievement,
        )
      })
    })

    describe('given the ticket is spent', () => {
      const holder = keyed(3)
      const refused = async (made: Made, index: number) => {
        const { stranger, account, holder: sender, refuses } = world()
        for (const from of [stranger, account, sender])
          await refuses(
            [from, 'redeem', ...redeeming(at(made, index))],
            'BadgeCollection_TicketSpent',
            made.ticketRoot,
            index,
          )
      }

      it('it should revert if it has been redeemed', async () => {
        const made = await batch()
        await redeemed(world(), made, 2)
        await refused(made, 2)
      })

      it('it should revert if its token has been burnt', async () => {
        const { holder: sender, send } = world()
        const made = await batchOf(world(), [named(sender.address)])
        await send(sender, 'burn', await redeemed(world(), made, 0))
        await refused(made, 0)
      })

      it('it should revert if its token has been revoked', async () => {
        const { account, send } = world()
        const made = await batch()
        await send(account, 'revoke', [await redeemed(world(), made, 2)])
        await refused(made, 2)
      })

      it('it should revert if its token has been bound to another wallet', async () => {
        const { account, send, now } = world()
        const made = await batchOf(world(), [named(holder.address)])
        const tokenId = await redeemed(world(), made, 0)
        const message = { tokenId, to: wallet(9), deadline: (await now()) + day }
        const signature = await rebindSignature(world(), holder, message)
        await send(account, 'rebind', tokenId, message.to, message.deadline, signature)
        await refused(made, 0)
      })

      it('it should revert if the ticket has been revoked', async () => {
        const { account, send } = world()
        const made = await batch()
        await send(account, 'revokeTickets', made.ticketRoot, 0, 1n << 2n)
        await refused(made, 2)
      })
    })

    describe('given the wallet has a token of the series', () => {
      const twice = () => batchOf(world(), [named(wallet(1)), named(wallet(1)), named(wallet(2))])

      it('it should revert with the series and the wallet', async () => {
        const { stranger, ask, refuses } = world()
        const made = await twice()
        const tokenId = await redeemed(world(), made, 0)
        await refuses(
          [stranger, 'redeem', ...redeeming(at(made, 1))],
          'BadgeCollection_AlreadyGiven',
          tokenId >> 160n,
          checksummed(wallet(1)),
        )
        expect(await ask('isSpent', made.ticketRoot, 1)).to.equal(false)
      })

      it('it should revert if the token is gone', async () => {
        const { account, stranger, refuses, send } = world()
        const made = await twice()
        const tokenId = await redeemed(world(), made, 0)
        await send(account, 'revoke', [tokenId])
        await refuses(
          [stranger, 'redeem', ...redeeming(at(made, 1))],
          'BadgeCollection_AlreadyGiven',
          tokenId >> 160n,
          checksummed(wallet(1)),
        )
      })
    })

    describe('given the wallet has a token of another series', () => {
      it('it should give it one of another achievement of the batch', async () => {
        const { ask } = world()
        const made = await batchOf(world(), [named(wallet(1)), named(wallet(1), { achievement: otherAchievement })])
        const tokens = [await redeemed(world(), made, 0), await redeemed(world(), made, 1)]
        expect(await ask('balanceOf', wallet(1))).to.equal(2n)
        const uris = await Promise.all(tokens.map((tokenId) => ask('tokenURI', tokenId)))
        expect(new Set(uris).size).to.equal(2)
      })

      it('it should give it one of another batch', async () => {
        const { ask } = world()
        const [first, second] = [await batch(3, 0), await batch(3, 1)]
        const tokens = [await redeemed(world(), first, 1), await redeemed(world(), second, 1)]
        expect(new Set(tokens).size).to.equal(2)
        expect(await ask('balanceOf', wallet(1))).to.equal(2n)
        const uris = await Promise.all(tokens.map((tokenId) => ask('tokenURI', tokenId)))
        expect(new Set(uris).size).to.equal(1)
      })
    })

    describe('given many series have tokens', () => {
      it('it should give a wallet one of each', async () => {
        const { ask, chain, address } = world()
        // Lanes 1 to 4, and then those on both sides of the border between two words.
        const tokens = []
        for (let seed = 0; seed < 8; seed++) {
          if (seed === 4) await chain.networkHelpers.setStorageAt(address, toBeHex(0, 32), toBeHex(125, 32))
          const made = await batch(1, seed)
          tokens.push(await redeemed(world(), made, 0))
          const [, , lane] = (await ask('seriesOf', made.ticketRoot, achievement)) as bigint[]
          expect(lane).to.equal([1n, 2n, 3n, 4n, 126n, 127n, 128n, 129n][seed])
          expect(await ask('balanceOf', wallet(0))).to.equal(BigInt(seed + 1))
        }
        for (const tokenId of tokens) expect(await ask('ownerOf', tokenId)).to.equal(checksummed(wallet(0)))
        const [low, high] = await Promise.all(
          [127n, 128n].map((lane) =>
            chain.ethers.provider.getStorage(address, Bytes.toHex(BadgeCollection.holdingPlace(wallet(0), lane).slot)),
          ),
        )
        expect(BigInt(low ?? 0)).to.equal((1n << 254n) | (1n << 252n) | 0b01_01_01_01_00n)
        expect(BigInt(high ?? 0)).to.equal(0b01_01n)
      })
    })

    describe('when the wallet is none', () => {
      /** The ticket of a wallet for which the code that issues tickets makes none, alone in its tree. */
      const only = async (address: string) => {
        const { account, chainId, address: collection } = world()
        const [own, none] = [digest('salt'), hex(address)]
        const ticket = Sha256.digest(
          Bytes.fromUtf8('laurel/holder/v1'),
          Bytes.fromUint(chainId, 32),
          bytes(collection),
          bytes(achievement),
          Bytes.fromUint(0, 4),
          bytes(none),
          bytes(own),
        )
        await opened(world(), { ...join(ticket, 0, account.address), tickets: [] })
        return [[0, achievement, none, own], []]
      }

      it('it should revert if it is the zero address', async () => {
        const { stranger, refuses } = world()
        await refuses([stranger, 'redeem', ...(await only(nobody))], 'ERC721InvalidReceiver', nobody)
      })

      it('it should revert if it is the collection', async () => {
        const { stranger, address, refuses } = world()
        await refuses([stranger, 'redeem', ...(await only(address))], 'ERC721InvalidReceiver', checksummed(address))
      })
    })
  })
})
