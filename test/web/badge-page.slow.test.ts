import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { expect } from 'chai'
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core'
import * as Web from '../../scripts/build/Web.ts'
import * as BuiltPages from '../../server/src/adapters/pages/BuiltPages.ts'
import * as Languages from '../../web/src/Languages.ts'
import * as Api from '../support/Api.ts'
import * as Chromium from '../support/Chromium.ts'
import * as LearnerServer from '../support/LearnerServer.ts'

/** Where the pictures go that somebody has to look at. */
const pictures = fileURLToPath(new URL('../../screenshots/', import.meta.url))

const wide = { viewport: { width: 1200, height: 900 } }
const phone = { viewport: { width: 375, height: 800 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }

describe('The page of a badge, in a browser', function () {
  this.timeout(180_000)
  let browser: Browser | undefined
  let server: LearnerServer.LearnerServer
  /** Of the rows of the roster: one that is in order, one that ends, one to be suspended, one to be withdrawn. */
  let [good, ending, suspended, revoked] = ['', '', '', '']

  before(async function () {
    browser = await Chromium.launch()
    if (browser === undefined) this.skip()
    await mkdir(pictures, { recursive: true })
    const pages = await BuiltPages.open(await Web.ensure())
    const roster = [
      'name,email,validFrom,validUntil,evidenceUrl,evidenceName,evidenceNarrative',
      'Amélie Nguyễn-Okafor,a@example.org,,,https://example.org/essay,"An essay","On what *learning* is."',
      'Bo,b@example.org,2026-01-01T00:00:00Z,2027-01-01T00:00:00Z,,,',
      'Cy,c@example.org,,,,,',
      'Di,d@example.org,,,,,',
    ].join('\n')
    server = await LearnerServer.start([], {}, { roster: `${roster}\n`, pages })
    ;[good = '', ending = '', suspended = '', revoked = ''] = server.credentials
    const ask = Api.create(server.base, server.key)
    for (const [act, uuid] of [
      ['suspend', suspended],
      ['revoke', revoked],
    ] as const)
      expect((await ask('POST', `/v1/credentials/${uuid}/${act}`, { json: {} })).status).to.equal(200)
  })
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  type Opened = { readonly page: Page; readonly close: () => Promise<void> }

  /** Opens a page, and demands of it what is demanded of all: nothing asked of another host, no fault, nothing against the policy. */
  const open = async (
    path: string,
    options: BrowserContextOptions = wide,
    { prepare, now }: { readonly prepare?: (page: Page) => Promise<unknown>; readonly now?: string } = {},
  ): Promise<Opened> => {
    const context = await (browser as Browser).newContext({ locale: 'en-GB', ...options })
    const page = await context.newPage()
    const troubles: string[] = []
    page.on('pageerror', (error) => troubles.push(String(error)))
    page.on('console', (said) => {
      if (said.type() === 'error' && /Content Security Policy|Trusted/.test(said.text())) troubles.push(said.text())
    })
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== server.base) troubles.push(`asked ${request.url()}`)
    })
    await prepare?.(page)
    if (now !== undefined) await page.clock.setFixedTime(now)
    await page.goto(`${server.base}${path}`)
    return {
      page,
      close: async () => {
        await context.close()
        expect(troubles).to.deep.equal([])
      },
    }
  }

  const verdictOf = async (page: Page): Promise<string | null> => {
    await page.locator('[data-verdict]').waitFor({ timeout: 60_000 })
    return page.locator('[data-verdict]').getAttribute('data-verdict')
  }

  /** As if the chain were none for tests. */
  const asOnAPublicChain = (page: Page) =>
    page.route('**/trust.json?*', async (route) => {
      const file = await (await route.fetch()).json()
      const chains = file.chains.map((chain: object) => ({ ...chain, test: false }))
      await route.fulfill({ json: { ...file, chains } })
    })

  const accessible = async (page: Page, where: string) => {
    // Our policy runs no script that a page is handed; a driver may.
    await page.evaluate(axe.source)
    const found = await page.evaluate(async () => {
      // The page has been given it.
      const page = globalThis as typeof globalThis & { readonly axe: Pick<typeof axe, 'run'> }
      const { violations } = await page.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      })
      return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
    })
    expect(found, where).to.deep.equal([])
  }

  const shoot = (page: Page, name: string) => page.screenshot({ path: `${pictures}${name}.png`, fullPage: true })
  const fits = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)

  const states: readonly {
    readonly verdict: string
    readonly of: () => string
    readonly title: string
    readonly now?: string
    readonly prepare?: (page: Page) => Promise<unknown>
  }[] = [
    { verdict: 'test', of: () => good, title: 'In order, but only a test' },
    { verdict: 'valid', of: () => good, title: 'This badge is genuine', prepare: asOnAPublicChain },
    { verdict: 'revoked', of: () => revoked, title: 'Withdrawn' },
    { verdict: 'suspended', of: () => suspended, title: 'Suspended' },
    { verdict: 'expired', of: () => ending, title: 'Expired', now: '2027-02-01T00:00:00Z' },
    { verdict: 'early', of: () => ending, title: 'Not valid yet', now: '2025-06-01T00:00:00Z' },
    {
      verdict: 'changed',
      of: () => good,
      title: 'Changed: do not rely on it',
      prepare: (page) =>
        page.route('**/credentials/*.json', async (route) => {
          const text = await (await route.fetch()).text()
          await route.fulfill({ body: text.replace('Amélie', 'Emilia'), contentType: 'application/vc' })
        }),
    },
    {
      verdict: 'unknown',
      of: () => good,
      title: 'It could not be told',
      prepare: (page) => page.route('**/chain/*', (route) => route.abort()),
    },
    {
      verdict: 'unloaded',
      of: () => good,
      title: 'It could not be checked',
      prepare: (page) => page.route('**/trust.json?*', (route) => route.fulfill({ status: 503 })),
    },
  ]

  for (const { verdict, of, title, now, prepare } of states)
    it(`says so where a badge is ${verdict}, to everybody, light and dark`, async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, close } = await open(
          `/credentials/${of()}.html`,
          { ...wide, colorScheme },
          { ...(prepare && { prepare }), ...(now !== undefined && { now }) },
        )
        expect(await verdictOf(page)).to.equal(verdict)
        expect(await page.locator('.banner .says').textContent()).to.equal(title)
        await page
          .locator('details summary')
          .click({ timeout: 1_000 })
          .catch(() => {})
        await accessible(page, `${verdict} ${colorScheme}`)
        await shoot(page, `badge-${verdict}-${colorScheme}`)
        await close()
      }
    })

  it('says in which of five questions something is wrong, and to experts by which check', async () => {
    const { page, close } = await open(`/credentials/${revoked}.html`)
    await verdictOf(page)
    expect(await page.locator('.answers li').count()).to.equal(5)
    expect(await page.locator('.answers li.failed .about').allTextContents()).to.deep.equal(['Withdrawal Not in order'])
    expect(await page.locator('.expert').getAttribute('open')).to.equal(null)
    await page.locator('.expert summary').click()
    expect(await page.locator('.expert').textContent())
      .to.include('REVOKED')
      .and.include('anchored')
    await close()
  })

  it('calls the issuer what the trust file calls it, whatever a badge calls it', async () => {
    const prepare = (page: Page) =>
      page.route('**/trust.json?*', async (route) => {
        const file = await (await route.fetch()).json()
        await route.fulfill({
          json: { ...file, issuers: file.issuers.map((each: object) => ({ ...each, name: 'Who' })) },
        })
      })
    const { page, close } = await open(`/credentials/${revoked}.html`, wide, { prepare })
    expect(await verdictOf(page)).to.equal('revoked')
    expect(await page.locator('.banner').textContent()).to.include('Who has withdrawn this badge')
    expect(await page.locator('.answers').textContent()).to.include('It really comes from Who.')
    await close()
  })

  it('checks again when it is asked to, and finds what has changed since', async () => {
    let isAway = true
    const prepare = (page: Page) =>
      page.route('**/chain/*', (route: Route) => (isAway ? route.abort() : route.continue()))
    const { page, close } = await open(`/credentials/${good}.html`, wide, { prepare })
    expect(await verdictOf(page)).to.equal('unknown')
    isAway = false
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.locator('[data-verdict="test"]').waitFor()
    await close()
  })

  it('has nothing cut, overlapping or left in English in any language, on a phone and wide', async () => {
    for (const { tag, messages, isRightToLeft } of Languages.all)
      for (const [name, options] of [
        ['phone', phone],
        ['wide', wide],
      ] as const) {
        const { page, close } = await open(`/credentials/${good}.html?lang=${tag}`, options)
        expect(await verdictOf(page)).to.equal('test')
        expect(await page.locator('html').getAttribute('dir')).to.equal(isRightToLeft ? 'rtl' : 'ltr')
        expect(await page.locator('.banner .says').textContent()).to.equal(messages['verdict.test.title'])
        expect(await fits(page), `${tag} ${name}`).to.equal(true)
        const cut = await page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>('main *, footer *')]
            .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflow !== 'visible')
            .filter((each) => each.clientWidth > 1)
            .map((each) => each.outerHTML.slice(0, 120)),
        )
        expect(cut, `${tag} ${name}`).to.deep.equal([])
        if (tag !== 'en') {
          const shown = await page.locator('body').textContent()
          for (const [key, english] of Object.entries(Languages.of('en').messages))
            if (english.length > 12 && !english.includes('{')) expect(shown, `${tag} ${key}`).to.not.include(english)
        }
        await accessible(page, `${tag} ${name}`)
        await shoot(page, `badge-${tag}-${name}`)
        await close()
      }
  })

  it('is worked by the keyboard alone, and shows where one is', async () => {
    const { page, close } = await open(`/credentials/${good}.html`)
    await verdictOf(page)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).to.equal('Skip to the badge')
    await page.keyboard.press('Enter')
    const met: string[] = []
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab')
      const { text, isShown } = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement
        return { text: element.textContent ?? '', isShown: getComputedStyle(element).outlineStyle !== 'none' }
      })
      if (text === 'Check again') {
        await page.keyboard.press('Enter')
        await page.locator('.banner.busy').waitFor({ state: 'detached' })
        expect(await page.evaluate(() => document.activeElement?.textContent)).to.equal('Check again')
      }
      if (text.length < 60) met.push(text)
      expect(isShown, text).to.equal(true)
      if (text === 'العربية') break
    }
    expect(met).to.include.members(['Check again', 'Print this page', 'Copy the link', 'machine learning', 'العربية'])
    await close()
  })

  it('fits at a zoom of 400 %, and with a name that has no end', async () => {
    // WCAG 2.2, 1.4.10: 1280 pixels at 400 %.
    const { page, close } = await open(`/credentials/${good}.html`, { viewport: { width: 320, height: 256 } })
    await verdictOf(page)
    expect(await fits(page)).to.equal(true)
    await page.locator('h1 bdi').evaluate((each) => {
      each.textContent = 'W'.repeat(10_000)
    })
    expect(await fits(page)).to.equal(true)
    await close()
  })

  it('stands still for whoever wants that, and says so without a script', async () => {
    const hold = (page: Page) => page.route('**/trust.json?*', () => {})
    for (const [reducedMotion, name] of [
      ['reduce', 'none'],
      ['no-preference', 'spin'],
    ] as const) {
      const { page, close } = await open(`/credentials/${good}.html`, { ...wide, reducedMotion }, { prepare: hold })
      const sign = page.locator('.sign.busy svg')
      await sign.waitFor()
      expect(await sign.evaluate((each) => getComputedStyle(each).animationName)).to.equal(name)
      await accessible(page, `busy ${reducedMotion}`)
      await close()
    }
    const { page, close } = await open(`/credentials/${revoked}.html`, { ...wide, javaScriptEnabled: false })
    expect(await page.locator('main').textContent())
      .to.include('Withdrawn by its issuer')
      .and.include('Your browser runs no script')
    expect(await page.getByText('Being checked').isVisible()).to.equal(false)
    await shoot(page, 'badge-without-script')
    await close()
  })

  it('prints as a paper of its own: what one can press is left out', async () => {
    const { page, close } = await open(`/credentials/${good}.html`)
    await verdictOf(page)
    await page.emulateMedia({ media: 'print' })
    for (const name of ['Check again', 'Print this page'])
      expect(await page.getByRole('button', { name, includeHidden: true }).isVisible()).to.equal(false)
    await shoot(page, 'badge-print')
    await close()
  })

  it('says in every language why there is no badge, accessibly', async () => {
    for (const { tag, messages } of Languages.all) {
      const { page, close } = await open(`/credentials/00000000-0000-4000-8000-000000000000.html?lang=${tag}`)
      expect(await page.locator('h1').textContent()).to.equal(messages['notice.unknown.title'])
      await accessible(page, tag)
      if (tag === 'en') await shoot(page, 'badge-unknown')
      await close()
    }
  })
})
