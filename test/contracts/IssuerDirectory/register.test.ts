import { expect } from 'chai'
import { AbiCoder, keccak256 } from 'ethers'
import * as Support from '../support.ts'
import { did, fold, nobody, profileDigest, salt, specify, worldOf, zero } from './world.ts'

const idOf = (chainId: number, controller: string) =>
  keccak256(AbiCoder.defaultAbiCoder().encode(['uint256', 'address', 'bytes32'], [chainId, controller, salt]))

specify('register', (world) => {
  describe('register', () => {
    describe('given the caller has registered an issuer under the salt', () => {
      it('it should revert with the issuer', async () => {
        const { controller, refuses, issuerId } = world()
        await refuses([controller, 'register', salt, 'did:web:b.example', zero], 'IssuerAlreadyRegistered', issuerId)
      })
    })

    describe('when the DID is empty', () => {
      it('it should revert with the length', async () => {
        const { stranger, refuses, ask } = world()
        await refuses([stranger, 'register', salt, '', profileDigest], 'DidLength', 0)
        expect(await ask('controllerOf', idOf(31_337, stranger.address))).to.equal(nobody)
      })
    })

    describe('when the DID has 1,025 bytes', () => {
      it('it should revert with the length', async () => {
        const { stranger, refuses } = world()
        await refuses([stranger, 'register', salt, 'd'.repeat(1_025), profileDigest], 'DidLength', 1_025)
        // Bytes count, not characters.
        await refuses([stranger, 'register', salt, `d${'é'.repeat(512)}`, profileDigest], 'DidLength', 1_025)
      })
    })

    describe('when the DID has 1,024 bytes', () => {
      it('it should keep all of it', async () => {
        const { stranger, send, ask } = world()
        const long = 'é'.repeat(512)
        const sent = await send(stranger, 'register', salt, long, profileDigest)
        const issuerId = idOf(31_337, stranger.address)
        expect(await ask('descriptionOf', issuerId)).to.deep.equal([long, profileDigest])
        expect(await ask('headOf', issuerId)).to.equal(fold(sent))
      })
    })

    describe('given another account has registered an issuer under the salt', () => {
      it('it should register another issuer', async () => {
        const { controller, stranger, issuerId, send, ask, registered } = world()
        await send(stranger, 'register', salt, did, profileDigest)
        expect(await ask('controllerOf', idOf(31_337, stranger.address))).to.equal(stranger.address)
        expect(await ask('controllerOf', issuerId)).to.equal(controller.address)
        expect(await ask('headOf', issuerId)).to.equal(fold(registered))
      })
    })

    describe('given the chain is another one', () => {
      it('it should register under another id', async () => {
        const { issuerId, controller, initCode } = world()
        const chain = await Support.chain(10)
        try {
          const [deployer] = await chain.ethers.getSigners()
          const receipt = await (await deployer?.sendTransaction({ data: initCode }))?.wait()
          const there = await worldOf(chain, receipt?.contractAddress ?? '')
          await there.send(there.controller, 'register', salt, did, profileDigest)
          expect(there.controller.address).to.equal(controller.address)
          expect(there.issuerId).to.equal(idOf(10, controller.address)).and.not.equal(issuerId)
          expect(await there.ask('controllerOf', there.issuerId)).to.equal(controller.address)
          expect(await there.ask('controllerOf', issuerId)).to.equal(nobody)
        } finally {
          await chain.close()
        }
      })
    })

    describe('given the caller has not used the salt', () => {
      it('it should return the digest of chain id, caller and salt', async () => {
        const { directory, stranger, issuerId, controller } = world()
        expect(issuerId).to.equal(idOf(31_337, controller.address))
        const answer = await directory
          .getFunction('register')
          .staticCall(salt, did, profileDigest, { from: stranger.address })
        expect(answer).to.equal(idOf(31_337, stranger.address))
      })

      it('it should make the caller the controller', async () => {
        const { ask, issuerId, controller } = world()
        expect(await ask('controllerOf', issuerId)).to.equal(controller.address)
        expect(await ask('candidateOf', issuerId)).to.equal(nobody)
      })

      it('it should keep the DID and the digest of the profile', async () => {
        const { ask, issuerId } = world()
        expect(await ask('descriptionOf', issuerId)).to.deep.equal([did, profileDigest])
      })

      it('it should emit {IssuerRegistered} and {IssuerDescribed}, and nothing else', async () => {
        const { registered, issuerId, controller } = world()
        expect(registered.events).to.deep.equal([
          ['IssuerRegistered', issuerId, controller.address, salt],
          ['IssuerDescribed', issuerId, did, profileDigest],
        ])
      })

      it('it should fold both into the head', async () => {
        const { ask, registered, issuerId } = world()
        expect(await ask('headOf', issuerId))
          .to.equal(fold(registered))
          .and.not.equal(zero)
      })
    })
  })
})
