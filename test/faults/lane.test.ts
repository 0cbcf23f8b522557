import { expect } from 'chai'
import * as Postgres from '../../server/src/adapters/store/postgres/Postgres.ts'
import type { Stored } from '../../server/src/ports/TransactionStore.ts'
import { refusal } from '../server/adapters/chain.ts'
import { anyRoot, create, type World } from '../server/transactions/world.ts'
import * as Chain from '../support/Chain.ts'

// The window in which others sign twice: between the signature and its being stored, whichever way that ends.
describe('A lane, whose database breaks off', function () {
  this.timeout(60_000)
  let node: Chain.Chain
  let world: World
  before(async () => {
    node = await Chain.startHardhat()
  })
  after(() => node.stop())
  beforeEach(async () => {
    world = await create(node)
    await node.rpc('evm_setAutomine', false)
  })
  afterEach(async () => {
    await node.rpc('evm_setAutomine', true)
    await world.close()
  })

  const breakOff =
    <args extends readonly unknown[]>(work: (...args: args) => Promise<void>, isStored: boolean) =>
    async (...args: args) => {
      if (isStored) await work(...args)
      throw new Postgres.UnreachableError('postgres://127.0.0.1/laurel', new Error('Connection terminated'))
    }
  const pooled = async () => Number(await node.rpc('eth_getTransactionCount', world.signer.address, 'pending'))

  for (const isStored of [false, true]) {
    const how = isStored ? 'but it is stored' : 'and nothing is stored'

    it(`when it stores what was signed, ${how}: nothing was sent, and it is anchored once`, async () => {
      const root = anyRoot()
      const [intent] = (await world.anchor(root)) as [Stored]
      const take = breakOff(world.transactions.take, isStored)
      expect(await refusal(world.step({ transactions: { ...world.transactions, take } }))).to.equal(
        'DATABASE_UNREACHABLE',
      )
      expect(await pooled(), 'sent before it was stored').to.equal(0)
      const before = await world.transactions.attempts(intent)
      expect(before).to.have.length(isStored ? 1 : 0)

      await world.step()
      await world.mine()
      await world.settled(intent)
      const attempts = await world.transactions.attempts(intent)
      expect(attempts).to.have.length(1)
      expect(attempts.slice(0, before.length)).to.deep.equal(before)
      expect([await world.anchored(root), await world.sent()]).to.deep.equal([1, 1])
    })

    it(`when it stores a replacement, ${how}: none was sent, and it is anchored once`, async () => {
      const root = anyRoot()
      const [intent] = (await world.anchor(root)) as [Stored]
      await world.step()
      const { maxFeePerGas } = await world.chain.fees()
      await node.rpc('hardhat_setNextBlockBaseFeePerGas', `0x${(3n * maxFeePerGas).toString(16)}`)
      await world.mine()
      world.later(60_000)
      const replace = breakOff(world.transactions.replace, isStored)
      const code = await refusal(world.step({ transactions: { ...world.transactions, replace } }))
      expect(code).to.equal('DATABASE_UNREACHABLE')
      const [first, second] = await world.transactions.attempts(intent)
      expect(second === undefined).to.equal(!isStored)
      if (second !== undefined) expect(await world.chain.transaction(second.hash)).to.equal(false)

      while ((await world.transactions.get(intent.id)).state === 'open') {
        expect(await world.step()).to.equal(null)
        await world.mine()
        world.later(60_000)
      }
      const attempts = await world.transactions.attempts(intent)
      expect(attempts[0]).to.deep.equal(first)
      expect(new Set(attempts.map(({ nonce }) => nonce)).size).to.equal(1)
      expect([await world.anchored(root), await world.sent()]).to.deep.equal([1, 1])
    })
  }
})
