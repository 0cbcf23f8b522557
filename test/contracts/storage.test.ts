import { expect } from 'chai'
import { AbiCoder, concat, keccak256, toBeHex } from 'ethers'
import fc from 'fast-check'
import * as Viem from 'viem'
import * as Support from './support.ts'

const runs = Number(process.env.FAST_CHECK_RUNS ?? 25)

const hex = (size: number) => fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => Viem.bytesToHex(bytes))

const viemSlot = (account: Viem.Hex, root: Viem.Hex) =>
  Viem.keccak256(Viem.encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [account, root]))

const ethersSlot = (account: string, root: string) =>
  keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [account, root]))

describe("the registry's storage", () => {
  for (const profile of Support.profiles) {
    describe(`${profile} profile`, () => {
      let chain: Support.Chain
      const registry = '0x00000000000000000000000000000000a17c0001'

      before(async () => {
        chain = await Support.chain()
        const { runtimeCode } = await Support.compile(profile)
        await chain.provider.request({ method: 'hardhat_setCode', params: [registry, runtimeCode] })
      })

      after(() => chain.close())

      it('is where viem and ethers compute it, for any account and any roots', async () => {
        const request = (method: string, ...params: unknown[]) => chain.provider.request({ method, params })
        const inputs = [hex(20), fc.uniqueArray(hex(32), { minLength: 1, maxLength: 5 })] as const
        const property = fc.asyncProperty(...inputs, async (from, roots) => {
          await request('hardhat_setBalance', from, toBeHex(10n ** 18n).replace(/^0x0+/, '0x'))
          await request('hardhat_impersonateAccount', from)
          const hash = await request('eth_sendTransaction', { from, to: registry, data: concat(roots) })
          const receipt = (await request('eth_getTransactionReceipt', hash)) as { blockNumber: string; status: string }
          expect(receipt.status).to.equal('0x1')
          const block = (await request('eth_getBlockByNumber', receipt.blockNumber, false)) as { timestamp: string }
          const expected = toBeHex(BigInt(block.timestamp) | (BigInt(receipt.blockNumber) << 64n), 32)
          for (const root of roots) {
            const slot = viemSlot(from, root)
            expect(ethersSlot(from, root)).to.equal(slot)
            expect(await request('eth_getStorageAt', registry, slot, 'latest')).to.equal(expected)
            const proof = (await request('eth_getProof', registry, [slot], 'latest')) as {
              storageProof: { value: string }[]
            }
            expect(proof.storageProof.map(({ value }) => BigInt(value))).to.deep.equal([BigInt(expected)])
          }
        })
        await fc.assert(property, { numRuns: runs, seed: 1 })
      })
    })
  }
})
