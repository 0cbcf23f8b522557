import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import * as Receiver from '../../test/support/Receiver.ts'
import type { Figure, Stage } from './Figure.ts'
import * as Line from './Line.ts'
import * as Load from './Load.ts'
import * as World from './World.ts'

/** How much is measured: all of it, or what takes two minutes. */
export type Scale = {
  readonly small: number
  readonly large: number
  readonly rounds: number
  readonly seconds: number
}

export const scales = {
  full: { small: 10_000, large: 100_000, rounds: 5, seconds: 15 },
  quick: { small: 500, large: 1_500, rounds: 2, seconds: 2 },
} as const satisfies Record<string, Scale>

/** What the stages hand on to each other. */
export type Made = {
  /** The small batch that is delivered first. */
  batch?: string
  /** Seconds until a batch of one was rooted while nothing else was to do. */
  alone?: readonly number[]
  /** The last of the single orders. */
  order?: string
}

type Measure = (world: World.World, scale: Scale, made: Made) => Promise<readonly Figure[]>

/** In their order: later ones need what earlier ones have made. */
export const stages: Readonly<Record<string, Measure>> = {
  /** One roster, and nothing else to do. */
  'a roster alone': async (world, { small }, made) => {
    const began = performance.now()
    const { id } = await World.hand(world, small)
    const anchored = await World.reached(world, id, World.anchored, began)
    const delivered = await World.reached(world, id, World.delivered, began)
    made.batch = id
    const alone: number[] = []
    for (let i = 0; i < 10; i++) alone.push(await untilRooted(world))
    made.alone = alone
    return [
      {
        id: '§7',
        what: `handed in → final on the chain, ${count(small)}`,
        value: anchored,
        unit: 's',
        goal: { most: 10 },
      },
      { id: '§7', what: `handed in → delivered, ${count(small)}`, value: delivered, unit: 's' },
    ]
  },

  'rosters handed in': async (world, { small, large, rounds }) => {
    const accept = async (size: number) => {
      const { id, seconds } = await World.hand(world, size, true)
      await World.ask(world, 'POST', `/v1/batches/${id}/cancel`)
      return seconds
    }
    const of = async (size: number, times: number) => {
      const seconds: number[] = []
      for (let i = 0; i < times; i++) seconds.push(await accept(size))
      return median(seconds)
    }
    const few = await of(small, rounds)
    const many = await of(large, Math.ceil(rounds / 2))
    return [
      { id: 'S10', what: `accept a CSV of ${count(small)}`, value: few, unit: 's', goal: { most: 2 } },
      { id: 'S10', what: `accept a CSV of ${count(large)}`, value: many, unit: 's' },
      {
        id: 'S10',
        what: `a person of ${count(large)} beside one of ${count(small)}`,
        value: many / large / (few / small),
        unit: '×',
        goal: { most: 1.2 },
      },
    ]
  },

  'credentials and status lists read': async (world, { seconds }, { batch }) => {
    const unasked = await paths(world, batch as string)
    const documents: Document[] = []
    /** Each of a batch once. The last of them are asked for again after that, as what is shared is. */
    const fresh = () => {
      const path = unasked.pop()
      if (path === undefined) return undefined
      const check = (answer: Line.Answer) => documents.push(documentOf(path, answer))
      return { request: Line.request('GET', path), check }
    }
    const first = await Load.run({ port: world.port, lines: 16, seconds, next: fresh })
    documents.splice(0, documents.length - 200)
    const list = await statusList(world, documents[0]?.body as Buffer)
    const { head, body } = await once(world, Line.request('GET', list))
    const etag = tagOf(head)
    const same = (expected: Buffer) => (answer: Line.Answer) => {
      if (answer.status !== 200 || !answer.body.equals(expected)) wrong(answer)
    }
    let turn = 0
    const credential = () => {
      const { path, body } = documents[turn++ % documents.length] as Document
      return { request: Line.request('GET', path), check: same(body) }
    }
    const knownCredential = () => {
      const { path, etag } = documents[turn++ % documents.length] as Document
      return { request: Line.request('GET', path, { 'if-none-match': etag }), check: isKnown }
    }
    const isKnown = (answer: Line.Answer) => {
      if (answer.status !== 304) wrong(answer)
    }
    const whole = { request: Line.request('GET', list), check: same(body) }
    const known = {
      request: Line.request('GET', list, { 'if-none-match': etag }),
      check: isKnown,
    }
    const load = (next: Load.Options['next']) => Load.run({ port: world.port, lines: 16, seconds, next })
    const figures: Figure[] = []
    for (const [what, next] of [
      ['status list', () => whole],
      ['status list that is known (304)', () => known],
      ['credential', credential],
      ['credential that is known (304)', knownCredential],
    ] as const) {
      const { perSecond, p99 } = await load(next)
      figures.push({ id: 'S12', what: `GET ${what}`, value: perSecond, unit: '/s', goal: { least: 3_000 } })
      figures.push({ id: 'S12', what: `GET ${what}, p99`, value: p99, unit: 'ms', goal: { most: 20 } })
    }
    figures.push({ id: 'S12', what: 'GET credentials, each for the first time', value: first.perSecond, unit: '/s' })
    figures.push({ id: 'S12', what: 'the same, p99', value: first.p99, unit: 'ms' })
    return figures
  },

  'single credentials ordered': async (world, { seconds }, made) => {
    const { port, people } = world
    const ids = new Set<string>()
    let turn = 0
    const next = () => {
      const address = `single.${++turn}@example.org`
      return {
        request: World.order(world, address),
        check: (answer: Line.Answer) => {
          const { id } = JSON.parse(answer.body.toString())
          if (answer.status !== 202 || ids.size === ids.add(id).size) wrong(answer)
          made.order = id
          people.push(address)
        },
      }
    }
    const most = await Load.run({ port, lines: 32, seconds, next })
    const steady = await Load.run({ port, lines: 64, seconds, rate: 500, next })
    return [
      { id: '§7', what: 'single credentials accepted', value: most.perSecond, unit: '/s', goal: { least: 500 } },
      { id: '§7', what: 'the same, p99', value: most.p99, unit: 'ms' },
      { id: '§7', what: 'at 500 a second, p99', value: steady.p99, unit: 'ms', goal: { most: 50 } },
    ]
  },

  'webhooks told': async (world, { seconds }) => {
    /** How long after each event it was heard, in milliseconds, by who heard it of which. */
    const waits = new Map<string, number>()
    const well = await Receiver.start(({ path, id, body }, response) => {
      waits.set(`${path} ${id}`, Date.now() - Date.parse(JSON.parse(body).timestamp))
      response.end()
    })
    const dead = await Receiver.start(() => {})
    const happen = async () => {
      const { id } = await World.hand(world, 1, true)
      await World.ask(world, 'POST', `/v1/batches/${id}/cancel`)
    }
    /** Two of the listeners answer nobody. */
    const listeners = { well: 18, all: 20 } as const
    const ids: string[] = []
    try {
      const types = ['batch.cancelled']
      for (let n = 0; n < listeners.all; n++) {
        const url = `${(n < listeners.well ? well : dead).url}${n}`
        ids.push((await World.ask(world, 'POST', '/v1/webhooks', { body: JSON.stringify({ url, types }) })).id)
      }
      const since = new Date().toISOString()
      const count = 20 * seconds
      for (let n = 0; n < count; n++) await happen()
      await until(async () => waits.size === count * listeners.well, 50)
      waits.clear()
      const began = performance.now()
      for (const id of ids)
        await World.ask(world, 'POST', `/v1/webhooks/${id}/replay`, { body: JSON.stringify({ since }) })
      await until(async () => waits.size === count * listeners.well, 5)
      const again = (performance.now() - began) / 1_000
      waits.clear()
      const happened = Array.from({ length: 11.2 * seconds }, async (_, n) => {
        await pause((n * 1_000) / 11.2)
        await happen()
      })
      await Promise.all(happened)
      await until(async () => waits.size === happened.length * listeners.well, 50)
      return [
        {
          id: 'P33',
          what: 'webhooks told of a queue, while one of ten is dead',
          value: (count * listeners.well) / again,
          unit: '/s',
          goal: { least: 200 },
        },
        {
          id: 'P33',
          what: 'happened → told, at 200 a second, p95',
          value: p95([...waits.values()]) / 1_000,
          unit: 's',
          goal: { most: 2 },
        },
      ]
    } finally {
      for (const id of ids) await World.ask(world, 'PATCH', `/v1/webhooks/${id}`, { body: '{"enabled":false}' })
      await Promise.all([well.stop(), dead.stop()])
    }
  },

  'killed with a large roster open': async (world, { large }, { alone, order }) => {
    // What was ordered one by one is out of the way: the last one is in the last batch of them.
    await until(async () => (await World.ask(world, 'GET', `/v1/orders/${order}`)).state === 'delivered', 250)
    await until(async () => (await World.ask(world, 'GET', '/v1/batches?limit=200')).items.every(isDone), 250)
    const { id } = await World.hand(world, large)
    const handed = performance.now()
    await until(async () => (await progress(world, id)).signed >= large / 20, 100)
    await world.server.kill()
    const killed = performance.now()
    const before = large / 20
    await world.restart()
    await until(async () => (await fetch(`${world.base}/readyz`)).ok, 10)
    const ready = (performance.now() - killed) / 1_000
    await until(async () => (await progress(world, id)).signed > before, 50)
    const moving = (performance.now() - killed) / 1_000
    const beside: number[] = []
    for (let i = 0; i < 10; i++) beside.push(await untilRooted(world))
    const delivered = await World.reached(world, id, World.delivered, handed)
    const slower = p95(beside) / p95(alone as readonly number[])
    return [
      { id: 'S11', what: `killed with ${count(large)} open → ready`, value: ready, unit: 's', goal: { most: 5 } },
      { id: 'P35', what: 'killed → signing again', value: moving, unit: 's', goal: { most: 15 } },
      { id: 'P5', what: 'a batch of one until its root, p95', value: p95(alone as readonly number[]), unit: 's' },
      { id: 'P5', what: `the same beside ${count(large)}, p95`, value: p95(beside), unit: 's' },
      { id: 'P5', what: 'how much slower that is', value: slower, unit: '×', goal: { most: 3 } },
      {
        id: '§7',
        what: 'credentials through the whole pipeline, the kill included',
        value: (large / delivered) * 3_600,
        unit: '/h',
        goal: { least: 1_000_000 },
      },
    ]
  },

  'credentials revoked': async (world, _, { batch }) => {
    const documents = await sample(world, batch as string, 20)
    const milliseconds: number[] = []
    for (const { path, body } of documents) {
      const uuid = path.split('/').at(-1)
      const began = performance.now()
      await World.ask(world, 'POST', `/v1/credentials/${uuid}/revoke`, { body: '{}' })
      milliseconds.push(performance.now() - began)
      await expectRevoked(world, body)
    }
    return [
      {
        id: '§7',
        what: 'revoked → list of 131,072 signed and public, median',
        value: median(milliseconds),
        unit: 'ms',
        goal: { most: 200 },
      },
      { id: '§7', what: 'the same, longest of 20', value: Math.max(...milliseconds), unit: 'ms' },
    ]
  },
}

