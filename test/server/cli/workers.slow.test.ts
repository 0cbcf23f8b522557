import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import pg from 'pg'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'
import * as Oracle from '../../support/Oracle.ts'
import * as Postgres from '../../support/Postgres.ts'

const cli = fileURLToPath(new URL('../../../server/src/cli.ts', import.meta.url))
const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))

/** How many people are on each roster: one large one, which is worked on in threads, among small ones. */
const sizes = [1_050, 40, 3, 120, 1]

describe('Several workers on one PostgreSQL', function () {
  this.timeout(900_000)
  let server: Postgres.Postgres
  let chain: Chain.Chain
  let home: string
  let environment: Cli.Environment
  let database: pg.Pool
  let people: readonly string[]
  let remove: (() => Promise<void>) | undefined
  const running = new Set<ChildProcess>()

  before(function () {
    const reason = Postgres.missing()
    if (reason === undefined) return
    console.log(`    SKIPPED: ${reason}`)
    this.skip()
  })

  beforeEach(async () => {
    ;({ home, remove } = await Cli.createHome())
    server = await Postgres.start()
    chain = await Chain.start()
    const url = server.url('laurel')
    environment = { LAUREL_HOME: home, LAUREL_DATABASE_URL: url, LAUREL_CHAIN_RPC: chain.url, LAUREL_WORKERS: '2' }
    database = new pg.Pool({ connectionString: Postgres.seeing(url), max: 1 })
    database.on('error', () => {})
    // The first makes the issuer and readies the chain.
    const [first = 0, ...others] = sizes
    people = await accept('roster', first)
    people = [...people, ...(await Promise.all(others.map((size, i) => accept(`roster-${i}`, size)))).flat()]
  })

  afterEach(async () => {
    for (const child of running) child.kill('SIGKILL')
    await database.end()
    await chain.stop()
    await server.stop()
    await remove?.()
  })

  /** Has a roster accepted by a process that dies as soon as it is. */
  async function accept(name: string, size: number): Promise<readonly string[]> {
    const file = join(home, `${name}.csv`)
    const addresses = Array.from({ length: size }, (_, i) => `${name}-${i}@example.org`)
    await writeFile(file, ['name,email', ...addresses.map((each, i) => `Person ${i},${each}`), ''].join('\n'))
    const args = ['issue', file, '--achievement', achievement]
    const { code, stderr } = await Cli.run('laurel', args, { ...environment, LAUREL_CRASH_AT: 'intake:after-commit' })
    expect(code, stderr).to.equal(null)
    return addresses
  }

  /** Starts a worker, and waits until it works. */
  async function startWorker(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [cli, 'worker'], {
      env: { ...process.env, NO_COLOR: '1', ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    running.add(child)
    child.once('exit', () => running.delete(child))
    let said = ''
    for await (const line of createInterface(child.stderr)) {
      said += `${line}\n`
      if (line.includes('works on batches')) break
    }
    expect(said).to.include('works on batches')
    child.stderr.resume()
    return child
  }

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    const ended = once(child, 'exit')
    child.kill(signal)
    const [code] = await ended
    return code
  }

  /** Asks the database, as often as it takes until it answers. */
  async function ask(question: string): Promise<number> {
    for (;;) {
      try {
        return Number((await database.query(question)).rows[0].answer)
      } catch {
        await pause(100)
      }
    }
  }
  const until = async (question: string, isIt: (answer: number) => boolean) => {
    while (!isIt(await ask(question))) await pause(50)
  }
  const open = "SELECT count(*) AS answer FROM batches WHERE state <> 'delivered'"

  async function audit() {
    const findings = await Oracle.audit(chain, people, join(home, 'batches'))
    expect(findings).to.deep.equal({ ...Oracle.whole, batches: sizes.length, credentials: people.length })
  }

  it('each killed at any moment: nothing is lost, nothing doubled', async () => {
    const workers = await Promise.all([startWorker(), startWorker(), startWorker()])
    let kills = 0
    while (kills < 5 && (await ask(open)) > 0) {
      const which = kills % workers.length
      await pause(Math.random() * 1_500)
      await end(workers[which] as ChildProcess, 'SIGKILL')
      kills++
      workers[which] = await startWorker()
    }
    await until(open, (count) => count === 0)
    for (const worker of workers) expect(await end(worker, 'SIGTERM')).to.equal(0)
    console.log(`        killed ${kills} times`)
    await audit()
  })

  it('whose PostgreSQL is killed and comes back: they wait for it, and nothing is lost or doubled', async () => {
    const workers = await Promise.all([startWorker(), startWorker()])
    for (const [signed, batches] of [
      [1, 1],
      [500, 1],
      [1_000, 2],
    ] as const) {
      const progress = `SELECT CASE WHEN (SELECT count(*) FROM signatures) >= ${signed}
        AND (SELECT count(*) FROM batches WHERE state NOT IN ('accepted', 'drafted')) >= ${batches} THEN 1 ELSE 0 END AS answer`
      await until(progress, (reached) => reached === 1)
      await server.kill()
      await server.restart()
    }
    await until(open, (count) => count === 0)
    for (const worker of workers) expect(await end(worker, 'SIGTERM')).to.equal(0)
    await audit()
  })

  it('one of which is stopped until its lease has run out, and then goes on: it can do no harm', async () => {
    const paused = await startWorker()
    await until('SELECT count(*) AS answer FROM signatures', (count) => count >= 500)
    paused.kill('SIGSTOP')
    const other = await startWorker()
    await until(open, (count) => count === 0)
    const epochs = await ask(`SELECT count(*) AS answer FROM leases WHERE until > extract(epoch FROM now()) * 1000
      AND pid = ${paused.pid}`)
    expect(epochs, 'the paused worker holds something although all is delivered').to.equal(0)
    paused.kill('SIGCONT')
    people = [...people, ...(await accept('later', 2))]
    await until(open, (count) => count === 0)
    for (const worker of [paused, other]) expect(await end(worker, 'SIGTERM')).to.equal(0)
    const findings = await Oracle.audit(chain, people, join(home, 'batches'))
    expect(findings).to.deep.include({ ...Oracle.whole, credentials: people.length })
  })
})
