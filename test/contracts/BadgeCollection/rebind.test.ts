import { expect } from 'chai'
import { concat, dataSlice, Interface, toBeHex } from 'ethers'
import * as TokenId from '../../../core/src/TokenId.ts'
import { wallets as hostile, walletFor } from '../IssuerDirectory/world.ts'
import {
  achievement,
  at,
  awarded,
  batchOf,
  checksummed,
  claimed,
  day,
  hex,
  keyed,
  minted,
  named,
  nobody,
  rebindHash,
  rebindSignature,
  redeemed,
  redeemingByKey,
  redeemSignature,
  specify,
  tokenOf,
  wallet,
} from './world.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const erc1271 = new Interface(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)'])
const key = keyed(20)
const otherKey = keyed(21)

specify('rebind', (world) => {
  /** A token that the key has by redeeming, and one that it was awarded. */
  const tokens = async () => {
    const made = await batchOf(world(), [named(key.address), named(wallet(1)), named(wallet(2))])
    const list = [hex(key.address), wallet(1), wallet(2)].toSorted()
    const number = Number(await awarded(world(), list))
    return {
      made,
      number,
      list,
      second: await redeemed(world(), made, 0),
      first: TokenId.awarded(number, list.indexOf(hex(key.address))),
    }
  }

  const messageOf = async (tokenId: bigint, to: string = wallet(5)) => ({
    tokenId,
    to,
    deadline: (await world().now()) + day,
  })

  const signed = async (tokenId: bigint, to: string = wallet(5), by = key) => {
    const message = await messageOf(tokenId, to)
    return [tokenId, to, message.deadline, await rebindSignature(world(), by, message)] as const
  }

  const isNoSignature = (tokenId: bigint, to: string, deadline: number, signature: string, holder = key.address) => {
    const { account, refuses } = world()
    return refuses([account, 'rebind', tokenId, to, deadline, signature], 'BadgeCollection_SignatureInvalid', holder)
  }

  describe('rebind', () => {
    describe('when the caller is no account that speaks for the issuer', () => {
      it('it should revert with the issuer and the caller, though the holder has signed', async () => {
        const { controller, foreigner, secondAccount, stranger, issuerId, refuses, tell } = world()
        const { second } = await tokens()
        await tell(controller, 'retireAccount', issuerId, secondAccount.address)
        for (const from of [controller, foreigner, secondAccount, stranger])
          await refuses(
            [from, 'rebind', ...(await signed(second))],
            'BadgeCollection_NotSpeaking',
            issuerId,
            from.address,
          )
      })
    })

    describe('when there is no such token', () => {
      it('it should revert if it never was', async () => {
        const { account, refuses } = world()
        const { made, number, list } = await tokens()
        for (const tokenId of [0n, TokenId.awarded(number, list.length), tokenOf(made, wallet(1)), 2n ** 256n - 1n])
          await refuses([account, 'rebind', ...(await signed(tokenId))], 'ERC721NonexistentToken', tokenId)
      })

      it('it should revert if it is gone', async () => {
        const { account, refuses, send } = world()
        const { first, second } = await tokens()
        await send(account, 'revoke', [first, second])
        for (const tokenId of [first, second])
          await refuses([account, 'rebind', ...(await signed(tokenId))], 'ERC721NonexistentToken', tokenId)
      })
    })

    describe('when the deadline is not within the next 30 days', () => {
      const refused = async (ahead: number) => {
        const { account, refuses, now, pass } = world()
        const { second } = await tokens()
        const message = { ...(await messageOf(second)), deadline: (await now()) + ahead }
        await pass(1)
        const signature = await rebindSignature(world(), key, message)
        await refuses(
          [account, 'rebind', second, message.to, message.deadline, signature],
          'BadgeCollection_Deadline',
          message.deadline,
        )
      }

      it('it should revert if it has passed', () => refused(0))
      it('it should revert if it is more than 30 days ahead', () => refused(30 * day + 10))
    })

    describe('when the holder has not signed it', () => {
      it('it should revert if somebody else has', async () => {
        const { account, holder } = world()
        const { second } = await tokens()
        const message = await messageOf(second)
        for (const by of [otherKey, account, holder])
          await isNoSignature(second, message.to, message.deadline, await rebindSignature(world(), by, message))
      })

      it('it should revert if the claim key has that the token was redeemed by', async () => {
        const { stranger, send } = world()
        const made = await batchOf(world(), [claimed(otherKey.address)], 1)
        await send(stranger, 'redeemByKey', ...(await redeemingByKey(world(), at(made, 0), otherKey, key.address)))
        await isNoSignature(...(await signed(tokenOf(made, key.address), wallet(5), otherKey)))
      })

      it('it should revert if the chain is another one', async () => {
        const { second } = await tokens()
        const message = await messageOf(second)
        const signature = await rebindSignature(world(), key, message, { chainId: 1 })
        await isNoSignature(second, message.to, message.deadline, signature)
      })

      it('it should revert if the collection is another one', async () => {
        const { second } = await tokens()
        const message = await messageOf(second)
        const signature = await rebindSignature(world(), key, message, { verifyingContract: wallet(9) })
        await isNoSignature(second, message.to, message.deadline, signature)
      })

      it('it should revert if the token is another one', async () => {
        const { first, second } = await tokens()
        const message = await messageOf(first)
        await isNoSignature(second, message.to, message.deadline, await rebindSignature(world(), key, message))
      })

      it('it should revert if the wallet is another one', async () => {
        const { second } = await tokens()
        const message = await messageOf(second)
        const signature = await rebindSignature(world(), key, { ...message, to: wallet(6) })
        await isNoSignature(second, message.to, message.deadline, signature)
      })

      it('it should revert if the deadline is another one', async () => {
        const { second } = await tokens()
        const message = await messageOf(second)
        const signature = await rebindSignature(world(), key, message)
        await isNoSignature(second, message.to, message.deadline + 1, signature)
      })

      it('it should revert if it is to redeem a ticket', async () => {
        const { second } = await tokens()
        const { to, deadline } = await messageOf(second)
        const signature = await redeemSignature(world(), key, { ticket: toBeHex(second, 32), to, deadline })
        await isNoSignature(second, to, deadline, signature)
      })

      it('it should revert if the signature is not in the one form of it', async () => {
        const { second } = await tokens()
        const [, to, deadline, signature] = await signed(second)
        const [r, s, v] = [dataSlice(signature, 0, 32), dataSlice(signature, 32, 64), dataSlice(signature, 64)]
        const flipped = v === '0x1b' ? '0x1c' : '0x1b'
        const parity = v === '0x1c' ? 1n << 255n : 0n
        for (const other of [
          '0x',
          `0x${'00'.repeat(65)}`,
          signature.slice(0, -2),
          `${signature}00`,
          concat([r, toBeHex(BigInt(s) | parity, 32)]),
          concat([r, toBeHex(order - BigInt(s), 32), flipped]),
          concat([r, s, toBeHex(BigInt(v) - 27n, 1)]),
        ])
          await isNoSignature(second, to, deadline, other)
      })
    })

    describe('when the holder has code', () => {
      const bind = async (code: string, signature: string) => {
        const { account, setCode, send } = world()
        const { second } = await tokens()
        await setCode(key.address, code)
        const { to, deadline } = await messageOf(second)
        return {
          call: [account, 'rebind', second, to, deadline, signature] as const,
          send: () => send(account, 'rebind', second, to, deadline, signature),
          refused: () => isNoSignature(second, to, deadline, signature),
        }
      }

      it('it should take the magic value for a signature of any length', async () => {
        const { account, ask, setCode, send } = world()
        const { first, second } = await tokens()
        await setCode(key.address, hostile.agreeing)
        const { deadline } = await messageOf(second)
        await send(account, 'rebind', second, wallet(5), deadline, '0x')
        await send(account, 'rebind', first, wallet(5), deadline, `0x${'ab'.repeat(1_000)}`)
        expect(await ask('balanceOf', wallet(5))).to.equal(2n)
      })

      it('it should ask with the digest and the signature, in a static call', async () => {
        const { account, refuses, setCode, send } = world()
        const { second } = await tokens()
        const message = await messageOf(second)
        const signature = '0xc0ffee'
        const calldata = erc1271.encodeFunctionData('isValidSignature', [rebindHash(world(), message), signature])
        const call = [account, 'rebind', second, message.to, message.deadline] as const
        // SSTORE, which no static call permits, and then the magic value.
        await setCode(key.address, concat(['0x5f5f55', hostile.agreeing]))
        await refuses([...call, signature], 'BadgeCollection_SignatureInvalid', key.address)
        await setCode(key.address, walletFor(calldata))
        await refuses([...call, '0xc0ffef'], 'BadgeCollection_SignatureInvalid', key.address)
        const { events } = await send(...call, signature)
        expect(events.at(-1)?.[0]).to.equal('Rebound')
      })

      for (const [title, codes] of [
        ['answers with more than the magic value', [hostile.sloppy]],
        ['answers with less', [hostile.short, hostile.silent]],
        ['answers with something else', [hostile.nodding, hostile.shifted]],
        ['answers with a mebibyte', [hostile.flooding]],
        ['reverts', [hostile.reverting, hostile.raging]],
      ] as const)
        it(`it should revert if it ${title}`, async () => {
          const { chain } = world()
          const snapshot = await chain.networkHelpers.takeSnapshot()
          for (const code of codes) {
            await (await bind(code, '0x1234')).refused()
            await snapshot.restore()
          }
        })

      it('it should revert if it takes all gas', async () => {
        const { account, address, chain, collection, state, setCode, now } = world()
        const { second } = await tokens()
        const deadline = (await now()) + day
        const data = collection.interface.encodeFunctionData('rebind', [second, wallet(5), deadline, '0x1234'])
        for (const code of [hostile.endless, hostile.invalid]) {
          await setCode(key.address, code)
          const before = await state()
          const call = { from: account.address, to: address, data, gasLimit: 5_000_000 }
          await expect(chain.ethers.provider.call(call)).to.be.revertedWithCustomError(
            collection,
            'BadgeCollection_SignatureInvalid',
          )
          await expect(account.sendTransaction(call)).to.be.revertedWithCustomError(
            collection,
            'BadgeCollection_SignatureInvalid',
          )
          expect(await state()).to.equal(before)
        }
      })

      it('it should take the signature of its key, whatever the code answers', async () => {
        const { account, ask, setCode, send } = world()
        const { second } = await tokens()
        // What EIP-7702 leaves at an account that delegates, and a contract that refuses everything.
        await setCode(wallet(8), hostile.reverting)
        await setCode(key.address, concat(['0xef0100', wallet(8)]))
        await send(account, 'rebind', ...(await signed(second)))
        expect(await ask('balanceOf', wallet(5))).to.equal(1n)
      })
    })

    describe('when the holder has signed it', () => {
      const rebound = (tokenId: bigint, to: string) =>
        TokenId.bound(tokenId >> 160n === 0n ? tokenId >> 32n : tokenId >> 160n, hex(to))

      it('it should emit {Transfer} for both tokens, {Locked} and {Rebound}, and nothing else', async () => {
        const { account, send } = world()
        const { first, second } = await tokens()
        for (const tokenId of [first, second]) {
          const { events } = await send(account, 'rebind', ...(await signed(tokenId)))
          const next = rebound(tokenId, wallet(5))
          expect(events).to.deep.equal([
            ['Transfer', key.address, nobody, tokenId],
            ...minted(next, wallet(5)),
            ['Rebound', tokenId, next],
          ])
        }
      })

      const isBound = async (tokenId: bigint, to: string) => {
        const { account, ask, collection, send } = world()
        const uri = await ask('tokenURI', tokenId)
        const before = (await ask('balanceOf', key.address)) as bigint
        await send(account, 'rebind', ...(await signed(tokenId, to)))
        const next = rebound(tokenId, to)
        for (const view of ['ownerOf', 'tokenURI', 'locked', 'getApproved'])
          await expect(collection.getFunction(view)(tokenId))
            .to.be.revertedWithCustomError(collection, 'ERC721NonexistentToken')
            .withArgs(tokenId)
        expect(await ask('balanceOf', key.address)).to.equal(before - 1n)
        expect(await ask('ownerOf', next)).to.equal(checksummed(to))
        expect(await ask('balanceOf', to)).to.equal(1n)
        expect(await ask('locked', next)).to.equal(true)
        expect(await ask('tokenURI', next)).to.equal(uri)
      }

      it('it should burn the one token and make the other, of the same achievement', async () => {
        const { first, second } = await tokens()
        await isBound(first, wallet(5))
        await isBound(second, wallet(6))
      })

      it('it should bind a token that was redeemed', async () => isBound((await tokens()).second, wallet(5)))

      it('it should bind a token that was awarded', async () => isBound((await tokens()).first, wallet(5)))

      it('it should bind a token again, any number of times', async () => {
        const { account, ask, send } = world()
        const { first, second } = await tokens()
        for (let tokenId of [first, second]) {
          let by = key
          for (let i = 30; i < 36; i++) {
            const next = keyed(i)
            await send(account, 'rebind', ...(await signed(tokenId, next.address, by)))
            tokenId = rebound(tokenId, next.address)
            by = next
            expect(await ask('ownerOf', tokenId)).to.equal(next.address)
          }
        }
        const balances = await Promise.all([30, 31, 34, 35].map((i) => ask('balanceOf', keyed(i).address)))
        expect(balances).to.deep.equal([0n, 0n, 0n, 2n])
      })

      it('it should let any account of the issuer do it', async () => {
        const { secondAccount, ask, send } = world()
        const { second } = await tokens()
        await send(secondAccount, 'rebind', ...(await signed(second)))
        expect(await ask('balanceOf', wallet(5))).to.equal(1n)
      })

      it('it should call nothing of the new wallet', async () => {
        const { account, ask, send, setCode } = world()
        const { second } = await tokens()
        await setCode(wallet(5), hostile.reverting)
        await send(account, 'rebind', ...(await signed(second)))
        expect(await ask('balanceOf', wallet(5))).to.equal(1n)
      })

      it('it should make a proposal for the token void', async () => {
        const { account, refuses, send, pass } = world()
        const { second } = await tokens()
        await send(account, 'proposeRebinding', second, wallet(6))
        await send(account, 'rebind', ...(await signed(second)))
        await pass(30 * day)
        await refuses([account, 'completeRebinding', second], 'ERC721NonexistentToken', second)
      })
    })

    describe('when the signature has been used', () => {
      it('it should revert, because the token is gone', async () => {
        const { account, refuses, send } = world()
        const { first, second } = await tokens()
        for (const tokenId of [first, second]) {
          const call = ['rebind', ...(await signed(tokenId))] as const
          await send(account, ...call)
          await refuses([account, ...call], 'ERC721NonexistentToken', tokenId)
        }
      })
    })

    describe('when the new wallet is none that can have the token', () => {
      const given = async (tokenId: bigint, to: string) => {
        const { account, refuses } = world()
        const series = tokenId >> 160n === 0n ? tokenId >> 32n : tokenId >> 160n
        await refuses(
          [account, 'rebind', ...(await signed(tokenId, to))],
          'BadgeCollection_AlreadyGiven',
          series,
          checksummed(to),
        )
      }

      const invalid = async (to: string) => {
        const { account, refuses } = world()
        const { first, second } = await tokens()
        for (const tokenId of [first, second])
          await refuses([account, 'rebind', ...(await signed(tokenId, to))], 'ERC721InvalidReceiver', checksummed(to))
      }

      it('it should revert if it is the zero address', () => invalid(nobody))

      it('it should revert if it is the collection', () => invalid(world().address))

      it('it should revert if it is the holder', async () => {
        const { first, second } = await tokens()
        await given(first, key.address)
        await given(second, key.address)
      })

      it('it should revert if it has a token of the series', async () => {
        const { account, send } = world()
        const { made, second, number } = await tokens()
        await redeemed(world(), made, 1)
        await given(second, wallet(1))
        // And where it has the award's token in place of another wallet that was on the list.
        await awarded(world(), [key.address, otherKey.address], achievement)
        const list = [key, otherKey].map((each) => hex(each.address)).toSorted()
        const [own, others] = [key, otherKey].map((each) =>
          TokenId.awarded(number + 1, list.indexOf(hex(each.address))),
        ) as [bigint, bigint]
        await send(account, 'rebind', ...(await signed(others, wallet(7), otherKey)))
        await given(own, wallet(7))
      })

      it('it should revert if it has had a token of the series', async () => {
        const { account, send } = world()
        const { made, second } = await tokens()
        await send(account, 'revoke', [await redeemed(world(), made, 1)])
        await given(second, wallet(1))
        // Nor back to where it came from.
        await send(account, 'rebind', ...(await signed(second, otherKey.address)))
        const { refuses } = world()
        const next = tokenOf(made, otherKey.address)
        await refuses(
          [account, 'rebind', ...(await signed(next, key.address, otherKey))],
          'BadgeCollection_AlreadyGiven',
          next >> 160n,
          key.address,
        )
      })

      it('it should revert if it is on the list of the award', async () => {
        const { first } = await tokens()
        await given(first, wallet(1))
        await given(first, wallet(2))
      })

      it('it should revert if the token of its own that was awarded is gone', async () => {
        const { account, send } = world()
        const { first, number, list } = await tokens()
        await send(account, 'revokeAwarded', number, 0, 1n << BigInt(list.indexOf(wallet(1))))
        await given(first, wallet(1))
      })
    })
  })
})
