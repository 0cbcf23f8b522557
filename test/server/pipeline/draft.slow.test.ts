import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import { draft } from '../../../server/src/pipeline/2-draft.ts'
import { pages, request, wanted } from '../store/batch-store.ts'

describe('2-draft', function () {
  this.timeout(300_000)

  it('goes on after what was stored when it died, and draws nothing twice', async () => {
    const size = 120_000
    const folder = await mkdtemp(join(tmpdir(), 'laurel-draft-'))
    const store = await SqlBatchStore.open(join(folder, 'laurel.db'))
    try {
      await store.accept(request({ size }), pages(Array.from({ length: size }, () => ({}))))
      const claim = await store.claim({ host: 'test', pid: 1 }, wanted(), 3_600_000)
      if (claim === undefined) throw new Error('the batch is nobody’s to take')
      const { batch, lease } = claim
      let saves = 0
      const dying = {
        ...store,
        draft: async (...args: Parameters<typeof store.draft>) => {
          if (++saves === 2) throw new Error('the power failed')
          return store.draft(...args)
        },
      }
      const randomness = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }
      const context = { randomness, lease, progress: () => {}, isOver: () => false }
      const error = await draft(batch, { ...context, store: dying }).catch((reason: unknown) => reason)
      expect((error as Error).message).to.equal('the power failed')
      const { drafted } = await store.reached(batch.id)
      expect(drafted).to.be.greaterThan(0).and.below(size)
      const kept = await store.recipients(batch.id, drafted - 1, 1)

      const reserved = await store.get(batch.id)
      if (reserved === undefined) throw new Error('the batch is gone')
      expect((await draft(reserved, { ...context, store })).state).to.equal('drafted')
      expect(await store.recipients(batch.id, drafted - 1, 1)).to.deep.equal(kept)
      const ids = new Set<string>()
      const indices = new Set<number>()
      for (let after = 0; after < size; after += 10_000)
        for (const { draft: drawn } of await store.recipients(batch.id, after, 10_000)) {
          ids.add(drawn?.credentialId ?? '').add(drawn?.proofId ?? '')
          indices.add(drawn?.statusIndex ?? -1)
        }
      expect([ids.size, indices.size]).to.deep.equal([2 * size, size])
      // One list for all of them, of which they take less than half.
      expect(Math.max(...[...indices].slice(0, 100_000))).to.be.below(262_144)
    } finally {
      await store.close()
      await rm(folder, { recursive: true })
    }
  })
})
