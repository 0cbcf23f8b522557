import { expect } from 'chai'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import * as Chromium from '../../support/Chromium.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'

describe('The pages of people, in a browser', function () {
  this.timeout(180_000)
  let browser: Browser | undefined
  let place: Place.Place | undefined
  let server: Cli.Server | undefined
  let base: string

  before(async function () {
    browser = await Chromium.launch()
    if (browser === undefined) this.skip()
    place = await Place.create({ LAUREL_WORKERS: '0' })
    server = await Cli.start(place.environment)
    base = place.base.replace('127.0.0.1', 'localhost')
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
    await place?.remove()
  })

  const linkFor = async (email: string): Promise<string> => {
    const environment = place?.environment ?? {}
    const { stdout } = await Cli.run('laurel', ['member', 'add', email, '--owner', '--json'], environment)
    return JSON.parse(stdout).link
  }

  /** A page, and all that its policy or its script had to say against it. */
  const open = async (options: BrowserContextOptions = {}) => {
    const context = await (browser as Browser).newContext({ locale: 'en-GB', ...options })
    const page = await context.newPage()
    const troubles: string[] = []
    page.on('pageerror', (error) => troubles.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text())
    })
    return { page, troubles, close: () => context.close() }
  }

  /** A device with a fingerprint reader, whose finger is there or not (Web Authentication §11). */
  const withDevice = async (page: Page, isUserVerified = true) => {
    const session = await page.context().newCDPSession(page)
    await session.send('WebAuthn.enable')
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified,
        automaticPresenceSimulation: true,
      },
    })
    return {
      verify: (isUserVerified: boolean) =>
        session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    }
  }

  it('sign in by a link, make a passkey, and sign in by it, with the keyboard alone', async () => {
    const { page, troubles, close } = await open()
    try {
      const device = await withDevice(page)
      await page.goto(await linkFor('ada@example.org'))
      await page.locator('button:focus').waitFor()
      await page.keyboard.press('Enter')
      await page.waitForURL('**/account')
      await page.getByLabel('What you call this device').fill('Ada’s laptop')
      await page.keyboard.press('Enter')
      await page.getByText('Ada’s laptop').waitFor()
      await page.getByRole('button', { name: 'Sign out' }).press('Enter')
      await page.waitForURL('**/sign-in')
      const button = page.getByRole('button', { name: 'Sign in with a passkey' })
      await button.press('Enter')
      await page.waitForURL('**/account')
      expect(await page.locator('main').textContent())
        .to.include('ada@example.org')
        .and.include('by a passkey')
      // Without the finger the device signs nothing, and nobody is signed in.
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.waitForURL('**/sign-in')
      await device.verify(false)
      const asked = page.waitForResponse('**/sign-in/passkey/options')
      await button.click()
      await asked
      expect(new URL(page.url()).pathname).to.equal('/sign-in')
      await page.goto(`${base}/account`)
      expect(new URL(page.url()).pathname).to.equal('/sign-in')
      expect(troubles).to.deep.equal([])
    } finally {
      await close()
    }
  })

  it('fit a telephone, are dark where that is wanted, and work without a script', async () => {
    for (const options of [
      { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
      { viewport: { width: 1280, height: 800 }, colorScheme: 'light', javaScriptEnabled: false },
    ] as const) {
      const { page, troubles, close } = await open(options)
      try {
        const link = await linkFor('bo@example.org')
        for (const at of [`${base}/sign-in`, `${base}/sign-in/sent`, link]) {
          await page.goto(at)
          const { width } = (await page.locator('main').boundingBox()) ?? { width: Number.NaN }
          expect(width).to.be.at.most(options.viewport.width)
          const background = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
          const [red = 0] = String(background).match(/\d+/g)?.map(Number) ?? []
          expect(red < 128, at).to.equal(options.colorScheme === 'dark')
          if (process.env.LAUREL_SHOTS !== undefined)
            await page.screenshot({ path: `${process.env.LAUREL_SHOTS}/${options.colorScheme}-${at.length}.png` })
        }
        await page.getByRole('button', { name: 'Sign in' }).click()
        await page.waitForURL('**/account')
        expect(await page.locator('main').textContent()).to.include('Signed in as bo@example.org')
        const isWider = await page.locator('main').evaluate((main) => main.scrollWidth > main.clientWidth)
        expect(isWider).to.equal(false)
        expect(troubles).to.deep.equal([])
      } finally {
        await close()
      }
    }
  })
})