/** Runs a stage, with what the server takes meanwhile. */
export async function run(name: string, world: World.World, scale: Scale, made: Made): Promise<Stage> {
  await world.server.usage()
  const figures = await (stages[name] as Measure)(world, scale, made)
  return { name, figures, usage: await world.server.usage() }
}

async function untilRooted(world: World.World): Promise<number> {
  const began = performance.now()
  const { id } = await World.hand(world, 1)
  const seconds = await World.reached(world, id, World.rooted, began)
  await World.reached(world, id, World.delivered, began)
  return seconds
}

type Document = { readonly path: string; readonly body: Buffer; readonly etag: string }

/** Where the public gets the credentials of a batch, some or all of them. */
async function paths(world: World.World, batch: string, size = Number.POSITIVE_INFINITY): Promise<string[]> {
  const found: string[] = []
  let cursor = ''
  while (found.length < size) {
    const page = `/v1/batches/${batch}/credentials?limit=${Math.min(size, 200)}${cursor}`
    const { items, next } = await World.ask(world, 'GET', page)
    found.push(...items.map(({ credential }) => `/credentials/${credential.replace('urn:uuid:', '')}`))
    if (next === null) break
    cursor = `&cursor=${next}`
  }
  return found
}

/** Some credentials of a delivered batch, as the public gets them. */
async function sample(world: World.World, batch: string, size: number): Promise<readonly Document[]> {
  const documents: Document[] = []
  for (const path of await paths(world, batch, size))
    documents.push(documentOf(path, await once(world, Line.request('GET', path))))
  return documents
}

