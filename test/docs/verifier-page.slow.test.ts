import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import * as Build from '../../scripts/build/Verifier.ts'
import * as Chromium from '../support/Chromium.ts'
import * as Site from '../support/Site.ts'
import * as Verifier from '../support/Verifier.ts'

describe('docs/verifier.md, for a page', function () {
  this.timeout(120_000)
  let browser: Browser | undefined
  before(async function () {
    browser = await Chromium.launch()
    if (browser === undefined) this.skip()
  })
  after(() => browser?.close())

  it('has an element that shows what it says, in the words that it names', async () => {
    const text = await readFile(new URL('../../docs/verifier.md', import.meta.url), 'utf8')
    const [, example = ''] = /<!-- run: badge -->\n\n```html\n([\s\S]*?)```/.exec(text) ?? []
    const keepsake = await readFile(new URL('../vectors/keepsake-v1/A-3-1.laurel', import.meta.url))
    const folder = await mkdtemp(join(tmpdir(), 'laurel-docs-'))
    await Build.module(folder, 'laurel-badge.js')
    const module = await readFile(join(folder, 'laurel-badge.js'), 'utf8')
    const verifier = await Verifier.start()
    const pages: Readonly<Record<string, Site.Content>> = {
      '/': { type: 'text/html', body: `<!doctype html>${example}` },
      '/laurel-badge.js': { type: 'text/javascript', body: module },
      '/ada.laurel': { type: 'application/octet-stream', body: keepsake },
      '/trust.json': { type: 'application/json', body: JSON.stringify(verifier.trust) },
    }
    const site = await Site.start((path) => pages[path])
    try {
      const page = await (browser as Browser).newPage()
      await page.clock.setFixedTime(Verifier.now)
      await page.goto(site.origin)
      const title = await page.locator('laurel-badge .card:not(:has(.busy)) .title').textContent()
      expect(title).to.equal('Valid, in a test')
      const parts = await page
        .locator('laurel-badge [part]')
        .evaluateAll((all) => all.map((each) => each.getAttribute('part')))
      for (const part of parts) expect(text).to.include(`\`${part}\``.replace('`card`', '::part(card)'))
      for (const each of ['Valid', 'Not valid', 'Could not be fully checked', 'Issuer not known here', 'Not checked'])
        expect(text.replaceAll(/\s+/g, ' '), each).to.include(`_${each}_`)
    } finally {
      await site.close()
      await verifier.stop()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
