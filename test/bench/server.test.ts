import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import * as Page from '../../bench/Page.ts'
import * as Figure from '../../bench/server/Figure.ts'
import * as Line from '../../bench/server/Line.ts'
import * as Load from '../../bench/server/Load.ts'
import * as Served from '../../bench/server/Served.ts'

const whole = { lost: 0, doubled: 0, unexplained: 0, wasted: 0, batches: 2, credentials: 3 }

async function within(listener: RequestListener, work: (port: number) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await work((server.address() as AddressInfo).port)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('bench: a server under load', () => {
  it('is asked on lines that stay open, and every answer is read whole', async () => {
    const long = 'ž'.repeat(200_000)
    const answers = async (port: number) => {
      const line = await Line.open(port)
      const first = await line.ask(Line.request('POST', '/a', { 'x-a': 'b' }, 'Žofie'))
      const second = await line.ask(Line.request('GET', '/none'))
      const third = await line.ask(Line.request('GET', '/long'))
      line.close()
      expect([first.status, first.body.toString()]).to.deep.equal([200, 'POST /a b Žofie'])
      expect([second.status, second.body.length]).to.deep.equal([304, 0])
      expect(third.body.toString()).to.equal(long)
    }
    await within(async (request, response) => {
      const { method, url, headers } = request
      if (url === '/none') response.writeHead(304).end()
      else if (url === '/long') response.setHeader('content-length', Buffer.byteLength(long)).end(long)
      else {
        let body = ''
        for await (const chunk of request.setEncoding('utf8')) body += chunk
        const text = `${method} ${url} ${headers['x-a']} ${body}`
        response.setHeader('content-length', Buffer.byteLength(text)).end(text)
      }
    }, answers)
  })

  it('has no figure once an answer is wrong, or does not come', async () => {
    let count = 0
    const next = () => ({
      request: Line.request('GET', '/'),
      check: ({ body }: Line.Answer) => {
        if (body.toString() !== 'right') throw new Error('wrong')
      },
    })
    const failure = (port: number) =>
      Load.run({ port, lines: 2, seconds: 60, next }).then(
        () => 'none',
        (error) => error.message,
      )
    await within(
      (_, response) => {
        const text = ++count < 5 ? 'right' : 'other'
        response.setHeader('content-length', 5).end(text)
      },
      async (port) => {
        expect(await failure(port)).to.equal('wrong')
      },
    )
    await within(
      (request) => request.socket.destroy(),
      async (port) => {
        expect(await failure(port)).to.match(/hung up|ECONNRESET/)
      },
    )
  })

  it('is summed up by the nearest rank', () => {
    const figures = Load.summarise(
      Array.from({ length: 100 }, (_, i) => 100 - i),
      2,
    )
    expect(figures).to.deep.equal({ count: 100, perSecond: 50, p50: 50, p99: 99, most: 100 })
    expect(() => Load.summarise([], 1)).to.throw(TypeError)
  })

  it('counts for nothing where anything is lost or doubled', () => {
    expect(() => Served.demandWhole({ findings: whole }, 3)).to.not.throw()
    expect(() => Served.demandWhole({ findings: whole }, 4)).to.throw(Served.NotWholeError)
    for (const name of ['lost', 'doubled', 'unexplained', 'wasted'] as const)
      expect(() => Served.demandWhole({ findings: { ...whole, [name]: 1 } }, 3)).to.throw(Served.NotWholeError)
  })

  it('is published with its goals, and whether they are met', () => {
    const figures: readonly Figure.Figure[] = [
      { id: 'S10', what: 'accept', value: 1.234_5, unit: 's', goal: { most: 2 } },
      { id: 'S12', what: 'read', value: 2_999, unit: '/s', goal: { least: 3_000 } },
      { id: '§7', what: 'by the way', value: 3, unit: 'ms' },
    ]
    expect(figures.map(Figure.isMet)).to.deep.equal([true, false, undefined])
    const usage = { cpu: 1, peakRss: 5e8, delay: { p99: 1, max: 20 } }
    const lines = Page.served({ stages: [{ name: 'asked', figures, usage }] })
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
    expect(lines[2]).to.include.members(['asked', 'S10', '**1.23 s**', '≤ 2 s ✔', '500 MB', '1 – 20 ms'])
    expect(lines[3]).to.include.members(['S12', '**3,000/s**', '≥ 3,000/s ✖'])
    expect(lines[4]).to.include.members(['by the way', '**3 ms**'])
  })
})
