import { expect } from 'chai'
import { fold, nobody, specify } from './world.ts'

specify('cancelControllerOffer', (world) => {
  const offer = () => {
    const { controller, candidate, send, issuerId } = world()
    return send(controller, 'offerController', issuerId, candidate.address)
  }
  const cancel = () => world().send(world().controller, 'cancelControllerOffer', world().issuerId)

  describe('cancelControllerOffer', () => {
    describe('when the caller is not the controller', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { candidate, refuses, issuerId } = world()
        await offer()
        await refuses([candidate, 'cancelControllerOffer', issuerId], 'NotController', issuerId, candidate.address)
      })
    })

    describe('given nobody has been offered the place', () => {
      it('it should revert with the issuer', async () => {
        const { controller, refuses, issuerId } = world()
        await refuses([controller, 'cancelControllerOffer', issuerId], 'OfferUnknown', issuerId)
      })
    })

    describe('given the offer has been cancelled', () => {
      it('it should revert with the issuer', async () => {
        const { controller, refuses, issuerId } = world()
        await offer()
        await cancel()
        await refuses([controller, 'cancelControllerOffer', issuerId], 'OfferUnknown', issuerId)
      })
    })

    describe('given somebody has been offered the place', () => {
      it('it should keep no candidate', async () => {
        await offer()
        await cancel()
        expect(await world().ask('candidateOf', world().issuerId)).to.equal(nobody)
      })

      it('it should not let the candidate accept', async () => {
        const { candidate, refuses, issuerId } = world()
        await offer()
        await cancel()
        await refuses([candidate, 'acceptController', issuerId], 'NotCandidate', issuerId, candidate.address)
      })

      it('it should emit {ControllerOfferCancelled} and nothing else', async () => {
        const { candidate, issuerId } = world()
        await offer()
        const { events } = await cancel()
        expect(events).to.deep.equal([['ControllerOfferCancelled', issuerId, candidate.address]])
      })

      it('it should fold it into the head', async () => {
        const { ask, issuerId, registered } = world()
        const offered = await offer()
        const cancelled = await cancel()
        expect(await ask('headOf', issuerId)).to.equal(fold(registered, offered, cancelled))
      })
    })
  })
})
