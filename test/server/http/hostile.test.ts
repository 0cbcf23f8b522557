import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import * as Probe from '../../support/Probe.ts'

type Entry = {
  readonly id: string
  readonly surface: string
  readonly input?: {
    readonly kind: string
    readonly value: string
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string | null
  }
  readonly expected: {
    readonly verdict: string
    readonly http?: number
    readonly code?: string
    readonly field?: string
  }
}

const plain = { ...Api.achievement, name: 'A1' }

// The interface of the table has other words in some places; what happens is the same, or stricter.
const otherwise: Readonly<Record<string, readonly [status: number, code: string, why: string]>> = {
  'CSV-006': [422, 'CSV_CONTROL_CHAR', 'its effect says so, though its verdict says otherwise'],
  'CSV-043': [422, 'TYPE', 'what is awarded is named beside the roster; with it, see below'],
  'JSON-010': [400, 'JSON_SYNTAX', 'the code has this name here'],
  'JSON-016': [422, 'UNKNOWN_FIELD', 'notify is nothing here; the wrong types are told behind it'],
  'JSON-024': [404, 'NOT_FOUND', 'there is one tenant: the id is that of nothing'],
  'JSON-025': [404, 'NOT_FOUND', 'there is one tenant: the id is that of nothing'],
  'JSON-027': [
    404,
    'NOT_FOUND',
    'there is no such form; those that a session has refuse another site, see people.test.ts',
  ],
  'JSON-029': [405, 'METHOD_NOT_ALLOWED', 'credentials are listed by batch; see pagination below'],
  'JSON-030': [405, 'METHOD_NOT_ALLOWED', 'there is no such filter'],
  'JSON-034': [400, '', 'the parser of Node refuses it and closes the line'],
}

