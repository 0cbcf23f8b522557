import { expect } from 'chai'
import * as Api from '../support/Api.ts'
import * as Cli from '../support/Cli.ts'
import * as Place from '../support/Place.ts'
import * as Strace from './Strace.ts'

/** How many requests are made of each kind. */
const count = 10

// A process that is killed loses nothing that it has handed to the system; a machine does. So the order of the calls is
// looked at: whatever was acknowledged, a sync of it had returned before the first byte of the answer left (P1).
describe('The HTTP interface, whose system calls are watched', function () {
  this.timeout(60_000)
  let place: Place.Place
  let server: Cli.Server
  before(async function () {
    const reason = await Strace.missing()
    if (reason !== undefined) {
      console.log(`    SKIPPED: ${reason}`)
      this.skip()
    }
    place = await Place.create({ LAUREL_GATHER_SECONDS: '3600' })
    server = await Cli.start(place.environment)
  })
  after(async () => {
    await server?.kill()
    await place?.remove()
  })

  it('is on the disk before it is answered, whatever was accepted', async () => {
    const ask = Api.create(place.base, server.key)
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
    const watch = await Strace.attach(server.pid, ['read', 'write', 'writev', 'pwrite64', 'fdatasync', 'fsync'])
    for (let i = 0; i < count; i++) {
      const recipient = { name: 'Ada', email: `ada-${i}@example.org` }
      const json = { achievement: 'A1', draft: true, recipients: [recipient] }
      expect((await ask('POST', '/v1/batches', { json })).status).to.equal(202)
      const headers = { 'idempotency-key': `batch-${i}` }
      const csv = `name,email\nAda,ada+${i}@example.org\n`
      expect((await ask('POST', '/v1/batches?achievement=A1&draft=true', { csv, headers })).status).to.equal(202)
      expect((await ask('POST', '/v1/credentials', { json: { achievement: 'A1', recipient } })).status).to.equal(202)
    }
    const { acknowledged, early } = judge(await watch.end())
    console.log(`        ${acknowledged} acknowledged, ${early} of them before they were on the disk`)
    expect({ acknowledged, early }).to.deep.equal({ acknowledged: 3 * count, early: 0 })
  })
})

/** How many requests were answered with 202, and how many of them before all that was written for them had been synced. */
function judge(calls: readonly Strace.Call[]): { readonly acknowledged: number; readonly early: number } {
  let acknowledged = 0
  let early = 0
  let unsynced = 0
  let synced = 0
  for (const { name, path, text, failed } of calls) {
    if (failed) continue
    const isLog = path.endsWith('laurel.db-wal')
    if (name === 'read' && /^, "POST /.test(text)) synced = 0
    else if (name === 'pwrite64' && isLog) unsynced++
    else if (name.endsWith('sync') && isLog) {
      synced += unsynced
      unsynced = 0
    } else if (name.startsWith('write') && text.includes('HTTP/1.1 202')) {
      acknowledged++
      if (unsynced > 0 || synced === 0) early++
    }
  }
  return { acknowledged, early }
}
