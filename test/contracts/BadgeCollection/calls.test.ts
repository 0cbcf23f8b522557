import { expect } from 'chai'
import { concat, type FunctionFragment, type ParamType, toBeHex } from 'ethers'
import { callsOfRulers } from '../behaviours/HostileInputs.ts'
import {
  achievement,
  at,
  awarded,
  batchOf,
  encode,
  listOf,
  make,
  named,
  redeeming,
  specify,
  tokenOf,
  wallet,
} from './world.ts'

specify('calls', (world) => {
  const call = (data: string, value = 0n) => {
    const { chain, address, account } = world()
    return chain.ethers.provider.call({ from: account.address, to: address, data, value })
  }

  describe('calls', () => {
    describe('when the call is none that it knows', () => {
      it('it should revert without calldata', async () => {
        await expect(call('0x')).to.be.revertedWithoutReason(world().chain.ethers)
        await expect(call('0x', 1n)).to.be.revertedWithoutReason(world().chain.ethers)
      })

      it("it should revert with another selector, be it of an owner's or of a proxy's", async () => {
        for (const data of callsOfRulers(world().account.address))
          await expect(call(data)).to.be.revertedWithoutReason(world().chain.ethers)
      })

      it('it should revert with a call that is cut short', async () => {
        const { collection, chain } = world()
        const made = await batchOf(world(), [named(wallet(1))])
        for (const data of [
          encode(collection, 'redeem', redeeming(at(made, 0))),
          encode(collection, 'burn', [1]),
          encode(collection, 'award', [1, achievement, '0x']),
        ])
          await expect(call(data.slice(0, -2))).to.be.revertedWithoutReason(chain.ethers)
      })
    })

    describe('when the call carries value', () => {
      it('it should revert for every function, and keep no value', async () => {
        const { address, chain, collection, account } = world()
        await awarded(world(), [wallet(1)])
        let count = 0
        for (const fragment of collection.interface.fragments) {
          if (fragment.type !== 'function') continue
          const of = fragment as FunctionFragment
          const data = collection.interface.encodeFunctionData(of, of.inputs.map(anything))
          await expect(call(data, 1n)).to.revert(chain.ethers)
          await expect(account.sendTransaction({ to: address, data, value: 1n, gasLimit: 500_000 })).to.revert(
            chain.ethers,
          )
          count++
        }
        expect(count).to.be.above(30)
        expect(await chain.ethers.provider.getBalance(address)).to.equal(0n)
      })
    })

    describe('when something follows the arguments', () => {
      it('it should mean the same without it', async () => {
        const { address, ask, collection, stranger } = world()
        const made = await batchOf(world(), [named(wallet(1)), named(wallet(2))])
        const data = concat([encode(collection, 'redeem', redeeming(at(made, 0))), '0x', toBeHex(1, 64)])
        await (await stranger.sendTransaction({ to: address, data })).wait()
        expect(await ask('balanceOf', wallet(1))).to.equal(1n)
        expect(await ask('balanceOf', wallet(2))).to.equal(0n)
      })
    })

    describe('when an argument is not in the one form of it', () => {
      it('it should revert with an index or an address that is too large', async () => {
        const { chain, collection } = world()
        const made = await batchOf(world(), [named(wallet(1))])
        const data = encode(collection, 'redeem', redeeming(at(made, 0)))
        const withBit = (word: number, bit: number) => {
          const start = 10 + 64 * word
          const other = BigInt(`0x${data.slice(start, start + 64)}`) | (1n << BigInt(bit))
          return data.slice(0, start) + toBeHex(other, 32).slice(2) + data.slice(start + 64)
        }
        for (const [word, bit] of [
          [0, 32],
          [0, 255],
          [2, 160],
          [2, 255],
          [4, 64],
          [5, 200],
        ] as const)
          await expect(call(withBit(word, bit))).to.be.revertedWithoutReason(chain.ethers)
      })
    })

    describe('when the implementation is called itself', () => {
      const ofImplementation = async (from: { readonly address: string }, name: string, args: readonly unknown[]) => {
        const { chain, collection, implementation } = world()
        return chain.ethers.provider.call({
          from: from.address,
          to: implementation,
          data: encode(collection, name, args),
        })
      }

      it('it should make no token', async () => {
        const { account, controller, foreigner, collection, stranger, implementation } = world()
        for (const from of [account, controller, foreigner, stranger])
          for (const [name, args] of [
            ['award', [1, achievement, listOf([wallet(1)])]],
            ['awardAgain', [1, achievement, 1]],
            ['proposeRebinding', [1, wallet(1)]],
          ] as const)
            await expect(ofImplementation(from, name, args)).to.be.revertedWithCustomError(
              collection,
              'BadgeCollection_NotSpeaking',
            )
        const made = make(world(), [named(wallet(1), { collection: implementation })])
        await expect(ofImplementation(stranger, 'redeem', redeeming(at(made, 0)))).to.be.revertedWithCustomError(
          collection,
          'BadgeCollection_NotOpen',
        )
        await expect(ofImplementation(stranger, 'burn', [tokenOf(made, wallet(1))])).to.be.revertedWithCustomError(
          collection,
          'ERC721NonexistentToken',
        )
      })

      it('it should open nothing', async () => {
        const { account, collection, stranger, anchor } = world()
        const made = make(world(), [named(wallet(1))])
        await anchor(made.root)
        await expect(ofImplementation(stranger, 'open', [made.batch, achievement])).to.be.revertedWithCustomError(
          collection,
          'BadgeCollection_NotSpokenFor',
        )
        expect(made.batch[0]).to.equal(account.address)
      })

      it("it should be nobody's", async () => {
        const { account, collection, controller, directory, stranger, issuerId } = world()
        const [own] = collection.interface.decodeFunctionResult(
          'issuerId',
          await ofImplementation(stranger, 'issuerId', []),
        )
        expect(own).not.to.equal(issuerId)
        expect(await directory.getFunction('controllerOf')(own)).to.equal(toBeHex(0, 20))
        for (const from of [account, controller])
          for (const [name, args] of [
            ['revoke', [[]]],
            ['revokeTickets', [achievement, 0, 1]],
            ['revokeAwarded', [1, 0, 1]],
          ] as const)
            await expect(ofImplementation(from, name, args)).to.be.revertedWithCustomError(
              collection,
              'BadgeCollection_NotIssuer',
            )
      })
    })
  })
})

/** Some value of a type. */
function anything(type: ParamType): unknown {
  if (type.baseType === 'array') return []
  if (type.baseType === 'tuple') return type.components?.map(anything)
  if (type.type === 'bytes') return '0x'
  if (type.type === 'bool') return true
  return type.type === 'address'
    ? wallet(1)
    : type.type.startsWith('bytes')
      ? `0x${'11'.repeat(Number(type.type.slice(5)))}`
      : 1
}
