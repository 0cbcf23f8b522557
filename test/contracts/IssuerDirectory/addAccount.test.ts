import { expect } from 'chai'
import { did, fold, profileDigest, salt, specify, standing, zero } from './world.ts'

specify('addAccount', (world) => {
  async function registerAnother(): Promise<string> {
    const { events } = await world().send(world().stranger, 'register', salt, did, profileDigest)
    return String(events[0]?.[1])
  }

  const agree = (issuerId = world().issuerId) => world().send(world().account, 'consent', issuerId)
  const add = () => world().send(world().controller, 'addAccount', world().issuerId, world().account.address)

  describe('addAccount', () => {
    describe('when the caller is not the controller', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { account, stranger, refuses, issuerId } = world()
        await agree()
        for (const caller of [stranger, account]) {
          const call = [caller, 'addAccount', issuerId, account.address] as const
          await refuses(call, 'NotController', issuerId, caller.address)
        }
      })
    })

    describe('given there is no such issuer', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { controller, account, refuses } = world()
        // An account that has agreed to nothing has agreed to the issuer zero, as it were.
        const call = [controller, 'addAccount', zero, account.address] as const
        await refuses(call, 'NotController', zero, controller.address)
      })
    })

    describe('given the account has not agreed', () => {
      it('it should revert with the issuer and the account', async () => {
        const { controller, account, refuses, issuerId } = world()
        const call = [controller, 'addAccount', issuerId, account.address] as const
        await refuses(call, 'ConsentMissing', issuerId, account.address)
      })
    })

    describe('given the account has agreed to join another issuer', () => {
      it('it should revert with the issuer and the account', async () => {
        const { controller, account, refuses, issuerId } = world()
        await agree(await registerAnother())
        const call = [controller, 'addAccount', issuerId, account.address] as const
        await refuses(call, 'ConsentMissing', issuerId, account.address)
      })
    })

    describe('given the account belongs to the issuer', () => {
      it('it should revert with the account and the issuer', async () => {
        const { controller, account, refuses, ask, issuerId } = world()
        await agree()
        const { time } = await add()
        const call = [controller, 'addAccount', issuerId, account.address] as const
        await refuses(call, 'AccountTaken', account.address, issuerId)
        expect(await ask('standingOf', issuerId, account.address)).to.deep.equal(standing(time))
      })
    })

    describe('given the account has been retired', () => {
      it('it should revert with the account and the issuer', async () => {
        const { controller, account, send, refuses, ask, issuerId } = world()
        await agree()
        const added = await add()
        const retired = await send(controller, 'retireAccount', issuerId, account.address)
        await agree()
        const call = [controller, 'addAccount', issuerId, account.address] as const
        await refuses(call, 'AccountTaken', account.address, issuerId)
        expect(await ask('standingOf', issuerId, account.address)).to.deep.equal(standing(added.time, retired.time))
      })
    })

    describe('given the account belongs to another issuer', () => {
      it('it should revert with the account and that issuer', async () => {
        const { stranger, controller, account, send, refuses, ask, issuerId } = world()
        const another = await registerAnother()
        await agree(another)
        await send(stranger, 'addAccount', another, account.address)
        await agree()
        const call = [controller, 'addAccount', issuerId, account.address] as const
        await refuses(call, 'AccountTaken', account.address, another)
        expect(await ask('standingOf', issuerId, account.address)).to.deep.equal(standing())
      })

      it("it should revert for the controller's own account too", async () => {
        const { stranger, controller, send, refuses, issuerId } = world()
        const another = await registerAnother()
        await send(controller, 'consent', another)
        await send(stranger, 'addAccount', another, controller.address)
        const call = [controller, 'addAccount', issuerId, controller.address] as const
        await refuses(call, 'AccountTaken', controller.address, another)
      })
    })

    describe("when the account is the controller's own", () => {
      it('it should add it without another consent', async () => {
        const { controller, send, ask, issuerId } = world()
        const { time } = await send(controller, 'addAccount', issuerId, controller.address)
        expect(await ask('standingOf', issuerId, controller.address)).to.deep.equal(standing(time))
        expect(await ask('issuerOf', controller.address)).to.equal(issuerId)
      })
    })

    describe('given the account has agreed', () => {
      it('it should keep the time of the block and nothing else against it', async () => {
        const { account, now, setNext, ask, issuerId } = world()
        await agree()
        const next = (await now()) + 1_000_000
        await setNext(next)
        await add()
        expect(await ask('standingOf', issuerId, account.address)).to.deep.equal(standing(next))
      })

      it('it should keep whose account it is', async () => {
        const { account, ask, issuerId } = world()
        await agree()
        await add()
        expect(await ask('issuerOf', account.address)).to.equal(issuerId)
      })

      it('it should give it no standing with another issuer', async () => {
        const { account, ask } = world()
        const another = await registerAnother()
        await agree()
        await add()
        expect(await ask('standingOf', another, account.address)).to.deep.equal(standing())
      })

      it('it should emit {AccountAdded} and nothing else', async () => {
        const { account, issuerId } = world()
        await agree()
        expect((await add()).events).to.deep.equal([['AccountAdded', issuerId, account.address]])
      })

      it('it should fold it into the head', async () => {
        const { ask, issuerId, registered } = world()
        await agree()
        const added = await add()
        expect(await ask('headOf', issuerId)).to.equal(fold(registered, added))
      })
    })
  })
})
