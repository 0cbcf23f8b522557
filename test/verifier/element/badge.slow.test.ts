import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Json from '@laurel/core/Json'
import { expect } from 'chai'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import * as Build from '../../../scripts/build/Verifier.ts'
import * as Badges from '../../support/Badges.ts'
import * as Chromium from '../../support/Chromium.ts'
import * as Golden from '../../support/Golden.ts'
import * as Site from '../../support/Site.ts'
import * as Verifier from '../../support/Verifier.ts'

/** Target S13: what a page loads to verify and to show it, with gzip. */
const most = 150 * 1024

const keepsake = (name: string) =>
  readFile(fileURLToPath(new URL(`../../vectors/keepsake-v1/${name}.laurel`, import.meta.url)))

/** What the strictest of sites allows: its own scripts, no style in the page, no markup from text. */
const strict = [
  "default-src 'none'",
  "script-src 'self'",
  'connect-src http://127.0.0.1:*',
  'img-src data:',
  "require-trusted-types-for 'script'",
  'trusted-types',
].join('; ')

const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

describe('<laurel-badge>', function () {
  this.timeout(180_000)
  let browser: Browser | undefined
  let folder: string
  let module: Build.Module
  let verifier: Verifier.Verifier
  const files = new Map<string, Site.Content>()
  const pages = new Map<string, Site.Content>()
  /** Where the page is, and where badges and trust files are. */
  let site: Site.Site
  let elsewhere: Site.Site

  const put = (name: string, body: string | Uint8Array | object) => {
    const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    files.set(`/${name}`, { type: 'application/octet-stream', body: bytes })
  }

  before(async function () {
    browser = await Chromium.launch()
    if (browser === undefined) this.skip()
    folder = await mkdtemp(join(tmpdir(), 'laurel-badge-'))
    module = await Build.module(folder, 'laurel-badge.js')
    const body = await readFile(join(folder, 'laurel-badge.js'))
    pages.set('/laurel-badge.js', { type: 'text/javascript', body })
    verifier = await Verifier.start()
    site = await Site.start((path) => pages.get(path), { 'content-security-policy': strict })
    elsewhere = await Site.start((path) => files.get(path), { 'access-control-allow-origin': '*' })
    const { trust } = verifier
    const chains = trust.chains.map((chain) => ({ ...chain, test: false }))
    put('trust.json', { ...trust, chains })
    put('test-chain.json', trust)
    put('no-issuers.json', { ...trust, chains, issuers: [] })
    put('no-chains.json', { ...trust, chains: [] })
    put('chain-away.json', { ...trust, chains: chains.map((each) => ({ ...each, rpc: ['http://127.0.0.1:9'] })) })
    put('old-lists.json', { ...trust, chains, status: { maximumAgeSeconds: 1 } })
    put('wrong.json', '{"chains": 5}')
    for (const name of ['A-3-1', 'A-7-4', 'B-3-0']) put(`${name}.laurel`, await keepsake(name))
    const text = (await keepsake('A-3-1')).toString()
    put('changed.laurel', text.replace('Gewässergüte beurteilen', 'Gewässergüte verurteilen'))
    put('no-manifest.laurel', { ...JSON.parse(text), manifest: null })
    put('credential.json', Verifier.bytes('A-3-1.json'))
    put('none.txt', 'Nothing of the kind')
  })
  after(async () => {
    await browser?.close()
    await verifier?.stop()
    await site?.close()
    await elsewhere?.close()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  /** A page with badges, once all of them say something. */
  const open = async (
    badges: readonly Readonly<Record<string, string>>[],
    options: BrowserContextOptions = {},
    asked: string[] = [],
  ): Promise<Page> => {
    const at = (name: string | undefined) => (name === undefined ? '' : `${elsewhere.origin}/${name}`)
    const elements = badges.map(
      ({ src, trust, lang = 'en' }) =>
        `<laurel-badge lang="${lang}" src="${at(src)}" ${trust === undefined ? '' : `trust="${at(trust)}"`}></laurel-badge>`,
    )
    const head = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <meta name="color-scheme" content="light dark"><title>A page</title>
      <script type="module" src="/laurel-badge.js" integrity="${module.integrity}"></script>`
    pages.set('/', { type: 'text/html', body: head + elements.join('') })
    const context = await (browser as Browser).newContext(options)
    await context.clock.setFixedTime(Verifier.now)
    // Of the other origin as well: cookies know no ports.
    await context.addCookies([{ name: 'session', value: 'secret', url: site.origin }])
    const page = await context.newPage()
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(`${site.origin}/`)
    await page.waitForFunction(() =>
      [...document.querySelectorAll('laurel-badge')].every(
        ({ shadowRoot }) => shadowRoot?.querySelector('.card') && !shadowRoot.querySelector('.busy'),
      ),
    )
    return page
  }
  const titles = (page: Page) => page.locator('laurel-badge .title').allTextContents()

  it('is one module that imports nothing, small (S13), and pinned by its integrity', async () => {
    const text = await readFile(join(folder, 'laurel-badge.js'), 'utf8')
    expect(text).to.not.match(
      /(?<!@)\bimport\s*[({"'*]|\bfrom\s*["'](?:node:|\.)|\brequire\(|innerHTML|insertAdjacentHTML/,
    )
    expect(await readFile(join(folder, 'laurel-badge.js.integrity'), 'utf8')).to.equal(`${module.integrity}\n`)
    console.log(`      ${module.gzipBytes} bytes with gzip, of ${most} at most`)
    expect(module.gzipBytes).to.be.lessThan(most)
  })

  it('shows a badge of another origin on a page that allows next to nothing, and sends it no cookie', async () => {
    const page = await open([{ src: 'A-3-1.laurel', trust: 'trust.json' }])
    const text = await page.locator('laurel-badge .card').textContent()
    for (const each of ['Valid', 'Gewässergüte beurteilen', 'Issued by issuer A', 'Awarded to Žofie Nováková'])
      expect(text).to.include(each)
    expect(text).to.include('Issued on February 27, 2026')
    const own = elsewhere.asked.filter(({ url }) => url === '/A-3-1.laurel' || url === '/trust.json')
    expect(own.length).to.be.greaterThan(1)
    for (const { headers } of own) expect([headers.cookie, headers.referer]).to.deep.equal([undefined, undefined])
    await page.context().close()
  })

  it('never says valid where something that counts was not checked, or is wrong', async () => {
    const cases = [
      [{ src: 'A-3-1.laurel', trust: 'trust.json' }, 'Valid'],
      [{ src: 'B-3-0.laurel', trust: 'trust.json' }, 'Valid'],
      [{ src: 'A-3-1.laurel', trust: 'test-chain.json' }, 'Valid, in a test'],
      [{ src: 'A-3-1.laurel' }, 'Could not be fully checked'],
      [{ src: 'A-3-1.laurel', trust: 'no-issuers.json' }, 'Issuer not known here'],
      [{ src: 'A-3-1.laurel', trust: 'no-chains.json' }, 'Could not be fully checked'],
      [{ src: 'A-3-1.laurel', trust: 'chain-away.json' }, 'Could not be fully checked'],
      [{ src: 'A-3-1.laurel', trust: 'old-lists.json' }, 'Could not be fully checked'],
      [{ src: 'A-3-1.laurel', trust: 'wrong.json' }, 'Not checked'],
      [{ src: 'A-3-1.laurel', trust: 'nowhere.json' }, 'Not checked'],
      [{ src: 'credential.json', trust: 'trust.json' }, 'Could not be fully checked'],
      [{ src: 'no-manifest.laurel', trust: 'trust.json' }, 'Could not be fully checked'],
      [{ src: 'A-7-4.laurel', trust: 'trust.json' }, 'Not valid'],
      [{ src: 'changed.laurel', trust: 'trust.json' }, 'Not valid'],
      [{ src: 'none.txt', trust: 'trust.json' }, 'Not valid'],
      [{ src: 'nowhere.laurel', trust: 'trust.json' }, 'Not to be had'],
    ] as const
    const page = await open(cases.map(([badge]) => badge))
    const said = await titles(page)
    for (const [i, [badge, title]] of cases.entries()) expect(said[i], JSON.stringify(badge)).to.equal(title)
    const tones = await page.evaluate(() =>
      [...document.querySelectorAll('laurel-badge')].map(
        ({ shadowRoot }) => shadowRoot?.querySelectorAll('.good.card').length,
      ),
    )
    expect(tones).to.deep.equal(cases.map(([, title]) => (title === 'Valid' ? 1 : 0)))
    await page.context().close()
  })

  it('takes nothing of a credential for markup, and asks nobody for its picture', async () => {
    const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"\'><b>'
    const author = await Badges.author()
    const signed = async (image: string, name: string) => {
      const base = Badges.badge(author.did)
      const subject = base.credentialSubject as Json.Object
      const achievement = {
        ...(subject.achievement as Json.Object),
        name: hostile,
        image: { id: image, type: 'Image' },
      }
      const issuer = { ...(base.issuer as Json.Object), name: hostile }
      const changes = { name, issuer, credentialSubject: { ...subject, achievement } }
      return Badges.sign(Badges.badge(author.did, changes), 'eddsa-rdfc-2022', author)
    }
    const images = [
      pixel,
      `${elsewhere.origin}/spy.png`,
      'https://spy.example/pixel.png',
      'data:text/html;base64,PHNjcmlwdD5oYWNrZWQ9MTwvc2NyaXB0Pg==',
      `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="parent.hacked=1"/>').toString('base64')}`,
    ]
    for (const [i, image] of images.entries()) put(`hostile-${i}.json`, await signed(image, `${hostile}${i}`))
    put('hostile-trust.json', Badges.trusting(author.did))
    const asked: string[] = []
    const badges = images.map((_, i) => ({ src: `hostile-${i}.json`, trust: 'hostile-trust.json' }))
    const page = await open(badges, {}, asked)
    expect(await titles(page)).to.deep.equal(images.map(() => 'Valid'))
    const found = await page.evaluate(() =>
      [...document.querySelectorAll('laurel-badge')].map(({ shadowRoot }) => ({
        strangers: shadowRoot?.querySelectorAll('script, b, iframe, a, [onerror], [onload]').length,
        images: [...(shadowRoot?.querySelectorAll('img') ?? [])].map((each) => each.src.slice(0, 15)),
        text: shadowRoot?.textContent,
      })),
    )
    expect(found.map(({ strangers }) => strangers)).to.deep.equal(images.map(() => 0))
    expect(found.map((each) => each.images)).to.deep.equal([['data:image/png;'], [], [], [], ['data:image/svg+']])
    for (const { text } of found) expect(text).to.include(hostile)
    expect(await page.evaluate(() => 'hacked' in window)).to.equal(false)
    expect(asked).to.include(`${elsewhere.origin}/hostile-0.json`)
    expect(asked.filter((url) => url.includes('spy'))).to.deep.equal([])
    await page.context().close()
  })

  it('is worked by the keyboard, and speaks to those who do not see it', async () => {
    const page = await open([{ src: 'changed.laurel', trust: 'trust.json' }])
    const badge = page.locator('laurel-badge')
    expect(await badge.locator('[aria-live=polite]').textContent()).to.include('Not valid')
    expect(await badge.locator('svg:not([aria-hidden=true])').count()).to.equal(0)
    const check = badge.locator('li').filter({ hasText: 'Signature' })
    expect(await check.isVisible()).to.equal(false)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await check.textContent()).to.match(/Signature – Wrong\s*It was changed, or somebody else/)
    // Not by colour alone: each says in words what came of it, but for what was not checked.
    expect(await badge.locator('li .outcome').allTextContents()).to.deep.equal([' – In order', ' – Wrong'])
    await page.context().close()
  })

  it('speaks the language that it is told, as soon as it is told, and shows what is asked of it anew', async () => {
    const page = await open([{ src: 'A-3-1.laurel', trust: 'trust.json', lang: 'de-AT' }])
    const badge = page.locator('laurel-badge')
    expect(await badge.locator('.card').textContent())
      .to.include('Gültig')
      .and.include('Ausgestellt am 27. Februar 2026')
    for (const [lang, title] of [
      ['en', 'Valid'],
      ['xx-nothing', 'Valid'],
      ['no_tag', 'Valid'],
    ] as const) {
      await badge.evaluate((element, value) => element.setAttribute('lang', value), lang)
      expect(await titles(page)).to.deep.equal([title])
    }
    await badge.evaluate((element, src) => element.setAttribute('src', src), `${elsewhere.origin}/changed.laurel`)
    await badge.locator('.card.bad').waitFor()
    expect(await titles(page)).to.deep.equal(['Not valid'])
    await page.context().close()
  })

  for (const colorScheme of ['light', 'dark'] as const)
    it(`can be read on a phone, ${colorScheme}: nothing is cut off, and every text stands out (WCAG 2.2, 1.4.3)`, async () => {
      const names = ['A-3-1.laurel', 'changed.laurel', 'credential.json', 'nowhere'].map((src) => ({
        src,
        trust: 'trust.json',
      }))
      const page = await open([...names, { src: 'A-3-1.laurel', trust: 'no-issuers.json' }], {
        viewport: { width: 320, height: 640 },
        colorScheme,
        reducedMotion: 'reduce',
      })
      const { wide, contrasts } = await page.evaluate(() => {
        const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number)
        const luminance = (color: string) => {
          const [r = 0, g = 0, b = 0] = channels(color)
            .map((each) => each / 255)
            .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
          return 0.2126 * r + 0.7152 * g + 0.0722 * b
        }
        const groundOf = (element: Element): string => {
          const { backgroundColor } = getComputedStyle(element)
          const isClear = channels(backgroundColor)[3] === 0
          return isClear && element.parentElement !== null ? groundOf(element.parentElement) : backgroundColor
        }
        const texts = [...document.querySelectorAll('laurel-badge')].flatMap(({ shadowRoot }) => {
          for (const details of shadowRoot?.querySelectorAll('details') ?? []) details.open = true
          return [...(shadowRoot?.querySelectorAll('p, span, code, summary') ?? [])]
        })
        const contrasts = texts.map((each) => {
          const [a, b] = [luminance(getComputedStyle(each).color), luminance(groundOf(each))]
          return { text: each.textContent ?? '', ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) }
        })
        return { wide: document.documentElement.scrollWidth > innerWidth, contrasts }
      })
      expect(wide).to.equal(false)
      expect(contrasts.length).to.be.greaterThan(50)
      for (const { text, ratio } of contrasts) expect(ratio, text).to.be.at.least(4.5)
      await page.context().close()
    })

  it('stands still for those who want it, while it is being checked', async () => {
    for (const [reducedMotion, name] of [
      ['reduce', 'none'],
      ['no-preference', 'turn'],
    ] as const) {
      const page = await open([{ src: 'A-3-1.laurel' }], { reducedMotion })
      const animation = await page.locator('laurel-badge').evaluate((element) => {
        ;(element as HTMLElement & { explain(why: string): void }).explain('loading')
        const busy = element.shadowRoot?.querySelector('.busy')
        return busy && getComputedStyle(busy).animationName
      })
      expect(animation).to.equal(name)
      await page.context().close()
    }
  })

  it('tells the page what it has found, by an event', async () => {
    const page = await open([])
    const detail = await page.evaluate(
      ([src, trust]) =>
        new Promise((resolve) => {
          document.addEventListener('laurel-verified', (event) => resolve((event as CustomEvent).detail))
          const badge = document.createElement('laurel-badge')
          badge.setAttribute('src', src as string)
          badge.setAttribute('trust', trust as string)
          document.body.append(badge)
        }),
      [`${elsewhere.origin}/A-3-1.laurel`, `${elsewhere.origin}/trust.json`],
    )
    const [{ decision, finding }] = detail as [{ decision: object; finding: { report: { credentialId: string } } }]
    expect(decision).to.include({ verdict: 'accepted' })
    expect(finding.report.credentialId).to.equal(Golden.read('A-3-1.json').id)
    await page.context().close()
  })
})
