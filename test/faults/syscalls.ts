import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import * as Api from '../support/Api.ts'
import * as Cli from '../support/Cli.ts'
import * as Oracle from '../support/Oracle.ts'
import * as Place from '../support/Place.ts'
import * as Strace from './Strace.ts'

/**
 * Has a server accept and issue while one of its system calls is broken, each in its turn, and shows that everything that
 * was acknowledged is there after it was started again, once, in a database that is sound.
 */
export function shouldOutlast(injections: readonly Strace.Injection[]): void {
  let place: Place.Place
  let server: Cli.Server
  let key: string
  const people: string[] = []
  let restarts = 0
  before(async function () {
    const reason = await Strace.missing()
    if (reason !== undefined) {
      console.log(`    SKIPPED: ${reason}`)
      this.skip()
    }
    place = await Place.create()
    server = await Cli.start(place.environment)
    key = server.key ?? ''
    await Api.create(place.base, key)('PUT', '/v1/achievements/A1', { json: Api.achievement })
  })
  after(async () => {
    await server?.kill()
    await place?.remove()
  })

  const isUp = () => Promise.race([server.ended.then(() => false), pause(0, true)])
  /** What was answered; `undefined` where the server has not answered. */
  const ask = (...args: Parameters<ReturnType<typeof Api.create>>) =>
    Api.create(
      place.base,
      key,
    )(...args).catch((error: unknown) => {
      if (error instanceof TypeError) return undefined
      throw error
    })
  const revive = async () => {
    if (await isUp()) return
    server = await Cli.start(place.environment)
    restarts++
  }
  /** Asks until it is acknowledged, as a client does that wants to be sure. */
  const insist = async (email: string) => {
    for (;;) {
      const json = { achievement: 'A1', recipients: [{ name: 'Ada', email }] }
      const reply = await ask('POST', '/v1/batches', { json, headers: { 'idempotency-key': email } })
      if (reply?.status === 202) return
      expect(reply?.status ?? 503, reply?.text).to.be.at.least(500)
      await revive()
    }
  }
  const isOpen = async () => {
    const reply = await ask('GET', '/v1/batches?limit=200')
    if (reply?.status !== 200) return true
    return reply.json.items.some(({ state }: { state: string }) => state !== 'delivered')
  }

  for (const injection of injections) {
    const { call, nth, fault } = injection
    it(`${fault} at ${call} ${nth}: what was acknowledged is issued, once`, async () => {
      const before = restarts
      const watch = await Strace.attach(server.pid, [call], injection)
      for (let i = 0; i < 3; i++) {
        const email = `${fault}-${call}-${nth}-${i}@example.org`
        people.push(email)
        await insist(email)
      }
      while (await isOpen()) {
        await revive()
        await pause(50)
      }
      const calls = await watch.end()
      if (fault === 'KILL') expect(restarts, `${call} was not made so often`).to.be.above(before)
      else expect(calls.filter(({ failed }) => failed).length, `${call} was not made so often`).to.be.at.least(1)
    })
  }

  it('nothing is lost, nothing doubled, and the database is sound', async () => {
    await server.stop()
    const findings = await Oracle.audit(place.chain, people, join(place.home, 'batches'))
    expect(findings).to.deep.include(Oracle.whole)
    const database = new DatabaseSync(join(place.home, 'laurel.db'), { readOnly: true })
    expect(database.prepare('PRAGMA integrity_check').get()).to.deep.equal({ integrity_check: 'ok' })
    database.close()
    console.log(
      `        ${people.length} acknowledged, ${injections.length} calls broken, started again ${restarts} times`,
    )
  })
}
