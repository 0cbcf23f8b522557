import { expect } from 'chai'
import { Contract } from 'ethers'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as StatusRegistry from '../../core/src/generated/StatusRegistry.ts'
import * as StatusHistory from '../../core/src/StatusHistory.ts'
import * as Support from './support.ts'

const anyVersion = fc.record({
  account: fc.nat(1),
  list: fc.webUrl(),
  isKnown: fc.integer({ min: 0, max: 9 }).map((n) => n !== 0),
  digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  pause: fc.nat(90 * 86_400),
})

/**
 * Publishes versions in the committed registry, mostly of a list that has some: the head has to be what core folds the
 * whole history to, after every version.
 */
export async function compareWithCore(versions: number): Promise<void> {
  const chain = await Support.chain()
  try {
    const accounts = await chain.ethers.getSigners()
    const receipt = await (await accounts[0]?.sendTransaction({ data: StatusRegistry.initCode }))?.wait()
    const registry = new Contract(receipt?.contractAddress ?? '', StatusRegistry.abi, chain.ethers.provider)
    const histories = new Map<string, StatusHistory.Version[]>()
    let list = ''
    let count = 0
    const property = fc.asyncProperty(anyVersion, async (each) => {
      if (count === 0 || !each.isKnown) list = Bytes.toHex(StatusHistory.listId(each.list))
      const account = accounts[each.account]
      const key = `${account?.address} ${list}`
      const history = histories.get(key) ?? []
      histories.set(key, history)
      const time = (await chain.networkHelpers.time.latest()) + 1 + each.pause
      await chain.networkHelpers.time.setNextBlockTimestamp(time)
      const data = registry.interface.encodeFunctionData('publish', [list, Bytes.toHex(each.digest)])
      await (await account?.sendTransaction({ to: registry.target, data }))?.wait()
      history.push({ digest: each.digest, time })
      expect(await registry.getFunction('headOf')(account?.address, list)).to.equal(
        Bytes.toHex(StatusHistory.head(history)),
      )
      count++
    })
    await fc.assert(property, { numRuns: versions, seed: 1, endOnFailure: true })
    expect(count).to.equal(versions)
    expect(Math.max(...[...histories.values()].map(({ length }) => length))).to.be.at.least(5)
  } finally {
    await chain.close()
  }
}
