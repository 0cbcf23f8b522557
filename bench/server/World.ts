import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import * as Oracle from '../../test/support/Oracle.ts'
import * as Place from '../../test/support/Place.ts'
import * as Roster from '../fixtures/Roster.ts'
import * as Line from './Line.ts'
import * as Server from './Server.ts'

/** A server on loopback with a home, a database and a chain of its own, and all that it has promised so far. */
export type World = {
  readonly port: number
  readonly base: string
  server: Server.Server
  readonly key: string
  /** The addresses of everybody for whom a credential was promised with 202. */
  readonly people: string[]
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
  /** Stops the server and has a stranger count: what was promised, the chain, and what was delivered. */
  readonly audit: () => Promise<Oracle.Findings>
}

/** What is read of answers. Which of it there is depends on what is asked. */
type Reply = {
  readonly id: string
  readonly state: string
  readonly reason: string | null
  readonly items: readonly { readonly state: string; readonly credential: string }[]
  readonly next: string | null
}

/** Makes a world whose server has one achievement. */
export async function create(): Promise<World> {
  const place = await Place.create({
    // Everything comes from one key, and single orders wait for each other until they are counted.
    LAUREL_RATE_LIMIT: '1000000000',
    LAUREL_GATHER_COUNT: '100000',
    LAUREL_GATHER_SECONDS: '20',
    LAUREL_WEBHOOK_LOOPBACK: 'true',
  })
  const { base, chain, environment, home } = place
  const server = await Server.start(environment)
  const world: World = {
    port: Number(environment.PORT),
    base,
    server,
    key: server.key ?? '',
    people: [],
    restart: async () => {
      world.server = await Server.start(environment)
    },
    close: async () => {
      await world.server.kill()
      await place.remove()
    },
    audit: async () => {
      await world.server.stop()
      return Oracle.audit(chain, world.people, join(home, 'batches'))
    },
  }
  const definition = JSON.parse(await readFile(new URL('../../samples/achievement.json', import.meta.url), 'utf8'))
  await ask(world, 'PUT', '/v1/achievements/A1', { body: JSON.stringify(definition) })
  // A mail to each of the people is a file with a sync of its own, and none of the goals is about that.
  const settings = { onDelivery: false, days: 365, waitingDays: 7 }
  await ask(world, 'PUT', '/v1/claim-settings', { body: JSON.stringify(settings) })
  return world
}

/**
 * Asks the interface once.
 *
 * @throws {Error} unless the answer is one of success
 */
export async function ask(
  { base, key }: Pick<World, 'base' | 'key'>,
  method: string,
  path: string,
  { body, type = 'application/json' }: { readonly body?: string | Uint8Array; readonly type?: string } = {},
): Promise<Reply> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body: body as BodyInit }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}

let rosters = 0

/** A roster of people who are on no other, with their addresses. */
export function roster(size: number): { readonly csv: string; readonly people: readonly string[] } {
  const name = ++rosters
  const address = (row: number) => `person.${row}@roster${name}.example.org`
  return {
    csv: [...Roster.lines(size, name, address)].join(''),
    people: Array.from({ length: size }, (_, i) => address(i + 1)),
  }
}

/** Hands a roster in, and answers with the id of its batch and how many seconds that took. */
export async function hand(
  world: World,
  size: number,
  draft = false,
): Promise<{ readonly id: string; readonly seconds: number }> {
  const { csv, people } = roster(size)
  const began = performance.now()
  const { id } = await ask(world, 'POST', `/v1/batches?achievement=A1&draft=${draft}`, { body: csv, type: 'text/csv' })
  const seconds = (performance.now() - began) / 1_000
  if (!draft) world.people.push(...people)
  return { id, seconds }
}

/** Waits until a batch is in one of these states, and answers with how many seconds after `began` that was seen. */
export async function reached(world: World, batch: string, states: readonly string[], began: number): Promise<number> {
  for (;;) {
    const { state, reason } = await ask(world, 'GET', `/v1/batches/${batch}`)
    if (states.includes(state)) return (performance.now() - began) / 1_000
    if (state === 'blocked' || state === 'cancelled') throw new Error(`Batch ${batch} is ${state} (${reason})`)
    await pause(20)
  }
}

export const delivered = ['delivered'] as const
export const anchored = ['final', 'assembled', ...delivered] as const
export const rooted = ['rooted', 'published', 'submitted', ...anchored] as const

/** What carries the key and a body of JSON over a line. */
export function order(world: World, address: string): Buffer {
  const body = JSON.stringify({ achievement: 'A1', recipient: { name: 'Žofie Nováková', email: address } })
  return Line.request(
    'POST',
    '/v1/credentials',
    {
      authorization: `Bearer ${world.key}`,
      'content-type': 'application/json',
      'idempotency-key': address,
    },
    body,
  )
}
