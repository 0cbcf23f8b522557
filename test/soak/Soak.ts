import { randomInt, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import * as RpcProxy from '../faults/RpcProxy.ts'
import * as Chain from '../support/Chain.ts'
import * as Cli from '../support/Cli.ts'
import { freePort } from '../support/free-port.ts'
import * as Oracle from '../support/Oracle.ts'
import * as Postgres from '../support/Postgres.ts'
import * as Kept from './Kept.ts'
import * as Watch from './Watch.ts'

export type Options = {
  /** How long everything goes wrong; then everything that was accepted has its time to be delivered. */
  readonly seconds: number
  /** How often the chain goes back, in seconds. */
  readonly reorganiseEvery: number
  readonly say: (sentence: string) => void
}

export type Result = {
  readonly findings: Oracle.Findings
  /** Batches of which something was told, or handed out, before their root was final. */
  readonly early: readonly string[]
  readonly promised: number
  readonly kills: number
  /** How often a process has ended by itself: mostly as it began, and the chain did not answer. */
  readonly ends: number
  readonly reorganisations: number
  readonly faults: number
  readonly asked: number
  /** From a kill until all that the process had in hand was in other hands, in milliseconds. */
  readonly recovery: { readonly p50: number; readonly p95: number; readonly most: number }
  /** From the last kill until everything was delivered, in seconds. */
  readonly drained: number
}

/** How many blocks make a block final here, and how deep the chain goes back at the most: deeper than that. */
const confirmations = 3
const deepest = 6
/** One question of so many goes wrong, in one of all the ways. */
const faulty = 20
/** How many batches are open at a time, at the most: a queue that grows shows nothing. */
const most = 12

/**
 * Two servers and three workers on one PostgreSQL, killed at random under load, over an RPC that fails now and then, on a
 * chain that goes back now and then. A stranger counts what was promised, and watches that nothing is said too early.
 */
export async function run({ seconds, reorganiseEvery, say }: Options): Promise<Result> {
  const { home, remove } = await Cli.createHome()
  const database = await Postgres.start()
  const chain = await Chain.start()
  const proxy = await RpcProxy.start(chain.url)
  const kept: Kept.Kept[] = []
  let pool: pg.Pool | undefined
  try {
    const url = database.url('laurel')
    const ports = [await freePort(), await freePort()]
    const environment = {
      LAUREL_HOME: home,
      LAUREL_DATABASE_URL: url,
      LAUREL_CHAIN_RPC: proxy.url,
      LAUREL_CONFIRMATIONS: String(confirmations),
      LAUREL_PUBLIC_URL: `http://127.0.0.1:${ports[0]}`,
      LAUREL_WORKERS: '0',
      LAUREL_GATHER_SECONDS: '5',
    }
    const key = await prepare(chain, { ...environment, PORT: String(ports[0]) })
    pool = new pg.Pool({ connectionString: Postgres.seeing(url), max: 2 })
    pool.on('error', () => {})
    for (const port of ports) kept.push(Kept.keep(`server ${port}`, ['start'], { ...environment, PORT: String(port) }))
    for (const number of [1, 2, 3]) kept.push(Kept.keep(`worker ${number}`, ['worker'], environment))
    let faults = 0
    let asked = 0
    proxy.plan(() => {
      asked++
      if (randomInt(faulty) > 0) return undefined
      faults++
      return RpcProxy.faults[randomInt(RpcProxy.faults.length)]
    })
    const storm = await rage({ seconds, reorganiseEvery, say, chain, kept, pool, ports, key, home })
    say(`${storm.people.length} credentials are promised; no more kills, and all of them have their time`)
    const began = performance.now()
    await drain(pool, kept, say)
    const drained = (performance.now() - began) / 1_000
    await storm.check()
    for (const each of kept) await each.stop()
    const findings = await Oracle.audit(chain, storm.people, join(home, 'batches'))
    const { early, people, kills, reorganisations, recovery } = storm
    const ends = kept.reduce((sum, each) => sum + each.ends(), 0)
    return { findings, early, promised: people.length, kills, ends, reorganisations, faults, asked, recovery, drained }
  } finally {
    await Promise.all(kept.map((each) => each.kill().then(() => each.stop())))
    await pool?.end()
    await proxy.stop()
    await chain.stop()
    await database.stop()
    await remove()
  }
}

/** Brings the contracts to the chain, far below where it will go back to, and an achievement to the database. */
async function prepare(chain: Chain.Chain, environment: Cli.Environment): Promise<string> {
  const mining = setInterval(() => chain.rpc('evm_mine').catch(() => {}), 200)
  try {
    const server = await Cli.start(environment)
    const key = server.key as string
    const achievement = await readFile(new URL('../../samples/achievement.json', import.meta.url))
    const put = await fetch(`http://127.0.0.1:${environment.PORT}/v1/achievements/A1`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: achievement,
    })
    if (!put.ok) throw new Error(await put.text())
    await server.stop()
    await chain.rpc('anvil_mine', '0x20')
    await chain.rpc('evm_setIntervalMining', 1)
    return key
  } finally {
    clearInterval(mining)
  }
}

