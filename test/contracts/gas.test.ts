import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { concat, Interface } from 'ethers'
import * as AnchorRegistry from '../../core/src/generated/AnchorRegistry.ts'
import * as StatusRegistry from '../../core/src/generated/StatusRegistry.ts'
import * as Support from './support.ts'

const status = new Interface(StatusRegistry.abi)

/** G1: one root, sent by its account, in a transaction of its own. What no such registry can go below is 45,112. */
const target = 45_400

/** G4: a new version of a status list in place of one before. What no such registry can go below is 28,012. */
const statusTarget = 30_000

const committed: Record<string, string> = JSON.parse(readFileSync(new URL('gas.json', import.meta.url), 'utf8'))

describe('gas of the committed registries, under the rules of Osaka', () => {
  const measured: Record<string, string> = {}
  let chain: Support.Chain

  before(async () => {
    chain = await Support.chain()
  })

  after(async () => {
    await chain.close()
    for (const [name, sentence] of Object.entries(measured)) console.log(`      ${name}: ${sentence}`)
  })

  async function gas(data: string, to: string | null): Promise<{ gas: number; contract: string }> {
    const [, account] = await chain.ethers.getSigners()
    const receipt = await (await account?.sendTransaction({ to, data, gasLimit: 16_000_000 }))?.wait()
    return { gas: Number(receipt?.gasUsed), contract: receipt?.contractAddress ?? '' }
  }

  it('meets G1 and G4, and is what gas.json says', async () => {
    const figure = (value: number) => value.toLocaleString('en')
    const { gas: deployment, contract } = await gas(AnchorRegistry.initCode, null)
    const first = (await gas(Support.root(1), contract)).gas
    const later = (await gas(Support.root(2), contract)).gas
    measured['anchor one root, the first of its account'] = `${figure(first)} gas (target ${figure(target)})`
    measured['anchor one root, later'] = `${figure(later)} gas (target ${figure(target)})`
    for (const n of [2, 10, 100]) {
      const roots = Array.from({ length: n }, (_, i) => Support.root(1000 * n + i))
      const total = (await gas(concat(roots), contract)).gas
      measured[`anchor ${n} roots in one transaction`] = `${figure(total)} gas, ${figure(Math.round(total / n))} a root`
    }
    measured['deploy the registry without the factory'] = `${figure(deployment)} gas`
    const { contract: statusRegistry } = await gas(StatusRegistry.initCode, null)
    const publish = (n: number) => status.encodeFunctionData('publish', [Support.root(1), Support.root(n)])
    const version = (await gas(publish(2), statusRegistry)).gas
    const newer = (await gas(publish(3), statusRegistry)).gas
    measured['publish a status list, the first version'] = `${figure(version)} gas`
    measured['publish a status list, a version in place'] = `${figure(newer)} gas (target ${figure(statusTarget)})`
    expect(newer).to.be.at.most(statusTarget)
    expect(first).to.be.at.most(target)
    expect(later).to.be.at.most(target)
    expect(measured).to.deep.equal(committed)
  })
})
