import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { type Label, labels } from '../../../server/src/internal/crashpoint.ts'
import type { Stored } from '../../../server/src/ports/TransactionStore.ts'
import * as Chain from '../../support/Chain.ts'
import { anyRoot, create, type World } from './world.ts'

const script = fileURLToPath(new URL('process.ts', import.meta.url))

describe('A lane, whose process', function () {
  this.timeout(120_000)
  let anvil: Chain.Chain
  let world: World
  before(async () => {
    anvil = await Chain.start()
  })
  after(() => anvil.stop())
  const started: ChildProcess[] = []
  afterEach(async () => {
    for (const child of started.splice(0)) child.kill('SIGKILL')
    await world.close()
  })

  const start = ({ node, path, secret }: World, patience: number, label?: Label): ChildProcess => {
    const child = spawn(process.execPath, [script, path, node.url, secret, String(patience)], {
      env: { ...process.env, ...(label === undefined ? {} : { LAUREL_CRASH_AT: label }) },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    started.push(child)
    return child
  }
  const ended = async (child: ChildProcess) => (await once(child, 'exit')) as [number | null, string | null]

  const sending = labels.filter((label) => /^call:(before|after)-(commit|send|settle)$/.test(label))
  for (const label of sending)
    it(`is killed at ${label}: what was intended is done once`, async () => {
      world = await create(anvil)
      const root = anyRoot()
      const [intent] = (await world.anchor(root)) as [Stored]
      expect(await ended(start(world, 60_000, label)), `${label} was not reached`).to.deep.equal([null, 'SIGKILL'])
      const signed = await world.transactions.attempts(intent)
      expect(await ended(start(world, 60_000))).to.deep.equal([0, null])
      const attempts = await world.transactions.attempts(intent)
      expect(attempts).to.have.length(1)
      expect(attempts.slice(0, signed.length)).to.deep.equal(signed)
      expect([await world.anchored(root), await world.sent()]).to.deep.equal([1, 1])
    })

  for (const label of labels.filter((each) => each.endsWith('-reopen')))
    it(`is killed at ${label}: what the chain has lost comes back`, async () => {
      world = await create(anvil)
      const root = anyRoot()
      const [intent] = (await world.anchor(root)) as [Stored]
      const point = await anvil.rpc('evm_snapshot')
      await world.settled(intent)
      await anvil.rpc('evm_revert', point)
      // Something is open, or the process would have nothing to do.
      const [other] = (await world.anchor()) as [Stored]
      expect(await ended(start(world, 60_000, label)), `${label} was not reached`).to.deep.equal([null, 'SIGKILL'])
      expect(await ended(start(world, 60_000))).to.deep.equal([0, null])
      expect((await world.transactions.get(intent.id)).state).to.equal('done')
      expect((await world.place(other)).nonce).to.equal(1)
      expect([await world.anchored(root), await world.sent()]).to.deep.equal([1, 2])
    })

  describe('is killed while it offers more', () => {
    let hardhat: Chain.Chain
    before(async () => {
      hardhat = await Chain.startHardhat()
    })
    after(() => hardhat.stop())
    for (const label of labels.filter((each) => each.startsWith('replace:')))
      it(`at ${label}: it is anchored once, with one nonce`, async () => {
        world = await create(hardhat)
        await hardhat.rpc('evm_setAutomine', false)
        try {
          const root = anyRoot()
          const [intent] = (await world.anchor(root)) as [Stored]
          await world.step()
          const { maxFeePerGas } = await world.chain.fees()
          await hardhat.rpc('hardhat_setNextBlockBaseFeePerGas', `0x${(3n * maxFeePerGas).toString(16)}`)
          await world.mine()
          expect(await ended(start(world, 0, label)), `${label} was not reached`).to.deep.equal([null, 'SIGKILL'])
          const signed = await world.transactions.attempts(intent)
          expect(signed).to.have.length(label === 'replace:before-commit' ? 1 : 2)
          const second = start(world, 0)
          const outcome = ended(second)
          while (second.exitCode === null && second.signalCode === null) await world.mine()
          expect(await outcome).to.deep.equal([0, null])
          expect((await world.transactions.attempts(intent)).slice(0, signed.length)).to.deep.equal(signed)
          expect([await world.anchored(root), await world.sent()]).to.deep.equal([1, 1])
        } finally {
          await hardhat.rpc('evm_setAutomine', true)
        }
      })
  })

  it('is one of three of the same account: no nonce is left out, and nothing is anchored twice', async () => {
    world = await create(anvil)
    const roots = Array.from({ length: 12 }, anyRoot)
    await world.anchor(...roots.slice(0, 6))
    const processes = [start(world, 60_000), start(world, 60_000), start(world, 60_000)]
    const outcomes = Promise.all(processes.map(ended))
    for (const root of roots.slice(6)) await world.anchor(root)
    expect(await outcomes).to.deep.equal(processes.map(() => [0, null]))
    await ended(start(world, 60_000))
    for (const root of roots) expect(await world.anchored(root)).to.equal(1)
    // Every transaction of the account on the chain is in the store, and succeeded.
    const places = await world.transactions.places(31337, world.signer.address, 0)
    expect(places.map(({ nonce }) => nonce)).to.deep.equal(Array.from({ length: await world.sent() }, (_, i) => i))
    for (const { attempts } of places) {
      const receipts = await Promise.all(attempts.map(({ hash }) => world.chain.receipt(hash)))
      expect(receipts.filter((receipt) => receipt?.succeeded)).to.have.length(1)
    }
  })

  it('stands still and wakes up again with what another one has sent meanwhile: it sends nothing of its own', async () => {
    world = await create(anvil)
    const root = anyRoot()
    const [intent] = (await world.anchor(root)) as [Stored]
    // It has signed, and stands just before it stores that.
    const { take } = world.transactions
    let sleeping: () => void = () => {}
    const asleep = new Promise<void>((resolve) => {
      sleeping = resolve
    })
    let wake: () => void = () => {}
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    const slow = {
      ...world.transactions,
      take: async (...args: Parameters<typeof take>) => {
        sleeping()
        await woken
        return take(...args)
      },
    }
    const step = world.step({ transactions: slow })
    await asleep
    await world.settled(intent)
    wake()
    expect(await step).to.equal(null)
    expect(await world.transactions.attempts(intent)).to.have.length(1)
    expect([await world.anchored(root), await world.sent()]).to.deep.equal([1, 1])
  })
})
