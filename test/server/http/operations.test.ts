import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'

const cli = fileURLToPath(new URL('../../../server/src/cli.ts', import.meta.url))
const canary = 'Zyxwvut Qponmlk'
const person = { name: canary, email: 'canary@example.org' }

describe('Whoever operates a server', function () {
  this.timeout(120_000)
  let place: Place.Place
  let server: Cli.Server
  let ask: ReturnType<typeof Api.create>

  before(async () => {
    place = await Place.create({ LAUREL_GATHER_SECONDS: '86400', LAUREL_WORKERS: '0' })
    server = await Cli.start(place.environment)
    ask = Api.create(place.base, server.key)
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
    await ask('POST', '/v1/batches', { json: { achievement: 'A1', recipients: [person] } })
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const ready = async () => {
    const response = await fetch(`${place.base}/readyz`)
    return { status: response.status, ...(await response.json()) }
  }
  const metrics = async () => (await fetch(`${place.base}/metrics`)).text()
  const value = (text: string, name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])

  it('is told that it is ready, and by what', async () => {
    const told = await until(ready, ({ checks }) => checks[1].outcome === 'passed')
    expect(told.status).to.equal('ready')
    expect(told.checks.map(({ check, outcome }: { check: string; outcome: string }) => [check, outcome])).to.deep.equal(
      [
        ['database', 'passed'],
        ['workers', 'passed'],
        ['lane', 'passed'],
        ['work', 'passed'],
        ['outbox', 'passed'],
        ['chain', 'passed'],
      ],
    )
  })

  it('has metrics in the format of Prometheus, with nothing of a person in them', async () => {
    await until(async () => (await ask('GET', '/v1/batches')).json.items[0].state === 'delivered')
    await ask('GET', '/v1/batches/2026-11-26-00000000')
    const response = await fetch(`${place.base}/metrics`)
    expect(response.headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/)
    const text = await response.text()
    for (const line of text.split('\n').filter((each) => each !== ''))
      expect(line).to.match(/^(# (HELP|TYPE) \w+ .+|[a-z_:][a-z0-9_:]*(\{[^}]*\})? (-?[\d.e+-]+|\+Inf|NaN))$/)
    expect(value(text, 'laurel_up\\{part="database"\\}')).to.equal(1)
    expect(value(text, 'laurel_up\\{part="chain"\\}')).to.equal(1)
    expect(value(text, 'laurel_workers')).to.equal(1)
    expect(value(text, 'laurel_contents')).to.be.greaterThan(0)
    expect(value(text, 'laurel_account_balance\\{[^}]*\\}')).to.be.greaterThan(0)
    expect(value(text, 'laurel_account_spent_day\\{[^}]*\\}')).to.be.greaterThan(0)
    expect(text).to.include('route="/v1/batches/:id",status="404"')
    for (const secret of ['Zyxwvut', 'canary', '2026-11-26-00000000', server.key ?? '-'])
      expect(text).to.not.include(secret)
  })

  it('is told what waits', async () => {
    const order = { achievement: 'A1', recipient: { name: 'Waits', email: 'waits@example.org' } }
    expect((await ask('POST', '/v1/credentials', { json: order })).status).to.equal(202)
    const draft = { achievement: 'A1', draft: true, recipients: [{ name: 'Held', email: 'held@example.org' }] }
    expect((await ask('POST', '/v1/batches', { json: draft })).status).to.equal(202)
    const text = await metrics()
    expect(value(text, 'laurel_orders_waiting')).to.equal(1)
    expect(value(text, 'laurel_batches_open\\{state="held"\\}')).to.equal(1)
  })

  it('counts those who knock in vain, and keeps a limit on them', async () => {
    const before = value(await metrics(), 'laurel_http_refused_total\\{code="AUTHENTICATION_REQUIRED"\\}')
    await ask('GET', '/v1/me', { key: 'laurel_00000000_z1' })
    expect(value(await metrics(), 'laurel_http_refused_total\\{code="AUTHENTICATION_REQUIRED"\\}')).to.equal(before + 1)
  })

  it('gives every request an id, the caller’s where that is one', async () => {
    const id = async (given?: string) => {
      const headers = given === undefined ? {} : { 'x-request-id': given }
      const response = await fetch(`${place.base}/v1/nowhere`, { headers })
      const { instance } = (await response.json()) as { instance: string }
      const told = response.headers.get('x-request-id')
      expect(instance).to.equal(`urn:laurel:request:${told}`)
      return told
    }
    expect(await id('proxy-0123456789')).to.equal('proxy-0123456789')
    for (const bad of ['short', 'with blanks in it', 'a'.repeat(65), '<script>alert(1)</script>', `${canary}`])
      expect(await id(bad), bad).to.match(/^[0-9a-f-]{36}$/)
    expect(await id()).to.match(/^[0-9a-f-]{36}$/)
  })

  describe('behind a public address', () => {
    let other: Place.Place
    let proxied: Cli.Server
    before(async () => {
      other = await Place.create({
        LAUREL_PUBLIC_URL: 'https://badges.example.org',
        LAUREL_TRUSTED_PROXIES: '127.0.0.1',
      })
      proxied = await Cli.start(other.environment)
    })
    after(async () => {
      await proxied?.stop()
      await other?.remove()
    })

    it('has metrics by a key with the scope for them, and by no other way', async () => {
      const keyed = Api.create(other.base, proxied.key)
      const status = async (key?: string) =>
        (await fetch(`${other.base}/metrics`, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } }))
          .status
      const made = async (scope: string) =>
        (await keyed('POST', '/v1/api-keys', { json: { name: 'test', scopes: [scope] } })).json.secret
      expect(await status()).to.equal(401)
      expect(await status('laurel_00000000_z1')).to.equal(401)
      expect(await status(await made('batches:read'))).to.equal(403)
      expect(await status(await made('metrics:read'))).to.equal(200)
      // They are of all organisations together, and so for none of the others.
      const acme = (args: readonly string[]) => Cli.run('laurel', [...args, '--json'], other.environment)
      expect((await acme(['organisation', 'add', 'acme'])).code).to.equal(0)
      const { stdout } = await acme(['key', 'create', '--name', 'test', '--organisation', 'acme'])
      expect(await status(JSON.parse(stdout).secret)).to.equal(403)
    })

    it('tells browsers to come by https alone', async () => {
      const { headers } = await fetch(`${other.base}/healthz`)
      expect(headers.get('strict-transport-security')).to.equal('max-age=31536000')
      expect((await fetch(`${place.base}/healthz`)).headers.get('strict-transport-security')).to.equal(null)
    })

    it('counts callers by what a trusted proxy says of them, and believes nobody else', async () => {
      // Each asks once, for what counts as twenty: nobody's quota fills up meanwhile.
      const left = (base: string) =>
        Promise.all(
          Array.from({ length: 20 }, async (_, n) => {
            const headers = { 'x-forwarded-for': `192.0.2.${n + 1}`, 'content-type': 'application/json' }
            const response = await fetch(`${base}/v1/verify`, { method: 'POST', headers, body: '{}' })
            await response.arrayBuffer()
            return Number(/r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.[1])
          }),
        )
      expect(new Set(await left(other.base))).to.deep.equal(new Set([5_980]))
      expect(Math.min(...(await left(place.base)))).to.be.lessThan(5_980)
    })
  })

  it('is told by 503 what is not there: workers, then the chain', async () => {
    const other = await Place.create()
    const idle = await Cli.start(other.environment, ['--workers', '0'])
    try {
      const told = async () => {
        const response = await fetch(`${other.base}/readyz`)
        const { checks } = (await response.json()) as { checks: readonly { outcome: string; code?: string }[] }
        return [response.status, ...checks.flatMap(({ outcome, code }) => (outcome === 'failed' ? [code] : []))]
      }
      expect(await told()).to.deep.equal([503, 'WORKERS_MISSING'])
      await other.chain.stop()
      expect(await until(told, (codes) => codes.length > 2)).to.deep.equal([
        503,
        'WORKERS_MISSING',
        'CHAIN_UNREACHABLE',
      ])
      const text = await (await fetch(`${other.base}/metrics`)).text()
      expect(value(text, 'laurel_up\\{part="chain"\\}')).to.equal(0)
      expect(value(text, 'laurel_up\\{part="database"\\}')).to.equal(1)
    } finally {
      await idle.stop()
      await other.remove().catch(() => {})
    }
  })

  it('reads lines of JSON where that is wanted, with ids and nothing else', async () => {
    const other = await Place.create({ LAUREL_LOG: 'json' })
    const child = spawn(process.execPath, [cli, 'start'], {
      env: { ...process.env, ...other.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const lines: Record<string, unknown>[] = []
    const reading = (async () => {
      for await (const line of createInterface(child.stdout)) lines.push(JSON.parse(line))
    })()
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    try {
      await until(() => lines.some(({ event }) => event === 'server.listening'))
      const made = await Cli.run('laurel', ['key', 'create', '--name', canary, '--json'], other.environment)
      const { secret } = JSON.parse(made.stdout)
      const keyed = Api.create(other.base, secret)
      const headers = { 'x-request-id': 'traced-0123456789' }
      await keyed('PUT', '/v1/achievements/A1', { json: Api.achievement })
      await keyed('POST', '/v1/batches', { json: { achievement: 'A1', recipients: [person] }, headers })
      await keyed('GET', `/v1/batches?cursor=${encodeURIComponent(canary)}`)
      await keyed('GET', '/v1/me', { key: `${secret}x` })
      await keyed('POST', '/v1/api-keys', { json: { name: canary, scopes: ['batches:read'] } })
      const rules = { batches: false, keys: false, members: false, revocations: null }
      await keyed('PUT', '/v1/approvals/rules', { json: rules })
      await fetch(`${other.base}/${encodeURIComponent(canary)}?email=canary@example.org`)
      await fetch(`${other.base}/sign-in`, { method: 'POST' })
      await until(() => lines.filter(({ event }) => event === 'request').length >= 8)
      const text = JSON.stringify(lines) + stderr
      for (const hidden of ['Zyxwvut', 'canary', secret, secret.slice(17)]) expect(text).to.not.include(hidden)
      const traced = lines.find(({ request }) => request === 'traced-0123456789')
      expect(traced).to.include({
        level: 'info',
        method: 'POST',
        route: '/v1/batches',
        operation: 'createBatch',
        status: 202,
      })
      expect(traced).to.include({ kind: 'key', organisation: 'home' })
      const security = lines.filter(({ event }) => event === 'security').map(({ operation, code }) => [operation, code])
      expect(security).to.deep.equal([
        ['whoAmI', 'AUTHENTICATION_REQUIRED'],
        ['createApiKey', undefined],
        ['putApprovalRules', undefined],
        [undefined, 'ORIGIN_REFUSED'],
      ])
      expect(lines.find(({ route }) => route === '/sign-in')).to.include({ status: 403, code: 'ORIGIN_REFUSED' })
      expect(lines.find(({ route }) => route === 'none')).to.include({ status: 404, code: 'NOT_FOUND' })
    } finally {
      child.kill('SIGTERM')
      await once(child, 'exit')
      await reading
      await other.remove()
    }
    expect(lines.at(-1)).to.include({ event: 'server.stopping' })
  })

  it('is told of an error that nobody has caught, and the process ends', async () => {
    const program = [
      `import * as Operator from ${JSON.stringify(join(cli, '..', 'cli', 'Operator.ts'))}`,
      "Operator.listenForTheWorst(Operator.open({ log: 'json' }))",
      `Promise.reject(new RangeError('${canary}'))`,
      'setInterval(() => {}, 1000)',
    ].join('\n')
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    const [code] = await once(child, 'close')
    expect(code).to.equal(1)
    expect(JSON.parse(stdout)).to.include({ level: 'error', event: 'crash', error: 'RangeError' })
    expect(stdout).to.not.include(canary)
  })
})
