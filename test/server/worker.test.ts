import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { UnreachableError } from '../../server/src/adapters/chain/EvmChain.ts'
import * as ThreadedPress from '../../server/src/adapters/press/ThreadedPress.ts'
import * as SqlBatchStore from '../../server/src/adapters/store/SqlBatchStore.ts'
import type { Context } from '../../server/src/Context.ts'
import type { Press } from '../../server/src/ports/Press.ts'
import { work } from '../../server/src/worker.ts'
import { pages, request } from './store/batch-store.ts'

const terms = { ...request().terms, profile: 'blockcerts' } as const
const rows = (count: number) => pages(Array.from({ length: count }, () => ({})))
const signatures = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    created: '',
    proofValue: `z${i + 1}`,
    documentDigest: new Uint8Array(32),
    leaf: new Uint8Array(32),
  }))

describe('work', () => {
  let folder: string
  let context: Context
  let press: Pick<Press, 'sign'>

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-worker-'))
    // No root can be anchored: what is signed waits.
    const advance = async () => {
      throw new UnreachableError('http://127.0.0.1', undefined)
    }
    context = {
      store: await SqlBatchStore.open(join(folder, 'laurel.db')),
      terms,
      chain: { chainId: terms.chainId, registry: terms.registry, confirmations: 1, development: true },
      lane: { advance },
      clock: { now: Date.now },
      randomness: { bytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)) },
      press: { width: 2, sign: (...args: Parameters<Press['sign']>) => press.sign(...args) },
      identity: { id: 'did:web:somebody-else.example', verificationMethod: '' },
      progress: () => {},
    } as unknown as Context
    // More than are signed at a time.
    await context.store.accept(request({ terms, size: 501 }), rows(501))
  })
  afterEach(async () => {
    await context.store.close()
    await rm(folder, { recursive: true })
  })

  it('goes on with what was saved when a thread was lost over the rest', async () => {
    const all = signatures(501)
    const asked: number[] = []
    press = {
      sign: async (_batch, after, limit) => {
        asked.push(after)
        if (asked.length === 2) throw new ThreadedPress.ThreadLostError()
        return { signatures: all.slice(after, after + limit), generally: 0 }
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
    expect(people.map(({ signature }) => signature)).to.deep.equal(all)
  })

  for (const days of [2, -2])
    it(`dates nothing while its clock is ${days} days from the chain’s, and goes on when they agree`, async () => {
      const all = signatures(501)
      let ahead = days * 86_400
      const head = async () => ({ number: 1n, hash: '0x00' as const, time: Math.round(Date.now() / 1_000) - ahead })
      press = {
        sign: async (_batch, after, limit) => {
          expect(ahead).to.equal(0)
          return { signatures: all.slice(after, after + limit), generally: 0 }
        },
      }
      const troubles: string[] = []
      const chain = { ...context.chain, development: false, head }
      const state = async () => (await context.store.list())[0]?.state
      await work(
        { ...context, chain },
        {
          until: async () => (await state()) === 'signed' || troubles.length > 5,
          onTrouble: (_batch, error) => {
            troubles.push((error as { code?: string }).code ?? error.message)
            ahead = 0
          },
        },
      )
      expect([await state(), troubles]).to.deep.equal(['signed', ['CLOCK_SKEW']])
    })

  it('finishes a small batch while a large one is still being worked on', async () => {
    await context.store.accept(request({ terms, id: 'large', hash: '0x02', size: 1_001 }), rows(1_001))
    await context.store.accept(request({ terms, id: 'small', hash: '0x03', size: 1 }), rows(1))
    const state = async (id: string) => (await context.store.get(id))?.state
    // The large one gets nowhere before the small one is signed.
    const small = Promise.withResolvers<void>()
    press = {
      sign: async (batch, after, limit) => {
        if (batch.id === 'large') await small.promise
        return { signatures: signatures(Math.min(limit, batch.size - after)), generally: 0 }
      },
    }
    await work(context, {
      until: async () => {
        if ((await state('small')) === 'signed') small.resolve()
        return (await state('large')) === 'signed'
      },
    })
    expect(await state('small')).to.equal('signed')
  })
})
