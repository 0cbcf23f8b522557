import type { ServerResponse } from 'node:http'
import * as Webhook from '@laurel/client/Webhook'
import * as Outbound from '@laurel/verifier/readers/node/Outbound'
import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import * as GuardedWeb from '../../../server/src/adapters/web/GuardedWeb.ts'
import type { Delivery } from '../../../server/src/ports/OutboxStore.ts'
import type { Web } from '../../../server/src/ports/Web.ts'
import type { WebhookSecrets } from '../../../server/src/ports/WebhookSecrets.ts'
import type * as Endpoint from '../../../server/src/webhooks/Endpoint.ts'
import { keepDelivering } from '../../../server/src/webhooks/keep-delivering.ts'
import * as Schedule from '../../../server/src/webhooks/Schedule.ts'
import * as Signature from '../../../server/src/webhooks/Signature.ts'
import * as Receiver from '../../support/Receiver.ts'
import { until } from '../../support/until.ts'
import { hex, pages, request } from '../store/batch-store.ts'
import { describeDatabases, type Fresh } from '../store/databases.ts'
import { later } from '../store/outbox-store.ts'

/** A secret that says which it is. */
const secretOf = (endpoint: string, generation: number) =>
  Uint8Array.from(Buffer.from(endpoint.replaceAll('-', '').padEnd(64, String(generation)), 'hex'))

const webhookSecrets: WebhookSecrets = {
  key: async () => 'k1',
  secret: async (endpoint, generation) => secretOf(endpoint, generation),
}

const local = GuardedWeb.create({ allowLoopback: true })

