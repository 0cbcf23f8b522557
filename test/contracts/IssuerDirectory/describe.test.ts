import { expect } from 'chai'
import { keccak256 } from 'ethers'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as IssuerDirectory from '../../../core/src/IssuerDirectory.ts'
import { did, fold, hex, nobody, profileDigest, salt, specify, zero } from './world.ts'

const other = 'did:web:example.net'
const otherDigest = keccak256('0x03')

specify('describe', (world) => {
  describe('describe', () => {
    describe('when the caller is not the controller', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { stranger, refuses, issuerId } = world()
        await refuses([stranger, 'describe', issuerId, other, otherDigest], 'NotController', issuerId, stranger.address)
      })
    })

    describe('given there is no such issuer', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { controller, refuses } = world()
        await refuses([controller, 'describe', zero, other, otherDigest], 'NotController', zero, controller.address)
      })

      it('it should revert for the zero address', async () => {
        const { impersonate, refuses } = world()
        const call = [await impersonate(nobody), 'describe', salt, other, otherDigest] as const
        await refuses(call, 'NotController', salt, nobody)
      })
    })

    describe('when the DID is empty', () => {
      it('it should revert with the length', async () => {
        const { controller, refuses, issuerId } = world()
        await refuses([controller, 'describe', issuerId, '', otherDigest], 'DidLength', 0)
      })
    })

    describe('when the DID has 1,025 bytes', () => {
      it('it should revert with the length', async () => {
        const { controller, refuses, issuerId } = world()
        await refuses([controller, 'describe', issuerId, 'd'.repeat(1_025), otherDigest], 'DidLength', 1_025)
      })
    })

    describe('when the caller is the controller', () => {
      it('it should keep the new DID and the new digest', async () => {
        const { controller, send, ask, issuerId } = world()
        await send(controller, 'describe', issuerId, other, otherDigest)
        expect(await ask('descriptionOf', issuerId)).to.deep.equal([other, otherDigest])
      })

      it('it should keep nothing of a longer DID', async () => {
        const { controller, send, ask, storage, issuerId } = world()
        const { did: slot } = IssuerDirectory.issuerSlots(Bytes.fromHex(issuerId))
        const first = BigInt(keccak256(slot))
        await send(controller, 'describe', issuerId, `${did}:${'x'.repeat(60)}`, otherDigest)
        expect(await storage(Bytes.fromUint(first, 32))).not.to.equal(zero)
        await send(controller, 'describe', issuerId, other, otherDigest)
        expect(await ask('descriptionOf', issuerId)).to.deep.equal([other, otherDigest])
        for (const i of [0n, 1n, 2n]) expect(await storage(Bytes.fromUint(first + i, 32))).to.equal(zero)
      })

      it('it should emit {IssuerDescribed} and nothing else', async () => {
        const { controller, send, issuerId } = world()
        const { events } = await send(controller, 'describe', issuerId, other, otherDigest)
        expect(events).to.deep.equal([['IssuerDescribed', issuerId, other, otherDigest]])
      })

      it('it should fold it into the head', async () => {
        const { controller, send, ask, issuerId, registered } = world()
        const sent = await send(controller, 'describe', issuerId, other, otherDigest)
        expect(await ask('headOf', issuerId)).to.equal(fold(registered, sent))
      })

      it('it should fold it once more if it says the same', async () => {
        const { controller, send, ask, issuerId, registered } = world()
        const sent = await send(controller, 'describe', issuerId, did, profileDigest)
        expect(await ask('headOf', issuerId)).to.equal(fold(registered, sent))
      })

      it('it should leave other issuers as they were', async () => {
        const { controller, stranger, send, ask, issuerId } = world()
        const theirs = await send(stranger, 'register', salt, did, profileDigest)
        const theirId = Bytes.toHex(IssuerDirectory.issuerId(31_337, hex(stranger.address), Bytes.fromHex(salt)))
        await send(controller, 'describe', issuerId, other, otherDigest)
        expect(await ask('descriptionOf', theirId)).to.deep.equal([did, profileDigest])
        expect(await ask('headOf', theirId)).to.equal(fold(theirs))
      })
    })
  })
})
