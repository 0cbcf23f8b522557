import { expect } from 'chai'
import { did, fold, profileDigest, type Sent, salt, standing, type World, zero } from './world.ts'

/** An account or a key: what the directory says about the one it says about the other. */
export type Subject = {
  readonly functions: {
    readonly add: string
    readonly retire: string
    readonly report: string
    readonly standing: string
    readonly spoke: string
  }
  readonly events: { readonly retired: string; readonly reported: string }
  readonly unknown: string
  /** One that its issuer can add without more ado. */
  readonly of: (world: World) => string
  /** One that was never added. */
  readonly other: (world: World) => string
}

export const account: Subject = {
  functions: {
    add: 'addAccount',
    retire: 'retireAccount',
    report: 'reportAccount',
    standing: 'standingOf',
    spoke: 'spokeFor',
  },
  events: { retired: 'AccountRetired', reported: 'AccountReported' },
  unknown: 'AccountUnknown',
  of: ({ controller }) => controller.address,
  other: ({ account }) => account.address,
}

export const key: Subject = {
  functions: {
    add: 'addKey',
    retire: 'retireKey',
    report: 'reportKey',
    standing: 'standingOfKey',
    spoke: 'keySpokeFor',
  },
  events: { retired: 'KeyRetired', reported: 'KeyReported' },
  unknown: 'KeyUnknown',
  of: () => profileDigest,
  other: () => salt,
}

/** The subject's functions, for the issuer of a world. */
function on({ functions, of }: Subject, world: () => World) {
  const send = (name: string, ...args: readonly unknown[]) =>
    world().send(world().controller, name, world().issuerId, of(world()), ...args)
  return {
    add: () => send(functions.add),
    retire: () => send(functions.retire),
    report: (from: number) => send(functions.report, from),
    standing: () => world().ask(functions.standing, world().issuerId, of(world())),
    async spoke(time: number) {
      const [spoke] = (await world().ask(functions.spoke, world().issuerId, of(world()), time)) as [boolean]
      return spoke
    },
    /** Registers another issuer, of a stranger, and answers with its id. */
    async another() {
      const { events } = await world().send(world().stranger, 'register', salt, did, profileDigest)
      return String(events[0]?.[1])
    },
  }
}

/** The leaves of retireAccount.tree and retireKey.tree. */
export function shouldRetire(subject: Subject, world: () => World): void {
  const { functions, events, unknown, of, other } = subject
  const { add, retire, report, standing: standingOf, another } = on(subject, world)

  describe('when the caller is not the controller', () => {
    it('it should revert with the issuer and the caller', async () => {
      const { stranger, refuses, issuerId } = world()
      await add()
      const call = [stranger, functions.retire, issuerId, of(world())] as const
      await refuses(call, 'NotController', issuerId, stranger.address)
    })
  })

  describe('given it was never added', () => {
    it('it should revert with the issuer and what was asked', async () => {
      const { controller, refuses, issuerId } = world()
      await add()
      const call = [controller, functions.retire, issuerId, other(world())] as const
      await refuses(call, unknown, issuerId, other(world()))
    })
  })

  describe('given it was added to another issuer', () => {
    it('it should revert with the issuer and what was asked', async () => {
      const { stranger, refuses } = world()
      await add()
      const issuerId = await another()
      await refuses([stranger, functions.retire, issuerId, of(world())], unknown, issuerId, of(world()))
    })
  })

  describe('given it was retired', () => {
    it('it should revert with the time', async () => {
      const { controller, refuses, issuerId } = world()
      const added = await add()
      const { time } = await retire()
      await refuses([controller, functions.retire, issuerId, of(world())], 'AlreadyRetired', time)
      expect(await standingOf()).to.deep.equal(standing(added.time, time))
    })
  })

  describe('given it was reported as compromised', () => {
    it('it should keep both', async () => {
      const added = await add()
      const reported = await report(added.time)
      const retired = await retire()
      const all = standing(added.time, retired.time, added.time, reported.time)
      expect(await standingOf()).to.deep.equal(all)
    })
  })

  describe('given it was added', () => {
    it('it should keep the time of the block', async () => {
      const { now, setNext } = world()
      const added = await add()
      const next = (await now()) + 1_000_000
      await setNext(next)
      await retire()
      expect(await standingOf()).to.deep.equal(standing(added.time, next))
    })

    it('it should emit its event and nothing else', async () => {
      await add()
      expect((await retire()).events).to.deep.equal([[events.retired, world().issuerId, of(world())]])
    })

    it('it should fold it into the head', async () => {
      const { ask, issuerId, registered } = world()
      expect(fold(registered, await add(), await retire())).to.equal(await ask('headOf', issuerId))
    })
  })
}

