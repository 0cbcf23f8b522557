import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { Contract, concat, getCreate2Address, keccak256, toBeHex } from 'ethers'
import * as AnchorRegistry from '../../../core/src/generated/AnchorRegistry.ts'
import * as BadgeCollection from '../../../core/src/generated/BadgeCollection.ts'
import * as BadgeCollectionFactory from '../../../core/src/generated/BadgeCollectionFactory.ts'
import * as IssuerDirectory from '../../../core/src/generated/IssuerDirectory.ts'
import AnchorRegistryModule from '../../../ignition/modules/AnchorRegistry.ts'
import BadgeCollectionModule from '../../../ignition/modules/BadgeCollection.ts'
import BadgeCollectionFactoryModule from '../../../ignition/modules/BadgeCollectionFactory.ts'
import IssuerDirectoryModule from '../../../ignition/modules/IssuerDirectory.ts'
import * as Support from '../support.ts'

const committed = [
  ['BadgeCollection', BadgeCollection, [AnchorRegistry.address, IssuerDirectory.address]],
  ['BadgeCollectionFactory', BadgeCollectionFactory, [BadgeCollection.address]],
] as const

describe('the committed collection of badge tokens, and its factory', () => {
  for (const [name, { address, initCode, runtimeCode, runtimeCodeHash, salt }, takes] of committed) {
    it(`are what the production profile compiles, with the addresses that they take: ${name}`, async function () {
      this.timeout(120_000)
      const { initCode: compiled } = await Support.compile('production', name)
      expect(initCode).to.equal(concat([compiled, ...takes.map((each) => toBeHex(each, 32))]))
      const chain = await Support.chain()
      try {
        expect(await chain.ethers.provider.call({ data: initCode })).to.equal(runtimeCode)
      } finally {
        await chain.close()
      }
      expect(runtimeCodeHash).to.equal(keccak256(runtimeCode))
      // EIP-170
      expect((runtimeCode.length - 2) / 2).to.be.at.most(24_576)
    })

    it(`have addresses that follow from factory, salt and init code: ${name}`, () => {
      expect(salt).to.equal(`0x${createHash('sha256').update(`laurel/${name}/v1`).digest('hex')}`)
      expect(getCreate2Address(AnchorRegistry.factory, salt, keccak256(initCode)).toLowerCase()).to.equal(address)
    })
  }

  async function deployFactory(chain: Support.Chain): Promise<void> {
    const [account] = await chain.ethers.getSigners()
    const value = 100_000n * 100_000_000_000n
    await (await account?.sendTransaction({ to: AnchorRegistry.factoryDeployer, value }))?.wait()
    await (await chain.ethers.provider.broadcastTransaction(AnchorRegistry.factoryRawTransaction)).wait()
  }

  for (const chainId of [31_337, 10]) {
    it(`are deployed there by the Ignition modules, after what they ask, on chain ${chainId}`, async () => {
      const chain = await Support.chain(chainId)
      try {
        await deployFactory(chain)
        await chain.ignition.deploy(AnchorRegistryModule)
        await chain.ignition.deploy(IssuerDirectoryModule)
        const { implementation } = await chain.ignition.deploy(BadgeCollectionModule)
        const { factory } = await chain.ignition.deploy(BadgeCollectionFactoryModule)
        expect(String(implementation.target).toLowerCase()).to.equal(BadgeCollection.address)
        expect(String(factory.target).toLowerCase()).to.equal(BadgeCollectionFactory.address)
        for (const each of [AnchorRegistry, IssuerDirectory, BadgeCollection, BadgeCollectionFactory])
          expect(await chain.ethers.provider.getCode(each.address)).to.equal(each.runtimeCode)

        const [account] = await chain.ethers.getSigners()
        const made = new Contract(String(factory.target), BadgeCollectionFactory.abi, account)
        const args = [toBeHex(1, 32), toBeHex(2, 32), 'Badges', 'BDG']
        await (await made.getFunction('deploy')(...args)).wait()
        const at = await made.getFunction('collectionOf')(...args)
        const collection = new Contract(at, BadgeCollection.abi, chain.ethers.provider)
        const asked = await Promise.all(
          ['anchorRegistry', 'issuerDirectory', 'issuerId', 'name'].map((view) => collection.getFunction(view)()),
        )
        expect(asked.map((each: string) => each.toLowerCase())).to.deep.equal([
          AnchorRegistry.address,
          IssuerDirectory.address,
          args[0],
          'badges',
        ])
      } finally {
        await chain.close()
      }
    })
  }

  const fails = async (chain: Support.Chain, module: Parameters<Support.Chain['ignition']['deploy']>[0]) => {
    const failure = await chain.ignition.deploy(module).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failure).to.be.an.instanceOf(Error)
  }

  it('are not taken to be there by the Ignition modules where the chain has no factory', async () => {
    for (const [module, { address }] of [
      [BadgeCollectionModule, BadgeCollection],
      [BadgeCollectionFactoryModule, BadgeCollectionFactory],
    ] as const) {
      const chain = await Support.chain()
      try {
        await fails(chain, module)
        expect(await chain.ethers.provider.getCode(address)).to.equal('0x')
      } finally {
        await chain.close()
      }
    }
  })

  it('are not taken for complete by the Ignition modules where what they ask is absent', async () => {
    for (const modules of [
      [BadgeCollectionModule],
      [AnchorRegistryModule, BadgeCollectionModule],
      [IssuerDirectoryModule, BadgeCollectionModule],
      [BadgeCollectionFactoryModule],
    ]) {
      const chain = await Support.chain()
      try {
        await deployFactory(chain)
        for (const module of modules.slice(0, -1)) await chain.ignition.deploy(module as typeof AnchorRegistryModule)
        await fails(chain, modules.at(-1) as typeof BadgeCollectionModule)
      } finally {
        await chain.close()
      }
    }
  })
})
