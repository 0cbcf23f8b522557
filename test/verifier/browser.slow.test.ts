import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Build from '../../scripts/build/Verifier.ts'
import * as Golden from '../support/Golden.ts'
import * as Verifier from '../support/Verifier.ts'

/** Target S13: what a page loads to verify, with gzip. */
const most = 150 * 1024

const chromium = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))
const vectors = fileURLToPath(new URL('../vectors/', import.meta.url))
const paths = [
  ...Golden.credentials().map((name) => `laurel-v1/golden/${name}`),
  ...readdirSync(join(vectors, 'keepsake-v1')).map((name) => `keepsake-v1/${name}`),
  ...readdirSync(join(vectors, 'baked')).map((name) => `baked/${name}`),
]

/** What runs in Chromium: the readers of the golden verifier once more, and every document of the corpus. */
const page = readFileSync(new URL('page.html', import.meta.url))

describe('The verifier for a page', function () {
  this.timeout(180_000)
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-page-'))
  })
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

  it('is one module that imports nothing and is pinned by its integrity', async () => {
    const { integrity } = await Build.module(folder, 'laurel-verifier.js')
    const module = await readFile(join(folder, 'laurel-verifier.js'), 'utf8')
    expect(module).to.not.match(/(?<!@)\bimport\s*[({"'*]|\bfrom\s*["'](?:node:|\.)|\brequire\(/)
    expect(await readFile(join(folder, 'laurel-verifier.js.integrity'), 'utf8')).to.equal(`${integrity}\n`)
    expect((await Build.module(folder, 'laurel-verifier.js')).integrity, 'built again').to.equal(integrity)
  })

  it('is small (S13)', async () => {
    const { gzipBytes } = await Build.module(folder, 'laurel-verifier.js')
    console.log(`      ${gzipBytes} bytes with gzip, of ${most} at most`)
    expect(gzipBytes).to.be.lessThan(most)
  })

  it('says in Chromium what it says in Node, of every document of the corpus and of each with a bit changed', async function () {
    if (chromium === undefined) {
      console.log('      SKIPPED: there is no Chromium here; name one in CHROMIUM')
      this.skip()
    }
    await Build.module(folder, 'laurel-verifier.js')
    const verifier = await Verifier.start()
    const sets = ['A', 'B'].flatMap((set) => ['revocation', 'suspension'].map((purpose) => `${set}-status-${purpose}`))
    const given = {
      trust: verifier.trust,
      now: Verifier.now,
      paths,
      manifests: readdirSync(Golden.folder)
        .filter((name) => name.endsWith('manifest.json'))
        .map((name) => `laurel-v1/golden/${name}`),
      lists: sets.map((name) => [Golden.read(`${name}.json`).id, `laurel-v1/golden/${name}.json`]),
    }
    let settle: (reports: Record<string, unknown>) => void = () => {}
    const told = new Promise<Record<string, unknown>>((resolve) => {
      settle = resolve
    })
    const server = createServer(async (request, response) => {
      const url = request.url ?? ''
      if (url === '/reports') {
        let body = ''
        for await (const part of request) body += part
        response.end()
        settle(JSON.parse(body))
      } else if (url === '/') response.setHeader('content-type', 'text/html').end(page)
      else if (url === '/given.json') response.end(JSON.stringify(given))
      else if (url === '/laurel-verifier.js')
        response.setHeader('content-type', 'text/javascript').end(readFileSync(join(folder, 'laurel-verifier.js')))
      else if (url.startsWith('/vectors/')) response.end(readFileSync(join(vectors, url.slice('/vectors/'.length))))
      else response.writeHead(404).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const options = ['--headless=new', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`]
    const browser = spawn(chromium, [...options, `http://127.0.0.1:${port}/`], { stdio: 'ignore' })
    const ended = once(browser, 'exit')
    try {
      const reports = await told
      expect(Object.keys(reports)).to.have.length(2 * paths.length)
      expect(paths.length).to.be.greaterThan(35)
      for (const path of paths) {
        const bytes = new Uint8Array(readFileSync(join(vectors, path)))
        const changed = bytes.slice()
        changed[Math.floor(changed.length / 2)] = (changed[Math.floor(changed.length / 2)] as number) ^ 1
        expect(reports[path], path).to.deep.equal(await verifier.report(bytes))
        expect(reports[`${path} changed`], `${path} changed`).to.deep.equal(await verifier.report(changed))
      }
    } finally {
      browser.kill('SIGTERM')
      await ended
      server.closeAllConnections()
      server.close()
      await verifier.stop()
    }
  })
})
