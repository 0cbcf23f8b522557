import { expect } from 'chai'
import { fold, nobody, specify } from './world.ts'

specify('offerController', (world) => {
  describe('offerController', () => {
    describe('when the caller is not the controller', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { stranger, refuses, issuerId } = world()
        const call = [stranger, 'offerController', issuerId, stranger.address] as const
        await refuses(call, 'NotController', issuerId, stranger.address)
      })
    })

    describe('when the caller is the candidate', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { controller, candidate, stranger, send, refuses, issuerId } = world()
        await send(controller, 'offerController', issuerId, candidate.address)
        const call = [candidate, 'offerController', issuerId, stranger.address] as const
        await refuses(call, 'NotController', issuerId, candidate.address)
      })
    })

    describe('when the candidate is the zero address', () => {
      it('it should revert with the issuer', async () => {
        const { controller, refuses, issuerId } = world()
        await refuses([controller, 'offerController', issuerId, nobody], 'CandidateZero', issuerId)
      })
    })

    describe('given nobody has been offered the place', () => {
      it('it should keep the candidate', async () => {
        const { controller, candidate, send, ask, issuerId } = world()
        await send(controller, 'offerController', issuerId, candidate.address)
        expect(await ask('candidateOf', issuerId)).to.equal(candidate.address)
      })

      it('it should leave the controller as it was', async () => {
        const { controller, candidate, send, ask, issuerId } = world()
        await send(controller, 'offerController', issuerId, candidate.address)
        expect(await ask('controllerOf', issuerId)).to.equal(controller.address)
      })

      it('it should emit {ControllerOffered} and nothing else', async () => {
        const { controller, candidate, send, issuerId } = world()
        const { events } = await send(controller, 'offerController', issuerId, candidate.address)
        expect(events).to.deep.equal([['ControllerOffered', issuerId, candidate.address]])
      })

      it('it should fold it into the head', async () => {
        const { controller, candidate, send, ask, issuerId, registered } = world()
        const sent = await send(controller, 'offerController', issuerId, candidate.address)
        expect(await ask('headOf', issuerId)).to.equal(fold(registered, sent))
      })
    })

    describe('given somebody else has been offered the place', () => {
      it('it should keep the new candidate', async () => {
        const { controller, candidate, other, send, ask, issuerId } = world()
        await send(controller, 'offerController', issuerId, other.address)
        await send(controller, 'offerController', issuerId, candidate.address)
        expect(await ask('candidateOf', issuerId)).to.equal(candidate.address)
      })

      it('it should not let the other one accept', async () => {
        const { controller, candidate, other, send, refuses, issuerId } = world()
        await send(controller, 'offerController', issuerId, other.address)
        await send(controller, 'offerController', issuerId, candidate.address)
        await refuses([other, 'acceptController', issuerId], 'NotCandidate', issuerId, other.address)
      })
    })
  })
})
