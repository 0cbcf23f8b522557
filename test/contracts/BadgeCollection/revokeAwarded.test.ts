import { expect } from 'chai'
import * as TokenId from '../../../core/src/TokenId.ts'
import { awarded, checksummed, day, hex, keyed, nobody, rebindSignature, specify, wallet } from './world.ts'

const all = 2n ** 256n - 1n

specify('revokeAwarded', (world) => {
  const list = (size: number) => Array.from({ length: size }, (_, i) => wallet(i)).toSorted()

  const logged = (award: bigint, word: number, indices: readonly number[], of: readonly string[]) => [
    ...indices.map((i) => ['Transfer', checksummed(of[i] ?? ''), nobody, TokenId.awarded(Number(award), i)]),
    ['AwardRevoked', award, BigInt(word), indices.reduce((bits, i) => bits | (1n << BigInt(i - 256 * word)), 0n)],
  ]

  describe('revokeAwarded', () => {
    describe('when the caller is neither an account that speaks for the issuer nor its controller', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { controller, foreigner, holder, secondAccount, stranger, issuerId, refuses, tell } = world()
        const number = await awarded(world(), [holder.address])
        await tell(controller, 'retireAccount', issuerId, secondAccount.address)
        for (const from of [foreigner, holder, secondAccount, stranger])
          await refuses([from, 'revokeAwarded', number, 0, 1], 'BadgeCollection_NotIssuer', issuerId, from.address)
      })
    })

    describe('given there is no such award', () => {
      it('it should revert with its number', async () => {
        const { account, refuses } = world()
        await awarded(world(), list(3))
        for (const number of [0n, 2n, all])
          await refuses([account, 'revokeAwarded', number, 0, 1], 'BadgeCollection_AwardUnknown', number)
      })
    })

    describe('when bits stand for indices that are not on the list', () => {
      it('it should revert with the award, the word and the bits', async () => {
        const { account, refuses } = world()
        const number = await awarded(world(), list(300))
        for (const [word, bits] of [
          [1n, 1n << 44n],
          [1n, all],
          [1n, (1n << 44n) | 1n],
          [2n, 1n],
          [2n, 0n],
          [2n ** 248n, 1n],
          [all, all],
        ] as const)
          await refuses(
            [account, 'revokeAwarded', number, word, bits],
            'BadgeCollection_IndexOutOfRange',
            number,
            word,
            bits,
          )
      })

      it('it should revert if the list ends with a word, and the word is the next', async () => {
        const { account, refuses, send } = world()
        const number = await awarded(world(), list(256))
        await refuses([account, 'revokeAwarded', number, 1n, 1n], 'BadgeCollection_IndexOutOfRange', number, 1n, 1n)
        expect((await send(account, 'revokeAwarded', number, 0n, 1n << 255n)).events).to.have.lengthOf(2)
      })
    })

    describe('when the issuer revokes tokens of an award', () => {
      it('it should emit {Transfer} for each, and {AwardRevoked}', async () => {
        const { account, send } = world()
        const number = await awarded(world(), list(5))
        const { events } = await send(account, 'revokeAwarded', number, 0, 0b11001)
        expect(events).to.deep.equal(logged(number, 0, [0, 3, 4], list(5)))
      })

      it('it should take them away, and no others', async () => {
        const { account, ask, send } = world()
        const number = await awarded(world(), list(5))
        await send(account, 'revokeAwarded', number, 0, 0b11001)
        const balances = await Promise.all(list(5).map((each) => ask('balanceOf', each)))
        expect(balances).to.deep.equal([0n, 1n, 1n, 0n, 0n])
        expect(hex((await ask('ownerOf', TokenId.awarded(1, 1))) as string)).to.equal(list(5)[1])
      })

      it('it should revoke all 256 of a word', async () => {
        const { account, ask, send } = world()
        const number = await awarded(world(), list(600))
        const { events } = await send(account, 'revokeAwarded', number, 1, all)
        expect(events).to.deep.equal(
          logged(
            number,
            1,
            Array.from({ length: 256 }, (_, i) => 256 + i),
            list(600),
          ),
        )
        const [last, first] = [list(600)[255], list(600)[512]]
        expect(await Promise.all([last, first].map((each) => ask('balanceOf', each)))).to.deep.equal([1n, 1n])
      })

      it('it should revoke in the last word of the largest list', async () => {
        const { account, send } = world()
        const number = await awarded(world(), list(1_228))
        // 1,228 = 4 × 256 + 204
        const { events } = await send(account, 'revokeAwarded', number, 4, (1n << 203n) | 1n)
        expect(events).to.deep.equal(logged(number, 4, [1_024, 1_227], list(1_228)))
      })

      it('it should let the controller revoke', async () => {
        const { controller, send } = world()
        const number = await awarded(world(), list(3))
        const { events } = await send(controller, 'revokeAwarded', number, 0, 2)
        expect(events).to.deep.equal(logged(number, 0, [1], list(3)))
      })

      it('it should leave out those that are gone, and say so', async () => {
        const { account, holder, send } = world()
        const wallets = [holder.address, ...list(4)].map(hex).toSorted()
        const number = await awarded(world(), wallets)
        const own = wallets.indexOf(hex(holder.address))
        await send(holder, 'burn', TokenId.awarded(Number(number), own))
        const { events } = await send(account, 'revokeAwarded', number, 0, 0b11111)
        const rest = [0, 1, 2, 3, 4].filter((i) => i !== own)
        expect(events).to.deep.equal(logged(number, 0, rest, wallets))
        expect((await send(account, 'revokeAwarded', number, 0, 0b11111)).events).to.deep.equal([
          ['AwardRevoked', number, 0n, 0n],
        ])
      })

      it('it should take no bits at all', async () => {
        const { account, send, state } = world()
        const number = await awarded(world(), list(256))
        const before = await state()
        for (const word of [0, 1])
          expect((await send(account, 'revokeAwarded', number, word, 0)).events).to.deep.equal([
            ['AwardRevoked', number, BigInt(word), 0n],
          ])
        expect(await state()).to.equal(before)
      })

      it('it should leave a token that was bound again where it is', async () => {
        const { account, ask, send, now } = world()
        const key = keyed(7)
        const number = await awarded(world(), [key.address])
        const message = { tokenId: TokenId.awarded(1, 0), to: wallet(1), deadline: (await now()) + day }
        const signature = await rebindSignature(world(), key, message)
        await send(account, 'rebind', message.tokenId, message.to, message.deadline, signature)
        expect((await send(account, 'revokeAwarded', number, 0, 1)).events).to.deep.equal([
          ['AwardRevoked', number, 0n, 0n],
        ])
        const rebound = TokenId.bound(1n, wallet(1))
        expect(hex((await ask('ownerOf', rebound)) as string)).to.equal(wallet(1))
        await send(account, 'revoke', [rebound])
        expect(await ask('balanceOf', wallet(1))).to.equal(0n)
      })
    })
  })
})
