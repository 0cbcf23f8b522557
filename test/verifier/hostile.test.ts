import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { verify } from '@laurel/verifier'
import * as Door from '@laurel/verifier/readers/node/door'
import { expect } from 'chai'

type Entry = {
  readonly id: string
  readonly surface: string
  readonly description: string
  readonly input?: { readonly kind: string; readonly value: string } | null
  readonly expected: { readonly verdict: string }
}

const table = new URL('../../../shared/reference/hostile-inputs.json', import.meta.url)

describe('The table of hostile inputs', function () {
  this.timeout(60_000)
  if (!existsSync(table)) {
    it('is obeyed by the verifier', function () {
      console.log('      SKIPPED: the table of hostile inputs is not beside this clone')
      this.skip()
    })
    return
  }
  const entries: readonly Entry[] = JSON.parse(readFileSync(table, 'utf8'))
  const of = (surface: string, ...kinds: readonly string[]) =>
    entries.filter((entry) => entry.surface === surface && kinds.includes(entry.input?.kind ?? ''))

  describe('images', () => {
    const trust = { chains: [], issuers: [], status: { maximumAgeSeconds: 1 } }
    const images = of('baked-image', 'base64', 'text').filter(({ expected }) => expected.verdict !== 'valid')
    // Told from what is broken: a badge by another version of the standard, of which nobody here can say anything.
    const unread = ['IMG-003']
    it('are there', () => expect(images.length).to.be.greaterThan(5))
    for (const { id, description, input } of images)
      it(`${id} ${description}: refused before anything is read`, async () => {
        const bytes = new Uint8Array(Buffer.from(input?.value ?? '', input?.kind === 'base64' ? 'base64' : 'utf8'))
        const { checks } = await verify(bytes, { trust, readers: {} as never, now: 0 })
        expect(checks[0]?.outcome).to.equal(unread.includes(id) ? 'unknown' : 'failed')
        expect(checks.slice(1).every(({ code }) => code === 'NOT_CHECKED')).to.equal(true)
      })
  })

  describe('addresses', () => {
    const addresses = of('url-fetch', 'url')
    it('are there', () => expect(addresses.length).to.be.greaterThan(20))
    for (const { id, description, input } of addresses)
      it(`${id} ${description}: not fetched`, async () => {
        expect(await Door.create({ allowLoopback: false, timeout: 2_000 })(input?.value ?? '', 1_000)).to.equal(
          undefined,
        )
      })

    it('that lead to this machine reach nobody there', async () => {
      let connections = 0
      const server = createServer((socket) => {
        connections++
        socket.destroy()
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      const door = Door.create({ allowLoopback: false, timeout: 2_000 })
      for (const { input } of addresses) {
        if (!URL.canParse(input?.value ?? '')) continue
        const url = new URL(input?.value ?? '')
        url.port = String(port)
        await door(url.href, 1_000)
      }
      server.close()
      await once(server, 'close')
      expect(connections).to.equal(0)
    })
  })
})
