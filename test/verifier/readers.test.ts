import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as AnchorSlot from '@laurel/core/AnchorSlot'
import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import * as Sha256 from '@laurel/core/Sha256'
import type { Trust } from '@laurel/verifier'
import { combine } from '@laurel/verifier/readers/combine'
import * as EvmAnchorReader from '@laurel/verifier/readers/EvmAnchorReader'
import * as Fetched from '@laurel/verifier/readers/Fetched'
import * as Http from '@laurel/verifier/readers/Http'
import * as Door from '@laurel/verifier/readers/node/door'
import * as Folder from '@laurel/verifier/readers/node/Folder'
import * as Outbound from '@laurel/verifier/readers/node/Outbound'
import * as Patience from '@laurel/verifier/readers/Patience'
import * as WebReaders from '@laurel/verifier/readers/WebReaders'
import { expect } from 'chai'
import * as Chain from '../support/Chain.ts'
import * as Cli from '../support/Cli.ts'
import * as Golden from '../support/Golden.ts'

/** A key and its own certificate, where this machine can make one. */
function selfSigned(): { readonly key: string; readonly cert: string } | undefined {
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const { status, stdout } = spawnSync('openssl', [...args, '-subj', '/CN=localhost', '-keyout', '-'])
  return status === 0 ? { key: String(stdout), cert: String(stdout) } : undefined
}

/** A chain of one endpoint, of which only what is answered matters. */
const chain = {
  chainId: 5,
  name: 'x',
  rpc: ['https://rpc.example'],
  quorum: 1,
  registry: `0x${'11'.repeat(20)}`,
  confirmations: 1,
  test: true,
} as const

const stops: (() => Promise<unknown>)[] = []

