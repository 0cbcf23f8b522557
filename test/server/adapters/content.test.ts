import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import { expect } from 'chai'
import * as BlockContentStore from '../../../server/src/adapters/content/BlockContentStore.ts'
import * as Cli from '../../support/Cli.ts'

describe('The content store', () => {
  let home: string
  let remove: () => Promise<void>
  beforeEach(async () => {
    ;({ home, remove } = await Cli.createHome())
  })
  afterEach(() => remove())

  it('keeps bytes as one raw block, under the CID that follows from their digest', async () => {
    const bytes = Bytes.fromUtf8('{"name":"x"}')
    const content = await BlockContentStore.open(home)
    const cid = await content.put(bytes)
    expect(cid)
      .to.equal(Cid.fromBytes(bytes))
      .and.match(/^bafkrei/)
    expect(await content.put(bytes)).to.equal(cid)
    expect(await (await BlockContentStore.open(home)).get(cid)).to.deep.equal(bytes)
  })

  it('keeps the largest block whole, and more than it as a UnixFS file', async () => {
    const content = await BlockContentStore.open(home)
    const largest = new Uint8Array(256 * 1024).fill(1)
    expect(await content.get(await content.put(largest))).to.deep.equal(largest)
    const larger = new Uint8Array(256 * 1024 + 1).fill(1)
    // A dag-pb block whose links are raw leaves begins with the tag of a link, and names no bytes of the file.
    const cid = await content.put(larger)
    expect(cid).to.match(/^bafybei/)
    expect((await content.get(cid))?.[0]).to.equal(0x12)
    expect(await content.read(cid)).to.deep.equal(larger)
  })

  it('hands out nothing that does not have its digest any more', async () => {
    const content = await BlockContentStore.open(home)
    const cid = await content.put(Bytes.fromUtf8('honest'))
    const [file = ''] = (await readdir(join(home, 'ipfs'), { recursive: true })).filter((name) =>
      name.endsWith('.data'),
    )
    expect(await readFile(join(home, 'ipfs', file), 'utf8')).to.equal('honest')
    await writeFile(join(home, 'ipfs', file), 'forged')
    expect(await content.get(cid)).to.equal(undefined)
  })

  for (const name of [
    '',
    'x',
    '../../../etc/passwd',
    'bafkreia',
    Cid.fromBytes(Bytes.fromUtf8('absent')),
    'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
  ])
    it(`has nothing under ${JSON.stringify(name)}`, async () => {
      expect(await (await BlockContentStore.open(home)).get(name)).to.equal(undefined)
    })
})
