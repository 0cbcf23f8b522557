import { CarBlockIterator, CarReader } from '@ipld/car'
import { expect } from 'chai'
import fc from 'fast-check'
import { importer } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Car from '../../core/src/Car.ts'
import * as Cid from '../../core/src/Cid.ts'

const anyBytes = fc.uint8Array({ maxLength: 400 })

async function collect<item>(items: Iterable<item> | AsyncIterable<item>): Promise<readonly item[]> {
  const list: item[] = []
  for await (const item of items) list.push(item)
  return list
}

async function bytesOf(archive: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return Bytes.concat(...(await collect(archive)))
}

describe('Car', () => {
  it('writes archives that @ipld/car reads: roots, blocks in order, and every digest right', async () => {
    const any = fc.tuple(fc.array(anyBytes, { maxLength: 8 }), fc.array(anyBytes, { minLength: 1, maxLength: 300 }))
    await fc.assert(
      fc.asyncProperty(any, async ([contents, tops]) => {
        const blocks = contents.map(Car.raw)
        const roots = tops.map((bytes) => Car.raw(bytes).cid)
        const archive = await bytesOf(Car.write(roots, blocks))
        const reader = await CarReader.fromBytes(archive)
        expect((await reader.getRoots()).map((cid) => cid.bytes)).to.deep.equal(roots)
        const read = await collect(reader.blocks())
        expect(read.map(({ bytes }) => bytes)).to.deep.equal(contents)
        for (const { cid, bytes } of read) {
          expect(cid.multihash.bytes).to.deep.equal((await sha256.digest(bytes)).bytes)
          expect(cid.toString()).to.equal(Cid.fromBytes(bytes))
        }
      }),
      { numRuns: 30 },
    )
  })

  it('writes blocks whose length takes one, two and three bytes', async () => {
    const blocks = [0, 91, 92, 16_347, 16_348, 70_000].map((length) => Car.raw(new Uint8Array(length).fill(length)))
    const reader = await CarReader.fromBytes(await bytesOf(Car.write([Car.raw(new Uint8Array(1)).cid], blocks)))
    expect((await collect(reader.blocks())).map(({ bytes }) => bytes)).to.deep.equal(blocks.map(({ bytes }) => bytes))
  })

  it('asks for a block only once the one before has been taken, and holds none', async () => {
    let asked = 0
    async function* blocks() {
      for (; asked < 1_000; asked++) yield Car.raw(Bytes.fromUint(asked, 4))
    }
    const archive = Car.write([Car.raw(new Uint8Array(0)).cid], blocks())
    await archive.next()
    for (let taken = 1; taken <= 5; taken++) {
      await archive.next()
      expect(asked).to.equal(taken - 1)
    }
    await archive.return()
    expect(asked).to.equal(4)
  })

  it('can be put together from its parts, the first of them last', async () => {
    const blocks = [1, 2, 3].map((byte) => Car.raw(Uint8Array.of(byte)))
    const roots = blocks.slice(0, 2).map(({ cid }) => cid)
    const later = roots.map((cid) => new Uint8Array(cid.length))
    expect(Car.header(later)).to.have.length(Car.header(roots).length)
    const parts = Bytes.concat(Car.header(roots), ...blocks.map(Car.section))
    expect(parts).to.deep.equal(await bytesOf(Car.write(roots, blocks)))
  })

  it('is read piece by piece', async () => {
    const blocks = Array.from({ length: 50 }, (_, i) => Car.raw(Bytes.fromUint(i, 4)))
    const read = await CarBlockIterator.fromIterable(Car.write([Car.raw(Bytes.fromUint(0, 4)).cid], blocks))
    expect((await collect(read)).map(({ bytes }) => bytes)).to.deep.equal(blocks.map(({ bytes }) => bytes))
  })

  it('does not write an archive that nobody can enter', async () => {
    const error = await Car.write([], [])
      .next()
      .catch((cause) => cause)
    expect(error).to.be.instanceOf(TypeError)
  })

  describe('directory', () => {
    /** The root of the same directory by the importer of IPFS. */
    async function imported(files: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<CID> {
      const source = files.map(([path, content]) => ({ path, content }))
      const blockstore = { put: async (cid: CID) => cid } as never
      const options = { wrapWithDirectory: true, rawLeaves: true, cidVersion: 1 } as const
      const entries = await collect(importer(source, blockstore, options))
      return entries.at(-1)?.cid as CID
    }

    it('has the CID that the importer of IPFS gives it', async () => {
      const names = fc.uniqueArray(
        fc.oneof(
          fc.constantFrom('a', 'ab', 'b', 'B', 'manifest.json', 'é', '🎓.png', '\ue000', '\u{1f4dc}'),
          fc.string({ minLength: 1, maxLength: 6 }).filter((name) => /^[\w -]+$/.test(name)),
        ),
        { minLength: 1, maxLength: 8 },
      )
      await fc.assert(
        fc.asyncProperty(names, fc.infiniteStream(anyBytes), async (list, contents) => {
          const files = list.map((name) => [name, contents.next().value as Uint8Array] as const)
          const block = Car.directory(files.map(([name, bytes]) => ({ name, block: Car.raw(bytes) })))
          expect(CID.decode(block.cid).toString()).to.equal((await imported(files)).toString())
        }),
        { numRuns: 50 },
      )
    })

    it('has the same CID as the importer’s when there are directories within', async () => {
      const within = ['0/a.json', '0/b.json', '1/c.json'].map((path) => [path, Bytes.fromUtf8(path)] as const)
      const beside = ['manifest.json'].map((path) => [path, Bytes.fromUtf8(path)] as const)
      const folders = ['0', '1'].map((folder) => ({
        name: folder,
        block: Car.directory(
          within
            .filter(([path]) => path.startsWith(folder))
            .map(([path, bytes]) => ({ name: path.slice(2), block: Car.raw(bytes) })),
        ),
      }))
      const root = Car.directory([...folders, ...beside.map(([name, bytes]) => ({ name, block: Car.raw(bytes) }))])
      expect(CID.decode(root.cid).toString()).to.equal((await imported([...within, ...beside])).toString())
    })

    it('is the root of an archive of its files', async () => {
      const entries = ['manifest.json', 'badge.png'].map((name) => ({ name, block: Car.raw(Bytes.fromUtf8(name)) }))
      const root = Car.directory(entries)
      const archive = await bytesOf(Car.write([root.cid], [root, ...entries.map(({ block }) => block)]))
      const reader = await CarReader.fromBytes(archive)
      const [cid] = await reader.getRoots()
      expect(cid?.code).to.equal(0x70)
      expect((await reader.get(cid as CID))?.bytes).to.deep.equal(root.bytes)
    })

    it('takes names that cannot be told apart, and blocks that nobody takes, for programming errors', () => {
      const block = Car.raw(new Uint8Array(0))
      expect(() => Car.raw(new Uint8Array(2 * 1024 * 1024 + 1))).to.throw(TypeError)
      for (const names of [['a', 'a'], [''], ['a/b'], ['/']])
        expect(() => Car.directory(names.map((name) => ({ name, block }))), names.join()).to.throw(TypeError)
    })
  })
})
