import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import fc from 'fast-check'
import * as Api from '../support/Api.ts'
import * as Cli from '../support/Cli.ts'
import * as Oracle from '../support/Oracle.ts'
import * as Place from '../support/Place.ts'
import * as RpcProxy from './RpcProxy.ts'

/** All that has to be known to say what the product owes. */
type Model = { up: boolean; reachable: boolean; readonly people: string[]; readonly revoked: Set<string> }

/** A server on a chain of its own, behind a proxy that can take the chain away from it. */
export type Real = {
  readonly place: Place.Place
  readonly proxy: RpcProxy.RpcProxy
  readonly key: string
  server: Cli.Server
  /** Before this block nothing is taken back: the contracts and the coins are there. */
  readonly base: number
}

type Command = fc.AsyncCommand<Model, Real>

export async function create(): Promise<Real> {
  const place = await Place.create()
  const proxy = await RpcProxy.start(place.chain.url)
  const environment = { ...place.environment, LAUREL_CHAIN_RPC: proxy.url }
  const server = await Cli.start(environment)
  const real = { place: { ...place, environment }, proxy, key: server.key ?? '', server }
  await ask(real, 'PUT', '/v1/achievements/A1', { json: Api.achievement })
  return { ...real, base: await height(real) }
}

export async function remove({ place, proxy, server }: Real): Promise<void> {
  await server.kill()
  await proxy.stop()
  await place.remove()
}

const ask = ({ place, key }: Pick<Real, 'place' | 'key'>, ...args: Parameters<ReturnType<typeof Api.create>>) =>
  Api.create(place.base, key)(...args)
const height = async ({ place }: Pick<Real, 'place'>) => Number(await place.chain.rpc('eth_blockNumber'))

type Batch = { readonly id: string; readonly state: string }
const batches = async (real: Real): Promise<readonly Batch[]> =>
  (await ask(real, 'GET', '/v1/batches?limit=200')).json.items

const command = (name: string, check: Command['check'], run: Command['run']): Command => ({
  check,
  run,
  toString: () => name,
})

let roster = 0

/** A roster is accepted, whether the chain can be asked or not. */
const accept = (size: number): Command =>
  command(
    `accept(${size})`,
    ({ up }) => up,
    async (model, real) => {
      const people = Array.from({ length: size }, (_, i) => `person-${roster}-${i}@example.org`)
      const recipients = people.map((email) => ({ name: 'Ada', email }))
      const headers = { 'idempotency-key': `roster-${roster++}` }
      const { status } = await ask(real, 'POST', '/v1/batches', { json: { achievement: 'A1', recipients }, headers })
      expect(status).to.equal(202)
      model.people.push(...people)
    },
  )

const work = command(
  'work',
  ({ up, reachable }) => up && reachable,
  async (_, real) => {
    while ((await batches(real)).some(({ state }) => state !== 'delivered')) await pause(50)
  },
)

const revoke = (which: number): Command =>
  command(
    `revoke(${which})`,
    ({ up }) => up,
    async (model, real) => {
      const delivered = (await batches(real)).filter(({ state }) => state === 'delivered')
      const { id } = delivered[which % Math.max(1, delivered.length)] ?? {}
      if (id === undefined) return
      const [item] = (await ask(real, 'GET', `/v1/batches/${id}/credentials`)).json.items
      const uuid = item.credential.replace('urn:uuid:', '')
      const { status, json } = await ask(real, 'POST', `/v1/credentials/${uuid}/revoke`, { json: {} })
      expect([status, json.repeated]).to.deep.equal([200, model.revoked.has(uuid)])
      model.revoked.add(uuid)
    },
  )

const mine = (blocks: number): Command =>
  command(
    `mine(${blocks})`,
    () => true,
    async (_, { place }) => {
      await place.chain.rpc('anvil_mine', blocks)
    },
  )

/** The chain goes back, and has other blocks in the place of those: whatever was in them is gone. */
const reorganise = (depth: number): Command =>
  command(
    `reorg(${depth})`,
    () => true,
    async (_, real) => {
      const deepest = (await height(real)) - real.base
      if (deepest > 0) await real.place.chain.rpc('anvil_reorg', Math.min(depth, deepest), [])
    },
  )

const kill = command(
  'kill',
  ({ up }) => up,
  async (model, { server }) => {
    await server.kill()
    model.up = false
  },
)

const restart = command(
  'restart',
  ({ up, reachable }) => !up && reachable,
  async (model, real) => {
    real.server = await Cli.start(real.place.environment)
    model.up = true
  },
)

const outage = command(
  'outage',
  ({ reachable }) => reachable,
  async (model, { proxy }) => {
    proxy.plan(() => 'drop-before')
    model.reachable = false
  },
)

const recovery = command(
  'recovery',
  ({ reachable }) => !reachable,
  async (model, { proxy }) => {
    proxy.plan(() => undefined)
    model.reachable = true
  },
)

/** What may happen, in any order. */
export const commands = fc.commands(
  [
    fc.integer({ min: 1, max: 5 }).map(accept),
    fc.nat(20).map(revoke),
    fc.integer({ min: 1, max: 5 }).map(mine),
    fc.integer({ min: 1, max: 40 }).map(reorganise),
    ...[work, kill, restart, outage, recovery].map((each) => fc.constant(each)),
  ],
  { maxCommands: 25, size: 'max' },
)

export const model = (): Model => ({ up: true, reachable: true, people: [], revoked: new Set() })

/** Lets all come to rest, and then has a stranger look whether it is as it is owed. */
export async function settle(model: Model, real: Real): Promise<void> {
  for (const each of [recovery, restart, work, kill, restart, work]) if (each.check(model)) await each.run(model, real)
  const owed = { lost: [], doubled: [], unexplained: [], credentials: model.people.length }
  const found = async () => {
    const { lost, doubled, unexplained, credentials } =
      model.people.length === 0
        ? { lost: [], doubled: [], unexplained: [], credentials: 0 }
        : await Oracle.audit(real.place.chain, model.people, join(real.place.home, 'batches'))
    return { lost, doubled, unexplained, credentials }
  }
  // An anchor that the chain has lost after its delivery comes back with the next look at the chain.
  const deadline = performance.now() + 60_000
  while ((await found()).unexplained.length > 0 && performance.now() < deadline) await pause(200)
  expect(await found()).to.deep.equal(owed)
  for (const uuid of model.revoked) {
    const { json } = await ask(real, 'GET', `/v1/credentials/${uuid}`)
    expect(json.status).to.equal('revoked')
  }
}
