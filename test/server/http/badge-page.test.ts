import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import express from 'express'
import * as Web from '../../../scripts/build/Web.ts'
import * as BuiltPages from '../../../server/src/adapters/pages/BuiltPages.ts'
import * as Served from '../../../server/src/http/Pages.ts'
import type { Pages } from '../../../server/src/ports/Pages.ts'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as LearnerServer from '../../support/LearnerServer.ts'

const hostile = `</script><script>alert(1)</script>"><svg/onload=alert(1)>'-alert(1)-'{{7*7}}\${7*7}`
const narrative = [
  '# A heading',
  '<iframe src=//evil.example></iframe>',
  '[script](javascript:alert(1)) [web](https://example.org/a"b) [mail](mailto:a@example.org) <javascript:alert(1)>',
  '![tracker](https://evil.example/t.png)',
  '- *one*\n- `two`\n\n1. three\n\n> four\n\n    five',
  '[reference][1]\n\n[1]: data:text/html,x',
].join('\n\n')

describe('The page of a badge, as it is served', function () {
  this.timeout(120_000)
  let server: LearnerServer.LearnerServer
  let pages: Pages
  let uuid: string
  let other: string
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

  before(async () => {
    const found = await BuiltPages.open(await Web.ensure())
    if (found === undefined) throw new Error('They were built')
    pages = found
    const place = await Cli.createHome()
    const achievement = join(place.home, 'achievement.json')
    const text = { name: hostile, description: hostile, fieldOfStudy: hostile, tag: [hostile] }
    const alignment = [
      { type: ['Alignment'], targetName: hostile, targetUrl: 'https://example.org/skill', targetFramework: hostile },
    ]
    await writeFile(
      achievement,
      JSON.stringify({
        id: 'https://example.org/achievements/1',
        type: ['Achievement'],
        ...text,
        criteria: { narrative },
        alignment,
      }),
    )
    const roster = `name,email,evidenceUrl,evidenceName\n<b>Ada</b>,ada@example.org,https://example.org/e,<i>Work</i>\nBo,bo@example.org,,\n`
    server = await LearnerServer.start([], {}, { roster, achievement, pages })
    ;[uuid = '', other = ''] = server.credentials
    await place.remove()
  })
  after(() => server?.close())

  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${server.base}${path}`, { headers, redirect: 'manual' })
  /** What is shown: the head has all words of a language, for the script. */
  const bodyOf = async (address: string) => (await (await fetch(address)).text()).split('</head>')[1]
  const typeOf = async (path: string, accept: string) => (await get(path, { accept })).headers.get('content-type')

  it('is for who comes with a browser or names it, and programs get what they always got', async () => {
    const html = 'text/html; charset=utf-8'
    expect(await typeOf(`/credentials/${uuid}`, browser)).to.equal(html)
    expect(await typeOf(`/credentials/${uuid}.html`, '*/*')).to.equal(html)
    for (const accept of [
      '*/*',
      'application/vc',
      'application/json',
      'text/html;q=0.5, application/json',
      'application/vc, text/html',
      'application/*, text/html;q=0.9',
    ])
      expect(await typeOf(`/credentials/${uuid}`, accept), accept).to.equal('application/vc')
    expect(await typeOf(`/credentials/${uuid}.json`, browser)).to.equal('application/vc')
    for (const name of [uuid, `${uuid}.html`])
      expect((await get(`/credentials/${name}`)).headers.get('vary'), name).to.include('Accept')
  })

  it('runs, shows and asks nothing of anybody else; is kept, found and framed by nobody', async () => {
    const { headers } = await get(`/credentials/${uuid}.html`)
    const policy = Object.fromEntries(
      (headers.get('content-security-policy') ?? '').split('; ').map((each) => each.split(/ (.*)/).slice(0, 2)),
    )
    expect(policy).to.include({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self'",
      'frame-ancestors': "'none'",
      'connect-src': `'self' ${server.base}`,
    })
    expect(JSON.stringify(policy)).to.not.include('unsafe')
    expect(headers.get('cache-control')).to.equal('private, no-store')
    for (const name of ['', '.html', '.json', '.png', '.svg', '.pdf'])
      expect((await get(`/credentials/${uuid}${name}`)).headers.get('x-robots-tag'), name).to.equal('noindex')
    expect(headers.get('referrer-policy')).to.equal('no-referrer')
    expect(headers.get('set-cookie')).to.equal(null)
  })

  it('says what is essential without a script, and in its head what others preview, without the person', async () => {
    const text = await (await get(`/credentials/${uuid}.html`)).text()
    const [head = '', body = ''] = text.split('</head>')
    expect(body).to.include('&lt;b&gt;Ada&lt;/b&gt;').and.include('Example issuer').and.include('Not withdrawn')
    expect(body).to.include('&lt;i&gt;Work&lt;/i&gt;').and.include('https://example.org/skill')
    expect(body).to.include(`/credentials/${uuid}.pdf`).and.include('Your browser runs no script')
    expect(text).to.not.include('ada@example.org')
    for (const name of ['og:title', 'og:description', 'og:url', 'og:image', 'twitter:title', 'twitter:image'])
      expect(head).to.match(new RegExp(`<meta (?:property|name)="${name}" content="[^"]+"`))
    expect(head).to.include(`content="${server.base}/credentials/${uuid}.html"`).and.not.include('Ada')
    const [, data = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(head) ?? []
    expect(JSON.parse(data)).to.deep.include({
      '@context': 'https://schema.org',
      '@type': 'EducationalOccupationalCredential',
      credentialCategory: 'badge',
      name: hostile,
    })
  })

  it('has a picture of the link, of the size that sites ask for, the same for all of a batch', async () => {
    const [first, second] = await Promise.all(
      [uuid, other].map(async (name) => {
        const response = await get(`/previews/${name}.png`)
        expect([response.status, response.headers.get('content-type')]).to.deep.equal([200, 'image/png'])
        return Buffer.from(await response.arrayBuffer())
      }),
    )
    expect(first?.equals(second as Buffer)).to.equal(true)
    expect(first?.subarray(1, 4).toString()).to.equal('PNG')
    // IHDR: the width and the height (PNG §11.2.1).
    expect([first?.readUInt32BE(16), first?.readUInt32BE(20)]).to.deep.equal([1_200, 630])
    for (const name of ['x', '00000000-0000-4000-8000-000000000000'])
      expect((await get(`/previews/${name}.png`)).status).to.equal(404)
  })

  it('tells sites how to show a link, as oEmbed has it', async () => {
    const text = await (await get(`/credentials/${uuid}.html`)).text()
    const [, link = ''] = /type="application\/json\+oembed"[^>]* href="([^"]+)"/.exec(text) ?? []
    const path = link.replaceAll('&amp;', '&').slice(server.base.length)
    const answer = await (await get(`${path}&maxwidth=300`)).json()
    expect(answer).to.deep.include({ version: '1.0', type: 'rich', width: 300, height: 158, thumbnail_width: 1_200 })
    expect(answer.title).to.equal(`${hostile}, Example issuer`)
    expect(answer.html)
      .to.match(/^<a href="[^"<>]+"><img src="[^"<>]+" alt="[^"<>]+" width="300" height="158"><\/a>$/)
      .and.include(uuid)
    const sizes = ['', '&maxheight=100', '&maxheight=100&maxwidth=50', '&maxwidth=x&maxheight=0'].map(async (asked) => {
      const { width, height } = await (await get(`${path}${asked}`)).json()
      return [width, height]
    })
    expect(await Promise.all(sizes)).to.deep.equal([
      [600, 315],
      [190, 100],
      [50, 26],
      [600, 315],
    ])
    expect((await get(`${path}&format=xml`)).status).to.equal(501)
    for (const url of ['', 'https://evil.example/credentials/x', `${server.base}/credentials/x.html`, 'x'])
      expect((await get(`/oembed?url=${encodeURIComponent(url)}`)).status, url).to.equal(404)
  })

  it('shows what is hostile as the text that it is', async () => {
    for (const path of [`/credentials/${uuid}.html`, `/credentials/${uuid}.html?lang="><script>alert(1)</script>`]) {
      const text = await (await get(path)).text()
      // Ours are the script, and what machines read.
      expect(text.match(/<script/g), path).to.have.length(2)
      expect(text).to.not.match(/<svg\/|<iframe|<b>|<i>|style=|\son\w+="|href="(?!https?:|\/|mailto:|#)/i)
      for (const [, address] of text.matchAll(/ src="([^"]*)"/g)) expect(address).to.match(/^\//)
    }
    const text = await (await get(`/credentials/${uuid}.html`)).text()
    expect(text).to.include('&lt;iframe src=//evil.example&gt;').and.include('<h3>A heading</h3>')
    expect(text).to.include('<li><p><em>one</em></p></li>').and.include('<blockquote><p>four</p></blockquote>')
    expect(text).to.include('href="mailto:a@example.org"').and.include('<p>tracker</p>')
    expect(text).to.not.include('t.png')
  })

  it('is made at once of whatever Markdown there is, and shows as text what nobody would write', () => {
    const page = (narrative: string) => {
      const credential = { credentialSubject: { achievement: { name: 'x', criteria: { narrative } } } }
      return pages.badge({ uuid, credential, state: 'valid', publicUrl: server.base }, 'en')
    }
    const all = [
      '>'.repeat(20_000),
      '1. '.repeat(6_666),
      '> - '.repeat(5_000),
      `${'*'.repeat(10_000)}a${'*'.repeat(10_000)}`,
      `${'*a '.repeat(3_333)}${' a*'.repeat(3_333)}`,
      '*_'.repeat(10_000),
      `${'!['.repeat(3_333)}${'](b)'.repeat(3_333)}`,
      `${'*a '.repeat(100)}${' a*'.repeat(100)}`,
    ]
    const began = performance.now()
    for (const narrative of all) expect(page(narrative), narrative.slice(0, 9)).to.match(/<pre>(?!<)/)
    // Each of most of them would take seconds.
    expect(performance.now() - began).to.be.below(2_000)
    const lists = Array.from({ length: 8 }, (_, i) => `${'  '.repeat(i)}- ${i}`).join('\n')
    expect(page(`${lists}\n\n* * * * * * * *\n\n${'*a* '.repeat(200)}`))
      .to.include('<hr/>')
      .and.not.include('<pre>')
  })

  it('speaks the language that is asked for, by name before by the browser, and English otherwise', async () => {
    const tag = async (query: string, language: string) =>
      /<html lang="(\w+)" dir="(\w+)"/
        .exec(await (await get(`/credentials/${uuid}.html${query}`, { 'accept-language': language })).text())
        ?.slice(1)
    expect(await tag('', 'pt-BR, en;q=0.5')).to.deep.equal(['pt', 'ltr'])
    expect(await tag('', 'ar')).to.deep.equal(['ar', 'rtl'])
    expect(await tag('', 'tlh')).to.deep.equal(['en', 'ltr'])
    expect(await tag('?lang=de', 'fr')).to.deep.equal(['de', 'ltr'])
    expect(await tag('?lang=xx', 'fr')).to.deep.equal(['fr', 'ltr'])
    expect(await tag('?lang=fr&lang=de', 'es')).to.deep.equal(['es', 'ltr'])
  })

  it('says that a badge is withdrawn, in the words of people, before any script has run', async () => {
    const ask = Api.create(server.base, server.key)
    expect((await ask('POST', `/v1/credentials/${other}/suspend`, { json: {} })).status).to.equal(200)
    expect(await bodyOf(`${server.base}/credentials/${other}.html`)).to.include('Suspended for the time being')
    expect((await ask('POST', `/v1/credentials/${other}/revoke`, { json: {} })).status).to.equal(200)
    expect(await bodyOf(`${server.base}/credentials/${other}.html`)).to.include('Withdrawn by its issuer')
  })

  it('does not say how a badge stands where a restored server does not know, unless it is withdrawn for good', async () => {
    const ask = Api.create(server.base, server.key)
    expect((await ask('POST', `/v1/credentials/${other}/revoke`, { json: {} })).status).to.equal(200)
    const app = express()
    const drawer = { drawPreview: async () => new Uint8Array() }
    Served.mount(app, pages, drawer, { ...server.api, restoration: { backupAt: 0, restoredAt: 0 } })
    const restored = app.listen(0, '127.0.0.1')
    try {
      await once(restored, 'listening')
      const { port } = restored.address() as AddressInfo
      const read = (name: string) => bodyOf(`http://127.0.0.1:${port}/credentials/${name}.html`)
      expect(await read(uuid))
        .to.include('At a glance')
        .and.not.include('Not withdrawn')
      expect(await read(other)).to.include('Withdrawn by its issuer')
    } finally {
      restored.close()
    }
  })

  it('tells people why there is none, with the status that programs get', async () => {
    for (const name of ['00000000-0000-4000-8000-000000000000', '%22%3E%3Csvg%20onload%3Dalert(1)%3E', 'x']) {
      const page = await get(`/credentials/${name}`, { accept: browser })
      expect(page.status).to.equal(404)
      const text = await page.text()
      expect(text).to.include('There is no badge here').and.not.include('<svg')
      const answer = await get(`/credentials/${name}`)
      expect([answer.status, (await answer.json()).code]).to.deep.equal([404, 'CREDENTIAL_UNKNOWN'])
    }
    const german = await get('/credentials/x.html', { 'accept-language': 'de' })
    expect(await german.text()).to.include('Hier ist kein Abzeichen')
  })

  it('gives out what it loads once and for ever, as small as whoever asks can read it', async () => {
    const text = await (await get(`/credentials/${uuid}.html`)).text()
    const names = [...text.matchAll(/(?:href|src)="\/web\/([^"]+)"/g)].map(([, name = '']) => name)
    expect(names).to.have.length(3)
    for (const name of names) {
      const asset = pages.asset(name)
      expect(asset, name).to.not.equal(undefined)
      // fetch takes the coding off again: what was sent is told by its length.
      for (const [accepted, coding, decode] of [
        ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
        ['br;q=0, *', 'gzip', gunzipSync],
      ] as const) {
        const response = await get(`/web/${name}`, { 'accept-encoding': accepted })
        expect(response.headers.get('content-encoding'), name).to.equal(coding)
        expect(response.headers.get('cache-control')).to.include('immutable')
        expect(response.headers.get('vary')).to.include('Accept-Encoding')
        expect(Buffer.from(await response.arrayBuffer()).equals(asset?.bytes as Buffer)).to.equal(true)
        const bytes = asset?.encoded.find(([name]) => name === coding)?.[1] as Buffer
        expect(decode(bytes).equals(asset?.bytes as Buffer)).to.equal(true)
      }
      const plain = await get(`/web/${name}`, { 'accept-encoding': 'identity' })
      expect(plain.headers.get('content-encoding')).to.equal(null)
    }
    for (const name of ['manifest.json', 'render.js', '..%2f..%2fpackage.json', 'x.js'])
      expect((await get(`/web/${name}`)).status, name).to.equal(404)
  })
})
