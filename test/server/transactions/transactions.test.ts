import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import fc from 'fast-check'
import { keccak256 } from 'viem'
import { privateKeyToAccount, sign } from 'viem/accounts'
import type { ChainSigner } from '../../../server/src/ports/ChainSigner.ts'
import * as Transactions from '../../../server/src/transactions/Transactions.ts'

const privateKey = `0x${'07'.repeat(32)}` as const
const account = privateKeyToAccount(privateKey)
const publicKey = Bytes.fromHex(account.publicKey)
const signer: ChainSigner = {
  address: account.address.toLowerCase() as Bytes.Hex,
  x: publicKey.slice(1, 33),
  y: publicKey.slice(33),
  signDigest: async (digest) => {
    const { r, s, yParity } = await sign({ hash: Bytes.toHex(digest), privateKey })
    return { r, s, yParity: yParity === 0 ? 0 : 1 }
  },
}
const registry = `0x${'a1'.repeat(20)}` as const
const anyRoot = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Bytes.toHex(bytes))

const anyCall = fc.record({
  chainId: fc.oneof(fc.constantFrom(1, 31337, 11155111), fc.integer({ min: 1, max: 2 ** 32 })),
  nonce: fc.oneof(fc.constantFrom(0, 127, 128, 255, 256), fc.nat(2 ** 40)),
  roots: fc.array(fc.oneof(anyRoot, fc.constant(`0x${'00'.repeat(32)}` as const)), { minLength: 1, maxLength: 9 }),
  maxFeePerGas: fc.bigInt({ min: 0n, max: 2n ** 90n }),
  maxPriorityFeePerGas: fc.bigInt({ min: 0n, max: 2n ** 60n }),
})

describe('Transactions', () => {
  it('writes the bytes and the hash that viem writes, and reads them again', async () => {
    await fc.assert(
      fc.asyncProperty(anyCall, async ({ chainId, nonce, roots, ...fees }) => {
        fc.pre(fees.maxPriorityFeePerGas <= fees.maxFeePerGas)
        const call = Transactions.anchoring(registry, roots)
        const { raw, hash } = await Transactions.sign({ chainId, signer, nonce, call, fees })
        const { to, data, gas } = call
        const theirs = await account.signTransaction({ type: 'eip1559', chainId, nonce, to, data, gas, ...fees })
        expect(raw).to.equal(theirs)
        expect(hash).to.equal(keccak256(theirs))
        expect(Transactions.read(raw)).to.deep.equal({ chainId, nonce, call, fees })
      }),
      { numRuns: 300 },
    )
  })

  it('carries the root and nothing else', async () => {
    const root = `0x${'5a'.repeat(32)}` as const
    const fees = { maxFeePerGas: 2n, maxPriorityFeePerGas: 1n }
    const call = Transactions.anchoring(registry, [root])
    const { raw } = await Transactions.sign({ chainId: 31337, signer, nonce: 0, call, fees })
    expect(raw).to.include(`94${registry.slice(2)}80a0${root.slice(2)}c0`)
  })

  it('offers for a replacement what every client takes, and no less than what is asked', () => {
    const fee = fc.bigInt({ min: 0n, max: 2n ** 90n })
    const fees = fc.record({ maxFeePerGas: fee, maxPriorityFeePerGas: fee })
    fc.assert(
      fc.property(fees, fees, (offered, asked) => {
        const raised = Transactions.raise(offered, asked)
        for (const each of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
          // go-ethereum, core/txpool/legacypool: more than before, and at least a tenth more.
          expect(raised[each] > offered[each] && raised[each] * 100n >= offered[each] * 110n).to.equal(true)
          expect(raised[each] >= asked[each]).to.equal(true)
        }
      }),
    )
  })
})