/** The leaves of reportAccount.tree and reportKey.tree. */
export function shouldReport(subject: Subject, world: () => World): void {
  const { functions, events, unknown, of, other } = subject
  const { add, retire, report, standing: standingOf, another } = on(subject, world)

  async function refusesFrom(from: number | bigint, earliest: number, latest: number) {
    const { controller, refuses, issuerId } = world()
    const before = await standingOf()
    const call = [controller, functions.report, issuerId, of(world()), from] as const
    await refuses(call, 'CompromisedFromOutOfRange', from, earliest, latest)
    expect(await standingOf()).to.deep.equal(before)
  }

  /** One that was added a while ago. */
  async function addedBefore(seconds: number): Promise<Sent> {
    const { now, setNext } = world()
    const added = await add()
    await setNext((await now()) + seconds)
    return added
  }

  describe('when the caller is not the controller', () => {
    it('it should revert with the issuer and the caller', async () => {
      const { stranger, account, refuses, issuerId } = world()
      const { time } = await add()
      for (const caller of [stranger, account]) {
        const call = [caller, functions.report, issuerId, of(world()), time] as const
        await refuses(call, 'NotController', issuerId, caller.address)
      }
    })
  })

  describe('given it was never added', () => {
    it('it should revert with the issuer and what was asked', async () => {
      const { controller, refuses, issuerId, now } = world()
      await add()
      const call = [controller, functions.report, issuerId, other(world()), await now()] as const
      await refuses(call, unknown, issuerId, other(world()))
    })
  })

  describe('given it was added to another issuer', () => {
    it('it should revert with the issuer and what was asked', async () => {
      const { stranger, refuses, now } = world()
      await add()
      const issuerId = await another()
      const call = [stranger, functions.report, issuerId, of(world()), await now()] as const
      await refuses(call, unknown, issuerId, of(world()))
    })
  })

  describe('given it was not reported before', () => {
    describe('when the time is before it was added', () => {
      it('it should revert with the time and the range', async () => {
        const { now, setNext } = world()
        const { time } = await add()
        const next = (await now()) + 100
        await setNext(next)
        await refusesFrom(time - 1, time, next)
        await setNext(next + 1)
        await refusesFrom(0, time, next + 1)
      })
    })

    describe('when the time is in the future', () => {
      it('it should revert with the time and the range', async () => {
        const { now, setNext } = world()
        const { time } = await add()
        const next = (await now()) + 100
        await setNext(next)
        await refusesFrom(next + 1, time, next)
        await setNext(next + 1)
        await refusesFrom(2n ** 64n - 1n, time, next + 1)
      })
    })

    describe('when the time is that of its addition', () => {
      it('it should keep it', async () => {
        const added = await addedBefore(100)
        const { time } = await report(added.time)
        expect(time).to.equal(added.time + 100)
        expect(await standingOf()).to.deep.equal(standing(added.time, 0, added.time, time))
      })
    })

    describe('when the time is that of the block', () => {
      it('it should keep it', async () => {
        const added = await addedBefore(100)
        const { time } = await report(added.time + 100)
        expect(await standingOf()).to.deep.equal(standing(added.time, 0, time, time))
      })
    })
  })

  describe('given it was reported before', () => {
    /** Added at the time answered, and reported from 50 seconds after that. */
    async function reported(): Promise<number> {
      const added = await addedBefore(100)
      await report(added.time + 50)
      return added.time
    }

    describe('when the time is later than the one reported', () => {
      it('it should revert with the time and the range', async () => {
        const start = await reported()
        await refusesFrom(start + 51, start, start + 49)
        await refusesFrom(await world().now(), start, start + 49)
      })
    })

    describe('when the time is the one reported', () => {
      it('it should revert with the time and the range', async () => {
        const start = await reported()
        await refusesFrom(start + 50, start, start + 49)
      })
    })

    describe('when the time is earlier than the one reported', () => {
      it('it should keep it, and when that was said', async () => {
        const start = await reported()
        await world().setNext(start + 1_000)
        await report(start + 49)
        expect(await standingOf()).to.deep.equal(standing(start, 0, start + 49, start + 1_000))
        await world().setNext(start + 2_000)
        await report(start)
        expect(await standingOf()).to.deep.equal(standing(start, 0, start, start + 2_000))
      })
    })

    describe('when the one reported is that of its addition', () => {
      it('it should revert whatever the time is', async () => {
        const added = await addedBefore(100)
        await report(added.time)
        for (const time of [0, added.time - 1, added.time, added.time + 1, await world().now()])
          await refusesFrom(time, added.time, added.time - 1)
      })
    })
  })

  describe('given it was retired', () => {
    it('it should keep both', async () => {
      const added = await add()
      const retired = await retire()
      const before = await report(added.time)
      const all = standing(added.time, retired.time, added.time, before.time)
      expect(await standingOf()).to.deep.equal(all)
    })

    it('it should keep a time after that too', async () => {
      const added = await add()
      const retired = await retire()
      await world().setNext(retired.time + 100)
      const after = await report(retired.time + 50)
      const all = standing(added.time, retired.time, retired.time + 50, after.time)
      expect(await standingOf()).to.deep.equal(all)
    })
  })

  describe('given it was added', () => {
    it('it should emit its event and nothing else', async () => {
      const { time } = await add()
      const { events: emitted } = await report(time)
      expect(emitted).to.deep.equal([[events.reported, world().issuerId, of(world()), BigInt(time)]])
    })

    it('it should fold it into the head', async () => {
      const { ask, issuerId, registered } = world()
      const added = await add()
      const first = await report(added.time + 1)
      const second = await report(added.time)
      expect(await ask('headOf', issuerId)).to.equal(fold(registered, added, first, second))
    })
  })
}

