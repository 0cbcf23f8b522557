import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import * as Browser from '../../support/Browser.ts'
import * as Cli from '../../support/Cli.ts'
import { freePort } from '../../support/free-port.ts'
import * as Place from '../../support/Place.ts'
import * as Postgres from '../../support/Postgres.ts'

/** How many ask each server at the same time, over and over. */
const askers = 8
/** How long a taking away is watched, in milliseconds; what would still succeed then would for ever. */
const watched = 2_000

type Load = {
  /** How many requests have succeeded so far. */
  readonly count: () => number
  /** When the last of them had begun that has succeeded, by the clock of this process. */
  readonly last: () => number
  readonly others: () => ReadonlySet<number>
  readonly stop: () => Promise<void>
}

describe('What is taken away', function () {
  this.timeout(300_000)
  let postgres: Postgres.Postgres | undefined
  let place: Place.Place | undefined
  let servers: readonly Cli.Server[] = []
  let bases: readonly string[]
  let key: string
  let environment: Cli.Environment

  before(async function () {
    const reason = Postgres.missing()
    if (reason !== undefined) {
      console.log(`    SKIPPED: ${reason}`)
      this.skip()
    }
    postgres = await Postgres.start()
    place = await Place.create({ LAUREL_DATABASE_URL: postgres.url('laurel'), LAUREL_WORKERS: '0' })
    environment = place.environment
    const ports = [await freePort(), await freePort()]
    const first = await Cli.start({ ...environment, PORT: String(ports[0]) }, ['--workers', '0'])
    key = first.key ?? ''
    servers = [first, await Cli.start({ ...environment, PORT: String(ports[1]) }, ['--workers', '0'])]
    bases = ports.map((port) => `http://localhost:${port}`)
  })
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()))
    await place?.remove()
    await postgres?.stop()
  })

  const admin = async (method: string, path: string, json?: unknown) => {
    const response = await fetch(`${bases[0]}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(json !== undefined && { 'content-type': 'application/json' }) },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
    expect(response.ok, `${method} ${path}: ${response.status}`).to.equal(true)
    return (await response.json()) as Record<string, string>
  }
  const enter = async (email: string): Promise<{ readonly browser: Browser.Browser; readonly id: string }> => {
    const { stdout } = await Cli.run('laurel', ['member', 'add', email, '--role', 'auditor', '--json'], environment)
    const { link, id } = JSON.parse(stdout)
    const browser = Browser.create(bases[0] ?? '')
    expect((await browser.send(new URL(link).pathname)).status).to.equal(303)
    return { browser, id }
  }

  /** Asks both servers for something over and over, until told to stop. */
  function load(path: string, headersAt: (base: string) => Readonly<Record<string, string>>): Load {
    let count = 0
    let last = Number.NEGATIVE_INFINITY
    let isOver = false
    const others = new Set<number>()
    const loops = bases.flatMap((base) =>
      Array.from({ length: askers }, async () => {
        while (!isOver) {
          const begun = performance.now()
          const response = await fetch(`${base}${path}`, { headers: headersAt(base) })
          await response.arrayBuffer()
          if (response.status === 200) {
            count++
            last = Math.max(last, begun)
          } else others.add(response.status)
          await turn()
        }
      }),
    )
    return {
      count: () => count,
      last: () => last,
      others: () => others,
      stop: async () => {
        isOver = true
        await Promise.all(loops)
      },
    }
  }

  /** Takes something away in the midst of a load, and says how long after it was answered somebody has begun and succeeded. */
  async function measure(what: string, running: Load, takeAway: () => Promise<unknown>, status: number): Promise<void> {
    const begun = performance.now()
    while (running.count() < 500) await turn()
    const rate = (running.count() / (performance.now() - begun)) * 1_000
    await takeAway()
    const taken = performance.now()
    while (performance.now() - taken < watched) await turn()
    await running.stop()
    const late = running.last() - taken
    console.log(
      `      ${what}: the last success began ${late.toFixed(1)} ms after it was taken away (${rate.toFixed(0)} requests/s)`,
    )
    expect([...running.others()], what).to.deep.equal([status])
    expect(late, what).to.be.below(1_000)
  }

  it('opens nothing any more on any process, under load: keys, sessions, roles, members (P31, AUTH-002)', async () => {
    const made = await admin('POST', '/v1/api-keys', { name: 'taken', scopes: ['batches:read'] })
    const bearer = { authorization: `Bearer ${made.secret}` }
    await measure(
      'a key',
      load('/v1/batches', () => bearer),
      () => admin('POST', `/v1/api-keys/${made.id}/revoke`),
      401,
    )
    const cookies = ({ browser }: { browser: Browser.Browser }) => {
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      return () => ({ cookie, 'sec-fetch-site': 'same-origin' })
    }
    const ada = await enter('ada@example.org')
    await measure(
      'a session',
      load('/v1/members', cookies(ada)),
      () => admin('POST', `/v1/members/${ada.id}/sessions/end`),
      401,
    )
    const bo = await enter('bo@example.org')
    await measure(
      'a role',
      load('/v1/members', cookies(bo)),
      () => admin('PUT', `/v1/members/${bo.id}/role`, { role: 'viewer' }),
      401,
    )
    const cy = await enter('cy@example.org')
    await measure('a member', load('/v1/members', cookies(cy)), () => admin('POST', `/v1/members/${cy.id}/remove`), 401)
  })
})
