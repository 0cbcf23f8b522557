import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'chai'
import { strToU8, unzipSync, zipSync } from 'fflate'
import * as OpenArchive from '../../../server/src/adapters/files/OpenArchive.ts'
import * as SqlStores from '../../../server/src/adapters/store/SqlStores.ts'
import { labels } from '../../../server/src/internal/crashpoint.ts'
import { importExport } from '../../../server/src/moving/import-export.ts'
import type { Archive } from '../../../server/src/ports/Archive.ts'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'
import { png } from '../http/png.ts'

const people = 6
const other = { recipient_email: 'bob@example.org', issued_to: 'Bob', badge_template: { id: 't', name: 'Robotics' } }

/** All files below a folder, by their names. */
async function filesOf(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>()
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    found.set(path.slice(folder.length + 1), await readFile(path))
  }
  return found
}

function linesOf(bytes: Buffer | undefined): readonly Record<string, unknown>[] {
  return (bytes?.toString() ?? '')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe('All that an organisation has', function () {
  this.timeout(300_000)
  let place: Place.Place
  let root: string
  let folder: string
  let archive: string
  let trust: string
  let given: Uint8Array
  let batch: string
  let ids: readonly string[]
  let secrets: readonly Buffer[]
  let files: ReadonlyMap<string, Buffer>
  const verify = async (path: string, ...more: string[]) => {
    const { stdout } = await Cli.run('laurel-verify', [path, '--trust', trust, '--json', ...more], {})
    return JSON.parse(stdout) as readonly { readonly file: string; readonly verdict: string; readonly code: string }[]
  }

  before(async () => {
    place = await Place.create()
    const { environment, base } = place
    const server = await Cli.start(environment)
    const ask = Api.create(base, server.key)
    const image = { id: `data:image/png;base64,${Buffer.from(png(1, 1)).toString('base64')}`, type: 'Image' }
    await ask('PUT', '/v1/achievements/A1', { json: { ...Api.achievement, image } })
    const person = (n: number) => ({ name: `Person ${n}`, email: `p${n}@example.org` })
    // The last of them is erased.
    const recipients = Array.from({ length: people + 1 }, (_, n) => person(n))
    batch = (await ask('POST', '/v1/batches', { json: { achievement: 'A1', recipients } })).json.id
    await until(
      async () => (await ask('GET', `/v1/batches/${batch}`)).json.state,
      (state) => state === 'delivered',
    )
    const { items } = (await ask('GET', `/v1/batches/${batch}/credentials`)).json
    ids = items.slice(0, people).map(({ credential }: { credential: string }) => credential.replace('urn:uuid:', ''))
    await ask('POST', `/v1/credentials/${ids[0]}/revoke`, { json: { reason: 'awarded by mistake' } })
    await ask('POST', '/v1/imports', { json: { data: [other] } })
    await until(
      async () => (await ask('GET', `/v1/credentials/${ids[0]}`)).json.status,
      (status) => status === 'revoked',
    )
    const erased = await ask('POST', '/v1/learners/erase', { json: { email: `p${people}@example.org` } })
    expect(erased.json.state).to.equal('erased')
    const response = await fetch(`${base}/v1/organisation/export`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}` },
    })
    expect([response.status, response.headers.get('content-type')]).to.deep.equal([200, 'application/zip'])
    given = new Uint8Array(await response.arrayBuffer())
    await server.stop()
    root = await mkdtemp(join(tmpdir(), 'laurel-moving-'))
    folder = join(root, 'everything')
    archive = join(root, 'everything.zip')
    trust = join(root, 'trust.json')
  })
  after(async () => {
    await place?.remove()
    if (root !== undefined) await rm(root, { recursive: true })
  })

  it('is written by a command, into a folder or a ZIP, and nothing half where it is killed', async () => {
    for (const [label, target] of [
      ['export:half-written', folder],
      ['export:before-rename', folder],
      ['export:before-rename', archive],
    ] as const) {
      const args = ['export', '--everything', '--to', target]
      const killed = await Cli.run('laurel', args, { ...place.environment, LAUREL_CRASH_AT: label })
      expect(killed.code, `${label} was not reached: ${killed.stdout}${killed.stderr}`).to.equal(null)
      expect(await stat(target).catch(() => undefined)).to.equal(undefined)
    }
    for (const target of [folder, archive]) {
      const done = await Cli.run('laurel', ['export', '--everything', '--to', target, '--json'], place.environment)
      expect(done.code, done.stderr).to.equal(0)
      const again = await Cli.run('laurel', ['export', '--everything', '--to', target, '--json'], place.environment)
      expect(again.stdout).to.match(/FOLDER_NOT_EMPTY|FILE_EXISTS/)
      if (process.platform !== 'win32') expect((await stat(target)).mode & 0o077, 'for its owner alone').to.equal(0)
    }
    const wrong = await Cli.run('laurel', ['export', '--everything'], place.environment)
    expect([wrong.code, wrong.stderr.includes('--to')]).to.deep.equal([1, true])
    files = await filesOf(folder)
  })

  it('has a manifest by which every other program finds each file as it was', async function () {
    const manifest = JSON.parse(files.get('manifest.json')?.toString() ?? '')
    expect(manifest).to.deep.include({ type: 'LaurelOrganisationExport', version: 1, credentials: people })
    expect(manifest.organisation.id).to.equal('home')
    for (const { name, size, sha256: digest } of manifest.files) {
      expect(files.get(name)?.length, name).to.equal(size)
      expect(sha256(files.get(name) as Buffer), name).to.equal(digest)
    }
    const keepsakes = [...files.keys()].filter((name) => name.endsWith('.laurel'))
    expect(keepsakes.length).to.equal(people)
    expect(files.size).to.equal(manifest.files.length + keepsakes.length + 1)
    const sums = spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: join(folder, 'batches', batch, 'credentials'),
      encoding: 'utf8',
    })
    if (sums.error !== undefined) {
      console.log('SKIPPED: there is no sha256sum here')
      this.skip()
    }
    expect([sums.status, sums.stdout.match(/: OK$/gm)?.length]).to.deep.equal([0, people])
  })

  it('is the same in the ZIP, by a program that is not ours', async function () {
    const listed = spawnSync('unzip', ['-tq', archive], { encoding: 'utf8' })
    if (listed.error !== undefined) {
      console.log('SKIPPED: there is no unzip here')
      this.skip()
    }
    expect(listed.status, listed.stdout).to.equal(0)
    for (const [name, bytes] of files) {
      // The audit log has noted an export more.
      if (/^(manifest\.json|audit\.ndjson)$/.test(name)) continue
      const { stdout } = spawnSync('unzip', ['-p', archive, name])
      expect(stdout.equals(bytes), name).to.equal(true)
    }
  })

  it('is the same over HTTP', () => {
    const served = unzipSync(given)
    expect(Object.keys(served).toSorted()).to.deep.equal([...files.keys()].toSorted())
    for (const [name, bytes] of Object.entries(served))
      if (!/^(manifest\.json|audit\.ndjson)$/.test(name)) expect(files.get(name)?.equals(bytes), name).to.equal(true)
  })

  it('has its people, achievements, images, decisions, issuer, audit log and badges of others in it', () => {
    const rows = linesOf(files.get('people.ndjson'))
    expect(rows.map(({ batch: of, row }) => [of, row])).to.deep.equal(
      Array.from({ length: people }, (_, i) => [batch, i + 1]),
    )
    expect(JSON.stringify(rows[2])).to.include('p2@example.org')
    const [achievement] = linesOf(files.get('achievements.ndjson'))
    expect(achievement).to.deep.include({ name: 'A1', version: 1 })
    const image = [...files.keys()].find((name) => name.startsWith('images/'))
    expect(JSON.stringify(achievement)).to.include(`ipfs://${image?.slice('images/'.length)}`)
    const [decision] = linesOf(files.get(`batches/${batch}/decisions.ndjson`))
    expect(decision).to.deep.include({ credential: `urn:uuid:${ids[0]}`, act: 'revoke', reason: 'awarded by mistake' })
    const kinds = linesOf(files.get('issuer.ndjson')).map(({ kind }) => kind)
    expect(kinds).to.include.members(['did-document', 'keys'])
    const entries = linesOf(files.get('audit.ndjson'))
    expect(entries.map(({ sequence }) => sequence)).to.deep.equal(entries.map((_, i) => i + 1))
    expect(entries.slice(1).map(({ previous }) => previous)).to.deep.equal(entries.slice(0, -1).map(({ hash }) => hash))
    const [original] = linesOf(files.get('originals.ndjson'))
    expect(JSON.parse(Buffer.from(String(original?.bytes), 'base64').toString())).to.deep.equal(other)
    expect(linesOf(files.get('batches.ndjson')).map(({ id, state }) => [id, state])).to.deep.equal([
      [batch, 'delivered'],
    ])
  })

  it('has nobody in it who was erased', () => {
    for (const [name, bytes] of files)
      for (const trace of [`Person ${people}`, `p${people}@example.org`])
        expect(bytes.includes(trace), name).to.equal(false)
  })

  it('has no secret in it', async () => {
    const database = new DatabaseSync(join(place.home, 'laurel.db'), { readOnly: true })
    secrets = database
      .prepare('SELECT secret FROM drafts')
      .all()
      .map(({ secret }) => Buffer.from(secret as Uint8Array))
      .filter((secret) => secret.some((byte) => byte !== 0))
    database.close()
    expect(secrets.length).to.equal(people)
    const all = Buffer.concat([...files.values()])
    for (const secret of secrets)
      for (const form of [secret, secret.toString('hex'), secret.toString('base64'), secret.toString('base64url')])
        expect(all.includes(form)).to.equal(false)
    expect(all.toString('latin1')).to.not.match(/ciphertext|PRIVATE KEY|laurel_[0-9a-f]{8}_z/)
  })

  it('verifies when its server, its database and its home are gone, by the chain alone', async () => {
    await cp(join(place.home, 'trust.json'), trust)
    await rm(place.home, { recursive: true })
    for (const path of [folder, archive]) {
      const verdicts = await verify(path)
      expect(verdicts.length).to.equal(people)
      for (const { file, verdict } of verdicts)
        expect(verdict, file).to.equal(file.includes(ids[0] as string) ? 'rejected' : 'accepted')
    }
  })

  const elsewhere = async (name: string) => {
    const home = join(root, name)
    await mkdir(home, { recursive: true })
    await cp(trust, join(home, 'trust.json'))
    const environment = { ...place.environment, LAUREL_HOME: home }
    const laurel = (args: readonly string[], more: Cli.Environment = {}) =>
      Cli.run('laurel', [...args, '--json'], { ...environment, ...more })
    return { environment, laurel }
  }
  const listed = async ({ laurel }: Awaited<ReturnType<typeof elsewhere>>) =>
    JSON.parse((await laurel(['import', 'list'])).stdout).imports as readonly { readonly kind: string }[]

  it('is imported elsewhere, where each credential is found, served and verified again, with its status', async () => {
    const second = await elsewhere('second')
    const dry = JSON.parse((await second.laurel(['import', 'export', folder, '--dry-run'])).stdout)
    expect([dry.total, dry.accepted, dry.rejected, dry.added]).to.deep.equal([people, people - 1, 1, false])
    expect(await listed(second)).to.deep.equal([])
    const done = await second.laurel(['import', 'export', folder])
    expect(done.code, done.stdout + done.stderr).to.equal(0)
    const { id, added } = JSON.parse(done.stdout)
    expect(added).to.equal(true)
    const again = JSON.parse((await second.laurel(['import', 'export', folder])).stdout)
    expect([again.id, again.added, again.outcomes.length]).to.deep.equal([id, false, people])
    const server = await Cli.start(second.environment)
    try {
      const ask = Api.create(place.base, server.key)
      for (const credential of ids) {
        const [found] = (await ask('GET', `/v1/originals?badge=urn:uuid:${credential}`)).json.items
        const verdict = credential === ids[0] ? 'rejected' : 'accepted'
        expect([found.import, found.judged.verdict]).to.deep.equal([id, verdict])
        const path = `/v1/imports/${id}/originals/${found.row}/document`
        const { text } = await ask('GET', path)
        expect(text).to.equal(files.get(found.name)?.toString())
        const headers = { 'content-type': 'application/octet-stream' }
        expect((await ask('POST', '/v1/verify', { body: text, headers, key: undefined })).json.verdict).to.equal(
          verdict,
        )
        // It stays its issuer's: what is issued from here is another thing.
        expect((await ask('GET', `/v1/credentials/${credential}`)).json.code).to.equal('CREDENTIAL_UNKNOWN')
      }
      // What is public of them is served from here now.
      for (const [name, bytes] of files) {
        if (!/^images\/|\/(manifest|status-\w+)\.json$/.test(name)) continue
        const cid = name.startsWith('images/') ? name.slice(7) : cidOf(bytes)
        const served = await fetch(`${place.base}/ipfs/${cid}`)
        expect([name, served.status]).to.deep.equal([name, 200])
        expect(Buffer.from(await served.arrayBuffer()).equals(bytes), name).to.equal(true)
      }
      const email = 'p3@example.org'
      const { badgesOfOthers } = (await ask('POST', '/v1/learners/export', { json: { email } })).json
      expect(badgesOfOthers).to.have.length(1)
    } finally {
      await server.stop()
    }
  })

  it('is imported whole or not at all, whatever kills it', async () => {
    const third = await elsewhere('third')
    for (const label of labels.filter((name) => name.startsWith('import:'))) {
      const killed = await third.laurel(['import', 'export', archive], { LAUREL_CRASH_AT: label })
      expect(killed.code, `${label} was not reached: ${killed.stdout}${killed.stderr}`).to.equal(null)
      expect((await listed(third)).length, label).to.equal(label === 'import:after-finish' ? 1 : 0)
    }
    const again = JSON.parse((await third.laurel(['import', 'export', archive])).stdout)
    expect([again.added, again.total]).to.deep.equal([false, people])
  })

  it('is refused where anything was changed, added or taken away, and nothing is imported', async () => {
    const stores = await SqlStores.open(join(root, 'laurel.db'))
    const context = {
      imports: stores.imports,
      verifyEach: async () => {
        throw new TypeError('nothing of it is judged')
      },
      clock: { now: () => 7 },
      randomness: { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) },
      content: { put: async () => expect.fail('nothing of it is published') },
    } as unknown as Parameters<typeof importExport>[1]
    const refusal = (open: () => Archive | Promise<Archive>) =>
      Promise.resolve()
        .then(open)
        .then((archive) => importExport(archive, context))
        .catch(({ code }) => code)
    const [keepsake] = [...files.keys()].filter((name) => name.endsWith('.laurel')) as [string]
    const manifest = files.get('manifest.json')?.toString() ?? ''
    const changed = (change: (value: ReturnType<typeof JSON.parse>) => void) => {
      const value = JSON.parse(manifest)
      change(value)
      return strToU8(JSON.stringify(value))
    }
    const cases: Readonly<Record<string, readonly [code: string, files: Record<string, Uint8Array | undefined>]>> = {
      'a keepsake that was changed': ['EXPORT_INVALID', { [keepsake]: strToU8('{}') }],
      'a keepsake that is missing': ['EXPORT_INVALID', { [keepsake]: undefined }],
      'a keepsake more': ['EXPORT_INVALID', { [keepsake.replace(/[^/]+$/, 'more.laurel')]: strToU8('{}') }],
      'a file more': ['EXPORT_INVALID', { 'more.txt': strToU8('more') }],
      'a file less': ['EXPORT_INVALID', { 'people.ndjson': undefined }],
      'a list that was changed': ['EXPORT_INVALID', { 'audit.ndjson': strToU8('') }],
      'no manifest': ['EXPORT_INVALID', { 'manifest.json': undefined }],
      'a manifest that is no JSON': ['EXPORT_INVALID', { 'manifest.json': strToU8('{') }],
      'a later version': ['EXPORT_VERSION', { 'manifest.json': changed((value) => (value.version = 2)) }],
      'a member more': ['EXPORT_INVALID', { 'manifest.json': changed((value) => (value.more = 1)) }],
      'a count that is too small': ['EXPORT_INVALID', { 'manifest.json': changed((value) => value.credentials--) }],
      'a file that is named twice': [
        'EXPORT_INVALID',
        { 'manifest.json': changed((value) => value.files.push(value.files[0])) },
      ],
      'a name that leads out': [
        'EXPORT_INVALID',
        { 'manifest.json': changed((value) => value.files.push({ ...value.files[0], name: '../trust.json' })) },
      ],
      'an entry that leads out': ['ZIP_INVALID', { '../../evil': strToU8('x') }],
    }
    for (const [name, [code, more]] of Object.entries(cases)) {
      const all = Object.entries({ ...Object.fromEntries(files), ...more }).filter(([, bytes]) => bytes !== undefined)
      const zip = zipSync(Object.fromEntries(all) as Record<string, Uint8Array>)
      expect([name, await refusal(() => OpenArchive.openZip(zip))]).to.deep.equal([name, code])
    }
    await symlink(trust, join(folder, 'link'))
    expect(await refusal(() => OpenArchive.open(folder))).to.equal('EXPORT_INVALID')
    expect(await stores.imports.imports()).to.deep.equal([])
    await stores.store.close()
  })
})

/** CIDv1, raw, SHA-256, in base32: what it is by its definition. */
function cidOf(bytes: Uint8Array): string {
  const binary = Buffer.concat([Buffer.from([1, 0x55, 0x12, 32]), createHash('sha256').update(bytes).digest()])
  let bits = ''
  for (const byte of binary) bits += byte.toString(2).padStart(8, '0')
  const digits = bits.match(/.{1,5}/g) ?? []
  return `b${digits.map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')}`
}
