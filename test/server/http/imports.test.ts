import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { expect } from 'chai'
import { parse } from 'csv-parse/sync'
import { strToU8, zipSync } from 'fflate'
import { labels } from '../../../server/src/internal/crashpoint.ts'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'

const credly = (n: number) => ({
  id: `badge-${n}`,
  recipient_email: `learner${n}@example.org`,
  issued_to: `Learner ${n}`,
  badge_template: { id: 't1', name: 'Robotics' },
  issued_at: '2025-03-01',
  badge_url: `https://www.credly.example/badges/${n}`,
})

describe('Importing badges of others over HTTP', function () {
  this.timeout(120_000)
  let place: Place.Place
  let server: Cli.Server
  let ask: ReturnType<typeof Api.create>
  before(async () => {
    place = await Place.create()
    server = await Cli.start(place.environment)
    ask = Api.create(place.base, server.key)
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })
  const zip = (files: Readonly<Record<string, string | Uint8Array>>) => ({
    body: zipSync(
      Object.fromEntries(
        Object.entries(files).map(([name, text]) => [name, typeof text === 'string' ? strToU8(text) : text]),
      ),
      // The same files are the same archive, whenever it is made.
      { mtime: '2026-01-01T12:00:00Z' },
    ) as Uint8Array<ArrayBuffer>,
    headers: { 'content-type': 'application/zip' },
  })

  it('tells in a dry run what becomes of each row, and keeps nothing', async () => {
    const json = { data: [credly(1), { state: 'accepted' }] }
    const dry = await ask('POST', '/v1/imports?dryRun=true', { json })
    expect([dry.status, dry.json.id, dry.json.added, dry.json.total]).to.deep.equal([200, null, false, 1])
    expect(dry.json.outcomes).to.deep.equal([
      { name: 'import#/data/0', outcome: 'unknown', code: 'ORIGINAL_UNSIGNED' },
      { name: 'import#/data/1', outcome: 'refused', code: 'IMPORT_ROW' },
    ])
    expect((await ask('GET', '/v1/imports')).json.items).to.deep.equal([])
  })

  it('shows of each badge who has issued it, what was found of it, and its bytes as they were', async () => {
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
    const recipients = [{ name: 'Ada', email: 'ada@example.org' }]
    const { id } = (await ask('POST', '/v1/batches', { json: { achievement: 'A1', recipients } })).json
    await until(
      async () => (await ask('GET', `/v1/batches/${id}`)).json.state,
      (state) => state === 'delivered',
    )
    const [{ credential }] = (await ask('GET', `/v1/batches/${id}/credentials`)).json.items
    const text = (await ask('GET', `/credentials/${credential.slice(9)}.json`)).text
    const forged = text.replace('First aid', 'Last aid')
    const made = await ask(
      'POST',
      '/v1/imports',
      zip({ 'a/real.json': text, 'forged.json': forged, 'x.txt': 'no badge' }),
    )
    expect([made.status, made.json.total]).to.deep.equal([201, 2])
    expect(made.headers.get('location')).to.equal(`/v1/imports/${made.json.id}`)
    expect(made.json.wrong.map(({ name, code }: { name: string; code: string }) => [name, code])).to.deep.equal([
      ['x.txt', 'IMPORT_NOT_READ'],
    ])
    const { items } = (await ask('GET', `/v1/imports/${made.json.id}/originals?limit=1`)).json
    expect(items[0]).to.deep.include({ name: 'a/real.json', form: 'open-badge', row: 1 })
    expect(items[0].judged.verdict).to.equal('accepted')
    expect(items[0].said.issuer.id).to.match(/^did:key:/)
    expect(items[0].recipient.email).to.equal('ada@example.org')
    const second = (await ask('GET', `/v1/imports/${made.json.id}/originals/2`)).json
    expect(second.judged.verdict).to.equal('rejected')
    const bytes = await ask('GET', `/v1/imports/${made.json.id}/originals/1/document`)
    expect(bytes.text).to.equal(text)
    expect(bytes.headers.get('content-disposition')).to.include('attachment')
    expect((await ask('GET', '/v1/originals?badge=%00')).json.code).to.equal('VALUE_INVALID')
    const found = (await ask('GET', `/v1/originals?badge=${encodeURIComponent(credential)}`)).json.items
    expect(found.map(({ row }: { row: number }) => row)).to.deep.equal([1, 2])
    const again = await ask(
      'POST',
      '/v1/imports',
      zip({ 'a/real.json': text, 'forged.json': forged, 'x.txt': 'no badge' }),
    )
    expect([again.status, again.json.id, again.json.added]).to.deep.equal([200, made.json.id, false])
    // Nothing of it is ours: what is of the import is no credential from here.
    const { total } = (await ask('GET', `/v1/imports/${made.json.id}`)).json
    expect(total).to.equal(2)
    expect((await ask('GET', `/v1/imports/${made.json.id}/originals/3`)).json.code).to.equal('ORIGINAL_UNKNOWN')
    expect((await ask('GET', '/v1/imports/0123456789abcdef')).json.code).to.equal('IMPORT_UNKNOWN')
  })

  it('issues anew only as a step of its own, with the original as evidence', async () => {
    const { id } = (await ask('POST', '/v1/imports', { json: { data: [credly(5)] } })).json
    expect(parse((await ask('GET', `/v1/imports/${id}/roster`)).text, { columns: true })).to.deep.equal([])
    const roster = (await ask('GET', `/v1/imports/${id}/roster?unverified=true`)).text
    const batch = await ask('POST', '/v1/batches?achievement=A1', { csv: roster })
    expect(batch.status, batch.text).to.equal(202)
    await until(
      async () => (await ask('GET', `/v1/batches/${batch.json.id}`)).json.state,
      (state) => state === 'delivered',
    )
    const [{ credential }] = (await ask('GET', `/v1/batches/${batch.json.id}/credentials`)).json.items
    const { evidence } = (await ask('GET', `/credentials/${credential.slice(9)}.json`)).json
    expect(evidence).to.have.length(1)
    expect(evidence[0].id).to.equal('https://www.credly.example/badges/5')
    expect(evidence[0].description).to.match(/on 2025-03-01, not by us\. SHA-256 of the original: [0-9a-f]{64}$/)
  })

  it('refuses a table that is none, an archive that leads out of itself, has a name twice, or unpacks to too much', async () => {
    const table = await ask('POST', '/v1/imports', { csv: 'a,b\n1,2\n' })
    expect([table.status, table.json.code]).to.deep.equal([422, 'IMPORT_EMPTY'])
    const slip = await ask('POST', '/v1/imports', zip({ '../../etc/passwd': '{}' }))
    expect([slip.status, slip.json.code]).to.deep.equal([422, 'ZIP_INVALID'])
    const twice = zip({ 'a.json': '{}', 'b.json': '{}' })
    const bytes = Buffer.from(twice.body)
    for (let at = bytes.indexOf('b.json'); at >= 0; at = bytes.indexOf('b.json', at)) bytes.write('a', at)
    const doubled = await ask('POST', '/v1/imports', { ...twice, body: bytes })
    expect([doubled.status, doubled.json.code]).to.deep.equal([422, 'ZIP_INVALID'])
    const bomb = await ask('POST', '/v1/imports', zip({ 'a.json': new Uint8Array(64 * 1024 * 1024) }))
    expect([bomb.status, bomb.json.code]).to.deep.equal([422, 'ZIP_LIMIT'])
    const bombs = Array.from({ length: 5 }, (_, n) => [`${n}.json`, new Uint8Array(15 * 1024 * 1024)] as const)
    const together = await ask('POST', '/v1/imports', zip(Object.fromEntries(bombs)))
    expect([together.status, together.json.code]).to.deep.equal([422, 'ZIP_LIMIT'])
    const many = { data: Array.from({ length: 1_001 }, (_, n) => credly(n)) }
    const refused = await ask('POST', '/v1/imports', { json: many })
    expect([refused.status, refused.json.code]).to.deep.equal([413, 'IMPORT_TOO_MANY'])
    const type = await ask('POST', '/v1/imports', { body: 'x', headers: { 'content-type': 'application/x-tar' } })
    expect([type.status, type.json.code]).to.deep.equal([415, 'CONTENT_TYPE'])
  })

  it('shows whoever has an address what was imported of them, and erases all of it', async () => {
    const json = { data: [credly(7), credly(8)] }
    const { id } = (await ask('POST', '/v1/imports', { json })).json
    const email = 'learner7@example.org'
    const told = (await ask('POST', '/v1/learners/export', { json: { email } })).json
    expect(told.badgesOfOthers).to.have.length(1)
    expect(told.badgesOfOthers[0]).to.deep.include({ import: id, row: 1, whoHasIt: { name: 'Learner 7', email } })
    expect(JSON.parse(told.badgesOfOthers[0].badge)).to.deep.equal(credly(7))
    const erased = (await ask('POST', '/v1/learners/erase', { json: { email } })).json
    expect([erased.state, erased.others]).to.deep.equal(['erased', 1])
    const left = (await ask('GET', `/v1/imports/${id}/originals`)).json.items
    expect(left.map(({ row }: { row: number }) => row)).to.deep.equal([2])
    const database = await readFile(`${place.home}/laurel.db`, 'latin1')
    expect(database).to.not.include('learner7@example.org')
    expect((await ask('POST', '/v1/learners/export', { json: { email } })).json.code).to.equal('PERSON_UNKNOWN')
    // Of whom a badge has a digest only, whoever knows the address finds it.
    const salt = 'deadsea'
    const identity = `sha256$${createHash('sha256').update(`${email}${salt}`).digest('hex')}`
    const recipient = { type: 'email', hashed: true, salt, identity }
    const badge = {
      '@context': 'https://w3id.org/openbadges/v2',
      type: 'Assertion',
      id: 'urn:x',
      recipient,
      badge: 'urn:y',
    }
    await ask('POST', '/v1/imports', { json: badge })
    expect((await ask('POST', '/v1/learners/erase', { json: { email } })).json.others).to.equal(1)
    expect((await ask('GET', '/v1/originals?badge=urn:x')).json.items).to.deep.equal([])
  })

  it('is theirs for whom a command does it, and noted in their log', async () => {
    const laurel = async (...args: string[]) =>
      JSON.parse((await Cli.run('laurel', [...args, '--json'], place.environment)).stdout)
    await laurel('organisation', 'add', 'acme')
    const key = (await laurel('key', 'create', '--name', 'k', '--organisation', 'acme')).secret
    const file = `${place.home}/acme.json`
    await writeFile(file, JSON.stringify({ data: [credly(1)] }))
    const { id } = await laurel('import', 'add', file, '--organisation', 'acme')
    const theirs = (await ask('GET', '/v1/imports', { key })).json.items
    expect(theirs.map((each: { id: string }) => each.id)).to.deep.equal([id])
    expect((await ask('GET', `/v1/imports/${id}`)).json.code).to.equal('IMPORT_UNKNOWN')
    const { items } = (await ask('GET', '/v1/audit', { key })).json
    expect(items.map(({ operation }: { operation: string }) => operation)).to.deep.equal(['import add', 'import add'])
  })

  it('commands no terminal by what its files are called', async () => {
    const file = `${place.home}/names.zip`
    const { body } = zip({ '\u001b[2Jx.txt': 'no badge', 'a.json': JSON.stringify({ data: [credly(9)] }) })
    await writeFile(file, body)
    const { stdout } = await Cli.run('laurel', ['import', 'add', file, '--dry-run'], place.environment)
    expect([stdout.includes('x.txt'), stdout.includes('\u001b[2J')]).to.deep.equal([true, false])
  })

  it('is disclosed by a command whichever organisation has it', async () => {
    const { stdout } = await Cli.run('laurel', ['disclose', 'learner1@example.org'], place.environment)
    const [told] = JSON.parse(stdout).badgesOfOthers
    expect(JSON.parse(told.badge)).to.deep.equal(credly(1))
  })

  for (const label of labels.filter((name) => name.startsWith('import:')))
    it(`killed at ${label}, keeps nothing half, and the same once more is imported`, async () => {
      const file = `${place.home}/${label.replace(':', '-')}.json`
      await writeFile(file, JSON.stringify({ data: Array.from({ length: 150 }, (_, n) => ({ ...credly(n), label })) }))
      const add = (environment: Cli.Environment) => Cli.run('laurel', ['import', 'add', file, '--json'], environment)
      const before = (await ask('GET', '/v1/imports')).json.items.length
      const killed = await add({ ...place.environment, LAUREL_CRASH_AT: label })
      expect(killed.code, `${label} was not reached: ${killed.stdout}${killed.stderr}`).to.equal(null)
      const isDone = label === 'import:after-finish'
      expect((await ask('GET', '/v1/imports')).json.items.length).to.equal(before + (isDone ? 1 : 0))
      const { code, stdout } = await add(place.environment)
      expect(code, stdout).to.equal(0)
      const again = JSON.parse(stdout)
      expect([again.added, again.total, again.unknown]).to.deep.equal([!isDone, 150, 150])
      expect((await ask('GET', '/v1/imports')).json.items.length).to.equal(before + 1)
      expect((await ask('GET', `/v1/imports/${again.id}/originals?limit=200`)).json.items).to.have.length(150)
    })

  it('was asked for every operation that is described', () => {
    expect(Api.unasked('http/imports')).to.deep.equal([])
  })
})
