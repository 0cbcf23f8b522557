import { expect } from 'chai'
import { did, fold, profileDigest, salt, specify, standing, zero } from './world.ts'

specify('consent', (world) => {
  describe('consent', () => {
    describe('given there is no such issuer', () => {
      it('it should revert with the issuer', async () => {
        const { account, refuses } = world()
        for (const issuerId of [zero, salt]) await refuses([account, 'consent', issuerId], 'IssuerUnknown', issuerId)
      })
    })

    describe('given the caller has agreed to join nobody', () => {
      it('it should keep the issuer', async () => {
        const { account, send, ask, issuerId } = world()
        expect(await ask('consentOf', account.address)).to.equal(zero)
        await send(account, 'consent', issuerId)
        expect(await ask('consentOf', account.address)).to.equal(issuerId)
        expect(await ask('nonceOf', account.address)).to.equal(0n)
      })

      it('it should emit {ConsentGiven} and nothing else', async () => {
        const { account, send, issuerId } = world()
        const { events } = await send(account, 'consent', issuerId)
        expect(events).to.deep.equal([['ConsentGiven', account.address, issuerId]])
      })

      it('it should add nothing', async () => {
        const { account, send, ask, issuerId } = world()
        await send(account, 'consent', issuerId)
        expect(await ask('standingOf', issuerId, account.address)).to.deep.equal(standing())
        expect(await ask('issuerOf', account.address)).to.equal(zero)
      })

      it("it should not touch the issuer's history", async () => {
        const { account, send, ask, issuerId, registered } = world()
        await send(account, 'consent', issuerId)
        expect(await ask('headOf', issuerId)).to.equal(fold(registered))
      })
    })

    describe('given the caller has agreed to join another issuer', () => {
      it('it should keep the new issuer', async () => {
        const { account, stranger, send, ask, issuerId } = world()
        const { events } = await send(stranger, 'register', salt, did, profileDigest)
        await send(account, 'consent', events[0]?.[1])
        await send(account, 'consent', issuerId)
        expect(await ask('consentOf', account.address)).to.equal(issuerId)
      })

      it('it should not let the other one add the caller', async () => {
        const { account, stranger, send, refuses, issuerId } = world()
        const { events } = await send(stranger, 'register', salt, did, profileDigest)
        const other = events[0]?.[1]
        await send(account, 'consent', other)
        await send(account, 'consent', issuerId)
        await refuses([stranger, 'addAccount', other, account.address], 'ConsentMissing', other, account.address)
      })
    })

    describe('given the caller has withdrawn its consents', () => {
      it('it should keep the issuer', async () => {
        const { account, send, ask, issuerId } = world()
        await send(account, 'withdrawConsents')
        await send(account, 'consent', issuerId)
        expect(await ask('consentOf', account.address)).to.equal(issuerId)
        expect(await ask('nonceOf', account.address)).to.equal(1n)
      })
    })
  })
})
