import { expect } from 'chai'
import { Contract } from 'ethers'
import * as BadgeCollection from '../../../core/src/BadgeCollection.ts'
import * as Cid from '../../../core/src/Cid.ts'
import * as TokenId from '../../../core/src/TokenId.ts'
import {
  achievement,
  awarded,
  batchOf,
  bytes,
  checksummed,
  day,
  digest,
  encode,
  hex,
  keyed,
  metadataDigest,
  name,
  named,
  nobody,
  otherAchievement,
  rebindSignature,
  redeemed,
  specify,
  symbol,
  tokenOf,
  wallet,
  zero,
} from './world.ts'

specify('views', (world) => {
  const key = keyed(40)

  /** A wallet's tokens: two that it was awarded, one redeemed of each of two achievements, one bound again. */
  const everything = async (holder: string) => {
    const { account, send, now } = world()
    const list = [holder, wallet(1), wallet(2)].map(hex).toSorted()
    await awarded(world(), list)
    await send(account, 'awardAgain', 2n, otherAchievement, 1n)
    const made = await batchOf(world(), [
      named(holder),
      named(holder, { achievement: otherAchievement }),
      named(wallet(1)),
    ])
    const index = list.indexOf(hex(holder))
    const third = await awarded(world(), [key.address])
    const message = { tokenId: TokenId.awarded(Number(third), 0), to: holder, deadline: (await now()) + day }
    const signature = await rebindSignature(world(), key, message)
    await send(account, 'rebind', message.tokenId, message.to, message.deadline, signature)
    return [
      [TokenId.awarded(1, index), achievement],
      [TokenId.awarded(2, index), otherAchievement],
      [await redeemed(world(), made, 0), achievement],
      [await redeemed(world(), made, 1), otherAchievement],
      [TokenId.bound(third, hex(holder)), achievement],
    ] as const
  }

  const absent = (view: string) => async () => {
    const { account, collection, holder, send } = world()
    const tokens = await everything(holder.address)
    await send(
      account,
      'revoke',
      tokens.map(([tokenId]) => tokenId),
    )
    for (const tokenId of [
      ...tokens.map(([each]) => each),
      0n,
      123n,
      2n ** 160n - 1n,
      2n ** 160n,
      2n ** 256n - 1n,
      TokenId.awarded(4, 0),
      TokenId.awarded(1, 3),
      TokenId.bound(TokenId.seriesOfBatch(bytes(zero), bytes(zero)), hex(nobody)),
      TokenId.bound(1n, hex(nobody)),
    ])
      await expect(collection.getFunction(view)(tokenId))
        .to.be.revertedWithCustomError(collection, 'ERC721NonexistentToken')
        .withArgs(tokenId)
  }

  describe('views', () => {
    describe('{ownerOf}', () => {
      it('given the token is there, it should answer who holds it', async () => {
        const { ask, holder } = world()
        for (const [tokenId] of await everything(holder.address))
          expect(await ask('ownerOf', tokenId)).to.equal(holder.address)
      })
      it('given it is not, it should revert with the token', absent('ownerOf'))
    })

    describe('{balanceOf}', () => {
      it('given a wallet holds nothing, it should answer zero', async () => {
        const { ask, holder, otherHolder } = world()
        expect(await ask('balanceOf', holder.address)).to.equal(0n)
        await everything(holder.address)
        expect(await ask('balanceOf', otherHolder.address)).to.equal(0n)
      })
      it('given a wallet holds tokens of every kind, it should count them all', async () => {
        const { account, ask, holder, send } = world()
        const tokens = await everything(holder.address)
        for (const [i, [tokenId]] of tokens.entries()) {
          expect(await ask('balanceOf', holder.address)).to.equal(BigInt(tokens.length - i))
          await send(account, 'revoke', [tokenId])
        }
        expect(await ask('balanceOf', holder.address)).to.equal(0n)
      })
      it('given it is the first, the last or any other on a list, it should count it', async () => {
        const { ask } = world()
        for (const [round, size] of [1, 2, 3, 7, 8].entries()) {
          const list = Array.from({ length: size }, (_, i) => wallet(100 * round + i))
          await awarded(world(), list)
          for (const each of list) expect(await ask('balanceOf', each)).to.equal(1n)
        }
      })
      it('given it is on no list, but between those on one, it should answer zero', async () => {
        const { ask } = world()
        const all = Array.from({ length: 15 }, (_, i) => wallet(i)).toSorted()
        await awarded(
          world(),
          all.filter((_, i) => i % 2 === 1),
        )
        const balances = await Promise.all(all.map((each) => ask('balanceOf', each)))
        expect(balances).to.deep.equal(all.map((_, i) => BigInt(i % 2)))
      })
      it('when it is the zero address, it should revert with it', async () => {
        const { collection } = world()
        await expect(collection.getFunction('balanceOf')(nobody))
          .to.be.revertedWithCustomError(collection, 'ERC721InvalidOwner')
          .withArgs(nobody)
      })
    })

    describe('{tokenURI}', () => {
      it('given the token is there, it should answer where the metadata of its achievement are', async () => {
        const { ask, holder } = world()
        for (const [tokenId, of] of await everything(holder.address))
          expect(await ask('tokenURI', tokenId)).to.equal(`ipfs://${Cid.fromDigest(bytes(of))}`)
      })
      it('given it is not, it should revert with the token', absent('tokenURI'))
    })

    describe('{name}, {symbol} and {contractURI}', () => {
      const made = async (...args: readonly [metadataDigest: string, name: string, symbol: string]) => {
        const { collection, factory, implementation, issuerId, stranger } = world()
        const [of, called, short] = args
        const data = encode(factory, 'deploy', [issuerId, ...args])
        await (await stranger.sendTransaction({ to: factory.target, data })).wait()
        const options = { issuerId: bytes(issuerId), metadataDigest: bytes(of), name: called, symbol: short }
        const address = BadgeCollection.address(hex(String(factory.target)), implementation, options)
        const other = new Contract(address, collection.interface, stranger.provider)
        return Promise.all(['contractURI', 'name', 'symbol'].map((view) => other.getFunction(view)()))
      }

      it('it should answer what the collection was made with', async () => {
        const { ask } = world()
        expect(await ask('name')).to.equal(name)
        expect(await ask('symbol')).to.equal(symbol)
        expect(await ask('contractURI')).to.equal(`ipfs://${Cid.fromDigest(bytes(metadataDigest))}`)
      })
      it('it should answer empty texts, and long ones', async () => {
        for (const [called, short] of [
          ['', ''],
          ['', 'x'.repeat(33)],
          ['x'.repeat(31), ''],
          ['x'.repeat(32), 'y'.repeat(32)],
          ['x'.repeat(1_000), 'y'.repeat(64)],
        ] as const)
          expect(await made(digest(called), called, short)).to.deep.equal([
            `ipfs://${Cid.fromDigest(bytes(digest(called)))}`,
            called,
            short,
          ])
      })
      it('it should answer texts in every script', async () => {
        const texts = ['Universität Zürich', '東京大学のバッジ', 'جامعة', '🎓🏅']
        for (const text of texts) expect((await made(zero, text, text)).slice(1)).to.deep.equal([text, text])
      })
    })

    describe('{issuerId}, {anchorRegistry} and {issuerDirectory}', () => {
      it('it should answer what the collection was made with', async () => {
        const { ask, directory, issuerId, registry } = world()
        expect(await ask('issuerId')).to.equal(issuerId)
        expect(hex((await ask('anchorRegistry')) as string)).to.equal(registry)
        expect(await ask('issuerDirectory')).to.equal(
          directory.target === '' ? '' : checksummed(String(directory.target)),
        )
      })
    })

    describe('{awardCount} and {awardOf}', () => {
      it('it should answer zeros where there is no such award', async () => {
        const { ask } = world()
        expect(await ask('awardCount')).to.equal(0n)
        await awarded(world(), [wallet(1)])
        expect(await ask('awardCount')).to.equal(1n)
        for (const number of [0n, 2n, 2n ** 256n - 1n])
          expect(await ask('awardOf', number)).to.deep.equal([zero, nobody, 0n])
      })
    })

    describe('{seriesOf}', () => {
      it('it should answer what is known, and the number at any time', async () => {
        const { account, ask } = world()
        const series = (root: string) => ask('seriesOf', root, achievement) as Promise<readonly unknown[]>
        const root = digest('a root of which nobody knows')
        const number = (of: string) => TokenId.seriesOfBatch(bytes(of), bytes(achievement))
        expect(await series(root)).to.deep.equal([number(root), false, 0n, nobody, 0n])
        const [first, second] = [
          await batchOf(world(), [named(wallet(1))], 0),
          await batchOf(world(), [named(wallet(1))], 1),
        ]
        await redeemed(world(), second, 0)
        await redeemed(world(), first, 0)
        // The lane says in which order the first tokens were made, and nothing else does.
        for (const [made, lane] of [
          [first, 2n],
          [second, 1n],
        ] as const)
          expect((await series(made.ticketRoot)).slice(0, 4)).to.deep.equal([
            number(made.ticketRoot),
            true,
            lane,
            account.address,
          ])
      })
    })

    describe('{tokenIdOf}', () => {
      it('it should answer the id that redeeming leads to', async () => {
        const { ask } = world()
        const made = await batchOf(world(), [named(wallet(1))])
        const tokenId = await ask('tokenIdOf', made.ticketRoot, achievement, wallet(1))
        expect(tokenId).to.equal(tokenOf(made, wallet(1)))
        expect(await redeemed(world(), made, 0)).to.equal(tokenId)
      })
    })

    describe('{isSpent}', () => {
      it('it should answer no for every index of a batch that nobody knows', async () => {
        const { ask } = world()
        for (const index of [0, 1, 255, 256, 2 ** 32 - 1]) expect(await ask('isSpent', zero, index)).to.equal(false)
      })
    })

    describe('{rebindingOf}', () => {
      it('it should answer zeros where there is no proposal', async () => {
        const { ask } = world()
        for (const tokenId of [0n, 2n ** 256n - 1n])
          expect(await ask('rebindingOf', tokenId)).to.deep.equal([nobody, 0n])
      })
    })
  })
})