/** The leaves of spokeFor.tree and keySpokeFor.tree. */
export function shouldTellWhenItSpoke(subject: Subject, world: () => World): void {
  const { functions, of, other } = subject
  const { add, retire, report, spoke, another } = on(subject, world)

  describe('when the time is in the future', () => {
    it('it should revert with the time', async () => {
      const { directory, issuerId } = world()
      const { time } = await add()
      // A view is asked of the next block, whose time the node chooses: far enough ahead is future in any case.
      for (const later of [BigInt(time) + 1_000_000n, 2n ** 64n - 1n])
        for (const id of [of(world()), other(world())])
          await expect(directory.getFunction(functions.spoke)(issuerId, id, later))
            .to.be.revertedWithCustomError(directory, 'IssuerDirectory_TimeInFuture')
            .withArgs(later)
    })
  })

  describe('given it was never added', () => {
    it('it should answer no, with zeros', async () => {
      const { ask, issuerId, now } = world()
      await add()
      const answer = await ask(functions.spoke, issuerId, other(world()), await now())
      expect(answer).to.deep.equal([false, standing()])
    })
  })

  describe('given it was added to another issuer', () => {
    it('it should answer no, with zeros', async () => {
      const { ask, now } = world()
      await add()
      const answer = await ask(functions.spoke, await another(), of(world()), await now())
      expect(answer).to.deep.equal([false, standing()])
    })
  })

  describe('given there is no such issuer', () => {
    it('it should answer no, with zeros', async () => {
      const { ask, now } = world()
      await add()
      expect(await ask(functions.spoke, zero, of(world()), await now())).to.deep.equal([false, standing()])
    })
  })

  describe('given it was added', () => {
    it('it should answer no for the second before and yes from then on, with its standing', async () => {
      const { ask, chain, issuerId } = world()
      const { time } = await add()
      await chain.networkHelpers.time.increase(1_000)
      for (const [when, answer] of [
        [0, false],
        [time - 1, false],
        [time, true],
        [time + 1, true],
        [time + 1_000, true],
      ] as const)
        expect(await ask(functions.spoke, issuerId, of(world()), when)).to.deep.equal([answer, standing(time)])
    })
  })

  describe('given it was retired', () => {
    it('it should answer yes for the second of it and no after', async () => {
      const added = await add()
      const retired = await retire()
      await world().chain.networkHelpers.time.increase(1_000)
      for (const [when, answer] of [
        [added.time - 1, false],
        [added.time, true],
        [retired.time, true],
        [retired.time + 1, false],
        [retired.time + 1_000, false],
      ] as const)
        expect(await spoke(when)).to.equal(answer)
    })

    it('it should answer as before for all that is past', async () => {
      const added = await add()
      await world().setNext(added.time + 10)
      await world().chain.networkHelpers.mine()
      const times = Array.from({ length: 12 }, (_, i) => added.time - 1 + i)
      const before = await Promise.all(times.map(spoke))
      await world().setNext(added.time + 10 + 1)
      await retire()
      expect(await Promise.all(times.map(spoke))).to.deep.equal(before)
    })
  })

  describe('given it was reported as compromised', () => {
    it('it should answer yes for the second before and no from then on', async () => {
      const { ask, setNext, issuerId } = world()
      const added = await add()
      await setNext(added.time + 100)
      const reported = await report(added.time + 50)
      const all = standing(added.time, 0, added.time + 50, reported.time)
      for (const [when, answer] of [
        [added.time - 1, false],
        [added.time, true],
        [added.time + 49, true],
        [added.time + 50, false],
        [reported.time, false],
      ] as const)
        expect(await ask(functions.spoke, issuerId, of(world()), when)).to.deep.equal([answer, all])
    })

    it('it should answer no for ever if it was compromised from the beginning', async () => {
      const added = await add()
      await world().setNext(added.time + 100)
      await report(added.time)
      for (const when of [added.time - 1, added.time, added.time + 100]) expect(await spoke(when)).to.equal(false)
    })
  })

  describe('given it was retired and reported as compromised', () => {
    it('it should answer no from the earlier of both on', async () => {
      const { chain, setNext } = world()
      const added = await add()
      await setNext(added.time + 50)
      await retire()
      await setNext(added.time + 100)
      await report(added.time + 60)
      const answers = async () => [
        await spoke(added.time + 20),
        await spoke(added.time + 50),
        await spoke(added.time + 55),
      ]
      expect(await answers()).to.deep.equal([true, true, false])
      await chain.networkHelpers.time.increase(10)
      await report(added.time + 20)
      expect(await answers()).to.deep.equal([false, false, false])
      expect(await spoke(added.time + 19)).to.equal(true)
    })
  })
}
