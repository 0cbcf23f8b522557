import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import * as Api from '../support/Api.ts'
import * as Cli from '../support/Cli.ts'
import * as Oracle from '../support/Oracle.ts'
import * as Place from '../support/Place.ts'
import * as Postgres from '../support/Postgres.ts'
import * as TcpProxy from './TcpProxy.ts'

/**
 * Has a server accept and issue while its connections to PostgreSQL break, at one piece of what it says after the other,
 * and shows that it goes on by itself, and that everything which was acknowledged is issued, once.
 *
 * @param pieces at which it is cut, counted from the request on
 */
export function shouldGoOn(pieces: readonly number[]): void {
  let database: Postgres.Postgres
  let proxy: TcpProxy.TcpProxy
  let place: Place.Place
  let server: Cli.Server
  let ask: ReturnType<typeof Api.create>
  const people: string[] = []
  let longest = 0
  before(async function () {
    const reason = Postgres.missing()
    if (reason !== undefined) {
      console.log(`    SKIPPED: ${reason}`)
      this.skip()
    }
    database = await Postgres.start()
    const url = new URL(database.url('laurel'))
    proxy = await TcpProxy.start(Number(url.port))
    url.port = String(proxy.port)
    place = await Place.create({ LAUREL_DATABASE_URL: url.href })
    server = await Cli.start(place.environment)
    ask = Api.create(place.base, server.key)
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
  })
  after(async () => {
    await server?.stop()
    await proxy?.stop()
    await database?.stop()
    await place?.remove()
  })

  /** Asks until it is acknowledged; every other answer says that it may be asked again. */
  const insist = async (email: string) => {
    people.push(email)
    const began = performance.now()
    for (;;) {
      const json = { achievement: 'A1', recipients: [{ name: 'Ada', email }] }
      const reply = await ask('POST', '/v1/batches', { json, headers: { 'idempotency-key': email } })
      longest = Math.max(longest, performance.now() - began)
      if (reply.status === 202) return
      expect([reply.status, reply.json.code]).to.deep.equal([503, 'DATABASE_UNREACHABLE'])
      await pause(20)
    }
  }
  const delivered = async () => {
    for (;;) {
      const reply = await ask('GET', '/v1/batches?limit=200')
      if (reply.status === 200 && reply.json.items.every(({ state }: { state: string }) => state === 'delivered'))
        return
      await pause(50)
    }
  }

  for (const isDelivered of [false, true])
    it(`is cut at one piece after the other, ${isDelivered ? 'which still arrives' : 'which is lost'}: it goes on by itself`, async () => {
      for (const piece of pieces) {
        proxy.cutAt(piece, isDelivered)
        await insist(`cut-${isDelivered}-${piece}@example.org`)
        await delivered()
        expect(proxy.pieces(), 'pieces').to.be.at.least(piece)
      }
    })

  it('is slow: it is waited for', async () => {
    proxy.delay(20)
    await insist('slow@example.org')
    await delivered()
    proxy.delay(0)
  })

  it('swallows everything for a while: what was asked meanwhile is answered, or refused with a word', async () => {
    proxy.swallow(true)
    const asked = insist('swallowed@example.org')
    expect((await fetch(`${place.base}/healthz`)).status).to.equal(200)
    proxy.swallow(false)
    await asked
    await delivered()
  })

  it('nothing is lost and nothing doubled', async () => {
    const findings = await Oracle.audit(place.chain, people, join(place.home, 'batches'))
    expect(findings).to.deep.include(Oracle.whole)
    console.log(`        ${people.length} acknowledged, the slowest after ${longest.toFixed(0)} ms`)
  })
}