/** A server on this machine, until the tests end. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server has a port')
  return `http://127.0.0.1:${address.port}`
}

describe('The readers', function () {
  this.timeout(60_000)
  after(async () => {
    for (const stop of stops.reverse()) await stop()
  })

  describe('the door to the web', () => {
    for (const address of [
      ...[
        '127.0.0.1',
        '127.1.2.3',
        '0.0.0.0',
        '10.1.2.3',
        '100.64.0.1',
        '169.254.169.254',
        '172.16.0.1',
        '192.168.1.1',
      ],
      ...['198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', 'fe80::1'],
      ...['fc00::1', '64:ff9b::7f00:1', '2001:db8::1', '2002:7f00:1::', 'ff02::1', 'localhost', ''],
    ])
      it(`is closed to ${address || 'nothing'}`, () => expect(Outbound.isOpen(address, false)).to.equal(false))

    for (const address of ['1.1.1.1', '93.184.216.34', '2606:4700:4700::1111'])
      it(`is open to ${address}`, () => expect(Outbound.isOpen(address, false)).to.equal(true))

    it('is open to this machine where the trust says so, and to no other that is not public', () => {
      expect(['127.0.0.1', '::1'].map((address) => Outbound.isOpen(address, true))).to.deep.equal([true, true])
      expect(['10.0.0.1', '169.254.169.254'].map((address) => Outbound.isOpen(address, true))).to.deep.equal([
        false,
        false,
      ])
    })

    it('asks nobody on this machine without leave', async () => {
      let asked = 0
      const url = await serve((_, response) => {
        asked++
        response.end('x')
      })
      const door = Door.create({ allowLoopback: false })
      const { port } = new URL(url)
      for (const host of [
        '127.0.0.1',
        'localhost',
        '127.1',
        '2130706433',
        '0x7f000001',
        '0177.0.0.1',
        '[::1]',
        '[::ffff:127.0.0.1]',
      ])
        expect(await door(`http://${host}:${port}/`, 100), host).to.equal(undefined)
      expect(asked).to.equal(0)
    })

    it('gets what is there, and no more than was asked for', async () => {
      const url = await serve((request, response) => {
        if (request.url === '/missing') response.statusCode = 404
        response.end('x'.repeat(100))
      })
      const door = Door.create({ allowLoopback: true })
      expect(await door(url, 100)).to.have.length(100)
      expect(await door(url, 99)).to.equal(undefined)
      expect(await door(`${url}/missing`, 100)).to.equal(undefined)
      expect(await door(url.replace('http://', 'http://user:password@'), 100)).to.equal(undefined)
      expect(await door('no address', 100)).to.equal(undefined)
      expect(await door('file:///etc/passwd', 100)).to.equal(undefined)
      expect(await door('http://127.0.0.1:9/', 100)).to.equal(undefined)
    })

    it('lets itself be sent on, but not in circles and not where it may not go', async () => {
      const url = await serve((request, response) => {
        const targets: Readonly<Record<string, string>> = {
          '/once': '/here',
          '/circle': '/circle',
          '/private': 'https://10.0.0.1/',
          '/file': 'file:///etc/passwd',
        }
        const target = targets[request.url ?? '']
        if (target !== undefined) response.writeHead(302, { location: target })
        response.end('here')
      })
      const door = Door.create({ allowLoopback: true })
      expect(await door(`${url}/once`, 100)).to.deep.equal(Bytes.fromUtf8('here'))
      for (const path of ['/circle', '/private', '/file']) expect(await door(`${url}${path}`, 100)).to.equal(undefined)
    })

    it('to what only its address vouches for lets nobody send it to another origin, and hears of what was taken back', async () => {
      const away = await serve((_, response) => response.end('away'))
      const url = await serve((request, response) => {
        const targets: Readonly<Record<string, string>> = { '/once': '/here', '/away': `${away}/here`, '/gone': '/410' }
        const target = targets[request.url ?? '']
        if (target !== undefined) response.writeHead(302, { location: target })
        if (request.url === '/410') response.statusCode = 410
        if (request.url === '/404') response.statusCode = 404
        response.end('here')
      })
      const door = Door.createOwn({ allowLoopback: true })
      const here = { kind: 'found', bytes: Bytes.fromUtf8('here') }
      for (const path of ['/', '/once']) expect(await door(`${url}${path}`, 4), path).to.deep.equal(here)
      for (const path of ['/410', '/gone']) expect(await door(`${url}${path}`, 4)).to.deep.equal({ kind: 'gone' })
      for (const path of ['/away', '/404']) expect((await door(`${url}${path}`, 4)).kind, path).to.equal('unavailable')
      expect((await door(url, 3)).kind, 'too long').to.equal('unavailable')
      expect((await Door.createOwn({ allowLoopback: false })(url, 4)).kind, 'closed').to.equal('unavailable')
      expect(await Door.create({ allowLoopback: true })(`${url}/away`, 4)).to.deep.equal(Bytes.fromUtf8('away'))
    })

    it('is closed to a name of which any address is closed', async () => {
      let asked = 0
      const url = await serve((_, response) => {
        asked++
        response.end('x')
      })
      const { port } = new URL(url)
      const ask = (allowLoopback: boolean, ...addresses: readonly string[]) => {
        const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
        return Door.create({ allowLoopback, resolve, timeout: 1_000 })(`http://x.example:${port}/`, 100)
      }
      expect(await ask(true, '127.0.0.1')).to.deep.equal(Bytes.fromUtf8('x'))
      expect(asked).to.equal(1)
      expect(await ask(false, '127.0.0.1')).to.equal(undefined)
      expect(await ask(true, '127.0.0.1', '10.0.0.1')).to.equal(undefined)
      expect(await ask(true, '127.0.0.1', '93.184.216.34'), 'public, without HTTPS').to.equal(undefined)
      expect(await ask(true)).to.equal(undefined)
      expect(asked).to.equal(1)
    })

    it('tries the next address of a name where nobody answers at the first', async () => {
      const url = await serve((_, response) => {
        response.end('x')
      })
      const { port } = new URL(url)
      const resolve = async () => [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ]
      const door = Door.create({ allowLoopback: true, resolve })
      expect(await door(`http://x.example:${port}/`, 100)).to.deep.equal(Bytes.fromUtf8('x'))
    })

    it('says of what is refused that it is refused, and no more', async () => {
      const rules = { allowLoopback: false, ports: [443] }
      const send = (url: string) =>
        Outbound.send(url, { method: 'GET', headers: {}, maximumBytes: 1, signal: AbortSignal.timeout(5_000) }, rules)
      for (const url of [
        'no address',
        'file:///etc/passwd',
        'http://93.184.216.34/',
        'https://93.184.216.34:8443/',
        'https://user:password@93.184.216.34/',
        'https://metadata.google.internal/',
        'https://printer.local/',
        'https://93.184.216.34/%0d%0aX:y',
        'https://10.0.0.1:5432/',
      ])
        expect(await send(url).catch(({ code }) => code), url).to.equal('URL_BLOCKED')
    })

    it('takes no certificate that nobody vouches for', async function () {
      const made = selfSigned()
      if (made === undefined) {
        console.log('      SKIPPED: openssl is not here')
        this.skip()
      }
      const server = createTls(made, (_, response) => response.end('x')).listen(0, '127.0.0.1')
      await once(server, 'listening')
      stops.push(async () => server.close())
      const { port } = server.address() as AddressInfo
      const request = { method: 'GET', headers: {}, maximumBytes: 1, signal: AbortSignal.timeout(5_000) } as const
      const answer = Outbound.send(`https://127.0.0.1:${port}/`, request, { allowLoopback: true })
      expect(await answer.catch(({ code }) => code)).to.equal('FETCH_TLS')
    })

    it('does not wait for ever for a name either', async () => {
      const resolve = () => new Promise<never>(() => {})
      expect(await Door.create({ allowLoopback: true, resolve, timeout: 50 })('https://x.example/', 100)).to.equal(
        undefined,
      )
    })

    it('does not wait for ever', async () => {
      const url = await serve(() => {})
      expect(await Door.create({ allowLoopback: true, timeout: 50 })(url, 100)).to.equal(undefined)
      const drip = await serve((_, response) => {
        response.write('x')
      })
      expect(await Door.create({ allowLoopback: true, timeout: 50 })(drip, 100)).to.equal(undefined)
    })
  })

  describe('content, DID documents and lists from the web', () => {
    const bytes = Bytes.fromUtf8('{"a":1}')
    const digest = Sha256.digest(bytes)
    const cid = Cid.fromDigest(digest)

    it('takes content from whoever has it, and nothing else for it', async () => {
      const answers: Readonly<Record<string, Uint8Array>> = {
        [`https://liar.example/ipfs/${cid}`]: Bytes.fromUtf8('{"a":2}'),
        [`https://honest.example/ipfs/${cid}`]: bytes,
      }
      const reader = (...hosts: readonly string[]) =>
        Http.create(
          async (url) => answers[url],
          hosts.map((host) => `https://${host}/ipfs/`),
        )
      expect(await reader('liar.example').content(digest)).to.equal(undefined)
      expect(await reader('none.example', 'liar.example', 'honest.example').content(digest)).to.deep.equal(bytes)
    })

    it('asks an address once', async () => {
      let asked = 0
      const reader = Http.create(async () => {
        asked++
        return bytes
      }, [])
      await Promise.all([reader.statusLists('https://x.example/l'), reader.statusLists('https://x.example/l')])
      expect(asked).to.equal(1)
    })

    it('asks again after a minute, but not for content that it has had', async () => {
      let now = 0
      let asked = 0
      const times = async (what: 'changing' | 'constant', answer: Uint8Array | undefined) => {
        const door = async () => {
          asked++
          return answer
        }
        const get = Fetched.remember(door, what, () => now)
        asked = 0
        const counts: number[] = []
        for (const moment of [0, 59_999, 60_000]) {
          now = moment
          await get('https://x.example/', 100)
          counts.push(asked)
        }
        return counts
      }
      expect(await times('changing', bytes)).to.deep.equal([1, 1, 2])
      expect(await times('constant', bytes)).to.deep.equal([1, 1, 1])
      expect(await times('constant', undefined)).to.deep.equal([1, 1, 2])
    })

    it('resolves did:web where its rules say, and no other DID', async () => {
      const asked: string[] = []
      const reader = Http.create(async (url) => {
        asked.push(url)
        return bytes
      }, [])
      expect(await reader.did('did:web:x.example.org')).to.deep.equal({ a: 1 })
      for (const did of ['did:web:127.0.0.1', 'did:web:x.example.org%2f..', 'did:web:', 'did:ethr:0x1', 'did:key:z6Mk'])
        expect(await reader.did(did), did).to.equal(undefined)
      expect(asked).to.deep.equal(['https://x.example.org/.well-known/did.json'])
    })
  })

  describe('of a page', () => {
    const list = 'https://issuer.example/status/1'
    /** A browser that has one answer, whose streams cannot be iterated, and who counts how often it is asked. */
    const browser = (status: number, body: Uint8Array | string) => {
      const asked: (readonly [url: string, redirect: string | undefined])[] = []
      const fetch: typeof globalThis.fetch = async (url, options) => {
        asked.push([String(url), options?.redirect])
        const response = new Response(body as BodyInit, { status })
        Object.defineProperty(response.body, Symbol.asyncIterator, { value: undefined })
        return response
      }
      return { readers: WebReaders.create({ gateways: [], fetch }), asked }
    }

    it('get what is there over HTTPS, and are not sent elsewhere', async () => {
      const { readers, asked } = browser(200, 'here')
      expect(await readers.statusLists(list)).to.deep.equal([{ bytes: Bytes.fromUtf8('here'), live: true }])
      expect(await readers.statusLists(list.replace('https', 'http'))).to.deep.equal([])
      expect(asked).to.deep.equal([[list, 'error']])
    })

    it('get nothing that is missing, or more than is read', async () => {
      expect(await browser(404, 'here').readers.statusLists(list)).to.deep.equal([])
      const most = 4 * 1024 * 1024
      expect(await browser(200, new Uint8Array(most)).readers.statusLists(list)).to.have.length(1)
      expect(await browser(200, new Uint8Array(most + 1)).readers.statusLists(list)).to.deep.equal([])
    })

    it('say what an address gives out itself, and what it has taken back', async () => {
      const here = { kind: 'found', bytes: Bytes.fromUtf8('here') }
      expect(await browser(200, 'here').readers.hosted?.(list)).to.deep.equal(here)
      expect(await browser(410, 'here').readers.hosted?.(list)).to.deep.equal({ kind: 'gone' })
      expect(await browser(404, 'here').readers.hosted?.(list)).to.deep.equal({ kind: 'unavailable' })
      const { readers, asked } = browser(200, 'here')
      expect(await readers.hosted?.(list.replace('https', 'http'))).to.deep.equal({ kind: 'unavailable' })
      expect(asked).to.deep.equal([])
    })

    it('ask chains, too', async () => {
      const answers = [
        { id: 0, result: '0x1' },
        { id: 1, result: { number: '0x1', timestamp: '0x1' } },
      ]
      const { readers } = browser(200, JSON.stringify(answers))
      expect(await readers.anchor(chain, chain.registry, `0x${'22'.repeat(32)}`)).to.deep.equal({
        kind: 'other-chain',
        chainId: 1,
      })
    })
  })

  describe('patience with an endpoint', () => {
    it('ends once it does not answer in time, for all that is asked in the next ten seconds', async () => {
      let now = 0
      let asked = 0
      const silent: typeof fetch = (_, init) => {
        asked++
        return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
      }
      const patient = Patience.create(silent, () => now)
      const ask = (url: string) => patient(url, { signal: AbortSignal.timeout(1) }).then(String, ({ name }) => name)
      expect(await ask('https://x.example/')).to.equal('TimeoutError')
      for (const moment of [0, 9_999]) {
        now = moment
        expect(await ask('https://x.example/')).to.equal('TypeError')
      }
      expect(asked).to.equal(1)
      expect(await ask('https://y.example/'), 'another').to.equal('TimeoutError')
      now = 10_000
      expect(await ask('https://x.example/')).to.equal('TimeoutError')
      expect(asked).to.equal(3)
    })

    it('does not end where it says at once that it is away, or answers', async () => {
      let asked = 0
      const answers = [() => Promise.reject(new TypeError('refused')), async () => new Response('here')]
      const patient = Patience.create(async () => {
        asked++
        return (answers[(asked - 1) % 2] as () => Promise<Response>)()
      })
      const ask = () =>
        patient('https://x.example/', { signal: AbortSignal.timeout(60_000) }).then(() => 'here', String)
      expect([await ask(), await ask(), await ask(), await ask()]).to.deep.equal([
        'TypeError: refused',
        'here',
        'TypeError: refused',
        'here',
      ])
    })

    it('is lost once by a run of many credentials, not by each of them', async () => {
      let asked = 0
      const silent: typeof fetch = (_, init) => {
        asked++
        // As if the time that is allowed were over.
        return new Promise((_, reject) => {
          Object.defineProperty(init?.signal, 'aborted', { value: true })
          reject(new DOMException('late', 'TimeoutError'))
        })
      }
      const { anchor } = WebReaders.create({ gateways: [], fetch: silent })
      for (let i = 0; i < 100; i++) {
        const root = Bytes.toHex(Bytes.fromUint(i, 32))
        expect((await anchor(chain, chain.registry, root)).kind).to.equal('unreachable')
      }
      expect(asked).to.equal(1)
    })
  })

  describe('several together', () => {
    const missing = async () => undefined
    const anchor = async () => ({ kind: 'unreachable' }) as const
    const words = async () => ({ kind: 'no-contract' }) as const
    const resource = async () => Uint8Array.of(1)

    it('ask a directory and fetch a resource where one of them can', async () => {
      const one = combine({ anchor, words }, { content: missing }, { resource })
      expect([one.words, await one.resource?.('x')]).to.deep.equal([words, Uint8Array.of(1)])
      const both = combine(one, { content: missing }, one)
      expect([both.words, await both.resource?.('x')]).to.deep.equal([words, Uint8Array.of(1)])
    })

    it('say that nobody is asked where none of them can', () => {
      expect(combine({ anchor }, { content: missing })).to.not.have.any.keys('words', 'resource')
    })
  })

  describe('a folder', () => {
    it('finds manifests by their digest and lists by their id, whatever they are called', async () => {
      const { home, remove } = await Cli.createHome()
      stops.push(remove)
      const list = Bytes.fromUtf8('{"id":"https://x.example/list"}')
      await writeFile(join(home, 'any name.json'), list)
      await writeFile(join(home, 'broken.json'), '{')
      await writeFile(join(home, 'other.txt'), 'x')
      await writeFile(join(home, 'large.json'), ' '.repeat(5 * 1024 * 1024))
      await mkdir(join(home, 'folder.json'))
      await symlink(join(home, 'nowhere'), join(home, 'dangling.json')).catch(() => {})
      const folder = Folder.create(home)
      expect(await folder.statusLists('https://x.example/list')).to.deep.equal([{ bytes: list, live: false }])
      expect(await folder.statusLists('https://x.example/other')).to.deep.equal([])
      expect(await folder.content(Sha256.digest(list))).to.deep.equal(list)
      expect(await folder.content(Sha256.digest(Bytes.fromUtf8('x')))).to.equal(undefined)
      expect(await Folder.create(join(home, 'none')).content(Sha256.digest(list))).to.equal(undefined)
    })
  })

  describe('anchors from chains', () => {
    const { registryStandIn, anchors } = Golden.anchors()
    const [anchor] = anchors
    if (anchor === undefined) throw new TypeError('The samples have anchors')
    const account = anchor.account as Bytes.Hex
    const root = anchor.root as Bytes.Hex
    const absent = `0x${'11'.repeat(32)}` as const
    let url: string
    let rpc: Chain.Chain['rpc']

    before(async () => {
      const chain = await Chain.start()
      stops.push(chain.stop)
      await Chain.replay(chain, Golden.anchors())
      ;({ url, rpc } = chain)
    })

    const trusted = (change: Partial<Trust['chains'][number]> = {}) => ({
      chainId: 31337,
      name: 'x',
      rpc: [url],
      quorum: 1,
      registry: registryStandIn.address as `0x${string}`,
      confirmations: 1,
      test: true,
      ...change,
    })
    const read = (change: Partial<Trust['chains'][number]> = {}, which: Bytes.Hex = root) =>
      EvmAnchorReader.create(fetch)(trusted(change), account, which)
    /** An endpoint that answers each method as it is told, and everything else as the chain does. */
    const liar = (lies: Readonly<Record<string, unknown>>) =>
      serve(async (request, response) => {
        let body = ''
        for await (const chunk of request) body += chunk
        const calls = JSON.parse(body) as readonly { id: number; method: string; params: readonly unknown[] }[]
        const answers = await Promise.all(
          calls.map(async ({ id, method, params }) => ({
            jsonrpc: '2.0',
            id,
            result: method in lies ? lies[method] : await rpc(method, ...params),
          })),
        )
        response.end(JSON.stringify(answers))
      })
    const word = (time: bigint, block: bigint) => `0x${((block << 64n) | time).toString(16).padStart(64, '0')}`

    it('finds what is there, with its time and block, in the very slot of the samples', async () => {
      expect(await read()).to.deep.equal({ kind: 'final', time: anchor.time, block: BigInt(anchor.block) })
      expect(AnchorSlot.of(account, root)).to.equal(anchor.slot)
    })

    it('finds nothing that is not there', async () => {
      const { timestamp } = (await rpc('eth_getBlockByNumber', 'latest', false)) as { timestamp: string }
      expect(await read({}, absent)).to.deep.equal({ kind: 'absent', asOf: Number(timestamp) })
    })

    it('does not take a young anchor for a final one', async () => {
      const last = anchors.filter(({ chainId }) => chainId === 31337).toSorted((a, b) => b.time - a.time)[0]
      const ask = (confirmations: number) =>
        EvmAnchorReader.create(fetch)(trusted({ confirmations }), last?.account as Bytes.Hex, last?.root as Bytes.Hex)
      expect((await ask(1)).kind).to.equal('final')
      expect((await ask(2)).kind).to.equal('recent')
      expect((await ask(1_000)).kind).to.equal('recent')
      expect((await read({ confirmations: 1_000 }, absent)).kind).to.equal('absent')
    })

    it('says that there is no registry, or another chain, or nobody', async () => {
      expect(await read({ registry: `0x${'22'.repeat(20)}` })).to.deep.equal({ kind: 'no-registry' })
      expect(await read({ chainId: 1 })).to.deep.equal({ kind: 'other-chain', chainId: 31337 })
      expect(await read({ rpc: ['http://127.0.0.1:9'] })).to.deep.equal({ kind: 'unreachable' })
    })

    const noProof = { eth_getProof: undefined }

    it('is not told an anchor by one of several who lies', async () => {
      const forger = await liar({ ...noProof, eth_getStorageAt: word(1n, 1n) })
      expect(await read({ rpc: [forger] }, absent)).to.deep.equal({ kind: 'final', time: 1, block: 1n })
      expect((await read({ rpc: [forger, url] }, absent)).kind).to.equal('recent')
      const unproving = await liar(noProof)
      expect((await read({ rpc: [forger, unproving] }, absent)).kind).to.equal('disagreement')
      expect((await read({ rpc: [unproving, forger], quorum: 2 })).kind).to.equal('disagreement')
      expect((await read({ rpc: [forger, url], quorum: 2 })).kind, 'the other proves it').to.equal('final')
      const dreamer = await liar({ ...noProof, eth_getStorageAt: word(253402300800n, 1n) })
      expect((await read({ rpc: [dreamer] }, absent)).kind, 'at a time of no calendar').to.equal('no-registry')
    })

    it('is not talked out of an anchor by one of several who lies', async () => {
      const denier = await liar({ ...noProof, eth_getStorageAt: `0x${'00'.repeat(32)}` })
      const { time } = anchor
      expect(await read({ rpc: [denier, url] })).to.deep.equal({ kind: 'final', time, block: BigInt(anchor.block) })
      expect((await read({ rpc: [denier, await liar(noProof)] })).kind).to.equal('disagreement')
    })

    it('takes the word of nobody where the trust demands a proof', async () => {
      const forger = await liar({ ...noProof, eth_getStorageAt: word(1n, 1n) })
      const proof = 'required'
      expect((await read({ rpc: [forger], proof }, absent)).kind).to.equal('unproven')
      expect((await read({ rpc: [forger], proof })).kind).to.equal('unproven')
      expect((await read({ proof })).kind).to.equal('final')
    })

    it('does not take a proof of another slot, contract or block for one', async () => {
      const other = anchors.find((each) => each.root !== root && each.chainId === 31337)
      const of = (address: string, which: Bytes.Hex, block: string) => rpc('eth_getProof', address, [which], block)
      const wrong = AnchorSlot.of(other?.account as Bytes.Hex, other?.root as Bytes.Hex)
      for (const eth_getProof of [
        await of(registryStandIn.address, wrong, 'latest'),
        await of(`0x${'11'.repeat(20)}`, AnchorSlot.of(account, root), 'latest'),
        await of(registryStandIn.address, AnchorSlot.of(account, root), '0x1'),
      ])
        expect((await read({ rpc: [await liar({ eth_getProof })], proof: 'required' })).kind).to.equal('unproven')
    })

    it('is told of no chain by one of several who makes up blocks', async () => {
      const header = (await rpc('eth_getBlockByNumber', 'latest', false)) as object
      const inventor = await liar({ eth_getBlockByNumber: { ...header, stateRoot: `0x${'12'.repeat(32)}` } })
      expect((await read({ rpc: [inventor], proof: 'required' })).kind).to.equal('unproven')
      const hash = `0x${'34'.repeat(32)}`
      const second = await liar({ eth_getBlockByNumber: { ...header, hash } })
      expect((await read({ rpc: [second, url] })).kind).to.equal('disagreement')
    })

    it('needs no quorum for what a block shows that the trust names, and takes no other block for it', async () => {
      const { number, hash } = (await rpc('eth_getBlockByNumber', 'latest', false)) as {
        number: string
        hash: Bytes.Hex
      }
      const checkpoints = [{ number: Number(number), hash }]
      const hidden = { eth_getStorageAt: `0x${'00'.repeat(32)}` }
      const denier = await liar(hidden)
      const gone = 'http://127.0.0.1:9'
      expect((await read({ rpc: [denier, gone], quorum: 2, checkpoints })).kind).to.equal('final')
      expect((await read({ rpc: [denier, gone], quorum: 2 })).kind).to.equal('unreachable')
      const foreign = [{ number: Number(number), hash: `0x${'12'.repeat(32)}` as const }]
      expect((await read({ rpc: [denier, gone], quorum: 2, checkpoints: foreign })).kind).to.equal('unreachable')
      expect((await read({ checkpoints }, absent)).kind).to.equal('absent')
    })

    it('asks for many anchors together', async () => {
      let asked = 0
      const counting: typeof fetch = (...args) => {
        asked++
        return fetch(...args)
      }
      const ours = anchors.filter(({ chainId }) => chainId === 31337)
      const reader = EvmAnchorReader.create(counting)
      const ask = ours.map((each) => reader(trusted(), each.account as Bytes.Hex, each.root as Bytes.Hex))
      expect((await Promise.all(ask)).map(({ kind }) => kind)).to.deep.equal(ours.map(() => 'final'))
      expect(ours.length).to.be.greaterThan(3)
      expect(asked).to.equal(4)
    })

    it('goes on without those who are away, down to the quorum', async () => {
      const second = await liar({})
      const gone = 'http://127.0.0.1:9'
      expect((await read({ rpc: [gone, url, second], quorum: 2 })).kind).to.equal('final')
      expect((await read({ rpc: [gone, url], quorum: 2 })).kind).to.equal('unreachable')
    })

    for (const [what, answer] of [
      ['nothing', ''],
      ['no JSON', '<html>'],
      ['no list', '{}'],
      ['errors', '[{"id":0,"error":{"code":-32000}},{"id":1,"error":{"code":-32000}}]'],
      ['no numbers', '[{"id":0,"result":"x"},{"id":1,"result":{}}]'],
    ] as const)
      it(`takes an endpoint that answers with ${what} for one that is away`, async () => {
        const broken = await serve((_, response) => {
          response.end(answer)
        })
        expect(await read({ rpc: [broken] })).to.deep.equal({ kind: 'unreachable' })
      })

    it('remembers what is final, and asks again for what is not', async () => {
      let asked = 0
      const counting: typeof fetch = (...args) => {
        asked++
        return fetch(...args)
      }
      const reader = EvmAnchorReader.create(counting)
      await reader(trusted(), account, root)
      const once = asked
      await reader(trusted(), account, root)
      expect(asked).to.equal(once)
      await reader(trusted(), account, absent)
      const twice = asked
      await reader(trusted(), account, absent)
      expect(asked).to.equal(twice + once)
    })
  })
})
