import * as Errors from '@laurel/core/Errors'
import { expect } from 'chai'
import type { Stored } from '../../server/src/ports/TransactionStore.ts'
import { anyRoot, create, type World } from '../server/transactions/world.ts'
import * as Chain from '../support/Chain.ts'
import * as RpcProxy from './RpcProxy.ts'

/** More steps than any fault may cost. */
const patience = 10

/**
 * Anchors two roots with every question to the chain broken in its turn, by each fault, and shows that they are anchored
 * once, by one transaction, whatever broke.
 */
export function shouldSurvive(faults: readonly (typeof RpcProxy.faults)[number][]): void {
  let node: Chain.Chain
  let proxy: RpcProxy.RpcProxy
  let world: World
  before(async () => {
    node = await Chain.start()
    proxy = await RpcProxy.start(node.url)
    world = await create(node, { url: proxy.url, development: false })
    await node.rpc('evm_setAutomine', false)
  })
  after(async () => {
    await world.close()
    await proxy.stop()
    await node.stop()
  })

  /** Answers with what was asked. */
  const anchor = async (plan: Parameters<RpcProxy.RpcProxy['plan']>[0]) => {
    const roots = [anyRoot(), anyRoot()] as const
    const [first, second] = (await world.anchor(...roots)) as [Stored, Stored]
    const sent = await world.sent()
    proxy.plan(plan)
    const settled = async () => (await world.transactions.open(31337, world.signer.address)).length === 0
    for (let steps = 0; !(await settled()); steps++) {
      expect(steps, 'steps').to.be.below(patience)
      await world.step().catch((error: unknown) => {
        if (!(error instanceof Errors.BaseError)) throw error
        expect(error.code).to.equal('CHAIN_UNREACHABLE')
      })
      await world.mine()
    }
    const calls = proxy.calls()
    proxy.plan(() => undefined)
    expect(await world.sent()).to.equal(sent + 1)
    for (const root of roots) expect(await world.anchored(root)).to.equal(1)
    const attempts = await world.transactions.attempts(first)
    expect(attempts).to.have.length(1)
    expect(attempts).to.deep.equal(await world.transactions.attempts(second))
    return calls
  }

  for (const fault of faults)
    it(`${fault}: at every question in its turn, each root is anchored once and nothing is wasted`, async () => {
      // The first that an account anchors asks less than the others.
      await anchor(() => undefined)
      const calls = await anchor(() => undefined)
      expect(calls.map(({ method }) => method)).to.include.members([
        'eth_sendRawTransaction',
        'eth_getTransactionReceipt',
      ])
      for (const { index, method } of calls) {
        let broken = false
        await anchor((call) => {
          if (call.index !== index) return undefined
          broken = true
          return fault
        })
        expect(broken, `call ${index}, ${method}`).to.equal(true)
      }
    })
}