describe('Hostile requests', function () {
  this.timeout(120_000)
  let entries: readonly Entry[] = []
  let place: Place.Place
  let server: Cli.Server
  let base: string
  let port: number
  let probe: Probe.Probe
  let key: string
  let ask: ReturnType<typeof Api.create>

  before(async () => {
    try {
      const table = new URL('../../../../shared/reference/hostile-inputs.json', import.meta.url)
      entries = JSON.parse(readFileSync(table, 'utf8'))
    } catch {
      console.log('      SKIPPED: the table of hostile inputs is not here')
    }
    place = await Place.create({ LAUREL_WORKERS: '0', LAUREL_MAX_UPLOAD_MIB: '8' })
    base = place.base
    port = Number(new URL(base).port)
    server = await Cli.start(place.environment)
    key = server.key ?? ''
    ask = Api.create(base, key)
    await ask('PUT', '/v1/achievements/A1', { json: { ...plain, humanCode: 'A1' } })
    probe = Probe.over(server.pid, base)
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const of = (surface: string, ...kinds: string[]) =>
    entries.filter((entry) => entry.surface === surface && kinds.includes(entry.input?.kind ?? ''))
  const count = async () => (await ask('GET', '/v1/batches?limit=200')).json.items.length as number

  /** The same server is alive and well, and nothing was kept of what it refused. */
  const refuses = async (
    name: string,
    work: () => Promise<Api.Reply>,
    status: number,
    code: string,
    field?: string,
  ) => {
    const before = await count()
    const { status: got, json, text } = await work()
    const [first] = json?.errors ?? []
    expect([got, first?.code ?? json?.code], `${name}: ${text}`).to.deep.equal([status, code])
    if (field !== undefined && first !== undefined) expect(first.pointer, name).to.match(new RegExp(`^${field}(/|$)`))
    expect(await count(), name).to.equal(before)
  }

  it('are answered as the table of CSV files says', async function () {
    const texts = of('csv-upload', 'text', 'base64')
    if (texts.length === 0) this.skip()
    for (const { id, input, expected } of texts) {
      const csv = Buffer.from(input?.value ?? '', input?.kind === 'base64' ? 'base64' : 'utf8')
      const path = '/v1/batches?achievement=A1&draft=true&allowDuplicate=true'
      const form = new FormData()
      form.set('file', new Blob([csv]), '../../x.csv')
      const [status, code] = otherwise[id] ?? [expected.http ?? 0, expected.code ?? '']
      for (const post of [() => ask('POST', path, { csv }), () => ask('POST', path, { form })])
        if (status === 202) expect((await post()).status, id).to.equal(202)
        else {
          // A header is told by its column’s name or letter, not by its number; a file as a whole has no place.
          const field = /^\/rows/.test(expected.field ?? '') ? expected.field : undefined
          await refuses(id, post, status, code, field)
        }
    }
  })

  it('are answered as the table of JSON says', async function () {
    const texts = of('json-api', 'raw-json', 'base64')
    if (texts.length === 0) this.skip()
    for (const { id, input, expected } of texts) {
      const body = Buffer.from(input?.value ?? '', input?.kind === 'base64' ? 'base64' : 'utf8')
      const [status, code] = otherwise[id] ?? [expected.http ?? 0, expected.code ?? '']
      const post = () => ask('POST', '/v1/batches', { body })
      if (status === 202) expect((await post()).status, id).to.equal(202)
      else await refuses(id, post, status, code)
    }
  })

  it('are answered as the table of raw requests says', async function () {
    const requests = [...of('json-api', 'http'), ...of('csv-upload', 'http')]
    if (requests.length === 0) this.skip()
    const readOnly = (await ask('POST', '/v1/api-keys', { json: { name: 'r', scopes: ['batches:read'] } })).json.secret
    const json = {
      achievement: 'A1',
      draft: true,
      allowDuplicate: true,
      recipients: [{ name: 'x', email: 'x@ex.org' }],
    }
    const { id: batch } = (await ask('POST', '/v1/batches', { json })).json
    for (const { id, input, expected } of requests) {
      const { method = '', path = '', body = null, headers = {} } = input ?? {}
      const own = {
        ...headers,
        authorization: (headers.authorization ?? `Bearer ${key}`).replace('{read-only key}', readOnly),
      }
      const lines = Object.entries(own)
        .filter(([name]) => !/^(host|connection)$/i.test(name))
        .map(([name, value]) => `${name}: ${value}`)
      const host = headers.host ?? `127.0.0.1:${port}`
      const length =
        body === null || 'content-length' in own || 'transfer-encoding' in own
          ? []
          : [`content-length: ${Buffer.byteLength(body)}`]
      const head = [`${method} ${path.replace('{id}', batch)} HTTP/1.1`, `host: ${host}`, ...lines, ...length]
      const before = await count()
      const answer = await raw(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n${body ?? ''}`)
      const [, got] = /^HTTP\/1.1 (\d+)/.exec(answer) ?? []
      const [status, code] = otherwise[id] ?? [expected.http ?? 0, expected.code ?? '']
      expect(Number(got), `${id}: ${answer}`).to.equal(status)
      if (status >= 400 && code !== '') expect(answer, id).to.include(`"code":"${code}"`)
      expect(answer, id).to.not.include('evil.example')
      expect(await count(), id).to.equal(before)
    }
  })

  /** Sends bytes as they are, and answers with all that comes back. */
  async function raw(text: string | readonly Uint8Array[]): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk
    })
    // A server that refuses a body does not wait for its end.
    socket.on('error', () => {})
    if (typeof text === 'string') socket.write(text)
    else for (const part of text) socket.write(part)
    await new Promise((resolve) => socket.once('close', resolve))
    return answer
  }

  it('write nothing under the name that a file has', async () => {
    const form = new FormData()
    form.set('file', new Blob(['email,name\nfile@ex.org,Ann\n']), '../../etc/cron.d/x\u0000.csv')
    form.set('achievement', 'A1')
    const { status, text } = await ask('POST', '/v1/batches', { form })
    expect([status, text.includes('cron')]).to.deep.equal([202, false])
    const left = await readdir(place.home, { recursive: true })
    expect(left.filter((name) => /cron|\.csv$/.test(name))).to.deep.equal([])
  })

  it('are no larger than they may be, whatever they say and however they are packed', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from('email,name\n'), Buffer.alloc(1 << 28, 0x61)]))
    const packed = { 'content-encoding': 'gzip' }
    const csv = '/v1/batches?achievement=A1'
    await refuses('CSV-027', () => ask('POST', csv, { csv: bomb, headers: packed }), 413, 'PAYLOAD_TOO_LARGE')
    const spaces = gzipSync(Buffer.alloc(1 << 28, 0x20))
    const posted = () => ask('POST', '/v1/batches', { body: spaces, headers: packed })
    await refuses('JSON-013', posted, 413, 'PAYLOAD_TOO_LARGE')
    const over = () => ask('POST', '/v1/batches', { body: Buffer.alloc(16 * 1024 * 1024 + 1, 0x20) })
    await refuses('JSON-014', over, 413, 'PAYLOAD_TOO_LARGE')
    const large = Buffer.alloc(8 * 1024 * 1024 + 1, 0x61)
    await refuses('a roster', () => ask('POST', csv, { csv: large }), 413, 'PAYLOAD_TOO_LARGE')
    const form = new FormData()
    form.set('file', new Blob([large]))
    await refuses('a form', () => ask('POST', csv, { form }), 413, 'PAYLOAD_TOO_LARGE')
    const image = JSON.stringify({ id: 'A2', image: `data:image/png;base64,${'A'.repeat(20 * 1024 * 1024)}` })
    await refuses('JSON-037', () => ask('PUT', '/v1/achievements/A2', { body: image }), 413, 'PAYLOAD_TOO_LARGE')
    const svg = { ...plain, image: { id: `data:image/svg+xml,<svg onload="x"/>`, type: 'Image' } }
    await refuses('JSON-037', () => ask('PUT', '/v1/achievements/A2', { json: svg }), 422, 'IMAGE_INVALID', '/image')
    const brotli = () => ask('POST', csv, { csv: 'name\n', headers: { 'content-encoding': 'br' } })
    await refuses('br', brotli, 415, 'CONTENT_TYPE')
    const broken = () => ask('POST', csv, { csv: bomb.subarray(0, 100), headers: packed })
    await refuses('cut gzip', broken, 400, 'REQUEST_INVALID')
    const lie = `POST /v1/batches HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n`
    const answer = await raw([Buffer.from(lie), Buffer.alloc(100_000, 0x20)])
    expect(answer).to.match(/^HTTP\/1.1 400/)
    expect(answer).to.match(/connection: close/i)
  })

  it('are no deeper than they may be, and have no more parts', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    await refuses('JSON-004', () => ask('POST', '/v1/batches', { body: deep }), 400, 'TOO_LARGE')
    const many = `[${'1,'.repeat(7_000_000)}1]`
    await refuses('many values', () => ask('POST', '/v1/batches', { body: many }), 400, 'TOO_LARGE')
    const parts = Array.from(
      { length: 10_000 },
      (_, i) => `--b\r\nContent-Disposition: form-data; name="f${i}"\r\n\r\nx\r\n`,
    )
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const multipart = () => ask('POST', '/v1/batches', { body: `${parts.join('')}--b--\r\n`, headers })
    await refuses('CSV-046', multipart, 400, 'MULTIPART_TOO_MANY_PARTS')
  })

  it('name as many people as fit, and not one more', async () => {
    const people = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ name: `P${i}`, email: `p${i}@example.org` }))
    const post = (count: number) => () =>
      ask('POST', '/v1/batches', {
        json: { achievement: 'A1', draft: true, allowDuplicate: true, recipients: people(count) },
      })
    await refuses('JSON-036', post(0), 422, 'BATCH_EMPTY', '/recipients')
    await refuses('JSON-036', post(10_001), 413, 'BATCH_TOO_LARGE', '/recipients')
    expect((await post(1)()).status).to.equal(202)
    expect((await post(10_000)()).status).to.equal(202)
  })

  it('have one wrong row among ten thousand', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => {
      const date = i === 6_999 ? '2026-13-01' : '2026-01-01T00:00:00Z'
      return `u${i}@ex.org,U${i},A1,${date}`
    })
    const csv = `email,name,achievement,validFrom\n${rows.join('\n')}\n`
    const { status, json } = await ask('POST', '/v1/batches?achievement=A1', { csv })
    expect([status, json.code, json.total]).to.deep.equal([422, 'ROW_INVALID', 1])
    expect(json.errors[0].pointer).to.equal('/rows/7000/validFrom')
    const all = await ask('POST', '/v1/batches?achievement=A1', { csv: csv.replaceAll('@ex.org', '@') })
    expect([all.json.errors.length, all.json.total]).to.deep.equal([1_000, 10_001])
  })

  it('page with what is no page', async () => {
    for (const query of ['limit=1000000000&cursor=AAAA', 'limit=-1', 'limit=1&limit=2'])
      expect((await ask('GET', `/v1/batches?${query}`)).json.errors[0].pointer).to.equal('/query/limit')
    const filter = await ask('GET', `/v1/batches?state=${encodeURIComponent("' OR 1=1; DROP TABLE batches;--")}`)
    expect([filter.status, filter.json.code]).to.deep.equal([422, 'VALUE_INVALID'])
    expect(await count()).to.be.greaterThan(0)
  })

  it('are revoked before they are anchored', async () => {
    const json = { achievement: 'A1', recipients: [{ name: 'Early', email: 'early@example.org' }] }
    await place.chain.rpc('evm_setAutomine', false)
    const { id } = (await ask('POST', '/v1/batches', { json })).json
    let drawn: string | null = null
    while (drawn === null) [{ credential: drawn }] = (await ask('GET', `/v1/batches/${id}/credentials`)).json.items
    const uuid = String(drawn).replace('urn:uuid:', '')
    expect((await ask('GET', `/v1/credentials/${uuid}/document`)).json.code).to.equal('CREDENTIAL_NOT_READY')
    expect((await ask('POST', `/v1/credentials/${uuid}/revoke`, { json: {} })).status).to.equal(200)
    const { json: standing } = await ask('GET', `/v1/credentials/${uuid}`)
    expect(standing.status).to.equal('revoked')
    expect(standing.state).to.not.equal('delivered')
    await place.chain.rpc('evm_setAutomine', true)
    await place.chain.rpc('evm_mine')
  })

  it('fetch nothing, whatever addresses they bring', async function () {
    const addresses = of('url-fetch', 'url').map(({ input }) => input?.value ?? '')
    if (addresses.length === 0) this.skip()
    let connections = 0
    const listener = createServer((socket) => {
      connections++
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port: open } = listener.address() as { port: number }
    for (const url of [...addresses, `http://127.0.0.1:${open}/`, `https://127.0.0.1:${open}/`]) {
      const json = { ...plain, image: { id: url, type: 'Image' }, criteria: { id: url, narrative: 'x' } }
      expect((await ask('PUT', '/v1/achievements/fetch', { json })).status, url).to.be.below(500)
      const recipients = [{ name: 'x', email: 'x@example.org', evidenceUrl: url }]
      const batch = { achievement: 'A1', draft: true, allowDuplicate: true, recipients }
      expect((await ask('POST', '/v1/batches', { json: batch })).status, url).to.be.below(500)
    }
    expect(connections).to.equal(0)
    listener.close()
  })

  it('leave the server alive and well', async () => {
    expect((await ask('GET', '/v1/me')).status).to.equal(200)
    const { status } = await fetch(`${base}/readyz`)
    expect(status).to.equal(200)
  })

  it('have taken no more memory than there is room for', async () => {
    const seen = await probe.end()
    console.log(`      ${Probe.describe(seen)}`)
    // A body of 16 MiB, read, checked and stored, some of them before the first is forgotten.
    expect(seen.growth).to.be.lessThan(768 * 2 ** 20)
  })
})
