import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import { owner } from '../../../server/src/internal/owner.ts'
import * as Presence from '../../../server/src/internal/Presence.ts'
import * as Turn from '../../../server/src/internal/Turn.ts'
import type * as BatchStore from '../../../server/src/ports/BatchStore.ts'

/** Longer than any test, in milliseconds. */
const long = 3_600_000

describe('leases of a worker', () => {
  let folder: string
  let store: BatchStore.BatchStore
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-presence-'))
    store = await SqlBatchStore.open(join(folder, 'laurel.db'))
  })
  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  describe('Presence', () => {
    it('is seen by whoever rotates, until it ends', async () => {
      const presence = Presence.begin(store, long)
      expect(await store.leased(Presence.workers)).to.equal(false)
      expect(await Promise.all([presence.hold(), presence.hold()])).to.deep.equal([true, true])
      expect(await store.leased(Presence.workers)).to.equal(true)
      await presence.end()
      expect(await store.leased(Presence.workers)).to.equal(false)
    })

    it('leaves no name behind, whether it ends or is killed', async () => {
      const names = () => {
        const database = new DatabaseSync(join(folder, 'laurel.db'), { readOnly: true })
        const rows = database.prepare(`SELECT name FROM leases WHERE name LIKE '${Presence.workers}%'`).all()
        database.close()
        return rows.length
      }
      // Of somebody whose process has died: it runs out, and nobody gives it back.
      await store.lease(`${Presence.workers}elsewhere/1/1`, { host: 'elsewhere', pid: 1 }, 0)
      const presence = Presence.begin(store, long)
      await presence.hold()
      expect(names()).to.equal(1)
      await presence.end()
      expect(names()).to.equal(0)
    })

    it('is not to be had during a rotation, and leaves nothing behind', async () => {
      const rotation = (await store.lease(Presence.rotation, owner(), long)) as BatchStore.Lease
      const presence = Presence.begin(store, long)
      expect(await presence.hold()).to.equal(false)
      expect(await store.leased(Presence.workers)).to.equal(false)
      await store.release(rotation)
      expect(await presence.hold()).to.equal(true)
    })

    it('is taken anew by a worker that had been stopped, but not during a rotation', async () => {
      // Its lease runs out at once.
      const presence = Presence.begin(store, 0)
      expect(await presence.hold()).to.equal(true)
      expect(await presence.hold()).to.equal(true)
      await store.lease(Presence.rotation, owner(), long)
      expect(await presence.hold()).to.equal(false)
    })
  })

  describe('Turn', () => {
    const begin = (lease: BatchStore.Lease, over: Partial<Turn.Options>) =>
      Turn.begin({
        store,
        lease,
        leaseTime: long,
        turnTime: 0,
        isWaiting: async () => false,
        isStopping: async () => false,
        ...over,
      })
    const lease = async () => (await store.lease('something', owner(), long)) as BatchStore.Lease
    /** Waits until a question was asked so many times. */
    const asked = (times: number, answer: boolean) => {
      const done = Promise.withResolvers<void>()
      return {
        done: done.promise,
        ask: async () => {
          if (--times === 0) setImmediate(done.resolve)
          return answer
        },
      }
    }

    it('goes on for as long as nobody waits', async () => {
      const waiting = asked(3, false)
      const turn = begin(await lease(), { isWaiting: waiting.ask })
      await waiting.done
      expect(turn.isOver()).to.equal(false)
      turn.end()
    })

    it('is over when somebody waits, and when the worker is to stop', async () => {
      for (const question of ['isWaiting', 'isStopping']) {
        const asking = asked(1, true)
        const turn = begin(await lease(), { [question]: asking.ask })
        await asking.done
        expect(turn.isOver(), question).to.equal(true)
        turn.end()
      }
    })

    it('is over when the lease is lost', async () => {
      const lost = await lease()
      await store.renew(lost, 0)
      const renewing = Promise.withResolvers<void>()
      const renew = (...args: Parameters<typeof store.renew>) =>
        store.renew(...args).finally(() => setImmediate(renewing.resolve))
      const turn = begin(lost, { leaseTime: 0, store: { renew } })
      await renewing.promise
      expect(turn.isOver()).to.equal(true)
      turn.end()
    })
  })
})
