import { expect } from 'chai'
import { account, key, type Subject } from './subject.ts'
import { did, fold, nobody, profileDigest, salt, specify, standing, zero } from './world.ts'

const nowhere = salt

specify('views', (world) => {
  /** Everything that can be said about an account or a key, in a row. */
  async function lifeOf({ functions, of }: Subject) {
    const { controller, send, setNext, issuerId } = world()
    const id = of(world())
    const added = await send(controller, functions.add, issuerId, id)
    await setNext(added.time + 100)
    const retired = await send(controller, functions.retire, issuerId, id)
    await setNext(added.time + 200)
    const reported = await send(controller, functions.report, issuerId, id, added.time + 50)
    return standing(added.time, retired.time, added.time + 50, reported.time)
  }

  function shouldAnswerWithTimes(subject: Subject, title: string) {
    const { functions, of } = subject
    it(`given the ${title} was never added, it should answer zeros`, async () => {
      const { ask, issuerId } = world()
      expect(await ask(functions.standing, issuerId, of(world()))).to.deep.equal(standing())
    })

    it('given it was added, retired and reported, it should answer all four times', async () => {
      const { ask, issuerId } = world()
      const life = await lifeOf(subject)
      expect(await ask(functions.standing, issuerId, of(world()))).to.deep.equal(life)
      expect(new Set(life).size).to.equal(4)
    })
  }

  describe('views', () => {
    describe('{standingOf}', () => shouldAnswerWithTimes(account, 'account'))

    describe('{standingOfKey}', () => shouldAnswerWithTimes(key, 'key'))

    describe('{issuerOf}', () => {
      it('given the account belongs to none, it should answer zero', async () => {
        expect(await world().ask('issuerOf', world().account.address)).to.equal(zero)
        expect(await world().ask('issuerOf', nobody)).to.equal(zero)
      })

      it('given the account was retired and reported, it should answer its issuer still', async () => {
        await lifeOf(account)
        expect(await world().ask('issuerOf', account.of(world()))).to.equal(world().issuerId)
      })
    })

    describe('{controllerOf}', () => {
      it('given there is no such issuer, it should answer the zero address', async () => {
        for (const issuerId of [zero, nowhere]) expect(await world().ask('controllerOf', issuerId)).to.equal(nobody)
      })

      it('given there is, it should answer its controller', async () => {
        expect(await world().ask('controllerOf', world().issuerId)).to.equal(world().controller.address)
      })
    })

    describe('{candidateOf}', () => {
      it('given nobody has been offered the place, it should answer the zero address', async () => {
        for (const issuerId of [nowhere, world().issuerId])
          expect(await world().ask('candidateOf', issuerId)).to.equal(nobody)
      })

      it('given somebody has, it should answer the candidate', async () => {
        const { controller, candidate, send, ask, issuerId } = world()
        await send(controller, 'offerController', issuerId, candidate.address)
        expect(await ask('candidateOf', issuerId)).to.equal(candidate.address)
      })
    })

    describe('{descriptionOf}', () => {
      it('given there is no such issuer, it should answer nothing', async () => {
        expect(await world().ask('descriptionOf', nowhere)).to.deep.equal(['', zero])
      })

      it('given there is, it should answer what it has said last', async () => {
        const { controller, send, ask, issuerId } = world()
        expect(await ask('descriptionOf', issuerId)).to.deep.equal([did, profileDigest])
        await send(controller, 'describe', issuerId, 'did:web:b.example', zero)
        expect(await ask('descriptionOf', issuerId)).to.deep.equal(['did:web:b.example', zero])
      })
    })

    describe('{headOf}', () => {
      it('given there is no such issuer, it should answer zero', async () => {
        for (const issuerId of [zero, nowhere]) expect(await world().ask('headOf', issuerId)).to.equal(zero)
      })

      it('given there is, it should answer what its whole history folds to', async () => {
        const { controller, candidate, other, send, ask, issuerId, registered } = world()
        await send(other, 'consent', issuerId)
        const history = [
          registered,
          await send(controller, 'addAccount', issuerId, other.address),
          await send(controller, 'addKey', issuerId, salt),
          await send(controller, 'retireAccount', issuerId, other.address),
          await send(controller, 'describe', issuerId, 'did:web:b.example', zero),
          await send(controller, 'offerController', issuerId, candidate.address),
          await send(candidate, 'acceptController', issuerId),
          await send(candidate, 'retireKey', issuerId, salt),
        ]
        expect(await ask('headOf', issuerId)).to.equal(fold(...history))
      })
    })

    describe('{consentOf}', () => {
      it('given the account has agreed to nothing, it should answer zero', async () => {
        expect(await world().ask('consentOf', world().account.address)).to.equal(zero)
      })

      it('given it has agreed, it should answer the issuer', async () => {
        const { account, send, ask, issuerId } = world()
        await send(account, 'consent', issuerId)
        expect(await ask('consentOf', account.address)).to.equal(issuerId)
      })
    })

    describe('{nonceOf}', () => {
      it('given the account has withdrawn nothing, it should answer zero', async () => {
        expect(await world().ask('nonceOf', world().account.address)).to.equal(0n)
      })

      it('given it has, it should answer how often', async () => {
        const { account, send, ask } = world()
        await send(account, 'withdrawConsents')
        await send(account, 'withdrawConsents')
        expect(await ask('nonceOf', account.address)).to.equal(2n)
      })
    })
  })
})
