import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import * as BlockContentStore from '../../../server/src/adapters/content/BlockContentStore.ts'
import * as KuboPinning from '../../../server/src/adapters/content/KuboPinning.ts'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import { keepPinned } from '../../../server/src/content/keep-pinned.ts'
import { pinDue } from '../../../server/src/content/pin-due.ts'
import { remember } from '../../../server/src/content/remember.ts'
import type { ContentStore } from '../../../server/src/ports/ContentStore.ts'
import type { Pinning } from '../../../server/src/ports/Pinning.ts'
import * as Cli from '../../support/Cli.ts'
import * as KuboStub from '../../support/KuboStub.ts'
import { anyBytes, never } from '../adapters/pinning.ts'

const minute = 60_000
const day = 24 * 60 * minute

// "Pinned" is said of what was fetched back and hashed, and of nothing else.
describe('pin-due', () => {
  let stub: KuboStub.KuboStub
  let home: string
  let remove: () => Promise<void>
  let store: SqlBatchStore.Store
  let content: ContentStore
  let place: Pinning
  let now: number
  let alarms: string[]
  const clock = { now: () => now }
  beforeEach(async () => {
    stub = await KuboStub.start()
    ;({ home, remove } = await Cli.createHome())
    store = await SqlBatchStore.open(join(home, 'laurel.db'))
    content = remember(await BlockContentStore.open(home), { pins: store.pins, clock })
    place = KuboPinning.open(stub.url, { timeout: 200 })
    now = 1_000_000
    alarms = []
  })
  afterEach(async () => {
    await stub.stop()
    await store.close()
    await remove()
  })
  const alarm = (error: Error) => alarms.push(String((error as { readonly code?: unknown }).code))
  const look = () => pinDue(place, { content, pins: store.pins, clock }, { signal: never, alarm })
  const count = () => store.pins.count(place.place, 0)
  const put = () => content.put(anyBytes(1_000))

  it('hands over all that was put, and counts it once it was fetched back', async () => {
    await put()
    await content.put(anyBytes(1_000_000))
    expect(await look()).to.deep.equal({ seen: 2, failed: 0, reachable: true })
    expect(await count()).to.deep.equal({ total: 2, pinned: 2, lost: 0 })
    expect(await look()).to.deep.equal({ seen: 0, failed: 0, reachable: true })
  })

  // IPF-001, IPF-002, IPF-004, IPF-006 of the hostile inputs, and a node that keeps nothing or empty blocks.
  for (const [mode, code, reachable] of [
    ['hangs', 'PINNING_UNREACHABLE', false],
    ['bad-gateway', 'PINNING_UNREACHABLE', false],
    ['other-cid', 'CID_MISMATCH', true],
    ['trailer', 'PINNING_UNREACHABLE', false],
    ['full', 'PINNING_REFUSED', true],
    ['zero-block', 'PINNING_UNSEEN', true],
    ['forgets', 'PINNING_UNSEEN', true],
  ] as const) {
    it(`never says pinned of a node in the mode ${mode}, and recovers`, async () => {
      const cid = await put()
      stub.mode = mode
      expect(await look()).to.deep.equal({ seen: 0, failed: 1, reachable })
      expect(await count()).to.deep.equal({ total: 1, pinned: 0, lost: 0 })
      expect(alarms).to.deep.equal(code === 'PINNING_UNSEEN' ? [] : [code])
      // It is left alone for a minute, then tried again.
      now += minute - 1
      expect(await store.pins.due(place.place, now, 1)).to.deep.equal([])
      now += 1
      expect(await store.pins.due(place.place, now, 1)).to.deep.include.members([
        { cid, place: place.place, state: 'waiting', seenAt: null, failures: 1, dueAt: now, reason: code },
      ])
      stub.mode = 'honest'
      expect(await look()).to.deep.equal({ seen: 1, failed: 0, reachable: true })
      expect((await count()).pinned).to.equal(1)
    })
  }

  it('waits twice as long after each failure, an hour at the most', async () => {
    await put()
    stub.mode = 'full'
    const waits: number[] = []
    for (let i = 0; i < 8; i++) {
      await look()
      const [pin] = await store.pins.due(place.place, Number.MAX_SAFE_INTEGER, 1)
      waits.push(((pin?.dueAt ?? 0) - now) / minute)
      now = pin?.dueAt ?? 0
    }
    expect(waits).to.deep.equal([1, 2, 4, 8, 16, 32, 60, 60])
  })

  it('tells the operator of what is accepted and not handed out after half an hour', async () => {
    await put()
    stub.mode = 'forgets'
    for (let i = 0; i < 5; i++) {
      await look()
      now += minute * 2 ** i
    }
    expect(alarms).to.deep.equal([])
    await look()
    expect(alarms).to.deep.equal(['PINNING_UNSEEN'])
  })

  for (const [title, lose] of [
    ['a block', () => stub.blocks.clear()],
    ['a pin', () => stub.pins.clear()],
    ['the bytes of a block', () => [...stub.blocks.keys()].map((cid) => stub.blocks.set(cid, new Uint8Array()))],
  ] as const) {
    it(`notices within a day that ${title} is lost, says so and hands it over again`, async () => {
      await put()
      await look()
      lose()
      now += day - 1
      expect(await look()).to.include({ seen: 0, failed: 0 })
      now += 1
      expect(await look()).to.include({ seen: 1, failed: 0 })
      expect(alarms).to.deep.equal(['CONTENT_LOST'])
    })
  }

  it('says lost while it cannot be handed over again', async () => {
    await put()
    await look()
    stub.blocks.clear()
    stub.mode = 'full'
    now += day
    await look()
    expect(alarms).to.deep.equal(['CONTENT_LOST', 'PINNING_REFUSED'])
    expect(await count()).to.deep.equal({ total: 1, pinned: 0, lost: 1 })
  })

  it('does not say lost of what it could not ask for', async () => {
    await put()
    await look()
    stub.mode = 'bad-gateway'
    now += day
    await look()
    expect(await count()).to.deep.equal({ total: 1, pinned: 1, lost: 0 })
  })

  it('leaves a place alone at once that cannot be reached', async () => {
    for (let i = 0; i < 3; i++) await put()
    stub.mode = 'bad-gateway'
    await look()
    expect(stub.requests).to.have.length(1)
  })

  it('does not hand over what is damaged here, and goes on', async () => {
    const damaged = await put()
    const files = await readdir(join(home, 'ipfs'), { recursive: true })
    for (const file of files.filter((name) => name.endsWith('.data'))) await rm(join(home, 'ipfs', file))
    await put()
    expect(await look()).to.deep.equal({ seen: 1, failed: 1, reachable: true })
    expect(alarms).to.deep.equal(['CONTENT_DAMAGED'])
    expect(stub.pins.has(damaged)).to.equal(false)
  })

  it('stores nothing of what it was told to end', async () => {
    await put()
    stub.mode = 'hangs'
    const stop = new AbortController()
    const looked = pinDue(
      KuboPinning.open(stub.url),
      { content, pins: store.pins, clock },
      { signal: stop.signal, alarm },
    )
    stop.abort()
    expect(await looked).to.include({ seen: 0, failed: 0 })
    expect(alarms).to.deep.equal([])
    expect(await store.pins.due(place.place, now, 1)).to.deep.include.members([
      { ...(await store.pins.due(place.place, now, 1))[0], failures: 0, reason: null },
    ])
  })

  describe('keep-pinned', () => {
    const keep = (places: readonly Pinning[], signal: AbortSignal, hear: (error: Error) => void) =>
      keepPinned({ content, pins: store.pins, places, clock }, { signal, alarm: hear })

    it('looks after every place for itself: one that hangs holds up no other, and nobody who ends it', async () => {
      await put()
      const hanging = await KuboStub.start()
      hanging.mode = 'hangs'
      const stop = new AbortController()
      let seen = () => {}
      const isSeen = new Promise<void>((resolve) => {
        seen = resolve
      })
      const pins = {
        ...store.pins,
        seen: async (...args: Parameters<typeof store.pins.seen>) => {
          await store.pins.seen(...args)
          seen()
        },
      }
      const places = [KuboPinning.open(hanging.url), place]
      const kept = keepPinned({ content, pins, places, clock }, { signal: stop.signal, alarm })
      await isSeen
      stop.abort()
      await kept
      expect((await count()).pinned).to.equal(1)
      expect(alarms).to.deep.equal([])
      await hanging.stop()
    })

    it('tells the operator of a trouble once, however much content has it', async () => {
      for (let i = 0; i < 3; i++) await put()
      stub.mode = 'full'
      const stop = new AbortController()
      const failures: string[] = []
      const pins = {
        ...store.pins,
        failed: async (...args: Parameters<typeof store.pins.failed>) => {
          await store.pins.failed(...args)
          if (failures.push(args[1]) === 3) stop.abort()
        },
      }
      await keepPinned({ content, pins, places: [place], clock }, { signal: stop.signal, alarm })
      expect(failures).to.deep.equal(['PINNING_REFUSED', 'PINNING_REFUSED', 'PINNING_REFUSED'])
      expect(alarms).to.deep.equal(['PINNING_REFUSED'])
    })

    it('has nothing to do without places', () => keep([], never, alarm))
  })
})
