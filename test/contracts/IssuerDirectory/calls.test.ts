import { expect } from 'chai'
import { concat, dataSlice, toBeHex } from 'ethers'
import { callsOfRulers } from '../behaviours/HostileInputs.ts'
import { did, fold, profileDigest, salt, specify, standing } from './world.ts'

specify('calls', (world) => {
  const refuses = async (data: string, value = 0n) => {
    const { chain, controller, address, ask, issuerId, registered } = world()
    const call = controller.sendTransaction({ to: address, data, value })
    await expect(call).to.be.revertedWithoutReason(chain.ethers)
    expect(await ask('headOf', issuerId)).to.equal(fold(registered))
  }

  /** A call of each function, that goes through as the case may be. */
  function calls(): readonly (readonly [name: string, data: string])[] {
    const { directory, controller, account, issuerId } = world()
    const values: Readonly<Record<string, readonly unknown[]>> = {
      register: [profileDigest, did, profileDigest],
      describe: [issuerId, did, profileDigest],
      addAccountBySignature: [issuerId, account.address, 1, '0x'],
      consent: [issuerId],
      withdrawConsents: [],
    }
    const byType: Readonly<Record<string, unknown>> = { bytes32: issuerId, address: controller.address, uint64: 1 }
    return directory.interface.fragments.flatMap((fragment) => {
      if (fragment.type !== 'function') return []
      const { name } = fragment as unknown as { name: string }
      const args = values[name] ?? fragment.inputs.map(({ type }) => byType[type])
      return [[name, directory.interface.encodeFunctionData(name, args)] as const]
    })
  }

  describe('calls', () => {
    describe('when the call is none that it knows', () => {
      it('it should revert without calldata', async () => {
        await refuses('0x')
        await refuses('0x', 1n)
      })

      it('it should revert with another selector', async () => {
        for (const selector of ['0x00000000', '0x12345678', '0xffffffff']) await refuses(selector)
        for (const data of callsOfRulers(world().controller.address)) await refuses(data)
      })
    })

    describe('when the call carries value', () => {
      it('it should revert for every function, and keep no value', async () => {
        expect(calls()).to.have.lengthOf(25)
        for (const [, data] of calls()) await refuses(data, 1n)
        expect(await world().chain.ethers.provider.getBalance(world().address)).to.equal(0n)
      })
    })

    describe('when the calldata is cut short', () => {
      it('it should revert for every function that takes arguments', async () => {
        for (const [, data] of calls()) {
          const length = (data.length - 2) / 2
          if (length > 4) for (const end of [4, 35, length - 32]) await refuses(dataSlice(data, 0, end))
        }
      })
    })

    describe('when an address has something above its 20 bytes', () => {
      it('it should revert', async () => {
        const { directory, controller, issuerId } = world()
        for (const name of ['addAccount', 'retireAccount', 'offerController', 'standingOf']) {
          const selector = directory.interface.getFunction(name)?.selector ?? ''
          for (const above of [1n << 160n, 1n << 255n])
            await refuses(concat([selector, issuerId, toBeHex(above | BigInt(controller.address), 32)]))
        }
      })
    })

    describe('when a time does not fit into 64 bits', () => {
      it('it should revert', async () => {
        const { directory, controller, send, issuerId, ask } = world()
        const { time } = await send(controller, 'addKey', issuerId, salt)
        const selector = directory.interface.getFunction('reportKey')?.selector ?? ''
        const call = controller.sendTransaction({
          to: world().address,
          data: concat([selector, issuerId, salt, toBeHex((1n << 64n) | BigInt(time), 32)]),
        })
        await expect(call).to.be.revertedWithoutReason(world().chain.ethers)
        expect(await ask('standingOfKey', issuerId, salt)).to.deep.equal(standing(time))
      })
    })

    describe('when a length leads out of the calldata', () => {
      it('it should revert', async () => {
        const { directory, issuerId } = world()
        const selector = directory.interface.getFunction('describe')?.selector ?? ''
        for (const length of [33n, 1n << 64n, (1n << 256n) - 1n])
          await refuses(
            concat([selector, issuerId, toBeHex(96, 32), profileDigest, toBeHex(length, 32), toBeHex(1, 32)]),
          )
        await refuses(concat([selector, issuerId, toBeHex((1n << 256n) - 1n, 32), profileDigest]))
      })
    })

    describe('when something follows the arguments', () => {
      it('it should mean the same without it', async () => {
        const { directory, controller, address, issuerId, ask } = world()
        const data = concat([directory.interface.encodeFunctionData('addKey', [issuerId, salt]), '0xdeadbeef'])
        const receipt = await (await controller.sendTransaction({ to: address, data })).wait()
        const block = await receipt?.getBlock()
        expect(await ask('standingOfKey', issuerId, salt)).to.deep.equal(standing(block?.timestamp))
      })
    })
  })
})
