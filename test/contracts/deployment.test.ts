import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { Contract, concat, getCreate2Address, getCreateAddress, keccak256, Transaction } from 'ethers'
import * as Viem from 'viem'
import * as AnchorRegistry from '../../core/src/generated/AnchorRegistry.ts'
import AnchorRegistryModule from '../../ignition/modules/AnchorRegistry.ts'
import * as Support from './support.ts'

describe('the committed registry', () => {
  it('is what the production profile compiles', async () => {
    const { initCode, runtimeCode } = await Support.compile('production')
    expect(AnchorRegistry.initCode).to.equal(initCode)
    expect(AnchorRegistry.runtimeCode).to.equal(runtimeCode)
  })

  it('is what the generator writes', async function () {
    this.timeout(120_000)
    const script = fileURLToPath(new URL('../../scripts/generate/contracts.ts', import.meta.url))
    const cwd = fileURLToPath(new URL('../..', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--check'], { cwd })
    const names = ['AnchorRegistry', 'IssuerDirectory', 'StatusRegistry', 'BadgeCollection', 'BadgeCollectionFactory']
    expect(stdout).to.equal(names.map((name) => `core/src/generated/${name}.ts is fresh\n`).join(''))
  })

  it('has an address that follows from factory, salt and init code', () => {
    const { factory, salt, initCode, address } = AnchorRegistry
    expect(salt).to.equal(`0x${createHash('sha256').update('laurel/AnchorRegistry/v1').digest('hex')}`)
    expect(getCreate2Address(factory, salt, keccak256(initCode)).toLowerCase()).to.equal(address)
    const viem = Viem.getContractAddress({ opcode: 'CREATE2', from: factory, salt, bytecode: initCode })
    expect(viem.toLowerCase()).to.equal(address)
    expect(keccak256(AnchorRegistry.runtimeCode)).to.equal(AnchorRegistry.runtimeCodeHash)
  })

  it('is still where it was released', () => {
    // Everything anchored so far is found at this address only. Another one is another registry, of another version.
    expect(AnchorRegistry.address).to.equal('0xfc6b1b9e4ee283b1c946551f0656ed39d097ca69')
  })

  it('says nothing in its code about the machine that compiled it', () => {
    // The CBOR that solc appends by default ends in its own version and the length of the whole.
    expect(AnchorRegistry.runtimeCode).not.to.match(/64736f6c63|697066735822/)
  })
})

describe("the factory's presigned transaction", () => {
  it('comes from its deployer, whose first contract is the factory', () => {
    const transaction = Transaction.from(AnchorRegistry.factoryRawTransaction)
    expect(transaction.from?.toLowerCase()).to.equal(AnchorRegistry.factoryDeployer)
    expect(transaction.chainId).to.equal(0n)
    expect(transaction.nonce).to.equal(0)
    expect(transaction.gasLimit).to.equal(100_000n)
    expect(transaction.gasPrice).to.equal(100_000_000_000n)
    const created = getCreateAddress({ from: AnchorRegistry.factoryDeployer, nonce: 0 })
    expect(created.toLowerCase()).to.equal(AnchorRegistry.factory)
  })
})

describe('the deployment', () => {
  let chain: Support.Chain

  beforeEach(async () => {
    chain = await Support.chain()
  })

  afterEach(() => chain.close())

  const account = async () => {
    const [first] = await chain.ethers.getSigners()
    if (first === undefined) throw new Error('the chain has no accounts')
    return first
  }

  const codeAt = (address: string) => chain.ethers.provider.getCode(address)

  async function deployFactory(): Promise<void> {
    const value = 100_000n * 100_000_000_000n
    await (await (await account()).sendTransaction({ to: AnchorRegistry.factoryDeployer, value })).wait()
    const sent = await chain.ethers.provider.broadcastTransaction(AnchorRegistry.factoryRawTransaction)
    const receipt = await sent.wait()
    expect(receipt?.contractAddress?.toLowerCase()).to.equal(AnchorRegistry.factory)
  }

  const deployRegistry = async () =>
    (await account()).sendTransaction({
      to: AnchorRegistry.factory,
      data: concat([AnchorRegistry.salt, AnchorRegistry.initCode]),
    })

  async function expectToWork(): Promise<void> {
    expect(await codeAt(AnchorRegistry.address)).to.equal(AnchorRegistry.runtimeCode)
    const sender = await account()
    const receipt = await (await sender.sendTransaction({ to: AnchorRegistry.address, data: Support.root(1) })).wait()
    const block = await receipt?.getBlock()
    const registry = new Contract(AnchorRegistry.address, AnchorRegistry.abi, sender)
    const anchoredAt = await registry.getFunction('anchoredAt')(sender.address, Support.root(1))
    expect(anchoredAt.toArray()).to.deep.equal([BigInt(block?.timestamp ?? -1), BigInt(block?.number ?? -1)])
  }

  it('puts the factory and the committed code at their addresses', async () => {
    expect(await codeAt(AnchorRegistry.factory)).to.equal('0x')
    await deployFactory()
    await (await deployRegistry()).wait()
    await expectToWork()
  })

  it('leads to the same code on another chain', async () => {
    await chain.close()
    chain = await Support.chain(10)
    await chain.networkHelpers.mine(1_000)
    await deployFactory()
    await (await deployRegistry()).wait()
    await expectToWork()
  })

  it('reverts where the registry already is', async () => {
    await deployFactory()
    await (await deployRegistry()).wait()
    await expect(deployRegistry()).to.be.revertedWithoutReason(chain.ethers)
  })

  it('is done by the Ignition module', async () => {
    await deployFactory()
    const { registry } = await chain.ignition.deploy(AnchorRegistryModule)
    expect(String(registry.target).toLowerCase()).to.equal(AnchorRegistry.address)
    await expectToWork()
  })

  it('fails loudly in the Ignition module where the chain has no factory', async () => {
    const failure = await chain.ignition.deploy(AnchorRegistryModule).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failure).to.be.an.instanceOf(Error)
    expect(await codeAt(AnchorRegistry.address)).to.equal('0x')
  })
})
