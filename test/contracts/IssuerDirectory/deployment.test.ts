import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { getCreate2Address, keccak256 } from 'ethers'
import * as AnchorRegistry from '../../../core/src/generated/AnchorRegistry.ts'
import * as IssuerDirectory from '../../../core/src/generated/IssuerDirectory.ts'
import IssuerDirectoryModule from '../../../ignition/modules/IssuerDirectory.ts'
import * as Support from '../support.ts'
import { compileFirst, did, profileDigest, salt, worldOf } from './world.ts'

describe('the committed directory of issuers', () => {
  compileFirst('production')

  it('is what the production profile compiles', async () => {
    const { initCode, runtimeCode } = await Support.compile('production', 'IssuerDirectory')
    expect(IssuerDirectory.initCode).to.equal(initCode)
    expect(IssuerDirectory.runtimeCode).to.equal(runtimeCode)
    expect(IssuerDirectory.runtimeCodeHash).to.equal(keccak256(runtimeCode))
  })

  it('has an address that follows from factory, salt and init code', () => {
    const { salt, initCode, address } = IssuerDirectory
    expect(salt).to.equal(`0x${createHash('sha256').update('laurel/IssuerDirectory/v1').digest('hex')}`)
    expect(getCreate2Address(AnchorRegistry.factory, salt, keccak256(initCode)).toLowerCase()).to.equal(address)
  })

  for (const chainId of [31_337, 10]) {
    it(`is deployed there by the Ignition module, and works, on chain ${chainId}`, async () => {
      const chain = await Support.chain(chainId)
      try {
        const [account] = await chain.ethers.getSigners()
        const value = 100_000n * 100_000_000_000n
        await (await account?.sendTransaction({ to: AnchorRegistry.factoryDeployer, value }))?.wait()
        await (await chain.ethers.provider.broadcastTransaction(AnchorRegistry.factoryRawTransaction)).wait()
        const { directory } = await chain.ignition.deploy(IssuerDirectoryModule)
        expect(String(directory.target).toLowerCase()).to.equal(IssuerDirectory.address)
        expect(await chain.ethers.provider.getCode(IssuerDirectory.address)).to.equal(IssuerDirectory.runtimeCode)
        const { controller, issuerId, send, ask } = await worldOf(chain, String(directory.target))
        await send(controller, 'register', salt, did, profileDigest)
        expect(await ask('controllerOf', issuerId)).to.equal(controller.address)
      } finally {
        await chain.close()
      }
    })
  }

  it('is not taken to be there by the Ignition module where the chain has no factory', async () => {
    const chain = await Support.chain()
    try {
      const failure = await chain.ignition.deploy(IssuerDirectoryModule).then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(failure).to.be.an.instanceOf(Error)
      expect(await chain.ethers.provider.getCode(IssuerDirectory.address)).to.equal('0x')
    } finally {
      await chain.close()
    }
  })
})
