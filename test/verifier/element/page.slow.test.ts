import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { zipSync } from 'fflate'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import * as Build from '../../../scripts/build/Verifier.ts'
import * as Chromium from '../../support/Chromium.ts'
import * as Golden from '../../support/Golden.ts'
import * as Site from '../../support/Site.ts'
import * as Verifier from '../../support/Verifier.ts'

const keepsake = (name: string) => fileURLToPath(new URL(`../../vectors/keepsake-v1/${name}.laurel`, import.meta.url))

describe('The page that verifies', function () {
  this.timeout(180_000)
  let browser: Browser | undefined
  let folder: string
  let verifier: Verifier.Verifier
  let trust: string

  before(async function () {
    browser = await Chromium.launch()
    if (browser === undefined) this.skip()
    folder = await mkdtemp(join(tmpdir(), 'laurel-page-'))
    verifier = await Verifier.start()
    trust = join(folder, 'trust.json')
    const chains = verifier.trust.chains.map((chain) => ({ ...chain, test: false }))
    await writeFile(trust, JSON.stringify({ ...verifier.trust, chains }))
    await Build.document(folder)
  })
  after(async () => {
    await browser?.close()
    await verifier?.stop()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  /** The page as it was saved, opened from the disk; and all that it asks the network for. */
  const open = async (options: BrowserContextOptions = {}, at = pathToFileURL(join(folder, 'verify.html')).href) => {
    const context = await (browser as Browser).newContext({ locale: 'en-GB', ...options })
    await context.clock.setFixedTime(Verifier.now)
    const page = await context.newPage()
    const asked: string[] = []
    const troubles: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('pageerror', (error) => troubles.push(String(error)))
    await page.goto(at)
    return { page, asked, troubles, close: () => context.close() }
  }
  const settled = async (page: Page, count: number): Promise<readonly string[]> => {
    await page.waitForFunction((count) => {
      const all = [...document.querySelectorAll('laurel-badge')].map(({ shadowRoot }) => shadowRoot)
      return all.length === count && all.every((each) => each?.querySelector('.card') && !each.querySelector('.busy'))
    }, count)
    return page.locator('laurel-badge .title').allTextContents()
  }

  it('is one file that loads nothing, and allows itself nothing but what is in it', async () => {
    const text = await readFile(join(folder, 'verify.html'), 'utf8')
    expect(text).to.not.match(/<link[^>]+stylesheet|<script[^>]+src=/)
    expect(/<style>([\s\S]*?)<\/style>/.exec(text)?.[1])
      .to.include('.drop')
      .and.not.match(/@import|url\(/)
    expect(text).to.include("default-src 'none'; script-src 'sha256-").and.not.include('unsafe')
    const { page, asked, troubles, close } = await open()
    expect(asked).to.have.length(1)
    expect(troubles).to.deep.equal([])
    expect(await page.title()).to.equal('Is this badge genuine?')
    await close()
  })

  it('verifies from the disk what is given to it, once it knows whom to trust; and anew by another trust', async () => {
    const { page, troubles, close } = await open()
    await page.setInputFiles('#files', keepsake('A-3-1'))
    expect(await settled(page, 1)).to.deep.equal(['Could not be fully checked'])
    await page.locator('#trust summary').click()
    expect(await page.locator('#trusted').textContent()).to.include('Nobody yet')
    await page.setInputFiles('#trust-file', trust)
    await page.locator('laurel-badge .card.good').waitFor()
    expect(await settled(page, 1)).to.deep.equal(['Valid'])
    expect(await page.locator('#trusted').textContent())
      .to.include('issuer A')
      .and.not.include('Nobody')
    await page.setInputFiles('#trust-file', keepsake('A-3-1'))
    await page.locator('#trust-problem').getByText('This file cannot be used').waitFor()
    expect(await settled(page, 1)).to.deep.equal(['Valid'])
    expect(troubles).to.deep.equal([])
    await close()
  })

  it('shows whom it trusts: of a federation, that it is one', async () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const keys = [{ kid: '1', ...publicKey.export({ format: 'jwk' }) }]
    const federations = [{ id: 'https://federation.example', name: 'The Registry', jwks: { keys } }]
    const { page, close } = await open()
    await page.locator('#trust summary').click()
    const file = Buffer.from(JSON.stringify({ chains: [], issuers: [], federations }))
    await page.setInputFiles('#trust-file', { name: 'trust.json', mimeType: 'application/json', buffer: file })
    await page.locator('#trusted li').waitFor()
    expect(await page.locator('#trusted').textContent()).to.equal('Whoever these vouch forThe Registry')
    await close()
  })

  it('verifies many: files with what belongs to them, archives, and presentations', async () => {
    const { page, close } = await open()
    await page.setInputFiles('#trust-file', trust)
    const files = {
      'a.json': Verifier.bytes('A-3-0.json'),
      'b.json': Verifier.bytes('A-3-1.json'),
      'manifest.json': Verifier.bytes('A-3-manifest.json'),
      'status-revocation.json': Verifier.bytes('A-status-revocation.json'),
      'status-suspension.json': Verifier.bytes('A-status-suspension.json'),
      'trust.json': Buffer.from('{"chains":[],"issuers":[]}'),
    }
    const changed = Buffer.from(new TextDecoder().decode(files['a.json']).replace('2026', '2025'))
    const archive = zipSync({ ...files, 'changed.json': changed })
    await page.setInputFiles('#files', { name: 'batch.zip', mimeType: 'application/zip', buffer: Buffer.from(archive) })
    expect(await settled(page, 3)).to.deep.equal(['Valid', 'Valid', 'Not valid'])
    expect(await page.locator('#list h3').allTextContents()).to.deep.equal(
      ['a.json', 'b.json', 'changed.json'].map((name) => `batch.zip/${name}`),
    )
    expect(await page.locator('#summary').textContent()).to.match(/^valid: 2 · not valid: 1/)
    await page.setInputFiles(
      '#files',
      Object.entries(files).map(([name, bytes]) => ({ name, mimeType: '', buffer: Buffer.from(bytes) })),
    )
    expect((await settled(page, 5)).slice(3)).to.deep.equal(['Valid', 'Valid'])
    await page.locator('#clear').click()
    expect(await page.locator('#results').isVisible()).to.equal(false)
    const presentation = JSON.stringify({
      type: 'VerifiablePresentation',
      verifiableCredential: [Golden.read('A-3-0.json'), { ...Golden.read('A-3-1.json'), name: 'Another' }],
    })
    await page.locator('#text').fill(presentation)
    await page.locator('#ask button').click()
    await settled(page, 1)
    expect(await page.locator('laurel-badge .card').count()).to.equal(2)
    await close()
  })

  it('has whatever is dropped on it, wherever', async () => {
    const { page, close } = await open()
    const text = await readFile(keepsake('B-3-0'), 'utf8')
    const data = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content], 'dropped.laurel'))
      return transfer
    }, text)
    await page.dispatchEvent('body', 'drop', { dataTransfer: data })
    await settled(page, 1)
    expect(await page.locator('#list h3').textContent()).to.equal('dropped.laurel')
    await close()
  })

  it('says of what it cannot read that it cannot, and verifies what is given with it', async () => {
    const large = join(folder, 'large.json')
    await writeFile(large, '')
    await truncate(large, 64 * 1024 * 1024 + 1)
    const { page, troubles, close } = await open()
    // As a folder does that is dropped.
    await page.evaluate(() => {
      const read = Blob.prototype.arrayBuffer
      File.prototype.arrayBuffer = function (this: File) {
        return this.name === 'folder' ? Promise.reject(new DOMException('', 'NotReadableError')) : read.call(this)
      }
    })
    await writeFile(join(folder, 'folder'), '')
    await page.setInputFiles('#files', [large, join(folder, 'folder'), keepsake('B-3-0')])
    const said = await settled(page, 3)
    expect(said.slice(0, 2)).to.deep.equal(['Not valid', 'Could not be fully checked'])
    const codes = page.locator('laurel-badge li:first-child code')
    expect(await codes.allTextContents()).to.deep.equal(['TOO_LARGE', 'FILE_UNREADABLE', 'CONFORMS'])
    expect(troubles).to.deep.equal([])
    await close()
  })

  it('fetches what it is pointed to, by an address in its own as well, and says so where it cannot', async () => {
    const body = await readFile(keepsake('A-3-1'))
    const site = await Site.start((path) => (path === '/a.laurel' ? { type: 'application/json', body } : undefined), {
      'access-control-allow-origin': '*',
    })
    const file = pathToFileURL(join(folder, 'verify.html')).href
    const { page, close } = await open({}, `${file}#${site.origin}/a.laurel`)
    expect(await settled(page, 1)).to.deep.equal(['Could not be fully checked'])
    await page.locator('#text').fill(`${site.origin}/nothing`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await settled(page, 2)
    expect(await page.locator('laurel-badge').nth(1).locator('.exact').first().textContent()).to.include(
      'ADDRESS_UNREACHABLE',
    )
    expect(site.asked.map(({ headers }) => headers.referer)).to.deep.equal([undefined, undefined])
    await close()
    await site.close()
  })

  it('has a trust file put into it, and none that is wrong', async () => {
    const place = join(folder, 'with-trust')
    await Build.document(place, new Uint8Array(await readFile(trust)))
    const { page, close } = await open({}, pathToFileURL(join(place, 'verify.html')).href)
    await page.setInputFiles('#files', keepsake('B-3-0'))
    expect(await settled(page, 1)).to.deep.equal(['Valid'])
    await close()
    const refused = await Build.document(place, Buffer.from('{"chains":1}')).then(
      () => undefined,
      (error) => error.code,
    )
    expect(refused).to.equal('TRUST_INVALID')
  })

  for (const [colorScheme, locale] of [
    ['light', 'en-GB'],
    ['dark', 'de-DE'],
  ] as const)
    it(`fits a phone, ${colorScheme}, in ${locale}, and is worked by the keyboard alone`, async () => {
      const { page, close } = await open({ viewport: { width: 320, height: 640 }, colorScheme, locale })
      await page.setInputFiles('#trust-file', trust)
      await page.setInputFiles('#files', keepsake('A-3-1'))
      expect(await settled(page, 1)).to.deep.equal([locale === 'de-DE' ? 'Gültig' : 'Valid'])
      await page.evaluate(() => document.querySelector('details')?.setAttribute('open', ''))
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(320)
      expect(await page.evaluate(() => document.documentElement.lang)).to.equal(locale.slice(0, 2))
      const stops: string[] = []
      for (let i = 0; i < 8; i++) {
        await page.keyboard.press('Tab')
        stops.push(
          await page.evaluate(() => {
            const { activeElement } = document
            const inner = activeElement?.shadowRoot?.activeElement ?? activeElement
            return inner?.id || (inner?.localName ?? '')
          }),
        )
      }
      expect(stops).to.deep.equal(['files', 'text', 'button', 'summary', 'trust-file', 'print', 'clear', 'summary'])
      await close()
    })

  it('shows on paper what was checked, and not what it is asked by', async () => {
    const { page, close } = await open()
    await page.setInputFiles('#files', keepsake('A-3-1'))
    await settled(page, 1)
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('#ask').isVisible()).to.equal(false)
    expect(await page.locator('#print').isVisible()).to.equal(false)
    expect(await page.locator('laurel-badge li').first().isVisible()).to.equal(true)
    expect(await page.locator('#summary').isVisible()).to.equal(true)
    await close()
  })
})
