import { expect } from 'chai'
import { joinOf, signatureOf, signing, specify, standing, zero } from './world.ts'

specify('withdrawConsents', (world) => {
  /** The account whose key is at hand, as one that can send. */
  const sender = () => world().impersonate(signing.address)

  describe('withdrawConsents', () => {
    describe('given the caller has agreed by a call', () => {
      it('it should not let the issuer add the caller', async () => {
        const { controller, account, send, refuses, ask, issuerId } = world()
        await send(account, 'consent', issuerId)
        await send(account, 'withdrawConsents')
        expect(await ask('consentOf', account.address)).to.equal(zero)
        const call = [controller, 'addAccount', issuerId, account.address] as const
        await refuses(call, 'ConsentMissing', issuerId, account.address)
      })
    })

    describe('given the caller has agreed by a signature', () => {
      it('it should not let the issuer add the caller', async () => {
        const { controller, send, refuses, issuerId } = world()
        const join = await joinOf(world())
        await send(await sender(), 'withdrawConsents')
        await refuses(
          [controller, 'addAccountBySignature', issuerId, signing.address, join.deadline, signatureOf(join)],
          'ConsentMissing',
          issuerId,
          signing.address,
        )
      })

      it('it should let the issuer add the caller by a new one with the new nonce', async () => {
        const { controller, send, ask, issuerId } = world()
        await send(await sender(), 'withdrawConsents')
        const join = await joinOf(world(), { nonce: 1 })
        const { deadline } = join
        await send(controller, 'addAccountBySignature', issuerId, signing.address, deadline, signatureOf(join))
        expect(await ask('issuerOf', signing.address)).to.equal(issuerId)
      })
    })

    describe('given the caller has agreed to nothing', () => {
      it('it should count the nonce up by one', async () => {
        const { account, send, ask } = world()
        for (const nonce of [1n, 2n, 3n]) {
          await send(account, 'withdrawConsents')
          expect(await ask('nonceOf', account.address)).to.equal(nonce)
        }
      })

      it('it should emit {ConsentsWithdrawn} with the new nonce, and nothing else', async () => {
        const { account, send } = world()
        const { events } = await send(account, 'withdrawConsents')
        expect(events).to.deep.equal([['ConsentsWithdrawn', account.address, 1n]])
      })
    })

    describe('given the caller has been added', () => {
      it('it should leave the caller where it is', async () => {
        const { controller, account, send, ask, issuerId } = world()
        await send(account, 'consent', issuerId)
        const { time } = await send(controller, 'addAccount', issuerId, account.address)
        await send(account, 'withdrawConsents')
        expect(await ask('issuerOf', account.address)).to.equal(issuerId)
        expect(await ask('standingOf', issuerId, account.address)).to.deep.equal(standing(time))
      })
    })

    describe('given another account has agreed too', () => {
      it("it should leave the other's consent as it was", async () => {
        const { account, other, send, ask, issuerId } = world()
        await send(other, 'consent', issuerId)
        await send(account, 'withdrawConsents')
        expect(await ask('consentOf', other.address)).to.equal(issuerId)
        expect(await ask('nonceOf', other.address)).to.equal(0n)
      })
    })
  })
})
