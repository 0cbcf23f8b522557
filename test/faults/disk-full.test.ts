import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'chai'
import * as Api from '../support/Api.ts'
import * as Cli from '../support/Cli.ts'
import * as Oracle from '../support/Oracle.ts'
import * as Place from '../support/Place.ts'
import { until } from '../support/until.ts'
import * as SmallDisk from './SmallDisk.ts'

/** How many bytes are left: nothing is accepted, or it is, and the work breaks off at one place or another. */
const rooms = process.env.FAULTS === 'all' ? [0, 32, 64, 128, 192, 256, 384, 512, 768, 1_024] : [0]

/** How many people are on a roster, and megabytes on the disk: enough for all that is accepted. */
const size = 100
const megabytes = 256

// What does not fit is refused in words, what was accepted waits, and nothing is broken by it (P35).
describe('laurel, whose disk is full', function () {
  // A batch whose lease could not be given back on a full disk waits until it has run out.
  this.timeout(300_000)
  let disk: SmallDisk.SmallDisk
  let place: Place.Place
  let server: Cli.Server
  let ask: ReturnType<typeof Api.create>
  const accepted: string[] = []
  before(async function () {
    const reason = await SmallDisk.missing()
    if (reason !== undefined) {
      console.log(`    SKIPPED: ${reason}`)
      this.skip()
    }
    disk = await SmallDisk.create(megabytes)
    place = await Place.create({ LAUREL_HOME: disk.folder, LAUREL_WORKERS: '0' })
    server = await Cli.start(place.environment)
    ask = Api.create(place.base, server.key)
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
  })
  afterEach(() => disk?.empty())
  after(async () => {
    await server?.stop()
    await disk?.remove()
    await place?.remove()
  })

  const offer = async (name: string) => {
    const people = Array.from({ length: size }, (_, i) => `${name}-${i}@example.org`)
    const csv = ['name,email', ...people.map((each) => `Person,${each}`), ''].join('\n')
    const headers = { 'idempotency-key': name }
    const reply = await ask('POST', '/v1/batches?achievement=A1', { csv, headers })
    if (reply.status === 202 && !accepted.includes(name)) accepted.push(name)
    return reply
  }
  const isDone = async () =>
    (await ask('GET', '/v1/batches?limit=200')).json.items.every(
      ({ state }: { state: string }) => state === 'delivered',
    )

  for (const room of rooms)
    it(`but for ${room} KiB: refuses with 507 what it cannot keep, and goes on when there is room`, async () => {
      const heard = server.said().length
      await disk.fill(room * 1_024)
      let refused: Api.Reply | undefined
      for (let i = 0; refused === undefined; i++) {
        const reply = await offer(`${room}-${i}`)
        if (reply.status !== 202) refused = reply
        // The work that breaks off makes room again.
        if (i > 1) await disk.fill().catch(() => {})
      }
      expect([refused.status, refused.json.code]).to.deep.equal([507, 'STORAGE_FULL'])
      expect(refused.headers.get('retry-after')).to.equal('10')
      // Whatever is open is tried meanwhile, and says what it lacks.
      await until(async () => server.said().length > heard || (await isDone()))
      expect((await fetch(`${place.base}/healthz`)).status).to.equal(200)
      expect((await offer(`${room}-refused`)).json.code).to.equal('STORAGE_FULL')

      await disk.empty()
      expect((await offer(`${room}-refused`)).status).to.equal(202)
      await until(isDone)
    })

  it('has lost nothing and doubled nothing, and its database is sound', async () => {
    const people = accepted.flatMap((name) => Array.from({ length: size }, (_, i) => `${name}-${i}@example.org`))
    const findings = await Oracle.audit(place.chain, people, join(disk.folder, 'batches'))
    expect(findings).to.deep.include(Oracle.whole)
    const database = new DatabaseSync(join(disk.folder, 'laurel.db'), { readOnly: true })
    expect(database.prepare('PRAGMA integrity_check').get()).to.deep.equal({ integrity_check: 'ok' })
    database.close()
    console.log(`        ${accepted.length} batches accepted, ${rooms.length} times full`)
  })
})
