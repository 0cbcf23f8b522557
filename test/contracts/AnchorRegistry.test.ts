import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { AbiCoder, Contract, concat, dataLength, keccak256, type TransactionReceipt, toBeHex } from 'ethers'
import { abi } from '../../core/src/generated/AnchorRegistry.ts'
import { callsOfRulers } from './behaviours/HostileInputs.ts'
import * as Support from './support.ts'
import { leavesOfSuite, leavesOfTree } from './tree.ts'

const selector = '0xf8c2919d'
const [r1, r2, r3] = [Support.root(1), Support.root(2), Support.root(3)]

describe('AnchorRegistry.sol', () => {
  for (const profile of Support.profiles) describe(`${profile} profile`, () => specification(profile))

  it('has exactly one test for each leaf of AnchorRegistry.tree, in its order, under both profiles', async function () {
    const tree = leavesOfTree(await readFile(new URL('AnchorRegistry.tree', import.meta.url), 'utf8'))
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
    const { initCode } = await Support.compile(profile)
    const receipt = await (await first.sendTransaction({ data: initCode })).wait()
    return { first, second, address: receipt?.contractAddress ?? '' }
  }

  beforeEach(async () => {
    const fixture = await chain.networkHelpers.loadFixture(deployed)
    account = fixture.first
    stranger = fixture.second
    registry = new Contract(fixture.address, abi, account)
  })

  async function call(data: string, from = account, value = 0n) {
    return from.sendTransaction({ to: registry.target, data, value })
  }

  async function anchor(data: string, from = account): Promise<TransactionReceipt> {
    const receipt = await (await call(data, from)).wait()
    if (receipt === null) throw new Error('the transaction was not mined')
    return receipt
  }

  /** What the chain keeps in the slot that the format prescribes for an anchor. */
  async function slot(root: string, from = account): Promise<bigint> {
    const place = keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [from.address, root]))
    return BigInt(await chain.ethers.provider.getStorage(registry.target, place))
  }

  async function slotValue(receipt: TransactionReceipt): Promise<bigint> {
    const block = await receipt.getBlock()
    return BigInt(block.timestamp) | (BigInt(block.number) << 64n)
  }

  function logs(receipt: TransactionReceipt) {
    return receipt.logs.map((log) => ({
      address: log.address,
      parsed: registry.interface.parseLog(log),
      data: log.data,
    }))
  }

  describe('AnchorRegistry', () => {
    describe('when the call is none that it knows', () => {
      describe('when the calldata is empty', () => {
        it('it should revert with the length', async () => {
          await expect(call('0x')).to.be.revertedWithCustomError(registry, 'AnchorRegistry_CalldataLength').withArgs(0)
        })
      })

      describe('when the calldata is neither whole words nor 68 bytes', () => {
        it('it should revert with the length', async () => {
          for (const length of [1, 4, 31, 33, 63, 65, 67, 69, 100, 132]) {
            await expect(call(`0x${'11'.repeat(length)}`))
              .to.be.revertedWithCustomError(registry, 'AnchorRegistry_CalldataLength')
              .withArgs(length)
          }
          for (const data of callsOfRulers(account.address).filter((each) => dataLength(each) !== 68))
            await expect(call(data)).to.be.revertedWithCustomError(registry, 'AnchorRegistry_CalldataLength')
        })
      })

      describe('when the calldata is 68 bytes with another selector', () => {
        it('it should revert with the selector', async () => {
          for (const other of ['0x00000000', '0xf8c2919c', '0xf9c2919d', '0xffffffff']) {
            await expect(call(concat([other, toBeHex(account.address, 32), r1])))
              .to.be.revertedWithCustomError(registry, 'AnchorRegistry_SelectorUnknown')
              .withArgs(other)
          }
          for (const data of callsOfRulers(account.address).filter((each) => dataLength(each) === 68))
            await expect(call(data)).to.be.revertedWithCustomError(registry, 'AnchorRegistry_SelectorUnknown')
        })
      })

      describe('when the call carries value', () => {
        it('it should revert without calldata', async () => {
          await expect(call('0x', account, 1n)).to.be.revertedWithoutReason(chain.ethers)
        })

        it('it should revert with a root', async () => {
          await expect(call(r1, account, 1n)).to.be.revertedWithoutReason(chain.ethers)
          expect(await slot(r1)).to.equal(0n)
        })

        it('it should revert with a call of {anchoredAt}', async () => {
          const data = registry.interface.encodeFunctionData('anchoredAt', [account.address, r1])
          await expect(call(data, account, 1n)).to.be.revertedWithoutReason(chain.ethers)
        })
      })
    })

    describe('when the calldata is one root', () => {
      describe('given the account has not anchored the root', () => {
        it("it should keep the block's time and number in the root's slot", async () => {
          expect(await slot(r1)).to.equal(0n)
          const receipt = await anchor(r1)
          expect(await slot(r1)).to.equal(await slotValue(receipt))
        })

        it('it should write no other slot', async () => {
          const { hash } = await anchor(r1)
          const trace = await chain.ethers.provider.send('debug_traceTransaction', [hash])
          const writes = trace.structLogs.filter((log: { op: string }) => log.op === 'SSTORE')
          expect(writes).to.have.lengthOf(1)
        })

        it('it should emit {Anchored} and nothing else', async () => {
          const [log, ...others] = logs(await anchor(r1))
          expect(others).to.deep.equal([])
          expect(log?.address).to.equal(registry.target)
          expect(log?.parsed?.name).to.equal('Anchored')
          expect(log?.parsed?.args.toArray()).to.deep.equal([account.address, r1])
          expect(log?.data).to.equal('0x')
        })

        it('it should return nothing', async () => {
          expect(await account.call({ to: registry.target, data: r1 })).to.equal('0x')
        })
      })

      describe('given only another account has anchored the root', () => {
        it('it should keep an anchor of its own for each', async () => {
          const theirs = await anchor(r1, stranger)
          const ours = await anchor(r1)
          expect(await slot(r1, stranger)).to.equal(await slotValue(theirs))
          expect(await slot(r1)).to.equal(await slotValue(ours))
          expect(ours.blockNumber).to.equal(theirs.blockNumber + 1)
        })
      })

      describe('given the account has anchored another root', () => {
        it('it should keep both anchors', async () => {
          const first = await anchor(r1)
          const second = await anchor(r2)
          expect(await slot(r1)).to.equal(await slotValue(first))
          expect(await slot(r2)).to.equal(await slotValue(second))
        })
      })

      describe('given the account has anchored the root', () => {
        it('it should revert with the time of the anchor', async () => {
          const { timestamp } = await (await anchor(r1)).getBlock()
          await chain.networkHelpers.time.increase(1_000)
          await expect(call(r1))
            .to.be.revertedWithCustomError(registry, 'AnchorRegistry_RootAlreadyAnchored')
            .withArgs(account.address, r1, timestamp)
        })

        it('it should leave the anchor as it was', async () => {
          const before = await slotValue(await anchor(r1))
          await expect(call(r1)).to.be.revertedWithCustomError(registry, 'AnchorRegistry_RootAlreadyAnchored')
          await anchor(r2)
          await anchor(r1, stranger)
          expect(await slot(r1)).to.equal(before)
        })
      })

      describe('when the root begins with the selector of {anchoredAt}', () => {
        it('it should anchor the root', async () => {
          expect(registry.interface.getFunction('anchoredAt')?.selector).to.equal(selector)
          const root = `${selector}${r1.slice(10)}`
          expect(await slot(root)).to.equal(0n)
          const receipt = await anchor(root)
          expect(await slot(root)).to.equal(await slotValue(receipt))
        })
      })

      describe('when the root is zero', () => {
        it('it should anchor the root', async () => {
          const root = toBeHex(0, 32)
          const receipt = await anchor(root)
          expect(await slot(root)).to.equal(await slotValue(receipt))
        })
      })
    })

    describe('when the calldata is several roots', () => {
      describe('given the account has anchored none of them', () => {
        it('it should anchor each of them', async () => {
          for (const [n, size] of [2, 3, 17, 100].entries()) {
            const roots = Array.from({ length: size }, (_, i) => keccak256(toBeHex(1000 * n + i, 32)))
            const value = await slotValue(await anchor(concat(roots)))
            for (const root of roots) expect(await slot(root)).to.equal(value)
          }
        })

        it('it should emit {Anchored} for each of them, in order', async () => {
          const events = logs(await anchor(concat([r3, r1, r2])))
          expect(events.map((event) => event.parsed?.name)).to.deep.equal(['Anchored', 'Anchored', 'Anchored'])
          expect(events.map((event) => event.parsed?.args.toArray())).to.deep.equal([
            [account.address, r3],
            [account.address, r1],
            [account.address, r2],
          ])
        })
      })

      describe('given the account has anchored the last of them', () => {
        it('it should revert and anchor none of them', async () => {
          const first = await anchor(r3)
          const { timestamp } = await first.getBlock()
          await expect(call(concat([r1, r2, r3])))
            .to.be.revertedWithCustomError(registry, 'AnchorRegistry_RootAlreadyAnchored')
            .withArgs(account.address, r3, timestamp)
          expect([await slot(r1), await slot(r2)]).to.deep.equal([0n, 0n])
          expect(await slot(r3)).to.equal(await slotValue(first))
        })
      })

      describe('when two of them are the same', () => {
        it('it should revert and anchor none of them', async () => {
          const time = (await chain.networkHelpers.time.latest()) + 60
          await chain.networkHelpers.time.setNextBlockTimestamp(time)
          await expect(
            account.sendTransaction({ to: registry.target, data: concat([r1, r2, r1]), gasLimit: 1_000_000 }),
          )
            .to.be.revertedWithCustomError(registry, 'AnchorRegistry_RootAlreadyAnchored')
            .withArgs(account.address, r1, time)
          expect([await slot(r1), await slot(r2)]).to.deep.equal([0n, 0n])
        })
      })
    })

    describe('when the calldata is a call of {anchoredAt}', () => {
      async function anchoredAt(root: string, from = account): Promise<unknown[]> {
        return (await registry.getFunction('anchoredAt')(from.address, root)).toArray()
      }

      describe('given the account has anchored the root', () => {
        it('it should return the time and the number of the block', async () => {
          const block = await (await anchor(concat([r2, r1]))).getBlock()
          await chain.networkHelpers.mine(5)
          expect(await anchoredAt(r1)).to.deep.equal([BigInt(block.timestamp), BigInt(block.number)])
          expect(await anchoredAt(r2)).to.deep.equal([BigInt(block.timestamp), BigInt(block.number)])
        })
      })

      describe('given only another account has anchored the root', () => {
        it('it should return zeros', async () => {
          await anchor(r1, stranger)
          expect(await anchoredAt(r1)).to.deep.equal([0n, 0n])
          expect(await anchoredAt(r1, stranger)).not.to.deep.equal([0n, 0n])
        })
      })

      describe('given nobody has anchored the root', () => {
        it('it should return zeros', async () => {
          await anchor(r2)
          expect(await anchoredAt(r1)).to.deep.equal([0n, 0n])
        })
      })

      describe('when the account does not fit into an address', () => {
        it('it should revert with the account', async () => {
          await anchor(r1)
          for (const above of [1n << 160n, 1n << 255n]) {
            const word = above | BigInt(account.address)
            await expect(call(concat([selector, toBeHex(word, 32), r1])))
              .to.be.revertedWithCustomError(registry, 'AnchorRegistry_AccountOutOfRange')
              .withArgs(word)
          }
        })
      })
    })
  })
}

/** The paths from the root to the leaves of a branching specification, in order. */
