import { once } from 'node:events'
import { readdir, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { CarReader } from '@ipld/car'
import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import { expect } from 'chai'
import express from 'express'
import { exporter } from 'ipfs-unixfs-exporter'
import { importer } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import * as BlockContentStore from '../../../server/src/adapters/content/BlockContentStore.ts'
import * as Gateway from '../../../server/src/http/Gateway.ts'
import type { ContentStore } from '../../../server/src/ports/ContentStore.ts'
import * as Cli from '../../support/Cli.ts'
import { anyBytes, collect } from '../adapters/pinning.ts'

describe('The gateway', () => {
  let home: string
  let remove: () => Promise<void>
  let content: ContentStore
  let base: string
  let close: () => Promise<void>
  before(async () => {
    ;({ home, remove } = await Cli.createHome())
    content = await BlockContentStore.open(home)
    const server = express().get('/ipfs/:cid', Gateway.create(content)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    close = async () => {
      server.close()
      server.closeAllConnections()
    }
  })
  after(async () => {
    await close()
    await remove()
  })

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${base}/ipfs/${path}`, { headers, method })
  const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

  it('serves a file whole, from one block and from many', async () => {
    for (const bytes of [anyBytes(10), anyBytes(1_000_000)])
      expect(Bytes.equals(await bytesOf(await get(await content.put(bytes))), bytes)).to.equal(true)
  })

  it('serves one block as raw, by parameter and by header', async () => {
    const cid = await content.put(anyBytes(1_000_000))
    for (const response of [await get(`${cid}?format=raw`), await get(cid, { accept: 'application/vnd.ipld.raw' })]) {
      expect(response.headers.get('content-type')).to.equal('application/vnd.ipld.raw')
      expect(response.headers.get('content-disposition')).to.equal(`attachment; filename="${cid}.bin"`)
      expect((await sha256.digest(await bytesOf(response))).bytes).to.deep.equal(CID.parse(cid).multihash.bytes)
    }
  })

  it('serves an archive from which a stranger puts the file together, and finds every digest right', async () => {
    const bytes = anyBytes(1_000_000)
    const cid = await content.put(bytes)
    const response = await get(`${cid}?format=car`)
    expect(response.headers.get('content-type')).to.equal('application/vnd.ipld.car; version=1; order=dfs; dups=n')
    const archive = await CarReader.fromBytes(await bytesOf(response))
    expect((await archive.getRoots()).map(String)).to.deep.equal([cid])
    const blocks = await collect(archive.blocks())
    expect(blocks[0]?.cid.toString()).to.equal(cid)
    for (const block of blocks)
      expect((await sha256.digest(block.bytes)).bytes).to.deep.equal(block.cid.multihash.bytes)
    const entry = await exporter(cid, {
      async *get(name: CID) {
        yield (await archive.get(name))?.bytes ?? new Uint8Array()
      },
    })
    if (entry.type !== 'file') throw new Error(`It is a ${entry.type}`)
    expect(Bytes.equals(Bytes.concat(...(await collect(entry.content()))), bytes)).to.equal(true)
  })

  it('serves the first block alone in an archive where only it is asked for', async () => {
    const cid = await content.put(anyBytes(1_000_000))
    const archive = await CarReader.fromBytes(await bytesOf(await get(`${cid}?format=car&dag-scope=block`)))
    expect((await collect(archive.blocks())).map((block) => block.cid.toString())).to.deep.equal([cid])
  })

  it('names everything as IPFS does: the UnixFS importer has the same identifiers', async () => {
    const unused = { put: async (cid: CID) => cid }
    for (const length of [0, 1, 1_000, 256 * 1024, 256 * 1024 + 1, 1_000_000]) {
      const bytes = anyBytes(length)
      const options = { cidVersion: 1, rawLeaves: true, reduceSingleLeafToSelf: true } as const
      const entries = await collect(importer([{ content: [bytes] }], unused, options))
      expect(await content.put(bytes), String(length)).to.equal(entries.at(-1)?.cid.toString())
    }
  })

  for (const [query, etag] of [
    ['', (cid: string) => `"${cid}"`],
    ['?format=raw', (cid: string) => `"${cid}.raw"`],
    ['?format=car', (cid: string) => `W/"${cid}.car.all"`],
    ['?format=car&dag-scope=block', (cid: string) => `W/"${cid}.car.block"`],
  ] as const) {
    it(`lets ${query || 'a file'} be kept for ever, and answers 304 to whoever has it`, async () => {
      const cid = await content.put(anyBytes(10))
      const response = await get(`${cid}${query}`)
      expect(response.headers.get('etag')).to.equal(etag(cid))
      expect(response.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable')
      expect(response.headers.get('vary')).to.equal('Accept')
      expect(response.headers.get('content-security-policy')).to.match(/^sandbox; default-src 'none'/)
      const again = await get(`${cid}${query}`, { 'if-none-match': etag(cid), 'cache-control': 'max-age=0' })
      expect(again.status).to.equal(304)
      expect((await bytesOf(again)).length).to.equal(0)
      const head = await get(`${cid}${query}`, {}, 'HEAD')
      expect([head.status, head.headers.get('etag')]).to.deep.equal([200, etag(cid)])
    })
  }

  for (const [text, type] of [
    ['{"a":1}', 'application/json; charset=utf-8'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
    ['<?xml version="1.0"?>\n<svg/>', 'image/svg+xml'],
    ['\u0089PNG\r\n\u001a\n', 'image/png'],
    ['<script>alert(1)</script>', 'application/octet-stream'],
    ['', 'application/octet-stream'],
  ] as const) {
    it(`says of ${JSON.stringify(text)} that it is ${type}`, async () => {
      const cid = await content.put(Uint8Array.from(text, (character) => character.charCodeAt(0)))
      expect((await get(cid)).headers.get('content-type')).to.equal(type)
    })
  }

  it('has nothing under what it does not know, and no other format', async () => {
    const absent = Cid.fromBytes(Bytes.fromUtf8('absent'))
    for (const query of ['', '?format=raw', '?format=car'])
      for (const cid of [absent, 'bafkreia', '..%2flaurel.db'])
        expect((await get(`${cid}${query}`)).status).to.equal(404)
    const cid = await content.put(anyBytes(10))
    for (const format of ['dag-json', 'tar', '', 'raw&format=car'])
      expect((await get(`${cid}?format=${format}`)).status, format).to.equal(400)
  })

  it('breaks off where a block has been lost, instead of ending half an archive well', async () => {
    const cid = await content.put(anyBytes(3_000_000))
    const third = (await collect(content.blocks(cid)))[2]
    const name = third?.cid ?? ''
    for (const file of await readdir(join(home, 'ipfs'), { recursive: true })) {
      if (!file.endsWith('.data')) continue
      const path = join(home, 'ipfs', file)
      if (Bytes.equals(await readFile(path), third?.bytes ?? new Uint8Array())) await rm(path)
    }
    expect(await content.get(name)).to.equal(undefined)
    expect((await get(cid)).status).to.equal(404)
    const broken = await get(`${cid}?format=car`)
      .then(bytesOf)
      .then(
        () => false,
        () => true,
      )
    expect(broken).to.equal(true)
  })
})
