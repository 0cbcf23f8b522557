import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { AbiCoder, Contract, concat, keccak256, type TransactionReceipt } from 'ethers'
import * as Bytes from '../../core/src/Bytes.ts'
import * as AnchorRegistry from '../../core/src/generated/AnchorRegistry.ts'
import * as StatusRegistry from '../../core/src/generated/StatusRegistry.ts'
import * as StatusHistory from '../../core/src/StatusHistory.ts'
import StatusRegistryModule from '../../ignition/modules/StatusRegistry.ts'
import { callsOfRulers } from './behaviours/HostileInputs.ts'
import { compareWithCore } from './StatusRegistry.differential.ts'
import * as Support from './support.ts'
import { leavesOfSuite, leavesOfTree } from './tree.ts'

const { abi } = StatusRegistry
const list = Bytes.toHex(StatusHistory.listId('https://badges.example.org/status-lists/revocation-1'))
const other = Bytes.toHex(StatusHistory.listId('https://badges.example.org/status-lists/revocation-2'))
const [d1, d2] = [Support.root(1), Support.root(2)]
const zero = `0x${'00'.repeat(32)}`

describe('StatusRegistry.sol', () => {
  for (const profile of Support.profiles) describe(`${profile} profile`, () => specification(profile))

  it('has exactly one test for each leaf of StatusRegistry.tree, in its order, under both profiles', async function () {
    const tree = leavesOfTree(await readFile(new URL('StatusRegistry.tree', import.meta.url), 'utf8'))
    expect(tree).not.to.deep.equal([])
    const suites = this.test?.parent?.suites ?? []
    expect(suites).to.have.lengthOf(2)
    for (const suite of suites) expect(suite.suites.flatMap((inner) => leavesOfSuite(inner))).to.deep.equal(tree)
  })
})

