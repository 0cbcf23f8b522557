import { expect } from 'chai'
import { toBeHex } from 'ethers'
import * as BadgeCollection from '../../../core/src/BadgeCollection.ts'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as TokenId from '../../../core/src/TokenId.ts'
import * as Support from '../support.ts'
import {
  achievement,
  at,
  awarded,
  batchOf,
  bytes,
  claimed,
  day,
  hex,
  keyed,
  named,
  otherAchievement,
  rebindSignature,
  redeemed,
  redeemingByKey,
  type World,
  wallet,
  worldOf,
} from './world.ts'

describe("the collection's storage", () => {
  for (const profile of Support.profiles) {
    describe(`${profile} profile`, () => {
      let chain: Support.Chain
      let world: World

      before(async function () {
        this.timeout(300_000)
        chain = await Support.chain()
        world = await worldOf(chain, profile)
      })

      after(() => chain.close())

      const prove = async (slots: readonly Uint8Array[]): Promise<readonly Uint8Array[]> => {
        const keys = slots.map(Bytes.toHex)
        const params = [world.address, keys, 'latest']
        const { storageProof } = (await chain.provider.request({ method: 'eth_getProof', params })) as {
          storageProof: readonly { key: string; value: string; proof: readonly string[] }[]
        }
        expect(storageProof.map(({ key }) => key)).to.deep.equal(keys)
        for (const { proof } of storageProof) expect(proof).not.to.deep.equal([])
        return storageProof.map(({ value }) => Bytes.fromHex(toBeHex(BigInt(value), 32)))
      }

      const word = async (slot: Uint8Array) => Bytes.toHex((await prove([slot]))[0] ?? new Uint8Array())

      it('is where its interface says, as eth_getProof has it', async () => {
        const { account, holder, send, ask } = world
        const key = keyed(1)

        // An award to three wallets, the first of which burns its token; another award to the same.
        const list = [holder.address, wallet(1), wallet(2)].map(hex).toSorted()
        await awarded(world, list)
        await send(account, 'awardAgain', 2n, otherAchievement, 1n)
        const own = list.indexOf(hex(holder.address))
        await send(holder, 'burn', TokenId.awarded(2, own))
        const [, cohort] = (await ask('awardOf', 1)) as [string, string]
        const slots = [1, 2].map(BadgeCollection.awardSlots)
        const sized = toBeHex((3n << 160n) | BigInt(cohort), 32)
        expect(
          (await prove(slots.flatMap(({ achievement: of, list: where }) => [of, where]))).map(Bytes.toHex),
        ).to.deep.equal([achievement, sized, otherAchievement, sized])
        const gone = BadgeCollection.gonePlace(2, own)
        expect(await word(gone.slot)).to.equal(toBeHex(1n << BigInt(own), 32))
        expect(BadgeCollection.isSet((await prove([gone.slot]))[0] as Uint8Array, gone)).to.equal(true)

        // A batch of which three tickets are redeemed, one revoked, and of whose tokens one is burnt and one bound again.
        const made = await batchOf(world, [
          named(holder.address),
          named(key.address),
          claimed(key.address),
          named(wallet(4)),
          named(wallet(5)),
        ])
        await redeemed(world, made, 0)
        const bound = await redeemed(world, made, 1)
        await send(account, 'redeemByKey', ...(await redeemingByKey(world, at(made, 2), key, wallet(3))))
        await send(account, 'revokeTickets', made.ticketRoot, 0, 1n << 4n)
        const series = TokenId.seriesOfBatch(bytes(made.ticketRoot), bytes(achievement))
        await send(holder, 'burn', TokenId.bound(series, hex(holder.address)))
        const message = { tokenId: bound, to: wallet(6), deadline: (await world.now()) + day }
        const signature = await rebindSignature(world, key, message)
        await send(account, 'rebind', bound, wallet(6), message.deadline, signature)

        const [, , , , anchoredOn] = (await ask('seriesOf', made.ticketRoot, achievement)) as bigint[]
        const { head, achievement: of, anchor } = BadgeCollection.seriesSlots(series)
        const seal = BigInt(Bytes.toHex(TokenId.seal(bytes(made.ticketRoot), bytes(achievement))))
        const [headWord, ...rest] = await prove([head, of, anchor])
        expect(Bytes.toHex(headWord as Uint8Array)).to.equal(
          toBeHex((1n << 224n) | (1n << 160n) | (seal & (2n ** 160n - 1n)), 32),
        )
        expect(rest.map(Bytes.toHex)).to.deep.equal([
          achievement,
          toBeHex(((anchoredOn ?? 0n) << 160n) | BigInt(account.address), 32),
        ])
        expect(BadgeCollection.isOpen(headWord as Uint8Array)).to.equal(true)
        const lane = BadgeCollection.laneOfHead(headWord as Uint8Array)
        expect(lane).to.equal(1n)

        const holdings = await Promise.all(
          [holder.address, key.address, wallet(3), wallet(4), wallet(6)].map(async (each) => {
            const place = BadgeCollection.holdingPlace(hex(each), lane)
            return BadgeCollection.holding((await prove([place.slot]))[0] as Uint8Array, place)
          }),
        )
        expect(holdings).to.deep.equal(['gone', 'gone', 'held', 'never', 'held'])
        const { slot } = BadgeCollection.spentPlace(bytes(made.ticketRoot), 0)
        expect(await word(slot)).to.equal(toBeHex(0b10111, 32))

        // A token of an award's series, in place of one that was awarded.
        const third = await awarded(world, [key.address])
        const next = { tokenId: TokenId.awarded(Number(third), 0), to: wallet(7), deadline: message.deadline }
        await send(account, 'rebind', next.tokenId, next.to, next.deadline, await rebindSignature(world, key, next))
        const place = BadgeCollection.holdingPlace(wallet(7), BadgeCollection.laneOfAward(Number(third)))
        expect(BadgeCollection.holding((await prove([place.slot]))[0] as Uint8Array, place)).to.equal('held')

        // A proposal.
        const proposed = TokenId.bound(third, wallet(7))
        const { time } = await send(account, 'proposeRebinding', proposed, wallet(8))
        expect(await word(BadgeCollection.rebindingSlot(proposed))).to.equal(
          toBeHex((BigInt(time + 30 * day) << 160n) | BigInt(wallet(8)), 32),
        )

        // The counters: three awards, one lane.
        expect(await word(Bytes.fromUint(0, 32))).to.equal(toBeHex((3n << 64n) | 1n, 32))
      })

      it('has nothing else in it', async () => {
        const { account, collection, stranger } = world
        const written = new Set<string>()
        const trace = async (hash: string) => {
          const { structLogs } = (await chain.provider.request({
            method: 'debug_traceTransaction',
            params: [hash],
          })) as { structLogs: readonly { op: string; stack: readonly string[] }[] }
          for (const { op, stack } of structLogs)
            if (op === 'SSTORE') written.add(toBeHex(BigInt(`0x${stack.at(-1)?.replace(/^0x/, '')}`), 32))
        }
        const count = ((await world.ask('awardCount')) as bigint) + 1n
        const award = await world.send(account, 'award', count, achievement, wallet(9))
        await trace(award.receipt.hash)
        const made = await batchOf(world, [named(wallet(9)), named(wallet(8))], 1)
        const opened = (await collection.queryFilter('Opened', 'latest'))[0]?.transactionHash ?? ''
        await trace(opened)
        for (const index of [0, 1]) {
          const { opening, siblings } = at(made, index)
          await trace((await world.send(stranger, 'redeem', opening, siblings)).receipt.hash)
        }
        const series = TokenId.seriesOfBatch(bytes(made.ticketRoot), bytes(achievement))
        const list = BadgeCollection.awardSlots(Number(count))
        const slots = BadgeCollection.seriesSlots(series)
        const lane = BadgeCollection.laneOfHead((await prove([slots.head]))[0] as Uint8Array)
        const expected = [
          Bytes.fromUint(0, 32),
          list.achievement,
          list.list,
          slots.head,
          slots.achievement,
          slots.anchor,
          BadgeCollection.spentPlace(bytes(made.ticketRoot), 0).slot,
          ...[wallet(9), wallet(8)].map((each) => BadgeCollection.holdingPlace(each, lane).slot),
        ]
        expect([...written]).to.have.members(expected.map(Bytes.toHex))
      })
    })
  }
})
