import { expect } from 'chai'
import { concat, dataSlice, toBeHex, type Wallet } from 'ethers'
import * as BadgeCollection from '../../../core/src/BadgeCollection.ts'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as Sha256 from '../../../core/src/Sha256.ts'
import { wallets as hostile } from '../IssuerDirectory/world.ts'
import {
  achievement,
  at,
  batchOf,
  bytes,
  checksummed,
  claimed,
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
  rebindSignature,
  redeeming,
  redeemingByKey,
  redeemSignature,
  specify,
  tokenOf,
  type World,
  wallet,
} from './world.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const keys = [keyed(10), keyed(11), keyed(12)]
const [key, secondKey] = keys as [Wallet, Wallet]

specify('redeemByKey', (world) => {
  const batch = (seed = 0) => batchOf(world(), [...keys.map((each) => claimed(each.address)), named(key.address)], seed)

  /** What the first key signs for a wallet within the day. */
  const messageOf = async (made: Made, to: string = wallet(1)) => ({
    ticket: at(made, 0).commitment,
    to,
    deadline: (await world().now()) + day,
  })

  /** That the signature is taken for none of the first key, whatever it is. */
  const isNoSignature = async (made: Made, deadline: number, signature: string, to: string = wallet(1)) => {
    const { stranger, refuses } = world()
    await refuses(
      [stranger, 'redeemByKey', ...redeeming(at(made, 0)), to, deadline, signature],
      'BadgeCollection_SignatureInvalid',
      key.address,
    )
  }

  describe('redeemByKey', () => {
    describe('when the claim key has signed', () => {
      it('it should emit {Transfer} and {Locked}, and nothing else', async () => {
        const { stranger, send } = world()
        const made = await batch()
        const { events } = await send(
          stranger,
          'redeemByKey',
          ...(await redeemingByKey(world(), at(made, 0), key, wallet(1))),
        )
        expect(events).to.deep.equal(minted(tokenOf(made, wallet(1)), wallet(1)))
      })

      it('it should make the wallet that the key names the holder of a token', async () => {
        const { stranger, ask, send } = world()
        const made = await batch()
        await send(stranger, 'redeemByKey', ...(await redeemingByKey(world(), at(made, 0), key, wallet(1))))
        expect(await ask('ownerOf', tokenOf(made, wallet(1)))).to.equal(checksummed(wallet(1)))
        expect(await ask('balanceOf', wallet(1))).to.equal(1n)
        expect(await ask('balanceOf', key.address)).to.equal(0n)
      })

      it('it should mark the ticket as spent', async () => {
        const { stranger, ask, send } = world()
        const made = await batch()
        await send(stranger, 'redeemByKey', ...(await redeemingByKey(world(), at(made, 1), secondKey, wallet(1))))
        const spent = await Promise.all([0, 1, 2, 3].map((index) => ask('isSpent', made.ticketRoot, index)))
        expect(spent).to.deep.equal([false, true, false, false])
      })

      it('it should let anybody send it, for the wallet that the key names', async () => {
        const { account, foreigner, holder, send } = world()
        const made = await batch()
        for (const [i, from] of [account, foreigner, holder].entries()) {
          const { events } = await send(
            from,
            'redeemByKey',
            ...(await redeemingByKey(world(), at(made, i), keys[i] as Wallet, wallet(i))),
          )
          expect(events).to.deep.equal(minted(tokenOf(made, wallet(i)), wallet(i)))
        }
      })

      it('it should take it in the second of the deadline', async () => {
        const { chain, stranger, send, now } = world()
        const made = await batch()
        const deadline = (await now()) + 10
        const args = await redeemingByKey(world(), at(made, 0), key, wallet(1), deadline)
        await chain.networkHelpers.time.setNextBlockTimestamp(deadline)
        const { time } = await send(stranger, 'redeemByKey', ...args)
        expect(time).to.equal(deadline)
      })

      it('it should take a deadline 30 days ahead', async () => {
        const { chain, stranger, send, now } = world()
        const made = await batch()
        const time = (await now()) + 10
        const args = await redeemingByKey(world(), at(made, 0), key, wallet(1), time + 30 * day)
        await chain.networkHelpers.time.setNextBlockTimestamp(time)
        expect((await send(stranger, 'redeemByKey', ...args)).events).to.have.lengthOf(2)
      })

      it('it should ask for nothing that leads to the credential', async () => {
        const { collection } = world()
        const made = await batch()
        const args = await redeemingByKey(world(), at(made, 0), key, wallet(1))
        const calldata = encode(collection, 'redeemByKey', args)
        const [, treeRoot, , manifestDigest] = made.batch
        for (const word of [treeRoot, manifestDigest, Bytes.toHex(made.root), at(made, 0).commitment])
          expect(calldata).not.to.include(word.slice(2))
        // The ticket's four words, three for the wallet, the deadline and the path, and what has a length of its own.
        expect((calldata.length - 10) / 64).to.equal(4 + 1 + 1 + 1 + 1 + (1 + at(made, 0).siblings.length) + (1 + 3))
      })
    })

    describe('when the deadline is not within the next 30 days', () => {
      it('it should revert if it has passed', async () => {
        const { stranger, refuses, now } = world()
        const made = await batch()
        for (const deadline of [0, 1, await now()]) {
          const args = await redeemingByKey(world(), at(made, 0), key, wallet(1), deadline)
          await world().pass(1)
          await refuses([stranger, 'redeemByKey', ...args], 'BadgeCollection_Deadline', deadline)
        }
      })

      it('it should revert if it is more than 30 days ahead', async () => {
        const { stranger, refuses, now } = world()
        const made = await batch()
        // Two calls follow, the first on the newest block and the second a second later.
        const deadline = (await now()) + 30 * day + 10
        const args = await redeemingByKey(world(), at(made, 0), key, wallet(1), deadline)
        await refuses([stranger, 'redeemByKey', ...args], 'BadgeCollection_Deadline', deadline)
      })

      it('it should revert if it is the largest there is', async () => {
        const { stranger, refuses } = world()
        const made = await batch()
        const args = await redeemingByKey(world(), at(made, 0), key, wallet(1), 2n ** 256n - 1n)
        await refuses([stranger, 'redeemByKey', ...args], 'BadgeCollection_Deadline', 2n ** 256n - 1n)
      })
    })

    describe('when the claim key has signed something else', () => {
      it('it should revert if the chain is another one', async () => {
        const made = await batch()
        const message = await messageOf(made)
        for (const chainId of [1, 0, 31_338])
          await isNoSignature(made, message.deadline, await redeemSignature(world(), key, message, { chainId }))
      })

      it('it should revert if the collection is another one', async () => {
        const { implementation, directory } = world()
        const made = await batch()
        const message = await messageOf(made)
        for (const verifyingContract of [implementation, String(directory.target), wallet(3), nobody])
          await isNoSignature(
            made,
            message.deadline,
            await redeemSignature(world(), key, message, { verifyingContract }),
          )
      })

      const sign = (
        { chainId, address }: World,
        types: Record<string, { name: string; type: string }[]>,
        message: Record<string, unknown>,
        domain: Record<string, unknown> = {},
      ) => key.signTypedData({ chainId, verifyingContract: address, ...domain }, types, message)

      const members = (first: string) => [
        { name: first, type: first === 'tokenId' ? 'uint256' : 'bytes32' },
        { name: 'to', type: 'address' },
        { name: 'deadline', type: 'uint256' },
      ]

      it('it should revert if the domain has a name or a version', async () => {
        const made = await batch()
        const message = await messageOf(made)
        for (const domain of [{ name: 'Laurel BadgeCollection' }, { version: '1' }, { name: '' }])
          await isNoSignature(
            made,
            message.deadline,
            await sign(world(), { Redeem: members('ticket') }, message, domain),
          )
      })

      it('it should revert if the ticket is another one', async () => {
        const made = await batch()
        const message = await messageOf(made)
        for (const ticket of [at(made, 1).commitment, at(made, 3).commitment, made.ticketRoot])
          await isNoSignature(made, message.deadline, await redeemSignature(world(), key, { ...message, ticket }))
      })

      it('it should revert if the wallet is another one', async () => {
        const { stranger } = world()
        const made = await batch()
        const message = await messageOf(made)
        const signature = await redeemSignature(world(), key, message)
        for (const to of [wallet(2), stranger.address, key.address])
          await isNoSignature(made, message.deadline, signature, to)
      })

      it('it should revert if the deadline is another one', async () => {
        const made = await batch()
        const message = await messageOf(made)
        const signature = await redeemSignature(world(), key, message)
        for (const more of [-1, 1, day]) await isNoSignature(made, message.deadline + more, signature)
      })

      it('it should revert if it is of another type, with the same members', async () => {
        const made = await batch()
        const message = await messageOf(made)
        for (const type of ['Revoke', 'redeem', 'RedeemTicket'])
          await isNoSignature(made, message.deadline, await sign(world(), { [type]: members('ticket') }, message))
      })

      it('it should revert if it is to bind a token to another wallet', async () => {
        const made = await batch()
        const { ticket, to, deadline } = await messageOf(made)
        const signature = await rebindSignature(world(), key, { tokenId: BigInt(ticket), to, deadline })
        await isNoSignature(made, deadline, signature)
      })

      it("it should revert if it is a message of a wallet's own", async () => {
        const { chainId, address } = world()
        const made = await batch()
        const { deadline, ticket, to } = await messageOf(made)
        const signed = BadgeCollection.redeemDigest({
          chainId,
          collection: address,
          ticket: bytes(ticket),
          to: hex(to),
          deadline,
        })
        // EIP-191: the wallet puts a prefix before what it is given.
        await isNoSignature(made, deadline, await key.signMessage(signed))
        await isNoSignature(made, deadline, await key.signMessage(ticket))
      })
    })

    describe('when somebody else has signed', () => {
      it('it should revert if it is another claim key of the batch', async () => {
        const made = await batch()
        const message = await messageOf(made)
        await isNoSignature(made, message.deadline, await redeemSignature(world(), secondKey, message))
      })

      it('it should revert if it is an account of the issuer', async () => {
        const { account, controller, chainId, address } = world()
        const made = await batch()
        const message = await messageOf(made)
        const types = {
          Redeem: [
            { name: 'ticket', type: 'bytes32' },
            { name: 'to', type: 'address' },
            { name: 'deadline', type: 'uint256' },
          ],
        }
        for (const from of [account, controller]) {
          const signature = await from.signTypedData({ chainId, verifyingContract: address }, types, message)
          await isNoSignature(made, message.deadline, signature)
        }
      })
    })

    describe('when the signature is not in the one form of it', () => {
      const signed = async () => {
        const made = await batch()
        const message = await messageOf(made)
        const signature = await redeemSignature(world(), key, message)
        const [r, s, v] = [dataSlice(signature, 0, 32), dataSlice(signature, 32, 64), dataSlice(signature, 64)]
        return { made, deadline: message.deadline, signature, r, s, v }
      }

      it('it should revert if s is in the upper half', async () => {
        const { made, deadline, r, s, v } = await signed()
        const other = v === '0x1b' ? '0x1c' : '0x1b'
        await isNoSignature(made, deadline, concat([r, toBeHex(order - BigInt(s), 32), other]))
        const half = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n
        await isNoSignature(made, deadline, concat([r, toBeHex(half + 1n, 32), v]))
      })

      it('it should revert if it is in the compact form of 64 bytes', async () => {
        const { made, deadline, r, s, v } = await signed()
        // EIP-2098: the parity in the highest bit of s.
        const parity = v === '0x1c' ? 1n << 255n : 0n
        await isNoSignature(made, deadline, concat([r, toBeHex(BigInt(s) | parity, 32)]))
      })

      it('it should revert if it is cut short, too long or empty', async () => {
        const { made, deadline, signature } = await signed()
        for (const other of ['0x', signature.slice(0, -2), `${signature}00`, dataSlice(signature, 0, 32)])
          await isNoSignature(made, deadline, other)
      })

      it('it should revert if v is neither 27 nor 28', async () => {
        const { made, deadline, r, s, v } = await signed()
        for (const other of [0, 1, 26, 29, 255, v === '0x1b' ? 28 : 27])
          await isNoSignature(made, deadline, concat([r, s, toBeHex(other, 1)]))
      })

      it('it should revert if it is 65 zeros', async () => {
        const { made, deadline } = await signed()
        await isNoSignature(made, deadline, `0x${'00'.repeat(65)}`)
      })

      it('it should revert if r or s is zero or not below the order', async () => {
        const { made, deadline, r, s, v } = await signed()
        for (const other of [0n, order, order + 1n, 2n ** 256n - 1n]) {
          await isNoSignature(made, deadline, concat([toBeHex(other, 32), s, v]))
          await isNoSignature(made, deadline, concat([r, toBeHex(other, 32), v]))
        }
      })
    })

    describe('when the claim key is the zero address', () => {
      /** A ticket for which the code that issues tickets makes none, alone in its tree. */
      const orphan = async () => {
        const { account, chainId, address } = world()
        const own = digest('salt')
        const ticket = Sha256.digest(
          Bytes.fromUtf8('laurel/ticket/v1'),
          Bytes.fromUint(chainId, 32),
          bytes(address),
          bytes(achievement),
          Bytes.fromUint(0, 4),
          bytes(nobody),
          bytes(own),
        )
        await opened(world(), { ...join(ticket, 0, account.address), tickets: [] })
        return [[0, achievement, nobody, own], []]
      }

      const refused = async (signature: string) => {
        const { stranger, refuses, now } = world()
        const ticket = await orphan()
        const deadline = (await now()) + day
        await refuses(
          [stranger, 'redeemByKey', ...ticket, wallet(1), deadline, signature],
          'BadgeCollection_SignatureInvalid',
          nobody,
        )
      }

      it('it should revert with 65 zeros', () => refused(`0x${'00'.repeat(65)}`))

      it('it should revert with a signature that leads nowhere', () =>
        // No point of the curve has this r.
        refused(concat([toBeHex(5, 32), toBeHex(1, 32), '0x1b'])))
    })

    describe('when the claim key has code', () => {
      it('it should take no answer of it for a signature', async () => {
        const { setCode } = world()
        const made = await batch()
        await setCode(key.address, hostile.agreeing)
        const { deadline } = await messageOf(made)
        for (const signature of ['0x', `0x${'00'.repeat(65)}`, concat([toBeHex(1, 32), toBeHex(1, 32), '0x1b'])])
          await isNoSignature(made, deadline, signature)
      })
    })

    describe('when a ticket of one kind is redeemed as one of the other', () => {
      it("it should revert if a named wallet's is redeemed by that wallet's key", async () => {
        const { stranger, refuses, send } = world()
        const made = await batch()
        const ticket = at(made, 3)
        // The key signs the named wallet's ticket, and the one that a claim key's would be.
        const { opening } = ticket
        const other = make(
          world(),
          [0, 1, 2, 3].map(() => claimed(key.address)),
        )
        for (const commitment of [ticket.commitment, at(other, 3).commitment]) {
          const args = await redeemingByKey(world(), { ...ticket, commitment }, key, wallet(1))
          const error =
            commitment === ticket.commitment ? 'BadgeCollection_SignatureInvalid' : 'BadgeCollection_NotOpen'
          const { address, chain, collection } = world()
          await expect(
            chain.ethers.provider.call({ to: address, data: encode(collection, 'redeemByKey', args) }),
          ).to.be.revertedWithCustomError(collection, error)
        }
        await send(stranger, 'redeem', ...redeeming(ticket))
        await refuses([stranger, 'redeem', opening, ticket.siblings], 'BadgeCollection_TicketSpent', made.ticketRoot, 3)
      })

      it("it should revert if a claim key's is redeemed for the key's own address", async () => {
        const { address, chain, collection } = world()
        const made = await batch()
        const data = encode(collection, 'redeem', redeeming(at(made, 0)))
        await expect(chain.ethers.provider.call({ to: address, data })).to.be.revertedWithCustomError(
          collection,
          'BadgeCollection_NotOpen',
        )
      })
    })

    describe('when a member of the ticket, or the path, is another one', () => {
      it('it should revert, though the key has signed what was sent', async () => {
        const { address, chain, collection, chainId } = world()
        const made = await batch()
        const { opening, siblings } = at(made, 0)
        const [index, of, addressee, own] = opening
        const variants = [
          { opening: [1, of, addressee, own] as const, siblings },
          { opening: [index, otherAchievement, addressee, own] as const, siblings },
          { opening: [index, of, addressee, digest('another salt')] as const, siblings },
          { opening, siblings: at(made, 1).siblings },
          { opening, siblings: siblings.slice(1) },
          { opening, siblings: [...siblings, siblings[0] ?? ''] },
        ]
        for (const variant of variants) {
          const [i, ach, at_, salt] = variant.opening
          const commitment = Bytes.toHex(
            Sha256.digest(
              Bytes.fromUtf8('laurel/ticket/v1'),
              Bytes.fromUint(chainId, 32),
              bytes(address),
              bytes(ach),
              Bytes.fromUint(i, 4),
              bytes(at_),
              bytes(salt),
            ),
          )
          const args = await redeemingByKey(world(), { ...variant, commitment }, key, wallet(1))
          await expect(
            chain.ethers.provider.call({ to: address, data: encode(collection, 'redeemByKey', args) }),
          ).to.be.revertedWithCustomError(collection, 'BadgeCollection_NotOpen')
        }
      })
    })

    describe('given the batch is not open', () => {
      it('it should revert with the root of the tickets and the achievement', async () => {
        const { anchor, stranger, refuses } = world()
        const made = make(world(), [claimed(key.address)])
        await anchor(made.root)
        const args = await redeemingByKey(world(), at(made, 0), key, wallet(1))
        await refuses([stranger, 'redeemByKey', ...args], 'BadgeCollection_NotOpen', made.ticketRoot, achievement)
      })
    })

    describe('given the ticket is spent', () => {
      const spent = async (made: Made, to: string) => {
        const { stranger, refuses } = world()
        const args = await redeemingByKey(world(), at(made, 0), key, to)
        await refuses([stranger, 'redeemByKey', ...args], 'BadgeCollection_TicketSpent', made.ticketRoot, 0)
      }

      it('it should revert if it has been redeemed, for whichever wallet the key signs', async () => {
        const { stranger, refuses, send } = world()
        const made = await batch()
        const args = await redeemingByKey(world(), at(made, 0), key, wallet(1))
        await send(stranger, 'redeemByKey', ...args)
        await refuses([stranger, 'redeemByKey', ...args], 'BadgeCollection_TicketSpent', made.ticketRoot, 0)
        for (const to of [wallet(1), wallet(2), key.address]) await spent(made, to)
      })

      it('it should revert if its token is gone', async () => {
        const { account, holder, stranger, send } = world()
        const [first, second] = [await batch(0), await batch(1)]
        for (const made of [first, second]) {
          const args = await redeemingByKey(world(), at(made, 0), key, holder.address)
          await send(stranger, 'redeemByKey', ...args)
        }
        await send(holder, 'burn', tokenOf(first, holder.address))
        await send(account, 'revoke', [tokenOf(second, holder.address)])
        for (const made of [first, second]) {
          await spent(made, holder.address)
          await spent(made, wallet(2))
        }
      })

      it('it should revert if its token has been bound to another wallet', async () => {
        const { account, stranger, send, now } = world()
        const made = await batch()
        const args = await redeemingByKey(world(), at(made, 0), key, secondKey.address)
        await send(stranger, 'redeemByKey', ...args)
        const message = { tokenId: tokenOf(made, secondKey.address), to: wallet(4), deadline: (await now()) + day }
        const signature = await rebindSignature(world(), secondKey, message)
        await send(account, 'rebind', message.tokenId, message.to, message.deadline, signature)
        for (const to of [secondKey.address, wallet(4), wallet(5)]) await spent(made, to)
      })

      it('it should revert if the ticket has been revoked', async () => {
        const { account, send } = world()
        const made = await batch()
        await send(account, 'revokeTickets', made.ticketRoot, 0, 1)
        await spent(made, wallet(1))
      })
    })

    describe('given the wallet has a token of the series', () => {
      const secondFor = async (to: string) => {
        const { stranger, send } = world()
        const made = await batch()
        await send(stranger, 'redeemByKey', ...(await redeemingByKey(world(), at(made, 0), key, wallet(1))))
        return { made, args: await redeemingByKey(world(), at(made, 1), secondKey, to) }
      }

      it('it should revert with the series and the wallet', async () => {
        const { stranger, refuses } = world()
        const { made, args } = await secondFor(wallet(1))
        await refuses(
          [stranger, 'redeemByKey', ...args],
          'BadgeCollection_AlreadyGiven',
          tokenOf(made, wallet(1)) >> 160n,
          checksummed(wallet(1)),
        )
      })

      it('it should leave the ticket for another wallet', async () => {
        const { stranger, ask, send } = world()
        const { made, args } = await secondFor(wallet(2))
        await send(stranger, 'redeemByKey', ...args)
        expect(await ask('ownerOf', tokenOf(made, wallet(2)))).to.equal(checksummed(wallet(2)))
      })
    })

    describe('when the wallet is none', () => {
      it('it should revert if it is the zero address', async () => {
        const { stranger, refuses } = world()
        const made = await batch()
        const args = await redeemingByKey(world(), at(made, 0), key, nobody)
        await refuses([stranger, 'redeemByKey', ...args], 'ERC721InvalidReceiver', nobody)
      })

      it('it should revert if it is the collection', async () => {
        const { stranger, address, refuses } = world()
        const made = await batch()
        const args = await redeemingByKey(world(), at(made, 0), key, address)
        await refuses([stranger, 'redeemByKey', ...args], 'ERC721InvalidReceiver', checksummed(address))
      })
    })
  })
})
