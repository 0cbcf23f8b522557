import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import * as ThreadedPress from '../../server/src/adapters/press/ThreadedPress.ts'
import * as SqlBatchStore from '../../server/src/adapters/store/SqlBatchStore.ts'
import type { Context } from '../../server/src/Context.ts'
import type { Press } from '../../server/src/ports/Press.ts'
import { work } from '../../server/src/worker.ts'
import { pages, request } from './store/batch-store.ts'

describe('work', () => {
  let folder: string
  let context: Context
  let press: Pick<Press, 'sign'>

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-worker-'))
    const terms = { ...request().terms, profile: 'blockcerts' } as const
    context = {
      store: await SqlBatchStore.open(join(folder, 'laurel.db')),
      terms,
      chain: { chainId: terms.chainId, registry: terms.registry, confirmations: 1 },
      clock: { now: Date.now },
      randomness: { bytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)) },
      press: { width: 2, sign: (...args: Parameters<Press['sign']>) => press.sign(...args) },
      identity: { id: 'did:web:somebody-else.example', verificationMethod: '' },
      progress: () => {},
    } as unknown as Context
    await context.store.accept(request({ terms, size: 501 }), pages(Array.from({ length: 501 }, () => ({}))))
  })
  afterEach(async () => {
    await context.store.close()
    await rm(folder, { recursive: true })
  })

  it('goes on with what was saved when a thread was lost over the rest', async () => {
    // More than are signed at a time.
    const signatures = Array.from({ length: 501 }, (_, i) => ({
      created: '',
      proofValue: `z${i + 1}`,
      documentDigest: new Uint8Array(32),
      leaf: new Uint8Array(32),
    }))
    const asked: number[] = []
    press = {
      sign: async (_batch, after, limit) => {
        asked.push(after)
        if (asked.length === 2) throw new ThreadedPress.ThreadLostError()
        return { signatures: signatures.slice(after, after + limit), generally: 0 }
      },
    }
    const troubles: string[] = []
    const state = async () => (await context.store.list())[0]?.state
    await work(context, {
      until: async () => (await state()) === 'signed' || troubles.length > 5,
      onTrouble: (_batch, error) => troubles.push((error as { code?: string }).code ?? error.message),
    })
    expect([await state(), troubles, asked]).to.deep.equal(['signed', ['THREAD_LOST'], [0, 500, 500]])
    const people = await context.store.recipients('batch-1', 0, 1_000)
    expect(people.map(({ signature }) => signature)).to.deep.equal(signatures)
  })
})