describeDatabases('Telling webhooks', (fresh) => {
  let database: Fresh
  let store: SqlBatchStore.Store
  let receivers: Receiver.Receiver[]
  let stops: (() => Promise<void>)[]
  let alarms: string[]
  /** What the clocks of the processes say is later than it is by so many milliseconds. */
  let ahead: number
  beforeEach(async function () {
    this.timeout(120_000)
    database = await fresh()
    store = await SqlBatchStore.open(database.location)
    receivers = []
    stops = []
    alarms = []
    ahead = 0
  })
  afterEach(async () => {
    await Promise.all(receivers.map((receiver) => receiver.stop()))
    await Promise.all(stops.map((stop) => stop()))
    await store.close()
    database.remove()
  })

  const receive = async (...args: Parameters<typeof Receiver.start>) => {
    const receiver = await Receiver.start(...args)
    receivers.push(receiver)
    return receiver
  }
  /** Begins to deliver, as a process of the server does; the function returned ends it. */
  const begin = (web: Web = local, outbox = store.outbox, secrets = webhookSecrets): (() => Promise<void>) => {
    const ending = new AbortController()
    const clock = { now: () => Date.now() + ahead }
    const randomness = { bytes: (size: number) => new Uint8Array(size).fill(128) }
    const ended = keepDelivering(
      { outbox, web, webhookSecrets: secrets, clock, randomness },
      { signal: ending.signal, alarm: (error) => alarms.push(String((error as { readonly code?: unknown }).code)) },
    )
    const stop = async () => {
      ending.abort()
      await ended
    }
    stops.push(stop)
    return stop
  }
  let count = 0
  const add = (url: string, types: Endpoint.Endpoint['types'] = null) => {
    const id = `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
    return store.outbox.addEndpoint({ id, url, description: null, types, key: 'k1' })
  }
  const accept = (n: number) =>
    store.accept(request({ id: `batch-${n}`, hash: hex(n), size: 1 }), pages([{ recipient: { name: 'Ada Lovelace' } }]))
  const deliveries = ({ id }: Endpoint.Endpoint) => store.outbox.deliveries(id, { limit: 200 })
  const first = async (endpoint: Endpoint.Endpoint): Promise<Delivery> => {
    const [delivery] = await deliveries(endpoint)
    if (delivery === undefined) throw new Error('nothing is in its queue')
    return delivery
  }
  const tried = (endpoint: Endpoint.Endpoint, times = 1) =>
    until(async () => (await first(endpoint)).tries.length >= times)
  const delivered = (endpoint: Endpoint.Endpoint) => until(async () => (await first(endpoint)).state === 'delivered')
  const pass = async (milliseconds: number) => {
    ahead += milliseconds
    for (const statement of later(milliseconds)) await database.execute(statement)
  }

  it('tells of an event once, signed, with ids and nothing else', async () => {
    const receiver = await receive()
    const endpoint = await add(`${receiver.url}hooks?x=1`)
    const { batch } = await accept(1)
    begin()
    await delivered(endpoint)
    const [heard] = receiver.heard as [Receiver.Heard]
    expect(receiver.heard).to.have.length(1)
    expect(heard.path).to.equal('/hooks?x=1')
    expect(heard.headers.get('content-type')).to.equal('application/json')
    const { id, event } = await Webhook.verify(heard, Signature.toText(secretOf(endpoint.id, 1)))
    const [stored] = await store.outbox.events({ limit: 1 })
    expect(id).to.equal(stored?.id)
    expect(event).to.deep.equal({
      type: 'batch.accepted',
      timestamp: new Date(stored?.at ?? 0).toISOString(),
      data: { batch: batch.id, state: 'accepted', reason: null, sequence: batch.epoch },
    })
    expect(heard.body).to.not.include('Ada')
    const [attempt] = (await first(endpoint)).tries
    expect(attempt).to.include({ status: 200, code: 'DELIVERED', excerpt: '' })
  })

  it('goes on once it can derive secrets again, and has told of the trouble once', async () => {
    const receiver = await receive()
    const endpoint = await add(receiver.url)
    await accept(1)
    let asked = 0
    const damaged = Object.assign(new Error('The file of the webhook key is damaged.'), { code: 'KEY_DAMAGED' })
    begin(local, store.outbox, {
      ...webhookSecrets,
      key: async () => {
        if (asked++ < 2) throw damaged
        return 'k1'
      },
    })
    await delivered(endpoint)
    expect(alarms).to.deep.equal(['KEY_DAMAGED'])
    expect(receiver.heard).to.have.length(1)
  })

  it('WHK-002: looks at the address again at every connection, and says what is wrong with it', async () => {
    const receiver = await receive()
    const { port } = new URL(receiver.url)
    let address = '93.184.216.34'
    const resolve = async () => [{ address, family: 4 }]
    const web = GuardedWeb.create({ allowLoopback: false, resolve })
    await web.check('https://hooks.example/')
    const endpoint = await add('https://hooks.example/')
    const onTheMachine = await add(`https://hooks.example:${port}/`)
    address = '10.0.0.5'
    expect(await web.check('https://hooks.example/').catch(({ code }) => code)).to.equal('URL_BLOCKED')
    await accept(1)
    begin(web)
    await tried(endpoint)
    await tried(onTheMachine)
    expect(await first(endpoint)).to.deep.include({ state: 'waiting', reason: 'URL_BLOCKED' })
    address = '127.0.0.1'
    await pass(Schedule.waits[0])
    await tried(endpoint, 2)
    await tried(onTheMachine, 2)
    const codes = (await first(onTheMachine)).tries.map(({ code }) => code)
    expect(codes).to.deep.equal(['URL_BLOCKED', 'URL_BLOCKED'])
    expect(receiver.heard).to.have.length(0)
  })

  it('WHK-003: is sent nowhere else', async () => {
    const inside = await receive()
    const outside = await receive((_, response) => response.writeHead(302, { location: inside.url }).end('moved'))
    const endpoint = await add(outside.url)
    await accept(1)
    begin()
    await tried(endpoint)
    const delivery = await first(endpoint)
    expect(delivery).to.deep.include({ state: 'waiting', reason: 'HTTP_302' })
    expect(delivery.tries[0]?.excerpt).to.equal('moved')
    expect(inside.heard).to.have.length(0)
  })

  for (const [title, answer] of [
    ['never answers', () => {}],
    ['never ends its answer', (_: Receiver.Heard, response: ServerResponse) => response.writeHead(200).write('x')],
  ] as const)
    it(`WHK-004: gives up who ${title}`, async () => {
      const receiver = await receive(answer)
      const endpoint = await add(receiver.url)
      await accept(1)
      begin(GuardedWeb.create({ allowLoopback: true, timeout: 200 }))
      await tried(endpoint)
      expect(await first(endpoint)).to.deep.include({ state: 'waiting', reason: 'TIMEOUT' })
    })

  it('WHK-004, P33: nobody waits for who is dead or slow, ten of a hundred', async function () {
    this.timeout(60_000)
    const held: ServerResponse[] = []
    const slow = await receive((_, response) => held.push(response))
    const well = await receive()
    const away = await Receiver.start()
    await away.stop()
    const healthy = new Set<string>()
    const dead: Endpoint.Endpoint[] = []
    for (let n = 0; n < 100; n++) {
      if (n % 20 === 0) await add(`${slow.url}${n}`)
      else if (n % 20 === 10) dead.push(await add(`${away.url}${n}`))
      else healthy.add((await add(`${well.url}${n}`)).id)
    }
    for (const n of [1, 2, 3]) await accept(n)
    begin()
    // All of the others have all three events, while the slow ones have answered none.
    await until(() => well.heard.length === 270 && held.length > 0)
    expect(new Set(well.heard.map(({ path, id }) => `${path} ${id}`)).size, 'none of them twice').to.equal(270)
    expect(held.every((response) => !response.writableEnded)).to.equal(true)
    await until(async () => {
      const found = await Promise.all(dead.map(deliveries))
      return found.every((each) => each.every(({ reason }) => reason === 'FETCH_FAILED'))
    })
    for (const response of held) response.end()
  })

  it('WHK-005: tries again by the schedule, under the same id, until it is heard; and then when it is told to', async function () {
    this.timeout(60_000)
    let status = 500
    const receiver = await receive((_, response) => response.writeHead(status).end('no \u0000 thanks\n'))
    const endpoint = await add(receiver.url)
    await accept(1)
    begin()
    await tried(endpoint)
    for (const [i, wait] of Schedule.waits.entries()) {
      const { dueAt, tries, state } = await first(endpoint)
      expect(state).to.equal('waiting')
      expect(tries[0]).to.include({ code: 'HTTP_500', excerpt: 'no   thanks ' })
      const waits = (dueAt ?? 0) - (tries[0]?.at ?? 0)
      expect(waits, `wait ${i}`).to.be.within(wait * 0.9 - 1_000, wait * 1.1 + 1_000)
      if (i === Schedule.waits.length - 1) status = 204
      await pass(Math.ceil(wait * 1.1))
      await tried(endpoint, i + 2)
    }
    await delivered(endpoint)
    expect(receiver.heard).to.have.length(10)
    expect(new Set(receiver.heard.map(({ id }) => id)).size).to.equal(1)
    expect(new Set(receiver.heard.map(({ body }) => body)).size).to.equal(1)
    const times = receiver.heard.map(({ timestamp }) => timestamp)
    expect(times).to.deep.equal([...new Set(times)].toSorted((a, b) => a - b))
    const [{ id }] = receiver.heard as [Receiver.Heard]
    await store.outbox.replay(endpoint.id, { event: id })
    await until(() => receiver.heard.length === 11)
    expect(receiver.heard.at(-1)?.id).to.equal(id)
  })

  it('WHK-005: has failed when nothing is left of the schedule', async function () {
    this.timeout(60_000)
    const receiver = await receive((_, response) => response.writeHead(500).end())
    const endpoint = await add(receiver.url)
    await accept(1)
    begin()
    for (const [i, wait] of Schedule.waits.entries()) {
      await tried(endpoint, i + 1)
      await pass(Math.ceil(wait * 1.1))
    }
    await until(async () => (await first(endpoint)).state === 'failed')
    expect(receiver.heard).to.have.length(10)
    expect((await store.outbox.endpoint(endpoint.id))?.ended, 'three days are no five').to.equal(null)
  })

  it('WHK-006: gives up who is gone, and says so', async () => {
    const receiver = await receive((_, response) => response.writeHead(410).end())
    const endpoint = await add(receiver.url)
    await accept(1)
    begin()
    await until(() => alarms.length === 1)
    expect(alarms).to.deep.equal(['ENDPOINT_GONE'])
    expect((await store.outbox.endpoint(endpoint.id))?.ended?.reason).to.equal('ENDPOINT_GONE')
    expect(await first(endpoint)).to.deep.include({ state: 'dropped', reason: 'ENDPOINT_GONE' })
    const [told] = await store.outbox.events({ limit: 1 })
    expect(told?.type).to.equal('webhook.disabled')
  })

  for (const [retryAfter, least] of [
    ['7200', 7_200_000],
    ['1e9', 4_500],
    ['-5', 4_500],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 4_500],
  ] as const)
    it(`WHK-007: heeds Retry-After: ${retryAfter} as far as it makes sense`, async () => {
      const receiver = await receive((_, response) => response.writeHead(429, { 'retry-after': retryAfter }).end())
      const endpoint = await add(receiver.url)
      await accept(1)
      begin()
      await tried(endpoint)
      const { dueAt, tries, reason } = await first(endpoint)
      expect(reason).to.equal('HTTP_429')
      // The two times are of two statements.
      expect((dueAt ?? 0) - (tries[0]?.at ?? 0)).to.be.within(least - 1_000, least + 60_000)
    })

  it('WHK-008: reads no more of an answer than it needs', async () => {
    let written = 0
    const chunk = Buffer.alloc(65_536, 'x')
    const receiver = await receive((_, response) => {
      response.writeHead(200)
      const write = () => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length
      }
      response.on('drain', write)
      write()
    })
    const endpoint = await add(receiver.url)
    await accept(1)
    begin()
    await delivered(endpoint)
    // What lies in the buffers of both ends was sent, and not read.
    expect(written).to.be.below(64 * 1024 * 1024)
    expect((await first(endpoint)).tries[0]?.excerpt).to.equal('x'.repeat(200))
  })

  it('WHK-011: signs with both secrets while one takes the place of the other', async () => {
    const receiver = await receive()
    const endpoint = await add(receiver.url)
    await accept(1)
    await store.outbox.rotateSecret(endpoint.id, 'k1', 60_000)
    begin()
    await delivered(endpoint)
    const [heard] = receiver.heard as [Receiver.Heard]
    for (const generation of [1, 2]) await Webhook.verify(heard, Signature.toText(secretOf(endpoint.id, generation)))
    await pass(60_001)
    await accept(2)
    await until(() => receiver.heard.length === 2)
    const later = receiver.heard[1] as Receiver.Heard
    const now = Date.now() + ahead
    await Webhook.verify(later, Signature.toText(secretOf(endpoint.id, 2)), { now })
    const old = Webhook.verify(later, Signature.toText(secretOf(endpoint.id, 1)), { now })
    expect(await old.catch(({ code }) => code)).to.equal('WEBHOOK_SIGNATURE')
  })

  it('WHK-014: says which of two events is the later one, in whatever order they come', async () => {
    let answers = 0
    const receiver = await receive((_, response) => response.writeHead(answers++ === 0 ? 500 : 200).end())
    const endpoint = await add(receiver.url)
    const { batch } = await accept(1)
    begin()
    await tried(endpoint)
    await store.cancel(batch)
    await pass(2 * Schedule.waits[0])
    await until(async () => (await deliveries(endpoint)).every(({ state }) => state === 'delivered'))
    const events = receiver.heard.map(({ body }) => JSON.parse(body) as Webhook.Event)
    const sequence = (type: string) => events.find((event) => event.type === type)?.data.sequence ?? 0
    expect(sequence('batch.cancelled')).to.be.greaterThan(sequence('batch.accepted'))
  })

  it('WHK-015: sends nothing more to who was removed', async () => {
    const receiver = await receive((_, response) => response.writeHead(500).end())
    const endpoint = await add(receiver.url)
    await accept(1)
    begin()
    await tried(endpoint)
    await store.outbox.removeEndpoint(endpoint.id)
    await pass(2 * Schedule.waits[0])
    const witness = await receive()
    const other = await add(witness.url)
    await accept(2)
    await delivered(other)
    expect(receiver.heard).to.have.length(1)
    expect(await first(endpoint)).to.deep.include({ state: 'dropped', reason: 'ENDPOINT_DELETED' })
  })

  it('shares the work with others, and nothing is sent twice', async () => {
    const receiver = await receive()
    const endpoints = [await add(`${receiver.url}a`), await add(`${receiver.url}b`), await add(`${receiver.url}c`)]
    const second = await SqlBatchStore.open(database.location)
    try {
      begin()
      const stop = begin(local, second.outbox)
      for (let n = 1; n <= 20; n++) await accept(n)
      await until(async () => {
        const found = await Promise.all(endpoints.map(deliveries))
        return found.every((each) => each.every(({ state }) => state === 'delivered'))
      })
      await stop()
    } finally {
      await second.close()
    }
    expect(receiver.heard).to.have.length(60)
    expect(new Set(receiver.heard.map(({ path, id }) => `${path} ${id}`)).size).to.equal(60)
  })

  it('stops although somebody does not answer, and that try does not count', async () => {
    const receiver = await receive(() => {})
    const endpoint = await add(receiver.url)
    await accept(1)
    const stop = begin()
    await until(() => receiver.heard.length === 1)
    await stop()
    expect(await first(endpoint)).to.deep.include({ state: 'waiting', tries: [] })
    // Its lease was given back: whoever comes next has it at once.
    const wanted = { key: 'k1', ailing: false, endpoints: 1, events: 1 }
    const [claim] = await store.outbox.claim({ host: 'other', pid: 1 }, wanted, 1_000)
    expect(claim?.messages.map(({ failures }) => failures)).to.deep.equal([0])
  }).timeout(30_000)
})

describe('The way to a webhook', () => {
  // The url-fetch entries that name a webhook: nothing is connected to.
  for (const url of [
    'http://127.0.0.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://①②⑦.⓪.⓪.①/',
    'https://127。0。0。1/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://0/',
    'https://0.0.0.0:5001/api/v0/id',
    'https://localhost./',
    'https://LOCALHOST:5432/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://metadata.google.internal/',
    'https://example.com@127.0.0.1/',
    'http://127.0.0.1\\@example.com/',
    'http://example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'data:application/json,{}',
    'ftp://example.com/x',
    'https://example.com/%0d%0aX: y',
    'https://93.184.216.34:22/',
  ])
    it(`does not lead to ${url}`, async () => {
      const web = GuardedWeb.create({ allowLoopback: false })
      const refused = await web.check(url).catch((error) => error)
      expect(refused).to.be.instanceOf(Outbound.OutboundError)
      expect(refused.code).to.equal('URL_BLOCKED')
    })

  it('may lead to a name that nobody knows yet', async () => {
    const resolve = async () => {
      throw new Error('ENOTFOUND')
    }
    await GuardedWeb.create({ allowLoopback: false, resolve }).check('https://hooks.example/')
  })
})
