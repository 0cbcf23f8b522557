import { expect } from 'chai'
import * as SqlBatchStore from '../../server/src/adapters/store/SqlBatchStore.ts'
import { owner } from '../../server/src/internal/owner.ts'
import type * as BatchStore from '../../server/src/ports/BatchStore.ts'
import { pages, request } from '../server/store/batch-store.ts'
import { describeDatabases, type Fresh } from '../server/store/databases.ts'

const day = 86_400_000

// A lease is a time. It is the database's, so that no machine has to know what time it is (P36, P14).
describeDatabases('Workers whose clocks are wrong', (fresh) => {
  let place: Fresh
  let store: BatchStore.BatchStore
  const { now } = Date
  beforeEach(async () => {
    place = await fresh()
    store = await SqlBatchStore.open(place.location)
  })
  afterEach(async () => {
    Date.now = now
    await store.close()
    place.remove()
  })

  for (const skew of [2 * day, -2 * day])
    it(`by ${skew / day} days: a lease is neither taken over early nor held for longer`, async () => {
      const { terms } = request()
      const wanted = {
        chainId: terms.chainId,
        account: terms.account,
        issuer: terms.issuer.id,
        registry: terms.registry,
        retry: [],
      }
      await store.accept(request({ size: 1 }), pages([{}]))
      // One machine is right, the other is not; then the other way round.
      const first = await store.claim(owner(), wanted, 60_000)
      Date.now = () => now() + skew
      expect(await store.claim(owner(), wanted, 60_000), 'two had it').to.equal(undefined)
      expect(first).not.to.equal(undefined)
      await store.renew((first as BatchStore.Claim).lease, 60_000)
      await store.release((first as BatchStore.Claim).lease)

      const second = await store.claim(owner(), wanted, 60_000)
      expect(second, 'nobody had it').not.to.equal(undefined)
      Date.now = now
      expect(await store.claim(owner(), wanted, 60_000), 'two had it').to.equal(undefined)
      // It jumps while the batch is worked on.
      Date.now = () => now() + skew
      await store.move(
        (second as BatchStore.Claim).batch,
        'blocked',
        'SELF_CHECK_FAILED',
        (second as BatchStore.Claim).lease,
      )
    })
})
