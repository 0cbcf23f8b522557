import type * as Bytes from '@laurel/core/Bytes'
import * as IssuerDirectory from '@laurel/core/generated/IssuerDirectory'
import { expect } from 'chai'
import { encodeFunctionData } from 'viem'
import { slot } from '../../../server/src/adapters/chain/EvmChain.ts'
import * as SqlTransactionStore from '../../../server/src/adapters/store/SqlTransactionStore.ts'
import * as NodeSqlite from '../../../server/src/adapters/store/sqlite/NodeSqlite.ts'
import type { Stored } from '../../../server/src/ports/TransactionStore.ts'
import { carryOut } from '../../../server/src/transactions/carry-out.ts'
import * as HeldUp from '../../../server/src/transactions/HeldUp.ts'
import * as Lane from '../../../server/src/transactions/Lane.ts'
import { reconcile } from '../../../server/src/transactions/reconcile.ts'
import * as Transactions from '../../../server/src/transactions/Transactions.ts'
import * as Chain from '../../support/Chain.ts'
import { anyRoot, create, type World } from './world.ts'

describe('A lane', function () {
  this.timeout(60_000)

  describe('on anvil', () => {
    let node: Chain.Chain
    let world: World
    before(async () => {
      node = await Chain.start()
    })
    after(() => node.stop())
    beforeEach(async () => {
      world = await create(node)
    })
    afterEach(async () => {
      await node.rpc('evm_setAutomine', true)
      await world.close()
    })
    const manual = () => node.rpc('evm_setAutomine', false)
    /** A world whose chain is as a public one: it makes no blocks for us and never begins anew. */
    const strict = async (confirmations: number) => {
      await world.close()
      world = await create(node, { confirmations, development: false })
    }

    it('anchors a root by one transaction, and claims it when that is final', async () => {
      await strict(3)
      const root = anyRoot()
      const [intent] = (await world.anchor(root)) as [Stored]
      await manual()
      expect(await world.step()).to.equal(null)
      expect(await world.place(intent)).to.deep.include({ nonce: 0, state: 'open', block: null })
      for (const depth of [1, 2]) {
        await world.mine()
        await world.step()
        expect((await world.transactions.get(intent.id)).state, `at depth ${depth}`).to.equal('open')
        expect((await world.place(intent)).block).not.to.equal(null)
      }
      await world.mine()
      await world.step()
      const hash = (await world.transactions.attempts(intent))[0]?.hash as Bytes.Hex
      expect(await world.transactions.get(intent.id)).to.deep.include({ state: 'done', transactionHash: hash })
      const { gasUsed, gasPrice } = (await world.chain.receipt(hash)) ?? expect.fail('it is not there')
      expect((await world.place(intent)).cost).to.equal(gasUsed * gasPrice)
      expect(await world.anchored(root)).to.equal(1)
      expect(await world.step()).to.equal(null)
      expect(await world.sent()).to.equal(1)
    })

    it('sends roots that wait together in one transaction, in their order', async () => {
      const roots = [anyRoot(), anyRoot(), anyRoot()]
      const intents = await world.anchor(...roots)
      const hashes = new Set<string | null>()
      for (const intent of intents) hashes.add((await world.settled(intent)).transactionHash)
      expect(hashes.size).to.equal(1)
      expect(await world.sent()).to.equal(1)
      const { input } = (await node.rpc('eth_getTransactionByHash', [...hashes][0])) as { input: string }
      expect(input).to.equal(`0x${roots.map((root) => root.slice(2)).join('')}`)
      for (const root of roots) expect(await world.anchored(root)).to.equal(1)
    })

    it('sends no more roots together than a transaction takes', async () => {
      const roots = Array.from({ length: Transactions.mostRoots + 1 }, anyRoot)
      const intents = await world.anchor(...roots)
      await world.settled(intents.at(-1) as Stored)
      expect(await world.sent()).to.equal(2)
      for (const root of roots) expect(await world.anchored(root)).to.equal(1)
      // What is offered for them is enough, with room, and no more than there is for one.
      const { gasUsed } =
        (await world.chain.receipt(
          (
            await world.transactions.get((intents[0] as Stored).id)
          ).transactionHash as Bytes.Hex,
        )) ?? expect.fail('it is not there')
      const offered = Transactions.anchoring(world.registry, roots.slice(1)).gas
      expect(Number(gasUsed))
        .to.be.below(Number(offered))
        .and.above(Number(offered) / 2)
    })

    it('gathers what is intended while a transaction waits to be mined', async () => {
      await manual()
      const [first] = (await world.anchor()) as [Stored]
      await world.step()
      const others = [...(await world.anchor()), ...(await world.anchor())] as [Stored, Stored]
      await world.step()
      expect(await world.transactions.place(others[0])).to.equal(undefined)
      await world.mine()
      await world.step()
      expect(await world.place(others[1])).to.deep.include({ nonce: 1 })
      expect((await world.place(others[0])).intents).to.have.length(2)
      await world.mine()
      await world.settled(others[1])
      expect((await world.transactions.get(first.id)).state).to.equal('done')
      expect(await world.sent()).to.equal(2)
    })

    it('sends a call alone, and in its turn', async () => {
      const { signer, transactions, chain } = world
      const data = encodeFunctionData({
        abi: IssuerDirectory.abi,
        functionName: 'register',
        args: [`0x${'00'.repeat(32)}`, 'did:example:1', `0x${'11'.repeat(32)}`],
      })
      const intent = { chainId: chain.chainId, account: signer.address, purpose: 'directory', subject: 'register' }
      const call = await transactions.intend({ ...intent, to: IssuerDirectory.address, data }, 0)
      const intents = await world.anchor(anyRoot(), anyRoot())
      await world.settled(intents[1] as Stored)
      expect((await world.place(call)).nonce).to.equal(0)
      expect((await world.transactions.get(call.id)).state).to.equal('done')
      expect(await world.sent()).to.equal(2)
    })

    it('sends the same bytes again when the chain has dropped them', async () => {
      await manual()
      const [intent] = (await world.anchor()) as [Stored]
      await world.step()
      const [attempt] = await world.transactions.attempts(intent)
      if (attempt === undefined) throw new Error('nothing was signed')
      await node.rpc('anvil_dropTransaction', attempt.hash)
      expect(await world.chain.transaction(attempt.hash)).to.equal(false)
      expect(await world.step()).to.equal(null)
      expect(await world.chain.transaction(attempt.hash)).to.equal(true)
      expect(await world.transactions.attempts(intent)).to.deep.equal([attempt])
      await world.mine()
      expect((await world.settled(intent)).transactionHash).to.equal(attempt.hash)
    })

    for (const [title, confirmations, depth, before] of [
      ['one block deep, before it is final', 3, 1, 0],
      ['just before it is final', 3, 2, 1],
      ['after it was final', 2, 5, 4],
      ['long after it was final', 2, 40, 39],
    ] as const)
      it(`goes back with a reorganisation ${title}, and comes back with the same bytes`, async () => {
        await strict(confirmations)
        const root = anyRoot()
        await manual()
        const [intent] = (await world.anchor(root)) as [Stored]
        await world.step()
        await world.mine(1 + before)
        await world.step()
        const state = before + 1 >= confirmations ? 'done' : 'open'
        expect((await world.transactions.get(intent.id)).state).to.equal(state)
        expect((await world.place(intent)).block).not.to.equal(null)

        await node.rpc('anvil_reorg', depth, [])
        expect(await world.anchored(root)).to.equal(0)
        await world.step()
        expect(await world.transactions.get(intent.id)).to.deep.include({ state: 'open', transactionHash: null })
        expect(await world.place(intent)).to.deep.include({ state: 'open', block: null, reorgs: 1, nonce: 0 })
        expect(await world.place(intent))
          .to.have.property('attempts')
          .with.length(1)

        await world.mine(confirmations)
        const { transactionHash } = await world.settled(intent)
        expect([transactionHash]).to.deep.equal((await world.transactions.attempts(intent)).map(({ hash }) => hash))
        expect(await world.anchored(root)).to.equal(1)
        expect(await world.sent()).to.equal(1)
      })

    it('follows a transaction that a reorganisation has put into another block', async () => {
      await strict(2)
      await world.mine(3)
      const [intent] = (await world.anchor()) as [Stored]
      await world.step()
      const [attempt] = await world.transactions.attempts(intent)
      while ((await world.chain.receipt(attempt?.hash as Bytes.Hex)) === null);
      await manual()
      await world.mine()
      await world.settled(intent)
      const before = (await world.place(intent)).block
      await node.rpc('anvil_reorg', 3, [[attempt?.raw, 1]])
      await world.mine(2)
      await world.settled(intent)
      const { block, reorgs, attempts } = await world.place(intent)
      expect(block?.hash).not.to.equal(before?.hash)
      const receipt = await world.chain.receipt(attempt?.hash as Bytes.Hex)
      expect([block?.number, block?.hash]).to.deep.equal([receipt?.blockNumber, receipt?.blockHash])
      expect([reorgs, attempts.length, await world.sent()]).to.deep.equal([1, 1, 1])
    })

    it('believes nothing that a node says which is behind', async () => {
      await strict(1)
      const [intent] = (await world.anchor()) as [Stored]
      await world.settled(intent)
      const { chain } = world
      const behind = {
        ...chain,
        head: async () => ({ ...(await chain.head()), number: 0n }),
        nonce: async () => 0,
        blockHash: async () => null,
        receipt: async () => null,
        transaction: async () => false,
      }
      expect(await world.step({ chain: behind })).to.equal(null)
      expect((await world.transactions.get(intent.id)).state).to.equal('done')
    })

    it('stops signing when the account has sent something elsewhere, until somebody accepts it', async () => {
      const { transactions, chain, signer } = world
      await world.settled((await world.anchor())[0] as Stored)
      await world.elsewhere()
      const root = anyRoot()
      const [intent] = (await world.anchor(root)) as [Stored]
      for (let i = 0; i < 3; i++)
        expect(await world.step()).to.deep.equal({
          code: 'NONCE_CONFLICT',
          facts: { account: signer.address, unknown: 1, nonce: 2 },
        })
      expect(await transactions.attempts(intent)).to.deep.equal([])
      expect((await transactions.lanes())[0]?.condition?.code).to.equal('NONCE_CONFLICT')
      await transactions.accept(chain.chainId, signer.address, 2)
      await world.settled(intent)
      expect([await world.anchored(root), await world.sent()]).to.deep.equal([1, 3])
    })

    it('takes another nonce when its own was used elsewhere, once that is final and accepted', async () => {
      const { transactions, chain, signer } = world
      await manual()
      const root = anyRoot()
      const [intent] = (await world.anchor(root)) as [Stored]
      await world.step()
      const [attempt] = await transactions.attempts(intent)
      await node.rpc('anvil_dropTransaction', attempt?.hash)
      await node.rpc('evm_setAutomine', true)
      await world.elsewhere()
      expect((await world.step())?.code).to.equal('NONCE_CONFLICT')
      expect((await world.place(intent)).state).to.equal('lost')
      expect(await transactions.attempts(intent)).to.have.length(1)
      await transactions.accept(chain.chainId, signer.address, await world.sent())
      await world.settled(intent)
      expect((await world.place(intent)).nonce).to.equal(1)
      expect([await world.anchored(root), await world.sent()]).to.deep.equal([1, 2])
    })

    it('signs nothing over a database that was restored from before, and then anchors nothing twice', async () => {
      const { chain, signer } = world
      const root = anyRoot()
      const [intent] = (await world.anchor(root)) as [Stored]
      const backup = `${world.path}.backup`
      const database = NodeSqlite.open(world.path)
      database.exec(`VACUUM INTO '${backup}'`)
      database.close()
      const restored = await SqlTransactionStore.open(backup)
      try {
        const { transactionHash } = await world.settled(intent)
        expect((await world.step({ transactions: restored }))?.code).to.equal('NONCE_CONFLICT')
        await restored.accept(chain.chainId, signer.address, await world.sent())
        expect(await world.step({ transactions: restored })).to.equal(null)
        expect(await restored.get(intent.id)).to.deep.include({ state: 'done', transactionHash })
        expect([await world.anchored(root), await world.sent()]).to.deep.equal([1, 1])
      } finally {
        await restored.close()
      }
    })

    it('says how much it needs, and goes on by itself when it has it', async () => {
      await node.rpc('anvil_setBalance', world.signer.address, '0x1')
      const [intent] = (await world.anchor()) as [Stored]
      const condition = await world.step()
      expect(condition?.code).to.equal('FUNDS_MISSING')
      const { balance, missing, cost } = condition?.facts ?? {}
      expect([balance, BigInt(missing ?? 0)]).to.deep.equal(['1', BigInt(cost ?? 0) - 1n])
      expect(await world.transactions.attempts(intent)).to.deep.equal([])
      // A little more, for the next block may be dearer.
      await node.rpc('anvil_setBalance', world.signer.address, `0x${(2n * BigInt(cost ?? 0)).toString(16)}`)
      await world.settled(intent)
      expect((await world.transactions.lanes())[0]?.condition).to.equal(null)
    })

    it('spends no more than it may within a day', async () => {
      const [first] = (await world.anchor()) as [Stored]
      await world.settled(first)
      const { cost } = await world.place(first)
      const { maxFeePerGas } = await world.chain.fees()
      const [second] = (await world.anchor()) as [Stored]
      const most = Transactions.anchoring(world.registry, [anyRoot()]).gas * maxFeePerGas
      const condition = await world.step({ maximumSpending: most + cost / 2n })
      expect(condition?.code).to.equal('SPENDING_CAP')
      expect(condition?.facts.spent).to.equal(`${cost}`)
      expect(await world.transactions.attempts(second)).to.deep.equal([])
      world.later(24 * 60 * 60 * 1000)
      await world.settled(second, { maximumSpending: 2n * most })
    })

    it('offers nothing above the ceiling', async () => {
      const [intent] = (await world.anchor()) as [Stored]
      const condition = await world.step({ maximumFee: 1n })
      expect(condition?.code).to.equal('FEE_ABOVE_CEILING')
      expect(condition?.facts.ceiling).to.equal('1')
      await world.settled(intent)
    })

    it('signs nothing for another chain that answers all of a sudden', async () => {
      const [intent] = (await world.anchor()) as [Stored]
      const other = { ...world.chain, identify: async () => ({ chainId: 1, genesis: '0x00' as const }) }
      expect(await world.step({ chain: other })).to.deep.equal({
        code: 'CHAIN_MISMATCH',
        facts: { expected: 31337, found: 1 },
      })
      expect(await world.transactions.attempts(intent)).to.deep.equal([])
      await world.settled(intent)
    })

    it('finds out which of several roots the registry refuses, and anchors the others', async () => {
      await manual()
      const roots = [anyRoot(), anyRoot()] as const
      const [first, second] = (await world.anchor(...roots)) as [Stored, Stored]
      await world.step()
      // As if the account had anchored it already.
      const anchor = `0x${'01'.padStart(64, '0')}`
      await node.rpc('anvil_setStorageAt', world.registry, slot(world.signer.address, roots[0]), anchor)
      await world.mine()
      await world.step()
      expect((await world.transactions.get(first.id)).state).to.equal('done')
      expect((await world.transactions.get(second.id)).state).to.equal('open')
      await world.mine()
      await world.settled(second)
      expect(await world.anchored(roots[1])).to.equal(1)
      expect(await world.sent()).to.equal(2)
    })

    it('carries a call out, and says why the contract refuses one', async () => {
      const { signer, chain } = world
      const options = { ...world, pause: async () => {} }
      const register = (subject: string) => ({
        chainId: chain.chainId,
        account: signer.address,
        to: IssuerDirectory.address,
        data: encodeFunctionData({
          abi: IssuerDirectory.abi,
          functionName: 'register',
          args: [`0x${'00'.repeat(32)}`, 'did:example:1', `0x${'11'.repeat(32)}`],
        }),
        purpose: 'directory',
        subject,
      })
      const hash = await carryOut(register('register'), options)
      expect((await chain.receipt(hash))?.succeeded).to.equal(true)
      expect(await carryOut(register('register'), options)).to.equal(hash)
      const error = await carryOut(register('again'), options).catch((reason) => reason)
      expect(error).to.deep.include({ code: 'CALL_REVERTED' })
      expect(await world.sent()).to.equal(1)

      await node.rpc('anvil_setBalance', signer.address, '0x0')
      const poor = await carryOut({ ...register('poor'), to: world.registry, data: anyRoot() }, options).catch((e) => e)
      expect(poor).to.be.instanceOf(HeldUp.HeldUpError).and.to.deep.include({ code: 'FUNDS_MISSING' })
      expect(poor.message).to.match(/has 0\.? ?.*needs 0\.\d+ more/)
    })

    it('is asked once by all who ask at the same time', async () => {
      let heads = 0
      const chain = {
        ...world.chain,
        head: () => {
          heads++
          return world.chain.head()
        },
      }
      const lane = Lane.create({ ...world, chain }, 60_000)
      await Promise.all([lane.advance(), lane.advance()])
      await lane.advance()
      expect(heads).to.equal(1)
    })

    it('is refused a chain that begins with another block than the one it knew', async () => {
      await strict(1)
      await reconcile(world.chain, world.transactions)
      await reconcile(world.chain, world.transactions)
      const identify = async () => ({ chainId: 31337, genesis: `0x${'ab'.repeat(32)}` as const })
      const error = await reconcile({ ...world.chain, identify }, world.transactions).catch((reason) => reason)
      expect(error.code).to.equal('CHAIN_REPLACED')
      await reconcile({ ...world.chain, identify, development: true }, world.transactions)
    })

    it('begins again where a chain for development has begun anew, in the order of its nonces', async () => {
      const point = await node.rpc('evm_snapshot')
      const roots = [anyRoot(), anyRoot()] as const
      for (const root of roots) await world.settled((await world.anchor(root))[0] as Stored)
      await node.rpc('evm_revert', point)
      expect(await world.sent()).to.equal(0)
      for (const each of await world.anchor(...roots)) await world.settled(each)
      for (const root of roots) expect(await world.anchored(root)).to.equal(1)
      expect(await world.sent()).to.equal(2)
    })
  })

  describe('on Hardhat’s node', () => {
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
    /** The next block is dearer than what waits has offered. */
    const rise = async (factor: bigint) => {
      const { maxFeePerGas } = await world.chain.fees()
      await node.rpc('hardhat_setNextBlockBaseFeePerGas', `0x${(factor * maxFeePerGas).toString(16)}`)
      await world.mine()
    }

    it('offers more for what is stuck, by the rules that the node enforces', async () => {
      const root = anyRoot()
      const [intent] = (await world.anchor(root)) as [Stored]
      await world.step()
      const [attempt] = await world.transactions.attempts(intent)
      if (attempt === undefined) throw new Error('nothing was signed')
      await rise(3n)
      expect(await world.sent()).to.equal(0)
      // It has not waited for long.
      await world.step()
      expect(await world.transactions.attempts(intent)).to.have.length(1)

      // What the node says to less than a tenth more.
      const { call, fees, nonce, chainId } = Transactions.read(attempt.raw)
      const little = (fee: bigint) => (fee * 105n) / 100n
      const cheap = {
        maxFeePerGas: little(fees.maxFeePerGas),
        maxPriorityFeePerGas: little(fees.maxPriorityFeePerGas),
      }
      const { raw } = await Transactions.sign({ chainId, signer: world.signer, nonce, call, fees: cheap })
      expect(await world.chain.send(raw).catch((error) => error.code)).to.equal('TRANSACTION_REFUSED')

      world.later(60_000)
      expect(await world.step()).to.equal(null)
      const attempts = await world.transactions.attempts(intent)
      expect(attempts.map(({ nonce: each }) => each)).to.deep.equal([0, 0])
      const raised = Transactions.read(attempts[1]?.raw as Bytes.Hex)
      expect(raised.call).to.deep.equal(call)
      expect(await world.chain.transaction(attempts[1]?.hash as Bytes.Hex)).to.equal(true)
      await world.mine()
      expect((await world.settled(intent)).transactionHash).to.equal(attempts[1]?.hash)
      expect([await world.anchored(root), await world.sent()]).to.deep.equal([1, 1])
    })

    it('says that it is stuck below the ceiling, and lands when the fee falls', async () => {
      const [intent] = (await world.anchor()) as [Stored]
      await world.step()
      const maximumFee = 2n * (await world.chain.fees()).maxFeePerGas
      await rise(50n)
      world.later(60_000)
      const condition = await world.step({ maximumFee })
      expect(condition).to.deep.include({ code: 'FEE_ABOVE_CEILING' })
      expect(await world.transactions.attempts(intent)).to.have.length(1)
      // Empty blocks make it fall, an eighth at a time.
      for (let i = 0; i < 60 && (await world.sent()) === 0; i++) await world.mine()
      await world.settled(intent, { maximumFee })
      expect(await world.transactions.attempts(intent)).to.have.length(1)
    })

    it('says that it is stuck when it waits although it offers enough', async () => {
      const [intent] = (await world.anchor()) as [Stored]
      await world.step()
      world.later(600_000)
      const condition = await world.step()
      expect(condition).to.deep.include({ code: 'TRANSACTION_STUCK' })
      await world.mine()
      await world.settled(intent)
    })

    it('counts what may replace a transaction instead of it towards what it spends', async () => {
      const [intent] = (await world.anchor()) as [Stored]
      await world.step()
      const { cost } = await world.place(intent)
      await rise(3n)
      world.later(60_000)
      expect((await world.step({ maximumSpending: 2n * cost }))?.code).to.equal('SPENDING_CAP')
      expect(await world.step({ maximumSpending: 9n * cost })).to.equal(null)
      expect(await world.transactions.attempts(intent)).to.have.length(2)
      expect((await world.place(intent)).cost > 2n * cost).to.equal(true)
      await world.mine()
      await world.settled(intent)
    })
  })
})
