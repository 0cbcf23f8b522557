import { expect } from 'chai'
import type { Original } from '../../../server/src/moving/Original.ts'
import { type ImportStore, ReplacedError } from '../../../server/src/ports/ImportStore.ts'

const digest = (n: number) => `0x${String(n).padStart(64, '0')}` as const

function begun(id: string, n: number) {
  return { id, kind: 'badges', digest: digest(n), createdAt: 5 } as const
}

function original(n: number): Original & { readonly bytes: Uint8Array } {
  return {
    name: `badge-${n}.json`,
    form: 'open-badge',
    digest: digest(n),
    bytes: Uint8Array.of(n % 256, 0, 255),
    said: { issuer: { name: 'A school' }, achievement: { id: 'a' }, address: `urn:badge:${n}` },
    recipient: { email: `p${n}@example.org` },
    judged: { verdict: 'unknown', code: 'X', message: 'Nobody knows.', checks: [] },
  }
}

/** What every store of imports does. `open` opens the same one again. */
export function shouldBehaveLikeImportStore(
  open: () => Promise<{ readonly imports: ImportStore; readonly close: () => Promise<void> }>,
): void {
  let store: Awaited<ReturnType<typeof open>>
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  it('keeps an import whole, over a restart: what was wrong, and each badge to the byte', async () => {
    const all = Array.from({ length: 1_201 }, (_, i) => original(i))
    const wrong = [{ name: 'x.csv:3', code: 'IMPORT_ROW', message: 'Nobody.' }]
    expect(await store.imports.begin(begun('a', 1))).to.equal(undefined)
    await store.imports.append('a', 0, all.slice(0, 700))
    await store.imports.append('a', 700, all.slice(700))
    const made = { ...begun('a', 1), total: all.length, wrong }
    expect(await store.imports.finish('a', wrong, 9)).to.deep.equal(made)
    await store.close()
    store = await open()
    expect(await store.imports.get('a')).to.deep.equal(made)
    const page = await store.imports.originals('a', 1_199, 10)
    expect(page.map(({ row }) => row)).to.deep.equal([1_200, 1_201])
    const { bytes, ...rest } = original(1_200)
    expect(page[1]).to.deep.equal({ ...rest, row: 1_201 })
    const one = await store.imports.original('a', 1_201)
    expect(Buffer.from(one?.bytes ?? [])).to.deep.equal(Buffer.from(bytes))
    expect(one?.said).to.deep.equal(rest.said)
    expect(await store.imports.find('urn:badge:7')).to.deep.equal([{ import: 'a', row: 8 }])
  })

  it('keeps the same file once, and answers with the earlier one', async () => {
    await store.imports.begin(begun('a', 1))
    await store.imports.append('a', 0, [original(1)])
    const made = await store.imports.finish('a', [], 9)
    expect(await store.imports.begin(begun('b', 1))).to.deep.equal(made)
    expect((await store.imports.imports()).map(({ id }) => id)).to.deep.equal(['a'])
  })

  it('shows nothing of what is not finished, and lets whoever begins the same later have it', async () => {
    await store.imports.begin(begun('a', 1))
    await store.imports.append('a', 0, [original(1), original(2)])
    expect(await store.imports.imports()).to.deep.equal([])
    expect(await store.imports.get('a')).to.equal(undefined)
    expect(await store.imports.originals('a', 0, 10)).to.deep.equal([])
    expect(await store.imports.original('a', 1)).to.equal(undefined)
    expect(await store.imports.find('urn:badge:1')).to.deep.equal([])
    expect(await store.imports.begin(begun('b', 1))).to.equal(undefined)
    for (const late of [() => store.imports.append('a', 2, [original(3)]), () => store.imports.finish('a', [], 9)])
      expect(await late().catch((error) => error)).to.be.instanceOf(ReplacedError)
    await store.imports.append('b', 0, [original(4)])
    expect(await store.imports.finish('b', [], 9)).to.deep.include({ id: 'b', total: 1 })
    await store.imports.abandon('b')
    expect((await store.imports.imports()).map(({ id }) => id)).to.deep.equal(['b'])
  })

  it('forgets what was begun and will not be finished', async () => {
    await store.imports.begin(begun('a', 1))
    await store.imports.append('a', 0, [original(1)])
    await store.imports.abandon('a')
    expect(await store.imports.append('a', 1, []).catch((error) => error)).to.be.instanceOf(ReplacedError)
    // Whoever has died a day ago will not come back.
    await store.imports.begin(begun('b', 2))
    await store.imports.begin({ ...begun('c', 3), createdAt: 6 + 24 * 60 * 60 * 1_000 })
    expect(await store.imports.finish('b', [], 9).catch((error) => error)).to.be.instanceOf(ReplacedError)
  })

  it('knows nothing of what is not there', async () => {
    expect(await store.imports.get('none')).to.equal(undefined)
    expect(await store.imports.originals('none', 0, 10)).to.deep.equal([])
    expect(await store.imports.original('none', 1)).to.equal(undefined)
  })
}