type Storm = Pick<Options, 'seconds' | 'reorganiseEvery' | 'say'> & {
  readonly chain: Chain.Chain
  readonly kept: readonly Kept.Kept[]
  readonly pool: pg.Pool
  readonly ports: readonly number[]
  readonly key: string
  readonly home: string
}

/** Everything that goes wrong for some time, all at once. */
async function rage({ seconds, reorganiseEvery, say, chain, kept, pool, ports, key, home }: Storm) {
  const watch = Watch.create(chain, confirmations)
  const people: string[] = []
  const early = new Set<string>()
  const recovered: number[] = []
  let kills = 0
  let reorganisations = 0
  const end = performance.now() + seconds * 1_000
  const isOver = () => performance.now() >= end

  const ask = async (path: string, init: RequestInit = {}) => {
    const port = ports[randomInt(ports.length)]
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${key}`, ...init.headers },
      signal: AbortSignal.timeout(30_000),
    })
    return { status: response.status, json: (await response.json()) as unknown }
  }
  const answers = async () => (await ask('/healthz').catch(() => undefined))?.status === 200
  /** Hands something in until it is taken, by whichever server is there: with one key it is the same. */
  const promise = async (path: string, body: object, addresses: readonly string[]) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() }
    for (;;) {
      const answer = await ask(path, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => undefined)
      if (answer?.status === 202) {
        people.push(...addresses)
        return
      }
      if (answer !== undefined && answer.status < 500) throw new Error(JSON.stringify(answer.json))
      await pause(200)
    }
  }
  let count = 0
  const addresses = (size: number) => Array.from({ length: size }, () => `person.${++count}@example.org`)
  const person = (email: string) => ({ name: 'Žofie', email })
  const load = async () => {
    while (!isOver()) {
      const open = Number((await pool.query("SELECT count(*) FROM leases WHERE name NOT LIKE '%/%'")).rows[0].count)
      const size = [1, 1, 3, 20, 150][randomInt(5)] as number
      const some = addresses(size)
      if (open > most) await pause(250)
      else if (size === 1)
        await promise('/v1/credentials', { achievement: 'A1', recipient: person(some[0] as string) }, some)
      else await promise('/v1/batches', { achievement: 'A1', recipients: some.map(person) }, some)
    }
  }

  const kill = async () => {
    while (!isOver()) {
      await pause(1_000 + randomInt(4_000))
      // On a slow machine nothing would be promised any more, and there would be nothing to lose.
      while (!(await answers()) && !isOver()) await pause(100)
      const pid = await kept[randomInt(kept.length)]?.kill()
      if (pid === undefined) continue
      kills++
      recovered.push(await recovery(pool, pid))
    }
  }

  const reorganise = async () => {
    for (;;) {
      await pause(Math.min(reorganiseEvery * 1_000, Math.max(0, end - performance.now())))
      if (isOver()) return
      const depth = 1 + randomInt(deepest)
      await watch.reorganise(depth)
      reorganisations++
      say(`the chain goes ${depth} blocks back; ${kills} kills and ${people.length} promises so far`)
    }
  }

  /** What is claimed is read first, and then it is looked whether that has been so: a root may have become final between. */
  const check = async () => {
    const claims = [...(await told(ask)), ...(await handedOut(home))]
    await watch.look()
    for (const { batch, root } of claims) if (!watch.hasBeenFinal(root)) early.add(batch)
  }
  const observe = async () => {
    while (!isOver()) {
      await check()
      await pause(300)
    }
  }
  await Promise.all([load(), load(), kill(), reorganise(), observe()])
  return {
    people,
    check,
    get early() {
      return [...early]
    },
    kills,
    reorganisations,
    recovery: quantiles(recovered),
  }
}

type Claim = { readonly batch: string; readonly root: string }

/** What the interface says is anchored. */
async function told(
  ask: (path: string) => Promise<{ readonly status: number; readonly json: unknown }>,
): Promise<readonly Claim[]> {
  const answer = await ask('/v1/batches?limit=100').catch(() => undefined)
  if (answer?.status !== 200) return []
  const { items } = answer.json as { items: readonly { id: string; anchor: { root: string } | null }[] }
  return items.flatMap(({ id, anchor }) => (anchor === null ? [] : [{ batch: id, root: anchor.root }]))
}

/** What lies there as delivered. */
async function handedOut(home: string): Promise<readonly Claim[]> {
  const folder = join(home, 'batches')
  const names = existsSync(folder) ? (await readdir(folder)).filter((name) => !name.startsWith('.')) : []
  return Promise.all(
    names.map(async (batch) => {
      const { root } = JSON.parse(await readFile(join(folder, batch, 'summary.json'), 'utf8'))
      return { batch, root: String(root) }
    }),
  )
}

/** Waits until nobody of this id holds a batch any more, and answers with how long that took. */
async function recovery(pool: pg.Pool, pid: number): Promise<number> {
  const began = performance.now()
  const held = `SELECT count(*) FROM leases WHERE pid = $1 AND name NOT LIKE '%/%'
    AND until > extract(epoch FROM clock_timestamp()) * 1000`
  while (Number((await pool.query(held, [pid])).rows[0].count) > 0) await pause(20)
  return performance.now() - began
}

/** Waits until everything is delivered that was accepted. */
async function drain(pool: pg.Pool, kept: readonly Kept.Kept[], say: (sentence: string) => void): Promise<void> {
  const open = `SELECT (SELECT count(*) FROM batches WHERE state NOT IN ('delivered', 'cancelled')) AS batches,
    (SELECT count(*) FROM orders WHERE batch IS NULL) AS orders`
  for (let turn = 0; ; turn++) {
    const { batches, orders } = (await pool.query(open)).rows[0]
    if (Number(batches) + Number(orders) === 0) return
    if (turn % 100 === 99) {
      say(`${batches} batches and ${orders} orders are still open`)
      for (const each of kept) say(`${each.name} (ended ${each.ends()} times by itself): ${each.said().slice(-300)}`)
    }
    await pause(200)
  }
}

function quantiles(values: readonly number[]): Result['recovery'] {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { p50: at(0.5), p95: at(0.95), most: at(1) }
}

/** Whether every promise was kept, once. */
export function isWhole({ findings, early, promised }: Result): boolean {
  const { lost, doubled, unexplained, wasted, credentials } = findings
  return lost.length + doubled.length + unexplained.length + early.length + wasted === 0 && credentials === promised
}

/** The figures of a run, in words. */
export function describe(result: Result): string {
  const { findings, early, promised, kills, ends, reorganisations, faults, asked, recovery, drained } = result
  const ms = (value: number) => `${Math.round(value).toLocaleString('en')} ms`
  return [
    `${kills} kills, ${ends} processes ended by themselves, ${reorganisations} reorganisations, ${faults} of ${asked.toLocaleString('en')} questions to the chain gone wrong;`,
    `${promised.toLocaleString('en')} credentials promised, ${findings.credentials.toLocaleString('en')} delivered in ${findings.batches} batches:`,
    `${findings.lost.length} lost, ${findings.doubled.length} doubled, ${early.length} early, ${findings.unexplained.length} unexplained roots, ${findings.wasted} wasted transactions;`,
    `what a killed process had in hand was free after ${ms(recovery.p50)} (p50), ${ms(recovery.p95)} (p95), ${ms(recovery.most)} (most); all was delivered ${Math.round(drained)} s after the last kill`,
  ].join('\n')
}
