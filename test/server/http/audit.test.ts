import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Noting from '../../../server/src/http/Noting.ts'
import { routes } from '../../../server/src/http/routes.ts'
import { labels } from '../../../server/src/internal/crashpoint.ts'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))
const person = { name: 'Žofie Nováková', email: 'zofie@example.org' }

type Entry = {
  readonly sequence: number
  readonly operation: string
  readonly outcome: string
  readonly code: string | null
  readonly principal: string
  readonly objects: readonly string[]
  readonly request: string
}

describe('The audit log of a server', function () {
  this.timeout(180_000)
  let place: Place.Place
  let server: Cli.Server
  let key: string
  let ask: ReturnType<typeof Api.create>

  before(async () => {
    place = await Place.create({ LAUREL_WORKERS: '0', LAUREL_GATHER_SECONDS: '1' })
    server = await Cli.start(place.environment)
    key = server.key ?? ''
    ask = Api.create(place.base, key)
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const all = async (query = ''): Promise<readonly Entry[]> =>
    (await ask('GET', `/v1/audit?limit=200${query}`)).json.items
  const of = async (operation: string) =>
    (await all(`&operation=${operation}`)).map(({ outcome, code }) => [outcome, code] as const)
  const laurel = async (...args: string[]) => {
    const { code, stdout, stderr } = await Cli.run('laurel', [...args, '--json'], place.environment)
    return { code, stderr, json: stdout === '' ? undefined : JSON.parse(stdout) }
  }

  it('has what changes something before it is begun, and what became of it', async () => {
    const made = await ask('POST', '/v1/api-keys', { json: { name: 'x', scopes: ['batches:read'] } })
    const entries = (await all()).filter(({ operation }) => operation === 'createApiKey')
    expect(entries.map(({ outcome }) => outcome)).to.deep.equal(['asked', 'done'])
    expect(new Set(entries.map(({ request }) => request))).to.deep.equal(new Set([made.headers.get('x-request-id')]))
    expect(entries[1]?.objects).to.deep.equal([made.json.id])
    expect(entries[0]?.principal).to.equal(`key:${key.split('_')[1]}`)
    await ask('POST', '/v1/credentials/00000000-0000-4000-8000-000000000009/revoke', { json: {} })
    expect(await of('revokeCredential')).to.deep.equal([
      ['asked', null],
      ['refused', 'CREDENTIAL_UNKNOWN'],
    ])
    expect((await all('&object=00000000-0000-4000-8000-000000000009')).length).to.equal(2)
  })

  it('has an order in one entry, which is there if and only if the order is', async () => {
    const order = await ask('POST', '/v1/credentials', { json: { achievement: 'A1', recipient: person } })
    await ask('POST', '/v1/credentials', { json: { achievement: 'A1', recipient: { name: 'x' } } })
    const entries = (await all()).filter(({ operation }) => operation === 'orderCredential')
    expect(entries.map(({ outcome, objects }) => [outcome, objects])).to.deep.equal([['done', [order.json.id]]])
  })

  it('has no question and no verification in it', async () => {
    const before = (await all()).length
    await ask('GET', '/v1/batches')
    await ask('POST', '/v1/verify', { body: '{}', headers: { 'content-type': 'application/octet-stream' } })
    expect((await all()).length).to.equal(before)
  })

  it('is given in pages, as lines, and to whoever may see it', async () => {
    const page = (await ask('GET', '/v1/audit?limit=2')).json
    expect(page.items.map(({ sequence }: Entry) => sequence)).to.deep.equal([1, 2])
    const next = (await ask('GET', `/v1/audit?limit=2&cursor=${page.next}`)).json
    expect(next.items[0].sequence).to.equal(3)
    const lines = (await ask('GET', '/v1/audit.ndjson')).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const [i, { previous }] of lines.entries())
      if (i > 0) expect(previous, `entry ${i + 1}`).to.equal(lines[i - 1].hash)
    const { json: other } = await ask('POST', '/v1/api-keys', { json: { name: 'y', scopes: ['batches:read'] } })
    expect((await ask('GET', '/v1/audit', { key: other.secret })).json.code).to.equal('SCOPE_REQUIRED')
    expect((await ask('GET', '/v1/audit?cursor=xyz')).json.code).to.equal('PAGINATION_INVALID')
  })

  it('has what is done at the command line, and nothing personal that was given to it', async () => {
    const roster = join(place.home, 'Žofie Nováková.csv')
    await writeFile(roster, `name,email\n${person.name},${person.email}\n`)
    const issued = await laurel('issue', roster, '--achievement', achievement)
    expect(issued.code, issued.stderr).to.equal(0)
    await laurel('revoke', 'zofie@example.org', '--reason', 'Žofie asked for it')
    const entries = (await all()).filter(({ principal }) => principal === 'operator')
    expect(entries.map(({ operation, outcome, code }) => [operation, outcome, code])).to.deep.equal([
      ['start', 'asked', null],
      ['issue', 'asked', null],
      ['issue', 'done', null],
      ['revoke', 'asked', null],
      ['revoke', 'refused', 'CREDENTIAL_UNKNOWN'],
    ])
    expect((await ask('GET', '/v1/audit.ndjson')).text).to.not.match(/zofie|Žofie|Nov/i)
  })

  it('says that nobody knows how it ended of what died in its midst', async () => {
    const { items } = (await ask('GET', '/v1/batches')).json
    const { items: people } = (
      await until(
        () => ask('GET', `/v1/batches/${items[0].id}/credentials`),
        ({ json }) => json.items?.[0]?.credential != null,
      )
    ).json
    const id: string = people[0].credential.replace('urn:uuid:', '')
    const killed = await Cli.run('laurel', ['revoke', id], {
      ...place.environment,
      LAUREL_CRASH_AT: 'decide:after-commit',
    })
    expect(killed.code).to.equal(null)
    const [asked] = await all(`&object=${id}`)
    expect(asked?.outcome).to.equal('asked')
    const { json } = await laurel('audit', 'verify')
    expect(json.unknown).to.include(asked?.request)
    expect(json.findings).to.deep.equal([])
  })

  for (const label of labels.filter((name) => name.startsWith('audit:'))) {
    it(`${label}: is anchored once, whatever died in its midst`, async () => {
      const killed = await Cli.run('laurel', ['audit', 'anchor'], { ...place.environment, LAUREL_CRASH_AT: label })
      expect(killed.code, killed.stderr).to.equal(null)
      expect((await laurel('audit', 'anchor')).code).to.equal(0)
      const { code, json } = await laurel('audit', 'verify')
      expect(code).to.equal(0)
      expect(json.anchors.waiting).to.equal(0)
      expect(json.anchors.confirmed).to.be.greaterThan(0)
    })
  }

  it('is said to be broken when it is', async () => {
    await server.stop()
    const { DatabaseSync } = await import('node:sqlite')
    const database = new DatabaseSync(join(place.home, 'laurel.db'))
    database.exec('DROP TRIGGER audit_entries_are_fixed')
    database.exec("UPDATE audit_entries SET principal = 'anybody' WHERE sequence = 2")
    database.close()
    const { code, json } = await laurel('audit', 'verify')
    expect([code, json.error.code]).to.deep.equal([1, 'AUDIT_LOG_BROKEN'])
    expect(json.error.facts.findings[0]).to.include('entry changed: 2 of home')
  })

  it('was asked for every operation of it that is described', () => {
    expect(Api.unasked('http/audit')).to.deep.equal([])
  })
})

describe('What the audit log notes', () => {
  /** Parameters by which whoever has them opens something. */
  const secret = new Set(['token'])

  it('is every operation that changes something, by ids that are none of a secret', () => {
    for (const route of routes) {
      if (route.method === 'get') continue
      if (route.audit === 'none') expect(route.scope, `${route.operation} changes something for anybody`).to.equal(null)
      for (const name of Object.keys(route.params?.shape ?? {}))
        if (secret.has(name)) expect(Noting.named).to.not.include(name)
        else if (route.audit !== 'none')
          expect(Noting.named, `${route.operation} has a parameter ${name}: is it an id?`).to.include(name)
    }
  })

  it('is every command that changes something', () => {
    const source = readFileSync(new URL('../../../server/src/cli.ts', import.meta.url), 'utf8')
    const actions = source.split('.action(').slice(1)
    const asking = actions.filter((action) => !action.slice(0, 400).split('.command(')[0]?.includes('noted('))
    const commands = asking.map((action) => /(\w+(?:\.\w+)?)\([^()]*(?:config\(\)|environment)\)/.exec(action)?.[1])
    expect(commands).to.deep.equal([
      'status',
      'showConfig',
      'doctor',
      'backup',
      // What is restored takes no note before it is reconciled, which lets it take some.
      'restore',
      'reconcile',
      'listImports',
      'Issuer.list',
      'Issuer.show',
      'Collection.show',
      'Token.show',
      'auditContent',
      'exportContent',
      'Organisation.list',
      'Key.list',
      'Mail.list',
      'Mail.preview',
      'Mail.suppressed',
      'Audit.verify',
      'Signer.list',
      'Signer.test',
      'Member.list',
      'Webhook.list',
      'Webhook.show',
      'worker',
    ])
  })
})
