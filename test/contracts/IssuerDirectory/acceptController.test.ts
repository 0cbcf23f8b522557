import { expect } from 'chai'
import { did, fold, nobody, profileDigest, salt, specify, standing, zero } from './world.ts'

specify('acceptController', (world) => {
  const offer = () => {
    const { controller, candidate, send, issuerId } = world()
    return send(controller, 'offerController', issuerId, candidate.address)
  }
  const accept = () => world().send(world().candidate, 'acceptController', world().issuerId)

  describe('acceptController', () => {
    describe('given nobody has been offered the place', () => {
      it('it should revert for the controller', async () => {
        const { controller, refuses, issuerId } = world()
        await refuses([controller, 'acceptController', issuerId], 'NotCandidate', issuerId, controller.address)
      })

      it('it should revert for a stranger', async () => {
        const { stranger, refuses, issuerId } = world()
        await refuses([stranger, 'acceptController', issuerId], 'NotCandidate', issuerId, stranger.address)
      })

      it('it should revert for the zero address', async () => {
        const { impersonate, refuses, issuerId } = world()
        await refuses([await impersonate(nobody), 'acceptController', issuerId], 'NotCandidate', issuerId, nobody)
      })
    })

    describe('given there is no such issuer', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { stranger, refuses } = world()
        await refuses([stranger, 'acceptController', zero], 'NotCandidate', zero, stranger.address)
      })
    })

    describe('when the caller is not the candidate', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { controller, stranger, refuses, issuerId } = world()
        await offer()
        for (const caller of [stranger, controller])
          await refuses([caller, 'acceptController', issuerId], 'NotCandidate', issuerId, caller.address)
      })
    })

    describe("given another issuer's place has been offered to the caller", () => {
      it('it should revert with the issuer and the caller', async () => {
        const { stranger, other, send, refuses, issuerId } = world()
        const { events } = await send(stranger, 'register', salt, did, profileDigest)
        await send(stranger, 'offerController', events[0]?.[1], other.address)
        await refuses([other, 'acceptController', issuerId], 'NotCandidate', issuerId, other.address)
      })
    })

    describe('when the caller is the candidate', () => {
      it('it should make the candidate the controller', async () => {
        const { candidate, ask, issuerId } = world()
        await offer()
        await accept()
        expect(await ask('controllerOf', issuerId)).to.equal(candidate.address)
      })

      it('it should leave nobody to accept a second time', async () => {
        const { candidate, ask, refuses, issuerId } = world()
        await offer()
        await accept()
        expect(await ask('candidateOf', issuerId)).to.equal(nobody)
        await refuses([candidate, 'acceptController', issuerId], 'NotCandidate', issuerId, candidate.address)
      })

      it('it should take everything from the controller before', async () => {
        const { controller, account, refuses, send, issuerId } = world()
        await send(controller, 'addKey', issuerId, salt)
        await offer()
        await accept()
        const calls = [
          ['describe', did, profileDigest],
          ['offerController', controller.address],
          ['cancelControllerOffer'],
          ['addAccount', controller.address],
          ['addAccountBySignature', account.address, 0, '0x'],
          ['retireAccount', account.address],
          ['reportAccount', account.address, 0],
          ['addKey', profileDigest],
          ['retireKey', salt],
          ['reportKey', salt, 0],
        ] as const
        for (const [name, ...args] of calls)
          await refuses([controller, name, issuerId, ...args], 'NotController', issuerId, controller.address)
      })

      it('it should leave the id, accounts and keys as they were', async () => {
        const { controller, send, ask, issuerId } = world()
        const account = await send(controller, 'addAccount', issuerId, controller.address)
        const key = await send(controller, 'addKey', issuerId, salt)
        await offer()
        await accept()
        expect(await ask('standingOf', issuerId, controller.address)).to.deep.equal(standing(account.time))
        expect(await ask('standingOfKey', issuerId, salt)).to.deep.equal(standing(key.time))
        expect(await ask('issuerOf', controller.address)).to.equal(issuerId)
        expect(await ask('descriptionOf', issuerId)).to.deep.equal([did, profileDigest])
      })

      it('it should emit {ControllerChanged} and nothing else', async () => {
        const { candidate, issuerId } = world()
        await offer()
        const { events } = await accept()
        expect(events).to.deep.equal([['ControllerChanged', issuerId, candidate.address]])
      })

      it('it should fold it into the head', async () => {
        const { ask, issuerId, registered } = world()
        const offered = await offer()
        const accepted = await accept()
        expect(await ask('headOf', issuerId)).to.equal(fold(registered, offered, accepted))
      })
    })
  })
})
