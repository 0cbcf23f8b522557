import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { create as createClient, RefusedError } from '@laurel/client'
import * as Webhook from '@laurel/client/Webhook'
import * as Cid from '@laurel/core/Cid'
import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import * as Receiver from '../../support/Receiver.ts'
import { until } from '../../support/until.ts'
import { png } from './png.ts'

const sample = JSON.parse(readFileSync(new URL('../../../samples/achievement.json', import.meta.url), 'utf8'))
const plain = Api.achievement
const person = (n: number) => ({ name: `Person ${n}`, email: `p${n}@example.org` })

describe('The HTTP interface', function () {
  this.timeout(120_000)
  let place: Place.Place
  let home: string
  let server: Cli.Server
  let environment: Cli.Environment
  let base: string
  let key: string
  let ask: ReturnType<typeof Api.create>

  before(async () => {
    place = await Place.create({
      LAUREL_GATHER_COUNT: '3',
      LAUREL_GATHER_SECONDS: '86400',
      LAUREL_WORKERS: '0',
      LAUREL_WEBHOOK_LOOPBACK: 'true',
    })
    ;({ home, environment, base } = place)
    server = await Cli.start(environment)
    key = server.key ?? ''
    ask = Api.create(base, key)
    expect((await ask('PUT', '/v1/achievements/A1', { json: plain })).status).to.equal(201)
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const state = async (id: string) => (await ask('GET', `/v1/batches/${id}`)).json.state
  const delivered = (id: string) =>
    until(
      () => state(id),
      (now) => now === 'delivered',
    )
  const made = async (scopes: readonly string[], more = {}) =>
    (await ask('POST', '/v1/api-keys', { json: { name: 'test', scopes, ...more } })).json
  const problem = async (...asked: Parameters<typeof ask>) => {
    const { status, json } = await ask(...asked)
    return [status, json.code]
  }

  describe('keys', () => {
    it('are told once, at the first start of a home', async () => {
      expect(key).to.match(/^laurel_/)
      await server.stop()
      server = await Cli.start(environment)
      expect(server.key).to.equal(undefined)
      expect((await ask('GET', '/v1/me')).json.key.name).to.equal('first key')
    })

    it('are what everything else is denied without', async () => {
      for (const bad of [undefined, 'x', key.slice(0, -1), `${key}1`, key.replace(/_z.*/, `_z${'1'.repeat(40)}`)]) {
        const { status, json, headers } = await ask('GET', '/v1/batches', { key: bad })
        expect([status, json.code, headers.get('www-authenticate')]).to.deep.equal([
          401,
          'AUTHENTICATION_REQUIRED',
          'Bearer realm="laurel"',
        ])
      }
    })

    it('open what their scopes say and nothing else', async () => {
      const { secret } = await made(['batches:read'])
      expect((await ask('GET', '/v1/batches', { key: secret })).status).to.equal(200)
      const body = { achievement: 'A1', recipients: [person(1)] }
      const { status, json } = await ask('POST', '/v1/batches', { key: secret, json: body })
      expect([status, json.code, json.facts]).to.deep.equal([403, 'SCOPE_REQUIRED', { scope: 'batches:write' }])
    })

    it('cannot make keys that may do more than they', async () => {
      const { secret } = await made(['keys:admin'])
      const json = { name: 'more', scopes: ['credentials:read'] }
      expect(await problem('POST', '/v1/api-keys', { key: secret, json })).to.deep.equal([403, 'SCOPE_REQUIRED'])
    })

    it('open nothing from the moment they are revoked or expired', async () => {
      const { secret, id } = await made(['batches:read'])
      expect((await ask('POST', `/v1/api-keys/${id}/revoke`)).json.revokedAt).to.not.equal(null)
      expect((await ask('GET', '/v1/me', { key: secret })).status).to.equal(401)
      const past = await made(['batches:read'], { expiresAt: '2026-01-01T00:00:00Z' })
      expect((await ask('GET', '/v1/me', { key: past.secret })).status).to.equal(401)
      expect(await problem('POST', '/v1/api-keys/00000000/revoke')).to.deep.equal([404, 'API_KEY_UNKNOWN'])
    })

    it('are told no more from the moment they are revoked, in the midst of an answer too', async () => {
      const recipients = [{ name: 'Ada Lovelace', email: 'ada@lovelace.example' }]
      const json = { achievement: 'A1', draft: true, allowDuplicate: true, recipients }
      const { id: batch } = (await ask('POST', '/v1/batches', { json })).json
      const { secret, id } = await made(['batches:read'])
      const headers = { authorization: `Bearer ${secret}` }
      const response = await fetch(`${base}/v1/batches/${batch}/events`, { headers })
      // A draft that nobody submits is told of for ever.
      const listening = response.text().catch(() => 'cut off')
      await ask('POST', `/v1/api-keys/${id}/revoke`)
      expect(await listening).to.equal('cut off')
      await ask('POST', `/v1/batches/${batch}/cancel`)
    })

    it('are made, listed and revoked on the command line, without their secrets', async () => {
      const command = async (...args: string[]) => {
        const { code, stdout, stderr } = await Cli.run('laurel', ['key', ...args, '--json'], environment)
        return { code, json: JSON.parse(stdout), stderr }
      }
      const { json } = await command('create', '--name', 'console', '--scopes', 'batches:read,credentials:read')
      expect((await ask('GET', '/v1/me', { key: json.secret })).json.key.scopes).to.deep.equal(json.scopes)
      const { json: list } = await command('list')
      expect(list.keys.map(({ id }: { id: string }) => id)).to.include(json.id)
      expect(JSON.stringify(list)).to.not.include(json.secret.split('_')[2])
      expect((await ask('GET', '/v1/api-keys')).text).to.not.include(json.secret.split('_')[2])
      expect((await command('revoke', json.id)).json.revokedAt).to.not.equal(null)
      expect((await ask('GET', '/v1/me', { key: json.secret })).status).to.equal(401)
      expect((await command('create', '--name', 'x', '--scopes', 'all')).json.error.code).to.equal('SCOPE_UNKNOWN')
      const late = await command('create', '--name', 'x', '--expires', '2026-02-30')
      expect(late.json.error.code).to.equal('DATE_INVALID')
      expect((await command('revoke', '00000000')).json.error.code).to.equal('API_KEY_UNKNOWN')
    })
  })

  describe('achievements', () => {
    it('have versions, and an ETag that keeps two authors apart', async () => {
      const first = await ask('PUT', '/v1/achievements/etag', { json: sample, headers: { 'if-none-match': '*' } })
      expect([first.status, first.json.version]).to.deep.equal([201, 1])
      const etag = first.headers.get('etag') ?? ''
      const same = await ask('PUT', '/v1/achievements/etag', { json: sample })
      expect([same.status, same.json.version]).to.deep.equal([200, 1])
      const json = { ...sample, name: 'Éléments d’IA', inLanguage: 'fr' }
      const second = await ask('PUT', '/v1/achievements/etag', { json, headers: { 'if-match': etag } })
      expect([second.status, second.json.version]).to.deep.equal([201, 2])
      for (const headers of [{ 'if-match': etag }, { 'if-match': '"x"' }, { 'if-none-match': '*' }] as const)
        expect(await problem('PUT', '/v1/achievements/etag', { json: sample, headers })).to.deep.equal([
          412,
          'PRECONDITION_FAILED',
        ])
      const now = second.headers.get('etag') ?? ''
      const known = { headers: { 'if-none-match': now } }
      expect((await ask('GET', '/v1/achievements/etag', known)).status).to.equal(304)
      expect((await ask('GET', '/v1/achievements/etag/versions/2', known)).status).to.equal(304)
      expect((await ask('GET', '/v1/achievements/etag')).json.definition).to.deep.equal(json)
      expect((await ask('GET', '/v1/achievements/etag/versions/1')).json.definition).to.deep.equal(sample)
      const { items } = (await ask('GET', '/v1/achievements/etag/versions')).json
      expect(items.map(({ version }: { version: number }) => version)).to.deep.equal([2, 1])
      expect(await problem('GET', '/v1/achievements/none')).to.deep.equal([404, 'ACHIEVEMENT_UNKNOWN'])
      expect(await problem('GET', '/v1/achievements/etag/versions/9')).to.deep.equal([404, 'ACHIEVEMENT_UNKNOWN'])
      expect(await problem('GET', '/v1/achievements/none/versions')).to.deep.equal([404, 'ACHIEVEMENT_UNKNOWN'])
    })

    it('are refused with every wrong place', async () => {
      const json = { ...plain, criteria: {}, name: ' ', achievementType: 'Nonsense' }
      const { status, json: answer } = await ask('PUT', '/v1/achievements/wrong', { json })
      expect([status, answer.code]).to.deep.equal([422, 'ACHIEVEMENT_INVALID'])
      expect(answer.errors.map(({ pointer }: { pointer: string }) => pointer)).to.include.members([
        '/criteria',
        '/name',
        '/achievementType',
      ])
    })

    it('have a picture encoded anew, kept under its content identifier', async () => {
      const hidden = Buffer.concat([png(8, 8, { text: 'secret' }), Buffer.from('<script>')])
      const image = (bytes: Uint8Array) => ({
        id: `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`,
        type: 'Image',
        caption: 'A cross',
      })
      expect(await problem('PUT', '/v1/achievements/pic', { json: { ...plain, image: image(hidden) } })).to.deep.equal([
        422,
        'IMAGE_INVALID',
      ])
      const json = { ...plain, image: image(png(8, 8, { text: 'secret' })) }
      const { status, json: stored } = await ask('PUT', '/v1/achievements/pic', { json })
      expect(status).to.equal(201)
      const [, cid = ''] = /^ipfs:\/\/(bafkrei\w+)$/.exec(stored.definition.image.id) ?? []
      expect(stored.definition.image.caption).to.equal('A cross')
      const kept = new Uint8Array(await (await fetch(`${base}/ipfs/${cid}`)).arrayBuffer())
      expect(Cid.fromBytes(kept)).to.equal(cid)
      expect(Buffer.from(kept).includes('secret')).to.equal(false)
      // The same picture again is the same version.
      expect((await ask('PUT', '/v1/achievements/pic', { json })).status).to.equal(200)
    })

    it('are listed page by page', async () => {
      const names: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { json } = await ask('GET', `/v1/achievements?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`)
        names.push(...json.items.map(({ name }: { name: string }) => name))
        cursor = json.next
      }
      expect(names).to.deep.equal(['A1', 'etag', 'pic'])
      const foreign = (await ask('GET', '/v1/achievements?limit=1')).json.next
      for (const query of ['limit=0', 'limit=201', 'limit=1e9', 'cursor=AAAA', 'cursor=!', `cursor=${foreign}`])
        expect(await problem('GET', `/v1/batches?${query}`), query).to.deep.equal([400, 'PAGINATION_INVALID'])
    })

    it('give a roster with every column that they take', async () => {
      const { text, headers } = await ask('GET', '/v1/achievements/etag/roster.csv')
      const header = text.trim()
      for (const { name } of sample.resultDescription) expect(header).to.include(`result:${name}`)
      expect(headers.get('content-disposition')).to.include('etag.csv')
      const width = header.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).length
      const row = ['Ada', 'ada@example.org', ...Array(width - 2).fill('')].join(',')
      const { status, json } = await ask('POST', '/v1/batches?achievement=etag&dryRun=true', {
        csv: `${header}\r\n${row}\r\n`,
      })
      expect([status, json.recipients]).to.deep.equal([200, 1])
    })
  })

  describe('batches', () => {
    it('go from JSON to credentials that a stranger verifies', async () => {
      const json = { achievement: 'A1', title: 'Spring', recipients: [person(1), { ...person(2), name: '=1+1' }] }
      const accepted = await ask('POST', '/v1/batches', { json })
      expect([accepted.status, accepted.json.state, accepted.json.anchor]).to.deep.equal([202, 'accepted', null])
      expect(accepted.json.warnings).to.deep.equal([{ code: 'CSV_FORMULA_LIKE', row: 3, column: 'name' }])
      const id = accepted.json.id
      expect(accepted.headers.get('location')).to.equal(`/v1/batches/${id}`)
      await delivered(id)
      const batch = await ask('GET', `/v1/batches/${id}`)
      expect(batch.json.anchor.root).to.match(/^0x/)
      const known = { headers: { 'if-none-match': batch.headers.get('etag') ?? '' } }
      expect((await ask('GET', `/v1/batches/${id}`, known)).status).to.equal(304)

      const first = (await ask('GET', `/v1/batches/${id}/credentials?limit=1`)).json
      const second = (await ask('GET', `/v1/batches/${id}/credentials?limit=1&cursor=${first.next}`)).json
      expect([first.items[0].row, second.items[0].row, second.next]).to.deep.equal([1, 2, null])
      const uuid = first.items[0].credential.replace('urn:uuid:', '')
      const document = await ask('GET', `/v1/credentials/${uuid}/document`)
      expect(document.headers.get('cache-control')).to.include('no-store')
      const file = join(home, 'credential.json')
      await writeFile(file, document.text)
      const verified = await Cli.run('laurel-verify', [file, '--json'], environment)
      expect(JSON.parse(verified.stdout)[0].verdict).to.equal('accepted')

      const lines = (await ask('GET', `/v1/batches/${id}/credentials.ndjson`)).text.trim().split('\n')
      expect(lines.map((line) => JSON.parse(line).id)).to.have.members([
        first.items[0].credential,
        second.items[0].credential,
      ])
      const proof = (await ask('GET', `/v1/credentials/${uuid}/proof`)).json
      expect(proof).to.deep.equal(document.json.proof[1])
      expect((await ask('GET', `/v1/credentials/${uuid}/image`)).headers.get('content-type')).to.equal('image/png')
      expect((await ask('GET', `/v1/credentials/${uuid}`)).json).to.include({
        batch: id,
        row: 1,
        status: 'valid',
        decided: null,
      })
    })

    it('come from CSV in the columns of their author, and wait for their author where they are drafts', async () => {
      const columns = encodeURIComponent(JSON.stringify({ Nom: 'name', Courriel: 'email', Classe: null }))
      const csv = gzipSync('Nom;Courriel;Classe\nÉmile;emile@example.org;3b\n')
      const path = `/v1/batches?achievement=A1&draft=true&title=Automne&columns=${columns}`
      const { status, json, headers } = await ask('POST', path, { csv, headers: { 'content-encoding': 'gzip' } })
      expect([status, json.state, json.title, json.size]).to.deep.equal([202, 'held', 'Automne', 1])
      const at = `/v1/batches/${json.id}`
      const preview = (await ask('GET', `${at}/preview`)).json
      expect([preview.recipients, preview.needs]).to.deep.equal([1, []])
      const { cost } = preview
      expect(BigInt(cost.now)).to.equal(BigInt(cost.gas) * BigInt(cost.feePerGas))
      expect(Number(cost.gas)).to.be.within(40_000, 60_000)
      const setBalance = (wei: bigint) =>
        place.chain.rpc('anvil_setBalance', preview.signs.anchor, `0x${wei.toString(16)}`)
      await setBalance(0n)
      const [need, ...others] = (await ask('GET', `${at}/preview`)).json.needs
      await setBalance(BigInt(cost.balance))
      expect([need.code, others]).to.deep.equal(['FUNDS_MISSING', []])
      // A later batch goes by, because nobody works on this one.
      const other = await ask('POST', '/v1/batches', { json: { achievement: 'A1', recipients: [person(3)] } })
      await delivered(other.json.id)
      expect(await state(json.id)).to.equal('held')
      const held = (await ask('GET', '/v1/batches?state=held')).json.items
      expect(held.map(({ id }: { id: string }) => id))
        .to.include(json.id)
        .and.not.include(other.json.id)
      const etag = headers.get('etag') ?? ''
      expect((await ask('POST', `${at}/submit`, { headers: { 'if-match': etag } })).status).to.equal(200)
      expect(await problem('POST', `${at}/submit`, { headers: { 'if-match': etag } })).to.deep.equal([
        412,
        'PRECONDITION_FAILED',
      ])
      await delivered(json.id)
      expect((await ask('POST', `${at}/submit`)).json.state).to.equal('delivered')
      expect(await problem('POST', `${at}/cancel`)).to.deep.equal([409, 'BATCH_ALREADY_BROADCAST'])
    })

    it('are cancelled before anything was sent, and then nothing is', async () => {
      const json = { achievement: 'A1', draft: true, recipients: [person(4)] }
      const { id } = (await ask('POST', '/v1/batches', { json })).json
      for (let twice = 0; twice < 2; twice++)
        expect((await ask('POST', `/v1/batches/${id}/cancel`)).json.state).to.equal('cancelled')
      expect(await problem('POST', `/v1/batches/${id}/submit`)).to.deep.equal([409, 'BATCH_MOVE_ILLEGAL'])
      // The same roster is free again.
      expect((await ask('POST', '/v1/batches', { json })).status).to.equal(202)
      const unknown = '/v1/batches/2026-01-01-00000000'
      for (const path of [unknown, `${unknown}/preview`, `${unknown}/events`, `${unknown}/credentials`])
        expect(await problem('GET', path)).to.deep.equal([404, 'BATCH_UNKNOWN'])
      expect(await problem('GET', `${unknown}/credentials.ndjson`)).to.deep.equal([404, 'BATCH_UNKNOWN'])
      expect(await problem('GET', `/v1/batches/${id}/credentials.ndjson`)).to.deep.equal([409, 'BATCH_NOT_DELIVERED'])
    })

    it('are refused with every wrong row, and nothing is kept', async () => {
      const count = async () => (await ask('GET', '/v1/batches?limit=200')).json.items.length
      const before = await count()
      const csv = 'name,email,validFrom\nAda,ada@,\n,bo@example.org,2026-02-30\nCy,ada@example.org,\n'
      const { status, json } = await ask('POST', '/v1/batches?achievement=A1', { csv })
      expect([status, json.code, json.total]).to.deep.equal([422, 'ROW_INVALID', 3])
      expect(json.errors.map(({ pointer, row, code }: never) => [pointer, row, code])).to.deep.equal([
        ['/rows/1/email', 2, 'EMAIL_INVALID'],
        ['/rows/2/name', 3, 'NAME_MISSING'],
        ['/rows/2/validFrom', 3, 'DATE_INVALID'],
      ])
      const recipients = [
        { ...person(1), email: 'ada@' },
        { ...person(2), results: { Grade: 'A' } },
      ]
      const second = await ask('POST', '/v1/batches', { json: { achievement: 'A1', recipients } })
      expect(second.json.errors.map(({ pointer, code }: never) => [pointer, code])).to.deep.equal([
        ['/recipients', 'RESULT_UNKNOWN'],
        ['/recipients/0/email', 'EMAIL_INVALID'],
      ])
      expect(await count()).to.equal(before)
    })

    it('say the same from JSON and from CSV', async () => {
      const odd = { name: 'A "B", C\nD; =E', email: 'odd@example.org', narrative: ' Žofie 陳 \t'.trim(), role: '—' }
      const csv = `name,email,role,narrative\n"A ""B"", C\nD; =E",odd@example.org,—,Žofie 陳\n`
      const one = await ask('POST', '/v1/batches', { json: { achievement: 'A1', recipients: [odd] } })
      const two = await ask('POST', '/v1/batches?achievement=A1', { csv })
      expect([one.status, two.status]).to.deep.equal([202, 202])
      const subject = async (id: string) => {
        await delivered(id)
        return JSON.parse((await ask('GET', `/v1/batches/${id}/credentials.ndjson`)).text).credentialSubject
      }
      const said = await subject(one.json.id)
      expect(said).to.include({ role: odd.role, narrative: odd.narrative })
      expect(said).to.deep.equal(await subject(two.json.id))
    })

    it('are told of as they go, by server-sent events', async () => {
      const { id } = (
        await ask('POST', '/v1/batches', { json: { achievement: 'A1', draft: true, recipients: [person(5)] } })
      ).json
      const response = await fetch(`${base}/v1/batches/${id}/events`, { headers: { authorization: `Bearer ${key}` } })
      expect(response.headers.get('content-type')).to.match(/^text\/event-stream/)
      const states: string[] = []
      let text = ''
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += new TextDecoder().decode(chunk)
        if (states.length === 0 && text.includes('\n\n')) await ask('POST', `/v1/batches/${id}/submit`)
        states.splice(
          0,
          states.length,
          ...[...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '').state),
        )
      }
      expect(states[0]).to.equal('held')
      expect(states.at(-1)).to.equal('delivered')
      expect(text).to.match(/^event: progress\nid: 1\ndata: /)
      // Whoever connects again is told at once how things stand.
      expect((await ask('GET', `/v1/batches/${id}/events`)).text).to.include('"state":"delivered"')
    })
  })

  describe('with tokens', () => {
    const redeemable = { achievement: 'A1', redeemable: true, recipients: [person(70), person(71)] }

    it('are refused until the issuer has a collection, and then have a ticket for each', async () => {
      expect(await problem('POST', '/v1/batches', { json: redeemable })).to.deep.equal([409, 'COLLECTION_MISSING'])
      const single = { achievement: 'A1', redeemable: true, recipient: person(70) }
      expect(await problem('POST', '/v1/credentials', { json: single })).to.deep.equal([409, 'COLLECTION_MISSING'])
      expect((await Cli.run('laurel', ['issuer', 'register'], environment)).code).to.equal(0)
      const made = await Cli.run('laurel', ['collection', 'create', '--symbol', 'LAU', '--json'], environment)
      const { address } = JSON.parse(made.stdout)
      const { json: batch } = await ask('POST', '/v1/batches', { json: redeemable })
      expect(batch.collection).to.equal(address)
      expect(await delivered(batch.id)).to.equal('delivered')
      const { items } = (await ask('GET', `/v1/batches/${batch.id}/credentials`)).json
      const folder = join(home, 'batches', batch.id)
      for (const { credential } of items) {
        const id = credential.slice('urn:uuid:'.length)
        const ticket = await ask('GET', `/v1/credentials/${id}/ticket`)
        expect(ticket.text).to.equal(readFileSync(join(folder, `${id}.ticket.json`), 'utf8'))
        expect(ticket.headers.get('cache-control')).to.include('no-store')
      }
      const csv = 'name,email\nToken,token@example.org\n'
      const { json: other } = await ask('POST', '/v1/batches?achievement=A1&redeemable=true', { csv })
      expect(other.collection).to.equal(address)
    })

    it('are not offered where nobody asked for them', async () => {
      const { json: batch } = await ask('POST', '/v1/batches', {
        json: { achievement: 'A1', recipients: [person(72)] },
      })
      expect(batch.collection).to.equal(null)
      await delivered(batch.id)
      const { items } = (await ask('GET', `/v1/batches/${batch.id}/credentials`)).json
      const id = items[0].credential.slice('urn:uuid:'.length)
      expect(await problem('GET', `/v1/credentials/${id}/ticket`)).to.deep.equal([409, 'TICKETS_NOT_OFFERED'])
    })
  })

  describe('an Idempotency-Key', () => {
    const asked = (n: number) => ({ achievement: 'A1', draft: true, recipients: [person(100 + n)] })
    const post = (json: unknown, name: string, bearer = key) =>
      ask('POST', '/v1/batches', { json, key: bearer, headers: { 'idempotency-key': name } })

    it('gives fifty who ask at once one batch and one answer', async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => post(asked(1), 'fifty')))
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).to.equal(1)
      expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).to.have.length(1)
    })

    it('refuses another request, and keeps to its own principal', async () => {
      const first = await post(asked(2), 'own')
      const other = await post(asked(3), 'own')
      expect([other.status, other.json.code]).to.deep.equal([422, 'IDEMPOTENCY_KEY_REUSED'])
      const { secret } = await made(['batches:write'])
      const theirs = await post(asked(4), 'own', secret)
      expect(theirs.status).to.equal(202)
      expect(theirs.json.id).to.not.equal(first.json.id)
    })

    it('gives the first answer whatever has happened since', async () => {
      const first = await post(asked(5), 'later')
      await ask('POST', `/v1/batches/${first.json.id}/cancel`)
      await ask('PUT', '/v1/achievements/A1', { json: { ...plain, name: 'Changed' } })
      const again = await post(asked(5), 'later')
      expect(again.text).to.equal(first.text)
      expect(again.headers.get('location')).to.equal(first.headers.get('location'))
      await ask('PUT', '/v1/achievements/A1', { json: plain })
    })

    it('is free for the corrected request where the first was refused', async () => {
      expect((await post({ ...asked(6), recipients: [{ name: 'x', email: 'y' }] }, 'mended')).status).to.equal(422)
      expect((await post(asked(6), 'mended')).status).to.equal(202)
    })

    it('is not needed to be saved from doubling a roster', async () => {
      const json = asked(7)
      const { id } = (await ask('POST', '/v1/batches', { json })).json
      const second = await ask('POST', '/v1/batches', { json })
      expect([second.status, second.json.code, second.json.facts]).to.deep.equal([
        409,
        'POSSIBLE_DUPLICATE_BATCH',
        { batch: id },
      ])
      const racing = asked(8)
      const race = await Promise.all(Array.from({ length: 8 }, () => ask('POST', '/v1/batches', { json: racing })))
      expect(race.map(({ status }) => status).toSorted()).to.deep.equal([202, ...Array(7).fill(409)])
      expect((await ask('POST', '/v1/batches', { json: { ...json, allowDuplicate: true } })).status).to.equal(202)
    })
  })

  describe('as forms', () => {
    const formOf = (fields: Readonly<Record<string, string | Blob>>) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields))
        if (typeof value === 'string') form.append(name, value)
        else form.append(name, value, 'file')
      return form
    }
    const file = (name: string) => new Blob([`name,email\nAda,${name}@example.org\n`], { type: 'text/csv' })

    it('are what the same rosters are otherwise', async () => {
      const fields = { title: 'Forms', draft: 'true', columns: '{"Nom":"name"}', achievement: 'A1' }
      const roster = new Blob(['Nom,email\nAda,form@example.org\n'])
      const headers = { 'idempotency-key': 'form' }
      const made = await ask('POST', '/v1/batches', { form: formOf({ file: roster, ...fields }), headers })
      expect([made.status, made.json.title, made.json.state, made.json.size]).to.deep.equal([202, 'Forms', 'held', 1])
      const again = await ask('POST', '/v1/batches?achievement=A1', {
        form: formOf({ title: 'Forms', draft: 'true', columns: fields.columns, file: roster }),
        headers,
      })
      expect([again.status, again.text]).to.deep.equal([202, made.text])
      const looked = await ask('POST', '/v1/batches?dryRun=true&achievement=A1', { form: formOf({ file: file('f') }) })
      expect([looked.status, looked.json.recipients]).to.deep.equal([200, 1])
    })

    it('say what is wrong where it stands', async () => {
      for (const [query, fields, code, pointer] of [
        ['', { file: file('x') }, 'TYPE', '/achievement'],
        ['', { achievement: 'A1' }, 'TYPE', '/file'],
        ['', { achievement: 'A1', file: file('x'), draft: 'yes' }, 'VALUE_INVALID', '/draft'],
        ['', { achievement: 'A1', file: file('x'), dryRun: 'true' }, 'UNKNOWN_FIELD', '/dryRun'],
        ['', { achievement: 'A1', file: file('x'), __proto__: 'x', constructor: 'x' }, 'UNKNOWN_FIELD', '/constructor'],
        ['?achievement=A1', { achievement: 'A1', file: file('x') }, 'UNKNOWN_FIELD', '/achievement'],
        ['', { achievement: 'A1', file: file('x'), columns: '{' }, 'JSON_SYNTAX', '/columns'],
        ['?achievement=A1', { file: new Blob(['name,email\nAda,nobody\n']) }, 'EMAIL_INVALID', '/rows/1/email'],
      ] as const) {
        const { status, json } = await ask('POST', `/v1/batches${query}`, { form: formOf(fields) })
        expect([status, json.errors?.[0]?.code, json.errors?.[0]?.pointer], pointer).to.deep.equal([422, code, pointer])
      }
      const headers = { 'content-type': 'multipart/form-data; boundary=b' }
      const broken = { body: '--b\r\n', headers }
      expect(await problem('POST', '/v1/batches', broken)).to.deep.equal([400, 'MULTIPART_INVALID'])
      expect(await problem('POST', '/v1/credentials', broken)).to.deep.equal([415, 'CONTENT_TYPE'])
    })

    it('bring an achievement with its image, as JSON does', async () => {
      const definition = { ...plain, id: 'https://example.org/form' }
      const image = png(8, 8)
      const parts = { image: new Blob([Uint8Array.from(image)]), definition: new Blob([JSON.stringify(definition)]) }
      const made = await ask('PUT', '/v1/achievements/form', { form: formOf(parts) })
      expect(made.status).to.equal(201)
      const id = `data:image/png;base64,${Buffer.from(image).toString('base64')}`
      expect((await ask('PUT', '/v1/achievements/form', { json: { ...definition, image: id } })).status).to.equal(200)
      const refused = async (form: Readonly<Record<string, string | Blob>>) => {
        const { status, json } = await ask('PUT', '/v1/achievements/form', { form: formOf(form) })
        return [status, json.errors?.[0]?.code ?? json.code, json.errors?.[0]?.pointer]
      }
      const svg = new Blob(['<svg onload="x"/>'], { type: 'image/png' })
      expect(await refused({ ...parts, image: svg })).to.deep.equal([422, 'IMAGE_INVALID', '/image'])
      expect(await refused({ image: parts.image })).to.deep.equal([422, 'TYPE', '/definition'])
      expect(await refused({ ...parts, more: 'x' })).to.deep.equal([422, 'UNKNOWN_FIELD', '/more'])
      expect(await refused({ definition: '{"a":1,"a":2}' })).to.deep.equal([400, 'JSON_DUPLICATE_KEY', undefined])
    })

    it('are sent by the client', async () => {
      const body = formOf({ achievement: 'A1', draft: 'true', file: file('client-form') })
      const { data } = await createClient({ url: base, key }).ask('createBatch', { body })
      expect('state' in data && data.state).to.equal('held')
    })
  })

  describe('single credentials', () => {
    const order = (n: number, headers = {}) =>
      ask('POST', '/v1/credentials', { json: { achievement: 'A1', recipient: person(n) }, headers })

    it('are gathered into a batch once they are enough', async () => {
      const orders = [await order(201), await order(202)]
      const [first] = orders
      expect(orders.map(({ status, json }) => [status, json.state])).to.deep.equal(Array(2).fill([202, 'waiting']))
      const same = await Promise.all([1, 2, 3].map(() => order(203, { 'idempotency-key': 'third' })))
      expect(new Set(same.map(({ text }) => text)).size).to.equal(1)
      const path = first?.headers.get('location') ?? ''
      const done = await until(
        async () => (await ask('GET', path)).json,
        ({ state }) => state === 'delivered',
      )
      expect((await ask('GET', `/v1/batches/${done.batch}`)).json.size).to.equal(3)
      const uuid = done.credential.replace('urn:uuid:', '')
      const { json } = await ask('GET', `/v1/credentials/${uuid}/document`)
      expect(json.validFrom).to.equal(`${first?.json.acceptedAt.slice(0, 19)}Z`)
      expect(JSON.stringify(json)).to.include('p201@example.org')
    })

    it('have tickets where those are asked for, in a batch of their own', async () => {
      const orders = [204, 205, 206].map(async (n) => {
        const json = { achievement: 'A1', redeemable: n !== 206, recipient: person(n) }
        return (await ask('POST', '/v1/credentials', { json })).json
      })
      const done = async ({ id }: { id: string }) =>
        until(
          async () => (await ask('GET', `/v1/orders/${id}`)).json,
          ({ state }) => state === 'delivered',
        )
      const last = { achievement: 'A1', redeemable: true, recipient: person(207) }
      const [first, second, plain, third] = (await Promise.all([
        ...orders,
        ask('POST', '/v1/credentials', { json: last }).then(({ json }) => json),
      ])) as [{ id: string }, { id: string }, { id: string; redeemable: boolean }, { id: string }]
      expect(plain.redeemable).to.equal(false)
      const found = await Promise.all([first, second, third].map(done))
      expect(new Set(found.map(({ batch }) => batch)).size).to.equal(1)
      for (const { redeemable, credential } of found) {
        expect(redeemable).to.equal(true)
        const ticket = await ask('GET', `/v1/credentials/${credential.replace('urn:uuid:', '')}/ticket`)
        expect(ticket.json.type).to.equal('LaurelTicket')
      }
      expect((await ask('GET', `/v1/orders/${plain.id}`)).json.batch).to.not.equal(found[0]?.batch)
    })

    it('are refused like a row of a roster', async () => {
      const json = { achievement: 'A1', recipient: { name: 'x', email: 'y', results: { Grade: 'A' } } }
      const answer = await ask('POST', '/v1/credentials', { json })
      expect([answer.status, answer.json.code]).to.deep.equal([422, 'ROW_INVALID'])
      expect(answer.json.errors.map(({ pointer }: { pointer: string }) => pointer)).to.deep.equal([
        '/recipient',
        '/recipient/email',
      ])
      const unknown = '00000000-0000-4000-8000-000000000000'
      expect(await problem('GET', `/v1/orders/${unknown}`)).to.deep.equal([404, 'ORDER_UNKNOWN'])
    })

    it('are suspended and reinstated', async () => {
      const { items } = (await ask('GET', '/v1/batches?state=delivered&limit=1')).json
      const page = (await ask('GET', `/v1/batches/${items[0].id}/credentials`)).json
      const credential = `/v1/credentials/${page.items.at(-1).credential.replace('urn:uuid:', '')}`
      const decide = (act: string) => ask('POST', `${credential}/${act}`, { json: {} })
      expect(await problem('POST', `${credential}/reinstate`, { json: {} })).to.deep.equal([
        409,
        'CREDENTIAL_NOT_SUSPENDED',
      ])
      expect((await decide('suspend')).json).to.include({ status: 'suspended', repeated: false })
      expect((await decide('suspend')).json).to.include({ status: 'suspended', repeated: true })
      expect((await ask('GET', credential)).json.status).to.equal('suspended')
      expect((await decide('reinstate')).json).to.include({ status: 'reinstated', repeated: false })
    })

    it('are revoked, for good and once', async () => {
      const { items } = (await ask('GET', '/v1/batches?state=delivered&limit=1')).json
      const page = (await ask('GET', `/v1/batches/${items[0].id}/credentials`)).json
      const uuid = page.items[0].credential.replace('urn:uuid:', '')
      const revoke = () => ask('POST', `/v1/credentials/${uuid}/revoke`, { json: { reason: 'By mistake' } })
      expect((await revoke()).json.repeated).to.equal(false)
      expect((await revoke()).json.repeated).to.equal(true)
      const { status, decided } = (await ask('GET', `/v1/credentials/${uuid}`)).json
      expect([status, decided.reason]).to.deep.equal(['revoked', 'By mistake'])
      expect(await problem('POST', `/v1/credentials/${uuid}/suspend`, { json: {} })).to.deep.equal([
        409,
        'CREDENTIAL_REVOKED',
      ])
      const unknown = '/v1/credentials/00000000-0000-4000-8000-000000000000'
      for (const path of ['', '/document', '/image', '/proof'])
        expect(await problem('GET', `${unknown}${path}`)).to.deep.equal([404, 'CREDENTIAL_UNKNOWN'])
      expect(await problem('POST', `${unknown}/revoke`, { json: {} })).to.deep.equal([404, 'CREDENTIAL_UNKNOWN'])
      const many = (...credentials: string[]) => ask('POST', '/v1/credentials/revoke', { json: { credentials } })
      expect((await many(uuid, uuid)).json).to.deep.equal({ revoked: 0, repeated: 1 })
      expect((await many(uuid, unknown.split('/').at(-1) ?? '')).json.code).to.equal('CREDENTIAL_UNKNOWN')
    })
  })

  describe('webhooks', () => {
    let receiver: Receiver.Receiver
    before(async () => {
      receiver = await Receiver.start()
    })
    after(() => receiver.stop())
    const add = async (more: object = {}) =>
      (await ask('POST', '/v1/webhooks', { json: { url: receiver.url, ...more } })).json
    const hears = (path: string) =>
      until(
        async () => receiver.heard.find((heard) => heard.path === path),
        (heard) => heard !== undefined,
      )

    it('are told their secret once, and prove by it who has sent what', async () => {
      const made = await add({ url: `${receiver.url}one`, description: 'Žofie’s', types: ['batch.accepted'] })
      expect(made).to.deep.include({ types: ['batch.accepted'], disabled: null, failingSince: null })
      const shown = (await ask('GET', `/v1/webhooks/${made.id}`)).json
      const { secret: _, ...rest } = made
      expect(shown).to.deep.equal(rest)
      expect((await ask('GET', '/v1/webhooks')).json.items).to.deep.include(shown)
      const json = { achievement: 'A1', recipients: [person(301)] }
      const { id } = (await ask('POST', '/v1/batches', { json })).json
      const heard = (await hears('/one')) as Receiver.Heard
      const message = await Webhook.verify(heard, made.secret)
      expect(message.event).to.deep.include({ type: 'batch.accepted' })
      expect(message.event.data).to.include({ batch: id, state: 'accepted' })
      expect(heard.body).to.not.include('p301')
      const [delivery] = await until(
        async () => (await ask('GET', `/v1/webhooks/${made.id}/deliveries?state=delivered`)).json.items,
        ({ length }) => length === 1,
      )
      expect(delivery.event).to.include({ id: message.id, subject: id })
      expect(delivery.tries[0]).to.include({ status: 200, code: 'DELIVERED' })
      const page = (await ask('GET', '/v1/events?limit=1')).json
      expect(page.items[0]).to.have.property('sequence')
      const next = (await ask('GET', `/v1/events?limit=200&cursor=${page.next}`)).json
      expect(next.items.map((event: { id: string }) => event.id)).to.not.include(page.items[0].id)
      expect([page.items[0], ...next.items].map((event: { id: string }) => event.id)).to.include(message.id)
      expect(await problem('GET', `/v1/events?cursor=x`)).to.deep.equal([400, 'PAGINATION_INVALID'])
      await ask('DELETE', `/v1/webhooks/${made.id}`)
    })

    it('have other secrets in time, and are tested, replayed, disabled and removed', async () => {
      const { id, secret } = await add({ url: `${receiver.url}two`, types: ['webhook.test'] })
      const path = `/v1/webhooks/${id}`
      const rotated = (await ask('POST', `${path}/rotate-secret`, { json: { overlapSeconds: 60 } })).json
      expect(rotated.secret)
        .to.match(/^whsec_/)
        .and.not.equal(secret)
      expect(rotated.previousSecretUntil).to.be.a('string')
      const event = (await ask('POST', `${path}/test`)).json
      const heard = (await hears('/two')) as Receiver.Heard
      expect(heard.id).to.equal(event.id)
      for (const each of [secret, rotated.secret]) await Webhook.verify(heard, each)
      // Before its answer is stored it is under way still, and not sent again.
      await until(
        async () => (await ask('GET', `${path}/deliveries?state=delivered`)).json.items,
        ({ length }) => length === 1,
      )

      const again = await ask('POST', `${path}/replay`, { json: { event: event.id } })
      expect([again.status, again.json]).to.deep.equal([202, { events: 1 }])
      await until(
        async () => receiver.heard.filter((each) => each.id === event.id).length,
        (count) => count === 2,
      )
      const since = '2020-01-01T00:00:00Z'
      const missing = (await ask('POST', `${path}/replay`, { json: { since, missing: true } })).json
      expect(missing).to.deep.equal({ events: 0 })
      const unknown = '00000000-0000-4000-8000-000000000000'
      const replay = (json: object, to = path) => problem('POST', `${to}/replay`, { json })
      expect(await replay({ event: unknown })).to.deep.equal([404, 'EVENT_UNKNOWN'])
      expect(await replay({ event: unknown, since })).to.deep.equal([422, 'TYPE'])
      expect(await replay({ since }, `/v1/webhooks/${unknown}`)).to.deep.equal([404, 'WEBHOOK_UNKNOWN'])

      const change = async (json: object) => (await ask('PATCH', path, { json })).json
      expect((await change({ enabled: false })).disabled.reason).to.equal('ENDPOINT_DISABLED')
      expect(await problem('POST', `${path}/test`)).to.deep.equal([409, 'WEBHOOK_DISABLED'])
      expect(await replay({ since })).to.deep.equal([409, 'WEBHOOK_DISABLED'])
      expect(await change({ enabled: true, types: null, description: 'new' })).to.deep.include({
        ...{ disabled: null, types: null, description: 'new' },
      })
      const removed = await ask('DELETE', path)
      expect([removed.status, removed.text]).to.deep.equal([204, ''])
      expect((await ask('DELETE', path)).status).to.equal(204)
      for (const [method, place] of [
        ['GET', path],
        ['GET', `${path}/deliveries`],
        ['POST', `${path}/test`],
      ] as const)
        expect(await problem(method, place), place).to.deep.equal([404, 'WEBHOOK_UNKNOWN'])
    })

    it('lead nowhere but to the public, and to this machine where that is allowed', async () => {
      for (const [url, code] of [
        ['https://10.0.0.1/', 'URL_BLOCKED'],
        ['https://user@93.184.216.34/', 'URL_BLOCKED'],
        ['https://[64:ff9b::7f00:1]/', 'URL_BLOCKED'],
        ['ftp://example.com/', 'VALUE_INVALID'],
        ['x', 'VALUE_INVALID'],
      ] as const) {
        const { status, json } = await ask('POST', '/v1/webhooks', { json: { url } })
        expect([status, json.code, json.errors[0].pointer], url).to.deep.equal([422, code, '/url'])
      }
      const { id } = await add()
      expect(await problem('PATCH', `/v1/webhooks/${id}`, { json: { url: 'https://10.0.0.1/' } })).to.deep.equal([
        422,
        'URL_BLOCKED',
      ])
      await ask('DELETE', `/v1/webhooks/${id}`)
    })

    it('are the business of keys that have their scopes', async () => {
      const reader = (await made(['webhooks:read'])).secret
      expect((await ask('GET', '/v1/webhooks', { key: reader })).status).to.equal(200)
      const json = { url: receiver.url }
      expect(await problem('POST', '/v1/webhooks', { key: reader, json })).to.deep.equal([403, 'SCOPE_REQUIRED'])
      const other = (await made(['batches:read'])).secret
      for (const path of ['/v1/webhooks', '/v1/events'])
        expect(await problem('GET', path, { key: other }), path).to.deep.equal([403, 'SCOPE_REQUIRED'])
    })
  })

  describe('the issuer', () => {
    const path = '/v1/issuer/profile'
    const profile = {
      name: 'Žofínská univerzita',
      url: 'https://uni.example/',
      description: 'A university.',
      email: 'badges@uni.example',
    }

    it('says of itself what the environment says, until it says otherwise; what was accepted keeps its own', async () => {
      const before = await ask('GET', path, { key: undefined })
      expect(before.json).to.deep.equal({ version: null, createdAt: null, name: 'Example issuer' })
      expect((await ask('GET', `${path}/versions`)).json).to.deep.equal({ items: [] })
      const old = { achievement: 'A1', allowDuplicate: true, recipients: [person(300)] }
      const { id: earlier } = (await ask('POST', '/v1/batches', { json: { ...old, draft: true } })).json

      const headers = { 'if-match': before.headers.get('etag') ?? '' }
      const image = { id: `data:image/png;base64,${Buffer.from(png(8, 8)).toString('base64')}`, caption: 'A seal' }
      const made = await ask('PUT', path, { json: { ...profile, image }, headers })
      expect([made.status, made.json.version]).to.deep.equal([201, 1])
      expect(made.json.image).to.deep.include({ type: 'Image', caption: 'A seal' })
      expect((await ask('PUT', path, { json: { ...profile, image } })).status).to.equal(200)
      expect(await problem('PUT', path, { json: profile, headers })).to.deep.equal([412, 'PRECONDITION_FAILED'])
      const known = { 'if-none-match': made.headers.get('etag') ?? '' }
      expect((await ask('GET', path, { headers: known })).status).to.equal(304)
      expect((await ask('GET', '/v1/issuer')).json).to.deep.include({ name: profile.name, email: profile.email })

      const { id: later } = (await ask('POST', '/v1/batches', { json: { ...old, recipients: [person(301)] } })).json
      const { json: order } = await ask('POST', '/v1/credentials', {
        json: { achievement: 'A1', recipient: person(302) },
      })
      for (const n of [303, 304])
        await ask('POST', '/v1/credentials', { json: { achievement: 'A1', recipient: person(n) } })
      await ask('POST', `/v1/batches/${earlier}/submit`)
      const { batch: single } = await until(
        async () => (await ask('GET', `/v1/orders/${order.id}`)).json,
        ({ state }) => state === 'delivered',
      )
      for (const [batch, name] of [
        [earlier, 'Example issuer'],
        [later, profile.name],
        [single, profile.name],
      ] as const) {
        await delivered(batch)
        const [line = ''] = (await ask('GET', `/v1/batches/${batch}/credentials.ndjson`)).text.split('\n')
        const { issuer } = JSON.parse(line)
        expect(issuer.name).to.equal(name)
        if (batch === later) {
          expect(issuer).to.deep.include({ ...profile, type: ['Profile'] })
          expect((await fetch(`${base}/ipfs/${issuer.image.id.slice('ipfs://'.length)}`)).status).to.equal(200)
        }
      }
      const told = (await ask('GET', '/v1/events?limit=200')).json.items as { type: string; data: object }[]
      expect(told.filter(({ type }) => type === 'issuer.changed')).to.have.length(1)
    })

    it('says nothing that could not stand in a credential, and only by a key that may', async () => {
      for (const [more, code, pointer] of [
        [{ name: ' ' }, 'VALUE_INVALID', '/name'],
        [{ name: 'a\u202eb' }, 'CHAR_NOT_ALLOWED', '/name'],
        [{ name: 'x'.repeat(301) }, 'STRING_TOO_LONG', '/name'],
        [{ url: 'javascript:alert(1)' }, 'VALUE_INVALID', '/url'],
        [{ email: 'nobody' }, 'EMAIL_INVALID', '/email'],
        [{ image: { id: 'http://uni.example/x.png' } }, 'IMAGE_INVALID', '/image/id'],
        [{ image: { id: 'data:image/svg+xml,<svg/>' } }, 'IMAGE_INVALID', '/image/id'],
        [{ type: ['Profile'] }, 'UNKNOWN_FIELD', '/type'],
      ] as const) {
        const { status, json } = await ask('PUT', path, { json: { ...profile, ...more } })
        expect([status, json.errors[0].code, json.errors[0].pointer]).to.deep.equal([422, code, pointer])
      }
      const reader = (await made(['keys:admin'])).secret
      expect(await problem('PUT', path, { json: profile, key: reader })).to.deep.equal([403, 'SCOPE_REQUIRED'])
    })

    it('is described on its machine too', async () => {
      const run = async (...more: readonly string[]) => {
        const { stdout } = await Cli.run('laurel', ['issuer', 'profile', ...more, '--json'], environment)
        return JSON.parse(stdout)
      }
      expect(await run()).to.deep.include({ name: profile.name, version: 1, changed: false })
      expect(await run('--name', 'By hand', '--description', '')).to.deep.include({ version: 2, changed: true })
      const { json } = await ask('GET', path)
      expect(json).to.deep.include({ name: 'By hand', version: 2, email: profile.email })
      expect(json).to.not.have.property('description')
      expect((await run('--email', 'nobody')).error.code).to.equal('ISSUER_PROFILE_INVALID')
      expect(
        (await ask('GET', `${path}/versions`)).json.items.map(({ version }: { version: number }) => version),
      ).to.deep.equal([2, 1])
      const { stdout } = await Cli.run('laurel', ['issuer', 'profile'], environment)
      expect(stdout).to.include('version 2').and.include('By hand')
    })
  })

  it('has a client whose types are those of its description', async () => {
    const client = createClient({ url: base, key })
    const { data } = await client.ask('createBatch', {
      achievement: 'A1',
      draft: 'true',
      body: new Blob(['name,email\nClient,client@example.org\n']),
      'Idempotency-Key': 'client',
    })
    if (!('state' in data)) throw new Error('it was no dry run')
    expect((await client.ask('getBatch', { id: data.id })).data?.state).to.equal('held')
    expect((await client.ask('listBatches', { limit: '1' })).data.items).to.have.length(1)
    const { data: verified } = await client.ask('verifyCredential', {
      body: new Blob(['{}'], { type: 'application/octet-stream' }),
    })
    expect(verified.verdict).to.equal('rejected')
    const refused = await client.ask('getBatch', { id: '2026-01-01-00000000' }).catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(RefusedError)
    expect((refused as RefusedError).problem.code).to.equal('BATCH_UNKNOWN')
  })

  it('is described for people in a page without scripts, and nothing of it from elsewhere', async () => {
    const page = await ask('GET', '/v1/docs', { key: undefined })
    expect(page.headers.get('content-security-policy')).to.include("default-src 'none'")
    expect(page.text).to.not.match(/<script|https?:\/\/(?!www\.w3)[^"]*\.(js|css)/)
    for (const operation of Api.operations) expect(page.text).to.include(`id="${operation}"`)
    expect((await ask('GET', '/v1/docs.css', { key: undefined })).status).to.equal(200)
    const served = (await ask('GET', '/v1/openapi.json', { key: undefined })).text
    expect(served).to.equal(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'))
    expect((await ask('GET', '/v1/issuer', { key: undefined })).json.chain.id).to.equal(31337)
    const wrong = await ask('POST', '/v1/issuer')
    expect([wrong.status, wrong.headers.get('allow')]).to.deep.equal([405, 'GET'])
  })

  describe('at the end', () => {
    it('was asked for every operation that it describes, here or by the test that has its chapter', () => {
      expect(Api.unasked('http/api')).to.deep.equal([])
      const description = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'))
      const named = description.tags.map(({ name }: { name: string }) => name)
      expect(named.toSorted()).to.deep.equal(Object.keys(Api.chapters).toSorted())
      for (const test of new Set(Object.values(Api.chapters)))
        expect(readFileSync(new URL(`../${test}.test.ts`, import.meta.url), 'utf8')).to.include(
          `Api.unasked('${test}')`,
        )
    })
  })
})