function documentOf(path: string, answer: Line.Answer): Document {
  const { status, head, body } = answer
  if (status !== 200 || JSON.parse(body.toString()).id !== path.replace('/credentials/', 'urn:uuid:')) wrong(answer)
  return { path, body, etag: tagOf(head) }
}

function tagOf(head: string): string {
  return /^etag: (.*)$/im.exec(head)?.[1] ?? ''
}

async function once({ port }: World.World, request: Buffer): Promise<Line.Answer> {
  const line = await Line.open(port)
  try {
    const answer = await line.ask(request)
    if (answer.status !== 200) wrong(answer)
    return answer
  } finally {
    line.close()
  }
}

/** The path of the list that a credential names. */
async function statusList({ base }: World.World, credential: Buffer): Promise<string> {
  const { credentialStatus } = JSON.parse(credential.toString())
  return String(credentialStatus.statusListCredential).slice(base.length)
}

/** The published list says of a credential that it is revoked (Bitstring Status List v1.0 §3.2, the first bit the left one). */
async function expectRevoked(world: World.World, credential: Buffer): Promise<void> {
  const { credentialStatus } = JSON.parse(credential.toString())
  const list = await once(world, Line.request('GET', await statusList(world, credential)))
  const { encodedList } = JSON.parse(list.body.toString()).credentialSubject
  const bits = gunzipSync(Buffer.from(String(encodedList).slice(1), 'base64url'))
  const index = Number(credentialStatus.statusListIndex)
  if ((((bits[index >> 3] as number) >> (7 - (index % 8))) & 1) !== 1)
    throw new Error(`A revocation was acknowledged and is not in the list of ${sha256(list.body)}`)
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** How far a batch is: the first of its events (HTML §9.2), which comes at once. */
async function progress({ base, key }: World.World, batch: string): Promise<{ readonly signed: number }> {
  const gone = new AbortController()
  const headers = { authorization: `Bearer ${key}` }
  const { body } = await fetch(`${base}/v1/batches/${batch}/events`, { headers, signal: gone.signal })
  let text = ''
  try {
    for await (const chunk of body as ReadableStream<Uint8Array>) {
      text += Buffer.from(chunk).toString()
      const data = /^data: (.*)\n\n/m.exec(text)?.[1]
      if (data !== undefined) return JSON.parse(data)
    }
  } finally {
    gone.abort()
  }
  throw new Error(`Batch ${batch} tells nothing`)
}

async function until(isSo: () => Promise<boolean>, interval: number): Promise<void> {
  while (!(await isSo())) await pause(interval)
}

function wrong({ status, head, body }: Line.Answer): never {
  throw new Error(`A wrong answer, ${status}:\n${head}\n\n${body.toString('utf8', 0, 500)}`)
}

function median(values: readonly number[]): number {
  return Load.percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
}

function p95(values: readonly number[]): number {
  return Load.percentile(
    values.toSorted((a, b) => a - b),
    0.95,
  )
}

function count(size: number): string {
  return size.toLocaleString('en')
}

const isDone = ({ state }: { readonly state: string }) => state === 'delivered' || state === 'cancelled'
