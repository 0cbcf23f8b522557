import { expect } from 'chai'
import { toBeHex } from 'ethers'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as IssuerDirectory from '../../../core/src/IssuerDirectory.ts'
import { did, fold, profileDigest, salt, specify, standing, zero } from './world.ts'

const keyId = Bytes.toHex(IssuerDirectory.keyId('z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'))

specify('addKey', (world) => {
  const add = () => world().send(world().controller, 'addKey', world().issuerId, keyId)

  describe('addKey', () => {
    describe('when the caller is not the controller', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { stranger, refuses, issuerId } = world()
        await refuses([stranger, 'addKey', issuerId, keyId], 'NotController', issuerId, stranger.address)
      })
    })

    describe('given there is no such issuer', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { controller, refuses } = world()
        await refuses([controller, 'addKey', zero, keyId], 'NotController', zero, controller.address)
      })
    })

    describe('given the key has been added', () => {
      it('it should revert with the issuer, the key and since when', async () => {
        const { controller, refuses, issuerId } = world()
        const { time } = await add()
        await refuses([controller, 'addKey', issuerId, keyId], 'KeyAlreadyAdded', issuerId, keyId, time)
      })
    })

    describe('given the key has been retired', () => {
      it('it should revert with the issuer, the key and since when', async () => {
        const { controller, send, refuses, ask, issuerId } = world()
        const { time } = await add()
        const retired = await send(controller, 'retireKey', issuerId, keyId)
        await refuses([controller, 'addKey', issuerId, keyId], 'KeyAlreadyAdded', issuerId, keyId, time)
        expect(await ask('standingOfKey', issuerId, keyId)).to.deep.equal(standing(time, retired.time))
      })
    })

    describe('given another issuer has added the key', () => {
      it('it should keep a standing of its own for each', async () => {
        const { stranger, controller, send, ask, issuerId } = world()
        const { events } = await send(stranger, 'register', salt, did, profileDigest)
        const another = events[0]?.[1]
        const theirs = await send(stranger, 'addKey', another, keyId)
        const ours = await add()
        const reported = await send(stranger, 'reportKey', another, keyId, theirs.time)
        expect(await ask('standingOfKey', issuerId, keyId)).to.deep.equal(standing(ours.time))
        expect(await ask('standingOfKey', another, keyId)).to.deep.equal(
          standing(theirs.time, 0, theirs.time, reported.time),
        )
        await send(controller, 'retireKey', issuerId, keyId)
        expect(await ask('standingOfKey', another, keyId)).to.deep.equal(
          standing(theirs.time, 0, theirs.time, reported.time),
        )
      })
    })

    describe("when the key's id is an address", () => {
      it('it should not make the account speak for the issuer', async () => {
        const { controller, account, send, ask, issuerId } = world()
        const { time } = await send(controller, 'addKey', issuerId, toBeHex(account.address, 32))
        expect(await ask('spokeFor', issuerId, account.address, time)).to.deep.equal([false, standing()])
        expect(await ask('issuerOf', account.address)).to.equal(zero)
      })
    })

    describe('given the key has not been added', () => {
      it('it should keep the time of the block and nothing else against it', async () => {
        const { now, setNext, ask, issuerId } = world()
        const next = (await now()) + 1_000_000
        await setNext(next)
        await add()
        expect(await ask('standingOfKey', issuerId, keyId)).to.deep.equal(standing(next))
      })

      it('it should emit {KeyAdded} and nothing else', async () => {
        expect((await add()).events).to.deep.equal([['KeyAdded', world().issuerId, keyId]])
      })

      it('it should fold it into the head', async () => {
        const { ask, issuerId, registered } = world()
        expect(fold(registered, await add())).to.equal(await ask('headOf', issuerId))
      })
    })
  })
})
