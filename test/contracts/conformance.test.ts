import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { Contract } from 'ethers'
import { abi } from '../../core/src/generated/AnchorRegistry.ts'
import * as Golden from '../support/Golden.ts'
import * as Support from './support.ts'

const ours = new URL('../vectors/laurel-v1/golden/anchors.json', import.meta.url)
const shared = new URL('../../../shared/conformance/laurel-v1/golden/anchors.json', import.meta.url)
const golden = Golden.anchors()
const chainIds = [31_337, 11_155_111]

describe('the golden anchors', () => {
  it('are the shared ones', function () {
    if (!existsSync(shared)) {
      console.log('      SKIPPED: the shared conformance folder is not on this machine')
      this.skip()
    }
    expect(readFileSync(ours, 'utf8')).to.equal(readFileSync(shared, 'utf8'))
  })

  it('are on the two chains that are replayed', () => {
    expect(golden.anchors).to.have.lengthOf(9)
    expect([...new Set(golden.anchors.map(({ chainId }) => chainId))]).to.deep.equal(chainIds)
  })

  const codes = {
    'the stand-in that made them': async () => golden.registryStandIn.runtimeCode,
    'the default profile': async () => (await Support.compile('default')).runtimeCode,
    'the production profile': async () => (await Support.compile('production')).runtimeCode,
  }
  for (const [name, code] of Object.entries(codes)) {
    for (const chainId of chainIds) {
      it(`replayed on chain ${chainId}, leave the same slots under ${name}`, async () => {
        const { address } = golden.registryStandIn
        const chain = await Support.chain(chainId)
        try {
          await chain.provider.request({ method: 'hardhat_setCode', params: [address, await code()] })
          for (const anchor of golden.anchors.filter((each) => each.chainId === chainId)) {
            await chain.networkHelpers.time.setNextBlockTimestamp(anchor.time)
            const sent = await chain.ethers.provider.broadcastTransaction(anchor.rawTransaction)
            const receipt = await sent.wait()
            expect(sent.data).to.equal(anchor.root)
            expect(receipt?.hash).to.equal(anchor.transactionHash)
            expect(receipt?.status).to.equal(1)
            expect(receipt?.blockNumber).to.equal(anchor.block)
            expect(await chain.ethers.provider.getStorage(address, anchor.slot)).to.equal(anchor.slotValue)
            if (name.startsWith('the stand-in')) continue
            const registry = new Contract(address, abi, chain.ethers.provider)
            const anchoredAt = await registry.getFunction('anchoredAt')(anchor.account, anchor.root)
            expect(anchoredAt.toArray()).to.deep.equal([BigInt(anchor.time), BigInt(anchor.block)])
          }
        } finally {
          await chain.close()
        }
      })
    }
  }
})
