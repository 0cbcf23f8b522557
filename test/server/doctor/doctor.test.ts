import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'chai'
import * as Config from '../../../server/src/config.ts'
import { createChecks } from '../../../server/src/doctor/create.ts'
import * as Examination from '../../../server/src/doctor/Examination.ts'
import { machine } from '../../../server/src/doctor/machine.ts'
import * as World from '../../../server/src/doctor/world.ts'
import * as SmallDisk from '../../faults/SmallDisk.ts'
import * as Api from '../../support/Api.ts'
import * as AwsKmsStub from '../../support/AwsKmsStub.ts'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'
import { freePort } from '../../support/free-port.ts'
import * as KuboStub from '../../support/KuboStub.ts'
import * as MailServer from '../../support/MailServer.ts'
import * as Postgres from '../../support/Postgres.ts'

describe('laurel doctor', function () {
  this.timeout(120_000)
  let chain: Chain.Chain
  let home: string
  let remove: () => Promise<void>
  let environment: Cli.Environment
  before(async () => {
    chain = await Chain.start()
  })
  after(() => chain.stop())
  beforeEach(async () => {
    ;({ home, remove } = await Cli.createHome())
    environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url, PORT: String(await freePort()) }
  })
  afterEach(() => remove())

  type Checks = Readonly<Record<string, Examination.Finding>>
  const look = async (more: Cli.Environment = {}): Promise<Checks> => {
    const found = await Examination.examine(createChecks(Config.read({ ...environment, ...more })))
    return Object.fromEntries(found.map(({ check, ...finding }) => [check, finding]))
  }
  /** A home in which there are keys and a database. */
  const start = async () => {
    const server = await Cli.start(environment)
    return server
  }
  const makeHome = async () => (await start()).stop()
  const outcome = (checks: Checks, name: string) => checks[name]?.outcome
  const expectFailed = (checks: Checks, name: string, mend: string) => {
    expect(outcome(checks, name), JSON.stringify(checks[name])).to.equal('failed')
    expect(checks[name]?.mend).to.include(mend)
  }

  it('has nothing to say against a server that runs, and changes nothing where none ever ran', async () => {
    const before = await look()
    expect(Object.values(before).filter(({ outcome }) => outcome === 'failed')).to.deep.equal([])
    expect(outcome(before, 'keys')).to.equal('skipped')
    expect(outcome(before, 'database')).to.equal('skipped')
    const server = await start()
    try {
      const { code, stdout } = await Cli.run('laurel', ['doctor', '--json'], environment)
      expect(code, stdout).to.equal(0)
      const { checks } = JSON.parse(stdout)
      for (const { check, outcome, sentence } of checks) {
        expect(outcome, check).to.be.oneOf(['passed', 'skipped'])
        expect(sentence, check).to.match(/\.$/)
      }
      const shown = await Cli.run('laurel', ['doctor'], environment)
      expect(shown.stdout.split('\n')[0]).to.match(/^✔ node/)
    } finally {
      await server.stop()
    }
  })

  it('tells by its exit code whether something is wrong, or unknown', async () => {
    const finding = (outcome: Examination.Outcome) => ({ outcome, sentence: '' })
    expect(Examination.exitCode([finding('passed'), finding('skipped')])).to.equal(0)
    expect(Examination.exitCode([finding('passed'), finding('unknown')])).to.equal(2)
    expect(Examination.exitCode([finding('failed'), finding('unknown')])).to.equal(1)
    // Nobody answers at the public address: it does not run.
    await makeHome()
    const { code, stdout } = await Cli.run('laurel', ['doctor'], environment)
    expect(code, stdout).to.equal(2)
    expect(stdout).to.include('npm start')
  })

  it('waits for nothing for ever', async () => {
    const silent = { name: 'silent', look: () => new Promise<never>(() => {}) }
    expect(await Examination.examine([silent], 10)).to.deep.equal([
      { check: 'silent', outcome: 'unknown', sentence: 'It could not be looked at within 0.01 seconds.' },
    ])
  })

  it('node: finds one that is too old', async () => {
    const found = await Examination.examine(machine({ config: Config.read(environment), now: Date.now }, '22.1.0'))
    expect(found.find(({ check }) => check === 'node')?.outcome).to.equal('failed')
  })

  it('home: finds one that others may write into, and keys that others may look at', async () => {
    await makeHome()
    await chmod(join(home, 'keys'), 0o755)
    expectFailed(await look(), 'home', 'chmod 700')
    await chmod(join(home, 'keys'), 0o700)
    await chmod(home, 0o777)
    expectFailed(await look(), 'home', 'chmod go-w')
  })

  it('disk: finds one with little room', async function () {
    const reason = await SmallDisk.missing()
    if (reason !== undefined) {
      console.log(`    SKIPPED: ${reason}`)
      this.skip()
    }
    const disk = await SmallDisk.create(16)
    try {
      expectFailed(await look({ LAUREL_HOME: disk.folder }), 'disk', 'make room')
    } finally {
      await disk.remove()
    }
  })

  it('passphrase: finds one that is missing, and one that others may read', async () => {
    const file = join(home, 'passphrase')
    expectFailed(await look({ LAUREL_PASSPHRASE_FILE: file }), 'passphrase', 'LAUREL_PASSPHRASE_FILE')
    await writeFile(file, 'chosen by a person', { mode: 0o644 })
    expectFailed(await look({ LAUREL_PASSPHRASE_FILE: file }), 'passphrase', 'chmod 600')
  })

  it('keys: finds that they do not open', async () => {
    await makeHome()
    const path = join(home, 'keys', 'chain.json')
    const key = JSON.parse(await readFile(path, 'utf8'))
    await writeFile(path, JSON.stringify({ ...key, tag: `0x${'00'.repeat(16)}` }))
    expectFailed(await look(), 'keys', 'laurel restore')
  })

  it('database: finds one that is away, one of a later version, and one that is to be brought up to date', async () => {
    const away = `postgres://laurel@127.0.0.1:${await freePort()}/laurel`
    expectFailed(await look({ LAUREL_DATABASE_URL: away }), 'database', 'LAUREL_DATABASE_URL')
    await makeHome()
    const change = (statement: string) => {
      const database = new DatabaseSync(join(home, 'laurel.db'))
      database.exec(statement)
      database.close()
    }
    change("INSERT INTO migrations (number, name) VALUES (999, '999-later.sql')")
    expectFailed(await look(), 'database', 'that version')
    change('DELETE FROM migrations WHERE number IN (14, 999)')
    expectFailed(await look(), 'database', 'npm start')
    expect(outcome(await look(), 'batches')).to.equal('unknown')
  })

  it('database: finds one that would forget', async function () {
    const reason = Postgres.missing()
    if (reason !== undefined) {
      console.log(`    SKIPPED: ${reason}`)
      this.skip()
    }
    const server = await Postgres.start()
    try {
      const url = `${server.url('test')}?options=-c%20synchronous_commit%3Doff`
      expectFailed(await look({ LAUREL_DATABASE_URL: url }), 'database', 'synchronous_commit')
      const checks = await look({ LAUREL_DATABASE_URL: server.url('test') })
      expect(outcome(checks, 'database-clock'), JSON.stringify(checks)).to.equal('passed')
    } finally {
      await server.stop()
    }
  })

  it('restoration, batches, webhooks, status-lists and backup: finds what is in the database', async () => {
    const other = await Chain.start(84_532)
    try {
      await makeHome()
      const database = new DatabaseSync(join(home, 'laurel.db'))
      const hour = 3_600_000
      database.exec(`INSERT INTO restorations (backup_at, restored_at) VALUES (${Date.now() - hour}, ${Date.now()})`)
      database.exec(
        `INSERT INTO status_lists (number, issuer, public_url, size) VALUES (1, 'did:key:z1', 'http://x', 131072)`,
      )
      database.exec(`INSERT INTO status_versions (list, purpose, version, published, published_at, text, digest)
        VALUES (1, 'revocation', 1, 1, ${Date.now() - 30 * hour}, 'x', '0x00')`)
      database.exec(
        `INSERT INTO leases (name, host, pid, epoch, until, due) VALUES ('webhook/w1', NULL, NULL, 0, 0, 0)`,
      )
      database.exec(`INSERT INTO endpoints (id, url, description, types, created_at, failing_since, secret_key, generation)
        VALUES ('w1', 'https://hooks.example.org', NULL, NULL, 1, 1, '0x00', 1)`)
      database.close()
      const checks = await look({ LAUREL_CHAIN_RPC: other.url })
      expectFailed(checks, 'restoration', 'laurel reconcile')
      expectFailed(checks, 'status-lists', 'laurel worker')
      expectFailed(checks, 'webhooks', 'laurel webhook list')
      expectFailed(checks, 'backup', 'laurel backup')
    } finally {
      await other.stop()
    }
  })

  it('batches: finds one that is blocked; lane: finds what holds an account up', async () => {
    const server = await start()
    const ask = Api.create(`http://127.0.0.1:${environment.PORT}`, server.key)
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
    await ask('POST', '/v1/batches', {
      json: { achievement: 'A1', draft: true, recipients: [{ name: 'Ada', email: 'ada@example.org' }] },
    })
    const { account } = (await ask('GET', '/v1/issuer')).json.chain
    await server.stop()
    const database = new DatabaseSync(join(home, 'laurel.db'))
    database.exec(
      "UPDATE batches SET held = 0, state = 'blocked', interrupted = 'accepted', reason = 'ANCHOR_REVERTED'",
    )
    const facts = JSON.stringify({ account, unknown: 2, nonce: 2 })
    database.exec(`INSERT INTO lanes (chain_id, account, floor, condition, facts, since)
      VALUES (31337, '${account}', 0, 'NONCE_CONFLICT', '${facts}', 1)
      ON CONFLICT (chain_id, account) DO UPDATE SET condition = excluded.condition, facts = excluded.facts`)
    database.close()
    const checks = await look()
    expectFailed(checks, 'batches', 'laurel status')
    expectFailed(checks, 'lane', 'laurel transactions')
  })

  it('chain: finds one that is away, and another than was configured', async () => {
    expectFailed(await look({ LAUREL_CHAIN_RPC: `http://127.0.0.1:${await freePort()}` }), 'chain', 'LAUREL_CHAIN_RPC')
    expectFailed(await look({ LAUREL_CHAIN_ID: '5' }), 'chain', 'LAUREL_CHAIN_RPC')
  })

  it('chain-clock, finality, contracts, fees and balance: finds what a public chain lacks', async () => {
    await makeHome()
    // Its blocks are of long ago, it has none of our contracts, and our account has nothing.
    const other = await Chain.start(84_532)
    try {
      const more = {
        LAUREL_CHAIN_RPC: other.url,
        LAUREL_FINALITY: 'finalized',
        LAUREL_MAX_FEE_GWEI: '0.000000001',
      }
      const checks = await look(more)
      expectFailed(checks, 'chain-clock', 'timedatectl')
      expectFailed(checks, 'finality', 'LAUREL_FINALITY')
      expectFailed(checks, 'contracts', 'laurel deploy')
      expectFailed(checks, 'fees', 'LAUREL_MAX_FEE_GWEI')
      expectFailed(checks, 'balance', 'currency')
    } finally {
      await other.stop()
    }
  })

  it('did: finds that another document is served, or none', async () => {
    await makeHome()
    const config = Config.read({ ...environment, LAUREL_DOMAIN: 'badges.example.org' })
    const see = async () => ({ didDocument: { id: 'did:web:badges.example.org', a: 1 }, places: [] })
    const found = async (answer: () => Response) => {
      const checks = World.world({ config, now: Date.now }, see, (async () => answer()) as typeof fetch)
      return (await Examination.examine(checks)).find(({ check }) => check === 'did')
    }
    expect((await found(() => Response.json({ a: 1, id: 'did:web:badges.example.org' })))?.outcome).to.equal('passed')
    const refused = () => {
      throw new TypeError('fetch failed')
    }
    for (const answer of [
      () => Response.json({ id: 'did:web:badges.example.org' }),
      () => new Response('<html>', { status: 200 }),
      () => new Response('', { status: 404 }),
      refused,
    ]) {
      const finding = await found(answer)
      expect(finding?.outcome).to.equal('failed')
      expect(finding?.mend).to.include('.well-known/did.json')
    }
  })

  it('public-url: finds that somebody else answers', async () => {
    const other = createServer((_request, response) => response.writeHead(502).end()).listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    try {
      // A name that is none of this machine's by its looks.
      const url = `http://badges.localhost.:${(other.address() as AddressInfo).port}`
      expectFailed(await look({ LAUREL_PUBLIC_URL: url }), 'public-url', 'proxy')
    } finally {
      other.close()
    }
  })

  it('pinning: finds a node that keeps nothing, and one that is away', async () => {
    const stub = await KuboStub.start()
    try {
      for (const mode of ['honest', 'forgets', 'zero-block', 'other-cid', 'full', 'bad-gateway'] as const) {
        stub.mode = mode
        const found = outcome(await look({ LAUREL_KUBO_RPC: stub.url }), 'pinning')
        expect(found, mode).to.equal(mode === 'honest' ? 'passed' : 'failed')
      }
    } finally {
      await stub.stop()
    }
    expectFailed(await look({ LAUREL_KUBO_RPC: `http://127.0.0.1:${await freePort()}` }), 'pinning', 'LAUREL_KUBO_RPC')
  })

  it('signers: finds a key elsewhere that does not sign', async () => {
    const stub = await AwsKmsStub.start()
    const { id, secret, token } = AwsKmsStub.credentials
    const lines = [`aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`, `aws_session_token = ${token}`]
    await writeFile(join(home, 'aws'), `[default]\n${lines.join('\n')}\n`)
    environment = {
      ...environment,
      AWS_SHARED_CREDENTIALS_FILE: join(home, 'aws'),
      LAUREL_CREDENTIAL_KEY: stub.create('ed25519'),
    }
    try {
      expect(outcome(await look(), 'signers')).to.equal('skipped')
      await makeHome()
      expect((await look()).signers?.sentence).to.equal('Elsewhere, and signing: credential.')
      stub.mode = 'may-not-sign'
      expectFailed(await look(), 'signers', 'laurel signer test')
    } finally {
      await stub.stop()
    }
  })

  it('mail: finds a mail server that is away, and a password that cannot be read', async () => {
    const server = await MailServer.start()
    const more = { LAUREL_SMTP_URL: `smtp://127.0.0.1:${server.port}`, LAUREL_MAIL_FROM: 'badges@example.org' }
    expect(outcome(await look(), 'mail')).to.equal('skipped')
    try {
      expect(outcome(await look(more), 'mail')).to.equal('passed')
      expect(server.taken).to.deep.equal([])
    } finally {
      await server.stop()
    }
    expectFailed(await look(more), 'mail', 'LAUREL_SMTP_URL')
    const secret = {
      LAUREL_SMTP_URL: `smtp://user@127.0.0.1:${server.port}`,
      LAUREL_SMTP_PASSWORD_FILE: join(home, 'none'),
    }
    expectFailed(await look({ ...more, ...secret }), 'mail', 'LAUREL_SMTP_PASSWORD_FILE')
  })

  it('leaves no trace in a home', async () => {
    await mkdir(join(home, 'empty'))
    const more = { LAUREL_HOME: join(home, 'empty') }
    await look(more)
    expect(await readdir(more.LAUREL_HOME)).to.deep.equal([])
  })
})
