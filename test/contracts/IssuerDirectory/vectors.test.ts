import { expect } from 'chai'
import { concat } from 'ethers'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as IssuerDirectory from '../../../core/src/IssuerDirectory.ts'
import { vectors } from '../../support/IssuerDirectoryVectors.ts'
import * as Support from '../support.ts'
import { compileFirst, worldOf } from './world.ts'

describe('the vectors of the directory', () => {
  for (const profile of Support.profiles) {
    compileFirst(profile)

    it(`are what it does under the ${profile} profile: the history`, async () => {
      const { history } = vectors
      const chain = await Support.chain(history.chainId)
      const request = (method: string, ...params: unknown[]) => chain.provider.request({ method, params })
      try {
        const { runtimeCode } = await Support.compile(profile, 'IssuerDirectory')
        await request('hardhat_setCode', history.directory, runtimeCode)
        const { ask, impersonate } = await worldOf(chain, history.directory)
        const log = []
        for (const { from, time, calldata } of history.steps) {
          const signer = await impersonate(from)
          await chain.networkHelpers.time.setNextBlockTimestamp(time)
          const receipt = await (await signer.sendTransaction({ to: history.directory, data: calldata })).wait()
          for (const { topics, data } of receipt?.logs ?? [])
            if (topics[1] === history.issuerId) log.push({ time, topics, data })
        }
        expect(log).to.deep.equal(history.log)
        expect(await ask('headOf', history.issuerId)).to.equal(history.head)
      } finally {
        await chain.close()
      }
    })

    it(`are what it does under the ${profile} profile: the answers about standings`, async () => {
      const chain = await Support.chain()
      try {
        const address = '0x00000000000000000000000000000000d17ec702'
        const { runtimeCode } = await Support.compile(profile, 'IssuerDirectory')
        await chain.provider.request({ method: 'hardhat_setCode', params: [address, runtimeCode] })
        await chain.networkHelpers.time.increaseTo(1_900_000_000)
        const { ask } = await worldOf(chain, address)
        const { issuerId, account, keyId, accountSlot, keySlot } = vectors.slots[0] as (typeof vectors.slots)[number]
        for (const { word, answers, ...times } of vectors.standings) {
          await chain.networkHelpers.setStorageAt(address, accountSlot, word)
          await chain.networkHelpers.setStorageAt(address, keySlot, word)
          const standing = [times.validFrom, times.retiredOn, times.compromisedFrom, times.reportedOn].map(BigInt)
          for (const { time, spoke } of answers) {
            expect(await ask('spokeFor', issuerId, account, time)).to.deep.equal([spoke, standing])
            expect(await ask('keySpokeFor', issuerId, keyId, time)).to.deep.equal([spoke, standing])
          }
        }
      } finally {
        await chain.close()
      }
    })
  }

  it('have the issuer of each consent by its first controller', () => {
    for (const { chainId, controller, salt, issuerId } of vectors.consents)
      expect(Bytes.toHex(IssuerDirectory.issuerId(chainId, controller, Bytes.fromHex(salt)))).to.equal(issuerId)
  })

  it('have signatures in the one form that is taken', () => {
    const half = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n
    for (const { signature } of vectors.consents) {
      expect(concat([signature])).to.have.lengthOf(2 + 2 * 65)
      expect(BigInt(`0x${signature.slice(66, 130)}`) <= half).to.equal(true)
      expect(['1b', '1c']).to.include(signature.slice(130))
    }
  })
})
