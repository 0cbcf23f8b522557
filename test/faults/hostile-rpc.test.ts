import { readFileSync } from 'node:fs'
import type * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import { slot } from '../../server/src/adapters/chain/EvmChain.ts'
import { open } from '../../server/src/adapters/chain/open.ts'
import type { Stored } from '../../server/src/ports/TransactionStore.ts'
import * as Transactions from '../../server/src/transactions/Transactions.ts'
import { createSigner, refusal } from '../server/adapters/chain.ts'
import { anyRoot, create, type World } from '../server/transactions/world.ts'
import * as Chain from '../support/Chain.ts'
import * as Probe from '../support/Probe.ts'
import * as RpcProxy from './RpcProxy.ts'

type Entry = { readonly id: string; readonly surface: string; readonly description: string }

const described = new Map<string, string>()
try {
  const url = new URL('../../../shared/reference/hostile-inputs.json', import.meta.url)
  for (const { id, surface, description } of JSON.parse(readFileSync(url, 'utf8')) as readonly Entry[])
    if (surface === 'chain-rpc') described.set(id, description)
} catch {
  // The table is not part of the repository; without it the tests have numbers only.
}

// What an RPC has done to somebody: the entries of the table of hostile inputs whose surface is chain-rpc.
describe('A lane, whose RPC is hostile', function () {
  this.timeout(60_000)
  let node: Chain.Chain
  let proxy: RpcProxy.RpcProxy
  let world: World
  let probe: Probe.Probe
  before(async () => {
    node = await Chain.start()
    proxy = await RpcProxy.start(node.url)
    probe = Probe.here()
  })
  after(async () => {
    await proxy.stop()
    await node.stop()
  })
  beforeEach(async () => {
    proxy.plan(() => undefined)
    proxy.redirect(node.url)
    await node.rpc('evm_setAutomine', true)
    world = await create(node, { url: proxy.url, development: false })
  })
  afterEach(() => world.close())

  const one = async (root = anyRoot()) => ((await world.anchor(root)) as [Stored])[0]
  const once = (method: string, fault: RpcProxy.Fault) => {
    let done = false
    proxy.plan((call) => {
      if (done || call.method !== method) return undefined
      done = true
      return fault
    })
  }
  const always = (method: string, fault: RpcProxy.Fault) =>
    proxy.plan((call) => (call.method === method ? fault : undefined))
  /** Everything that the account has signed, and that it was the only thing which it sent. */
  const anchoredOnce = async (root: Bytes.Hex, intent: Stored) => {
    const attempts = await world.transactions.attempts(intent)
    expect([await world.anchored(root), await world.sent(), attempts.length]).to.deep.equal([1, 1, 1])
  }

  const cases: Readonly<Record<string, () => Promise<void>>> = {
    'RPC-001': async () => {
      const root = anyRoot()
      const intent = await one(root)
      once('eth_sendRawTransaction', 'drop-after')
      // The connection breaks, but whether the chain knows it can be asked.
      expect(await world.step()).to.equal(null)
      await world.settled(intent)
      await anchoredOnce(root, intent)
    },
    'RPC-002': async () => {
      const root = anyRoot()
      const intent = await one(root)
      once('eth_sendRawTransaction', 'busy')
      expect(await refusal(world.step())).to.equal('CHAIN_UNREACHABLE')
      expect(await world.sent()).to.equal(0)
      await world.settled(intent)
      await anchoredOnce(root, intent)
    },
    'RPC-004': async () => {
      await node.rpc('evm_setAutomine', false)
      const root = anyRoot()
      const intent = await one(root)
      await world.step()
      const raw = (await world.transactions.attempts(intent))[0]?.raw as Bytes.Hex
      // Anvil says “transaction already imported”; it is the hash that counts.
      await world.chain.send(raw)
      await node.rpc('evm_mine')
      await world.chain.send(raw)
      await world.settled(intent)
      await anchoredOnce(root, intent)
    },
    'RPC-005': async () => {
      await node.rpc('evm_setAutomine', false)
      const root = anyRoot()
      const intent = await one(root)
      await world.step()
      // It is mined just when it is being sent again: the node says that the nonce is too low.
      proxy.plan(() => undefined)
      const { chain } = world
      const transaction = async () => {
        await node.rpc('evm_mine')
        return false
      }
      expect(await world.step({ chain: { ...chain, transaction } })).to.equal(null)
      await world.settled(intent)
      await anchoredOnce(root, intent)
    },
    'RPC-006': async () => {
      await world.elsewhere()
      const root = anyRoot()
      const intent = await one(root)
      for (let i = 0; i < 3; i++) expect((await world.step())?.code).to.equal('NONCE_CONFLICT')
      expect(await world.transactions.attempts(intent)).to.deep.equal([])
      await world.transactions.accept(31337, world.signer.address, 1)
      await world.settled(intent)
      expect(await world.anchored(root)).to.equal(1)
    },
    'RPC-009': async () => {
      const root = anyRoot()
      const intent = await one(root)
      await node.rpc('anvil_setBalance', world.signer.address, '0x0')
      const condition = await world.step()
      expect(condition?.code).to.equal('FUNDS_MISSING')
      const missing = BigInt(condition?.facts.missing ?? 0)
      expect(missing > 0n).to.equal(true)
      await node.rpc('anvil_setBalance', world.signer.address, `0x${(2n * missing).toString(16)}`)
      await world.settled(intent)
      await anchoredOnce(root, intent)
    },
    'RPC-010': async () => {
      await world.settled(await one())
      const intent = await one()
      for (const method of ['eth_getTransactionCount', 'eth_getBalance', 'eth_chainId'])
        for (const fault of ['null', 'empty', 'error', { edit: () => 7 }] as const) {
          always(method, fault)
          expect(await refusal(world.step()), `${method}: ${JSON.stringify(fault)}`).to.equal('CHAIN_UNREACHABLE')
          expect(await world.transactions.attempts(intent)).to.deep.equal([])
        }
      // A node need not say what a good tip is: it is computed from the last blocks then, and is never 0.
      always('eth_maxPriorityFeePerGas', 'null')
      expect(await world.step()).to.equal(null)
      const [attempt] = await world.transactions.attempts(intent)
      expect(Transactions.read(attempt?.raw as Bytes.Hex).fees.maxPriorityFeePerGas > 0n).to.equal(true)
    },
    'RPC-012': async () => {
      await world.close()
      world = await create(node, { url: proxy.url, development: false, confirmations: 2 })
      await world.mine(2)
      const intent = await one()
      await world.step()
      const [attempt] = await world.transactions.attempts(intent)
      while ((await world.chain.receipt(attempt?.hash as Bytes.Hex)) === null);
      await node.rpc('evm_setAutomine', false)
      await world.mine()
      await world.settled(intent)
      await node.rpc('anvil_reorg', 2, [[attempt?.raw, 1]])
      await world.mine(2)
      await world.settled(intent)
      const receipt = await world.chain.receipt(attempt?.hash as Bytes.Hex)
      expect((await world.place(intent)).block).to.deep.equal({
        number: receipt?.blockNumber,
        hash: receipt?.blockHash,
      })
      expect(await world.transactions.places(31337, world.signer.address, 0)).to.have.length(1)
    },
    'RPC-013': async () => {
      await world.close()
      world = await create(node, { url: proxy.url, development: false, confirmations: 2 })
      await node.rpc('evm_setAutomine', false)
      const root = anyRoot()
      const intent = await one(root)
      await world.step()
      await world.mine(5)
      await world.settled(intent)
      await node.rpc('anvil_reorg', 5, [])
      await world.step()
      expect((await world.transactions.get(intent.id)).state).to.equal('open')
      await world.mine(2)
      await world.settled(intent)
      await anchoredOnce(root, intent)
    },
    'RPC-014': async () => {
      await node.rpc('evm_setAutomine', false)
      const [first, second] = [anyRoot(), anyRoot()] as const
      const intent = await one(first)
      await world.step()
      const anchor = `0x${'01'.padStart(64, '0')}`
      await node.rpc('anvil_setStorageAt', world.registry, slot(world.signer.address, first), anchor)
      await world.mine()
      // The registry has it already, by this account: that is what was wanted.
      expect((await world.settled(intent)).state).to.equal('done')

      const code = await node.rpc('eth_getCode', world.registry, 'latest')
      await node.rpc('anvil_setCode', world.registry, '0x5f5ffd')
      try {
        const refused = await one(second)
        for (let i = 0; i < 5; i++) {
          await world.step()
          await world.mine()
        }
        expect((await world.transactions.get(refused.id)).state).to.equal('refused')
        expect(await world.transactions.attempts(refused)).to.have.length(2)
      } finally {
        await node.rpc('anvil_setCode', world.registry, code)
      }
    },
    'RPC-015': async () => {
      const first = await one()
      await world.settled(first)
      const other = await node.rpc(
        'eth_getTransactionReceipt',
        (await world.transactions.get(first.id)).transactionHash,
      )
      const root = anyRoot()
      const intent = await one(root)
      await world.step()
      while ((await world.sent()) < 2);
      always('eth_getTransactionReceipt', { edit: () => other })
      expect(await refusal(world.step())).to.equal('CHAIN_UNREACHABLE')
      const blockHash = `0x${'ab'.repeat(32)}`
      always('eth_getTransactionReceipt', { edit: (receipt) => ({ ...(receipt as object), blockHash }) })
      expect(await world.step()).to.equal(null)
      expect((await world.transactions.get(intent.id)).state).to.equal('open')
      proxy.plan(() => undefined)
      await world.settled(intent)
      expect(await world.anchored(root)).to.equal(1)
    },
    'RPC-016': async () => {
      const root = anyRoot()
      const intent = await one(root)
      proxy.plan(() => undefined)
      await world.settled(intent)
      // Nothing is concluded from logs; where one is asked for a hash, one that was removed does not count.
      expect(proxy.calls().map(({ method }) => method)).not.to.include('eth_getLogs')
      const { number } = await world.chain.head()
      const removed = (logs: unknown) => (logs as object[]).map((log) => ({ ...log, removed: true }))
      always('eth_getLogs', { edit: removed })
      expect(await world.chain.anchoredBy(world.signer.address, root, number)).to.equal(null)
      proxy.plan(() => undefined)
      expect(await world.chain.anchoredBy(world.signer.address, root, number)).not.to.equal(null)
    },
    'RPC-018': async () => {
      const intent = await one()
      const other = await Chain.start(1)
      try {
        proxy.redirect(other.url)
        await other.rpc('anvil_setBalance', world.signer.address, '0xde0b6b3a7640000')
        expect((await world.step())?.code).to.equal('CHAIN_MISMATCH')
        expect(await world.transactions.attempts(intent)).to.deep.equal([])
      } finally {
        await other.stop()
      }
      proxy.redirect(node.url)
      await world.settled(intent)
    },
    'RPC-019': async () => {
      const root = anyRoot()
      const intent = await one(root)
      for (const fault of ['html', 'cut', 'wrong-id', 'endless', 'error'] as const) {
        proxy.plan(() => fault)
        expect(await refusal(world.step()), fault).to.equal('CHAIN_UNREACHABLE')
      }
      proxy.plan(() => undefined)
      await world.settled(intent)
      await anchoredOnce(root, intent)
    },
    'RPC-021': async () => {
      const { address: account } = createSigner()
      const options = { chainId: undefined, confirmations: undefined, embedded: false, account, demand: [] }
      const at = (url: string, finality: 'finalized' | 'safe') => refusal(open({ ...options, url, finality }))
      const chain = await Chain.start(5)
      const before = await RpcProxy.start(chain.url)
      try {
        await chain.rpc('anvil_mine', '0x50')
        // A chain that tells them apart is fine.
        expect(await at(before.url, 'finalized')).to.equal('nothing')
        for (const fault of [{ edit: () => null }, 'error'] as const) {
          before.plan(({ params }) => (params[0] === 'finalized' ? fault : undefined))
          expect(await at(before.url, 'finalized')).to.equal('FINALITY_UNKNOWN')
        }
        // As Hardhat's node does it.
        const latest = await chain.rpc('eth_getBlockByNumber', 'latest', false)
        before.plan(({ params }) => (params[0] === 'safe' ? { edit: () => latest } : undefined))
        expect(await at(before.url, 'safe')).to.equal('FINALITY_UNKNOWN')
      } finally {
        await before.stop()
        await chain.stop()
      }
    },
  }
  for (const [id, test] of Object.entries(cases)) it(`${id}: ${described.get(id) ?? ''}`.trim(), test)

  it('takes no more memory than there is room for', async () => {
    const seen = await probe.end()
    console.log(`      ${Probe.describe(seen)}`)
    // An answer that does not end is cut at some MiB, on both sides of the proxy.
    expect(seen.growth).to.be.lessThan(512 * 2 ** 20)
  })

  it('leaves no entry of the table out', function () {
    if (described.size === 0) {
      console.log('      SKIPPED: the table of hostile inputs is not here')
      this.skip()
    }
    // Two processes with one key, and one killed with a nonce in hand: processes.slow.test.ts.
    const elsewhere = ['RPC-022', 'RPC-023']
    expect([...described.keys()].filter((id) => !(id in cases) && !elsewhere.includes(id))).to.deep.equal([])
  })
})