function specification(profile: Support.Profile): void {
  let chain: Support.Chain
  let registry: Contract
  let account: Awaited<ReturnType<Support.Chain['ethers']['getSigner']>>
  let stranger: typeof account

  before(async () => {
    chain = await Support.chain()
  })

  after(() => chain.close())

  async function deployed() {
    const [first, second] = await chain.ethers.getSigners()
    if (first === undefined || second === undefined) throw new Error('the chain has no accounts')
    const { initCode } = await Support.compile(profile, 'StatusRegistry')
    const receipt = await (await first.sendTransaction({ data: initCode })).wait()
    return { first, second, address: receipt?.contractAddress ?? '' }
  }

  beforeEach(async () => {
    const fixture = await chain.networkHelpers.loadFixture(deployed)
    account = fixture.first
    stranger = fixture.second
    registry = new Contract(fixture.address, abi, account)
  })

  async function publish(digest: string, listId: string = list, from = account): Promise<TransactionReceipt> {
    const sent = await from.sendTransaction({
      to: registry.target,
      data: registry.interface.encodeFunctionData('publish', [listId, digest]),
    })
    const receipt = await sent.wait()
    if (receipt === null) throw new Error('the transaction was not mined')
    return receipt
  }

  const versionOf = async (receipt: TransactionReceipt, digest: string): Promise<StatusHistory.Version> => ({
    digest: Bytes.fromHex(digest),
    time: (await receipt.getBlock()).timestamp,
  })

  /** The head to which the versions fold, in the way of TypeScript. */
  const fold = (...versions: readonly StatusHistory.Version[]) => Bytes.toHex(StatusHistory.head(versions))

  /** What the chain keeps in the slot that the format prescribes for a list. */
  const slot = (listId: string = list, from = account) =>
    chain.ethers.provider.getStorage(
      registry.target,
      keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [from.address, listId])),
    )

  const headOf = (from: string, listId: string = list): Promise<string> => registry.getFunction('headOf')(from, listId)

  const refused = async (data: string, value = 0n) => {
    const call = account.sendTransaction({ to: registry.target, data, value })
    await expect(call).to.be.revertedWithoutReason(chain.ethers)
  }

  describe('StatusRegistry', () => {
    describe('when the call is none that it knows', () => {
      it('it should revert without calldata', () => refused('0x'))
      it('it should revert with another selector', async () => {
        for (const data of ['0x12345678', ...callsOfRulers(account.address)]) await refused(data)
      })
      it('it should revert with a call that is cut short', () =>
        refused(registry.interface.encodeFunctionData('publish', [list, d1]).slice(0, -2)))
      it('it should revert with value', () => refused(registry.interface.encodeFunctionData('publish', [list, d1]), 1n))
    })

    describe('when an account publishes a digest', () => {
      describe('given it has never published the list', () => {
        it("it should keep the first head in the list's slot", async () => {
          const receipt = await publish(d1)
          expect(await slot()).to.equal(fold(await versionOf(receipt, d1)))
        })
        it('it should write no other slot', async () => {
          const receipt = await publish(d1)
          const trace = await chain.provider.request({ method: 'debug_traceTransaction', params: [receipt.hash] })
          const written = (trace as { structLogs: readonly { op: string; stack: readonly string[] }[] }).structLogs
            .filter(({ op }) => op === 'SSTORE')
            .map(({ stack }) => BigInt(`0x${stack.at(-1)?.replace(/^0x/, '')}`))
          const place = keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [account.address, list]))
          expect(written).to.deep.equal([BigInt(place)])
        })
        it('it should emit {Published} and nothing else', async () => {
          const { logs } = await publish(d1)
          expect(logs).to.have.lengthOf(1)
          const [log] = logs
          const event = log === undefined ? null : registry.interface.parseLog(log)
          expect(log?.address).to.equal(registry.target)
          expect(event?.name).to.equal('Published')
          expect(event?.args.toArray()).to.deep.equal([account.address, list, d1])
        })
        it('it should return nothing', async () => {
          const data = registry.interface.encodeFunctionData('publish', [list, d1])
          expect(await account.call({ to: registry.target, data })).to.equal('0x')
        })
      })
      describe('given it has published the list', () => {
        it("it should fold the digest and the block's time into the head", async () => {
          const first = await versionOf(await publish(d1), d1)
          await chain.networkHelpers.time.increase(86_400)
          const second = await versionOf(await publish(d2), d2)
          expect(second.time - first.time).to.be.at.least(86_400)
          expect(await slot()).to.equal(fold(first, second))
        })
        it('it should not forget in which order', async () => {
          const first = await versionOf(await publish(d1), d1)
          const second = await versionOf(await publish(d2), d2)
          expect(await slot()).to.not.equal(fold(second, first))
          expect(await slot()).to.not.equal(fold(second))
        })
      })
      describe('given it has published the same digest', () => {
        it('it should fold it once more', async () => {
          const first = await versionOf(await publish(d1), d1)
          const second = await versionOf(await publish(d1), d1)
          expect(await slot()).to.equal(fold(first, second))
        })
      })
      describe('given it publishes twice in one block', () => {
        it('it should fold both', async () => {
          await chain.provider.request({ method: 'evm_setAutomine', params: [false] })
          const nonce = await account.getNonce()
          const sent = await Promise.all(
            [d1, d2].map((digest, i) =>
              account.sendTransaction({
                to: registry.target,
                data: registry.interface.encodeFunctionData('publish', [list, digest]),
                nonce: nonce + i,
                gasLimit: 100_000,
              }),
            ),
          )
          await chain.networkHelpers.mine()
          await chain.provider.request({ method: 'evm_setAutomine', params: [true] })
          const receipts = await Promise.all(sent.map((each) => each.wait()))
          expect(new Set(receipts.map((receipt) => receipt?.blockNumber)).size).to.equal(1)
          const [first, second] = await Promise.all(
            [d1, d2].map((digest, i) => versionOf(receipts[i] as TransactionReceipt, digest)),
          )
          expect(await slot()).to.equal(fold(first as StatusHistory.Version, second as StatusHistory.Version))
        })
      })
      describe('given another account has published the list', () => {
        it('it should keep a head of its own for each', async () => {
          const theirs = await versionOf(await publish(d1, list, stranger), d1)
          const ours = await versionOf(await publish(d2), d2)
          expect(await slot(list, stranger)).to.equal(fold(theirs))
          expect(await slot()).to.equal(fold(ours))
        })
      })
      describe('given it has published another list', () => {
        it('it should keep both heads', async () => {
          const first = await versionOf(await publish(d1, other), d1)
          const second = await versionOf(await publish(d1), d1)
          expect(await slot(other)).to.equal(fold(first))
          expect(await slot()).to.equal(fold(second))
        })
      })
      describe('when the digest is zero', () => {
        it('it should fold it like any other', async () => {
          const version = await versionOf(await publish(zero), zero)
          expect(await slot())
            .to.equal(fold(version))
            .and.not.equal(zero)
        })
      })
      describe('when something follows the arguments', () => {
        it('it should mean the same without it', async () => {
          const data = concat([registry.interface.encodeFunctionData('publish', [list, d1]), d2])
          const receipt = await (await account.sendTransaction({ to: registry.target, data })).wait()
          if (receipt === null) throw new Error('the transaction was not mined')
          expect(await slot()).to.equal(fold(await versionOf(receipt, d1)))
        })
      })
    })

    describe('when somebody asks for a head', () => {
      describe('given the account has published the list', () => {
        it('it should return the head', async () => {
          await publish(d1)
          expect(await headOf(account.address)).to.equal(await slot())
        })
      })
      describe('given only another account has published the list', () => {
        it('it should return zero', async () => {
          await publish(d1, list, stranger)
          expect(await headOf(account.address)).to.equal(zero)
        })
      })
      describe('given nobody has published the list', () => {
        it('it should return zero', async () => expect(await headOf(account.address)).to.equal(zero))
      })
    })
  })
}

describe('the committed registry of status lists', () => {
  it('is what the production profile compiles, at the address where it was released', async () => {
    const { initCode, runtimeCode } = await Support.compile('production', 'StatusRegistry')
    expect(StatusRegistry.initCode).to.equal(initCode)
    expect(StatusRegistry.runtimeCode).to.equal(runtimeCode)
    expect(StatusRegistry.address).to.equal('0xd98ca98bcd0ffc4b48ad96dfe527e2de30940539')
  })

  it('is deployed there by the Ignition module', async () => {
    const chain = await Support.chain()
    try {
      const [account] = await chain.ethers.getSigners()
      const value = 100_000n * 100_000_000_000n
      await (await account?.sendTransaction({ to: AnchorRegistry.factoryDeployer, value }))?.wait()
      await (await chain.ethers.provider.broadcastTransaction(AnchorRegistry.factoryRawTransaction)).wait()
      const { registry } = await chain.ignition.deploy(StatusRegistryModule)
      expect(String(registry.target).toLowerCase()).to.equal(StatusRegistry.address)
      expect(await chain.ethers.provider.getCode(StatusRegistry.address)).to.equal(StatusRegistry.runtimeCode)
    } finally {
      await chain.close()
    }
  })

  it('folds as core folds, for 200 random versions', async function () {
    this.timeout(300_000)
    await compareWithCore(200)
  })
})
