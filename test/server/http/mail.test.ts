import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import PostalMime from 'postal-mime'
import * as Api from '../../support/Api.ts'
import * as Bounce from '../../support/Bounce.ts'
import * as Cli from '../../support/Cli.ts'
import * as MailServer from '../../support/MailServer.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'

const people = [
  { name: 'Ada', email: 'ada@example.org', language: 'de-AT' },
  { name: 'Bo', email: 'bo@example.org' },
  { name: 'Cy', wallet: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed' },
]

describe('Writing to learners', function () {
  this.timeout(120_000)
  let mailServer: MailServer.MailServer
  let place: Place.Place
  let server: Cli.Server
  let ask: ReturnType<typeof Api.create>
  let batch: string
  let held: string

  before(async () => {
    mailServer = await MailServer.start()
    place = await Place.create({
      LAUREL_WORKERS: '0',
      LAUREL_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
      LAUREL_MAIL_FROM: 'Badges <badges@example.org>',
    })
    server = await Cli.start(place.environment)
    ask = Api.create(place.base, server.key ?? '')
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
    // What is mailed here is mailed because somebody asks for it.
    await ask('PUT', '/v1/claim-settings', { json: { onDelivery: false, days: 365, waitingDays: 7 } })
    const json = { achievement: 'A1', recipients: people }
    held = (await ask('POST', '/v1/batches', { json: { ...json, draft: true, title: 'held' } })).json.id
    batch = (await ask('POST', '/v1/batches', { json: { ...json, allowDuplicate: true } })).json.id
    await until(async () => (await ask('GET', `/v1/batches/${batch}`)).json.state === 'delivered')
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
    await mailServer?.stop()
  })

  const begin = (id: string, json = {}) => ask('POST', `/v1/batches/${id}/mails`, { json })
  const credentials = async (): Promise<readonly string[]> => {
    const summary = JSON.parse(await readFile(join(place.home, 'batches', batch, 'summary.json'), 'utf8'))
    const listed: readonly { row: number; id: string }[] = summary.credentials
    return listed.toSorted((a, b) => a.row - b.row).map(({ id }) => id.slice('urn:uuid:'.length))
  }
  const mailOf = async (credential: string) => (await ask('GET', `/v1/credentials/${credential}`)).json.mail
  const becomes = (credential: string, state: string) =>
    until(
      () => mailOf(credential),
      (mail) => mail?.state === state,
    )
  const to = (address: string) => mailServer.taken.filter(({ to }) => to[0] === address)
  const report = (id: string, status: string) =>
    ask('POST', '/v1/mail/bounces', {
      body: Bounce.report({ status, envelope: id }),
      headers: { 'content-type': 'message/rfc822' },
    })

  // P9: nobody is told of what is not final.
  it('tells nobody of what is not delivered', async () => {
    const { status, json } = await begin(held)
    expect([status, json.code]).to.deep.equal([409, 'BATCH_NOT_DELIVERED'])
    expect((await begin('2026-01-01-00000000')).json.code).to.equal('BATCH_UNKNOWN')
    expect(mailServer.taken).to.deep.equal([])
    expect((await ask('GET', '/v1/mails')).json.items).to.deep.equal([])
  })

  it('writes to each of them once, in their language, with a link to their credential', async () => {
    const [ada, bo, cy] = (await credentials()) as [string, string, string]
    expect(await mailOf(ada)).to.equal(null)
    const { status, json } = await begin(batch)
    expect([status, json.learners, json.repeated]).to.deep.equal([202, 3, false])
    await becomes(ada, 'sent')
    await becomes(bo, 'sent')
    expect(await mailOf(cy)).to.equal(null)
    expect((await begin(batch)).json).to.include({ repeated: true, ended: true, written: 2 })
    expect(mailServer.taken).to.have.length(2)
    const german = await PostalMime.parse(to('ada@example.org')[0]?.raw ?? '')
    expect(german.text)
      .to.include('Guten Tag Ada')
      .and.match(new RegExp(`${place.base}/claim/[A-Za-z0-9_-]{43}\\s`))
    expect((await PostalMime.parse(to('bo@example.org')[0]?.raw ?? '')).text).to.include('Hello Bo')
    const document = await (await fetch(`${place.base}/credentials/${ada}`)).text()
    expect(document, 'in which language somebody is written to is no matter of their credential').to.not.include(
      'de-AT',
    )
  })

  it('takes in what comes back, and writes there no more', async () => {
    const [, bo] = (await credentials()) as [string, string]
    const { id } = await mailOf(bo)
    expect((await report(id, 'Action: delayed\r\nStatus: 4.4.1')).json).to.deep.equal({ mail: id, outcome: null })
    expect((await report(id, 'Action: failed\r\nStatus: 5.1.1')).json).to.deep.equal({ mail: id, outcome: 'refused' })
    expect(await mailOf(bo)).to.deep.equal({ id, state: 'bounced', reason: 'MAIL_BOUNCED' })
    const unknown = '00000000-0000-4000-8000-000000000009'
    expect((await report(unknown, 'Action: failed\r\nStatus: 5.1.1')).json.code).to.equal('MAIL_UNKNOWN')
    const none = { body: 'Subject: hello\r\n\r\nhello', headers: { 'content-type': 'message/rfc822' } }
    expect((await ask('POST', '/v1/mail/bounces', none)).json.code).to.equal('MAIL_REPORT_INVALID')
    expect((await ask('POST', `/v1/credentials/${bo}/resend`)).status).to.equal(202)
    expect((await becomes(bo, 'failed')).reason).to.equal('MAIL_SUPPRESSED')
    expect(to('bo@example.org')).to.have.length(1)
  })

  it('writes once more to those who were not reached, when somebody lets it', async () => {
    const [, bo] = (await credentials()) as [string, string]
    expect((await ask('GET', '/v1/mail/suppressions')).json.items[0]).to.include({ address: 'bo@example.org' })
    const json = { address: 'Bo@Example.org' }
    expect((await ask('POST', '/v1/mail/suppressions/end', { json })).json).to.deep.equal({ allowed: true })
    expect((await begin(batch, { whom: 'unreached' })).json.repeated).to.equal(false)
    await becomes(bo, 'sent')
    expect(to('bo@example.org')).to.have.length(2)
    expect(to('ada@example.org')).to.have.length(1)
  })

  it('writes to one of them again', async () => {
    const [ada, , cy] = (await credentials()) as [string, string, string]
    const { status, json } = await ask('POST', `/v1/credentials/${ada}/resend`)
    expect([status, json.mail.credential, json.repeated]).to.deep.equal([202, `urn:uuid:${ada}`, false])
    await until(() => to('ada@example.org').length === 2)
    expect((await ask('POST', `/v1/credentials/${cy}/resend`)).json.code).to.equal('MAIL_ADDRESS_MISSING')
    const unknown = await ask('POST', '/v1/credentials/00000000-0000-4000-8000-000000000009/resend')
    expect(unknown.json.code).to.equal('CREDENTIAL_UNKNOWN')
    await becomes(ada, 'sent')
    expect((await ask('GET', `/v1/mails/${json.mail.id}`)).json.state).to.equal('sent')
    expect((await ask('GET', '/v1/mails/00000000-0000-4000-8000-000000000009')).json.code).to.equal('MAIL_UNKNOWN')
  })

  it('ends notifications for whoever asks, and only then', async () => {
    const [ada] = (await credentials()) as [string]
    const raw = to('ada@example.org').at(-1)?.raw ?? ''
    const [, link = ''] = /^List-Unsubscribe: <([^>]+)>/m.exec(raw.replaceAll(/\r\n /g, ' ')) ?? []
    const page = await fetch(link)
    expect([page.status, page.headers.get('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8'])
    expect((await ask('GET', '/v1/mail/suppressions')).json.items, 'scanners of mail follow links').to.deep.equal([])
    expect((await fetch(link, { method: 'POST', body: 'List-Unsubscribe=One-Click' })).status).to.equal(200)
    const { items } = (await ask('GET', '/v1/mail/suppressions')).json
    expect(items.map(({ reason }: { reason: string }) => reason)).to.deep.equal(['unsubscribed'])
    await ask('POST', `/v1/credentials/${ada}/resend`)
    expect((await becomes(ada, 'failed')).reason).to.equal('MAIL_SUPPRESSED')
    const nobody = new URL('/mail/unsubscribe/nobody', link)
    expect((await fetch(nobody, { method: 'POST' })).status, 'nobody learns which mails there are').to.equal(200)
  })

  it('tells whoever was written to that their credential was suspended, and of nothing that changes nothing', async () => {
    const [ada, bo, cy] = (await credentials()) as [string, string, string]
    for (const [credential, act] of [
      [bo, 'suspend'],
      [bo, 'suspend'],
      [bo, 'reinstate'],
      [cy, 'suspend'],
      [ada, 'suspend'],
    ] as const)
      expect((await ask('POST', `/v1/credentials/${credential}/${act}`, { json: {} })).status).to.equal(200)
    await until(() => to('bo@example.org').length === 4)
    const subjects = await Promise.all(
      to('bo@example.org').map(async ({ raw }) => (await PostalMime.parse(raw)).subject),
    )
    expect(subjects.slice(2)).to.deep.equal([
      'Your credential First aid was suspended',
      'Your credential First aid is valid again',
    ])
    expect((await becomes(ada, 'failed')).reason).to.equal('MAIL_SUPPRESSED')
  })

  it('tells programs what has become of mails, by ids alone', async () => {
    const first = (await ask('GET', '/v1/mails?limit=2')).json
    expect(first.items).to.have.length(2)
    const rest = (await ask('GET', `/v1/mails?limit=200&cursor=${first.next}`)).json
    expect(first.items.length + rest.items.length).to.equal(9)
    const events = (await ask('GET', '/v1/events?limit=200')).json.items
    const types = events.map(({ type }: { type: string }) => type).filter((type: string) => type.startsWith('mail.'))
    expect(types.toReversed().slice(0, 4)).to.deep.equal(['mail.sent', 'mail.sent', 'mail.bounced', 'mail.failed'])
    expect(JSON.stringify([first, rest, events])).to.not.match(/@|Ada|Guten/)
  })

  it('is done on the command line', async function () {
    this.timeout(600_000)
    const command = async (...args: string[]) => {
      const { code, stdout } = await Cli.run('laurel', ['mail', ...args, '--json'], place.environment)
      return { code, json: JSON.parse(stdout) }
    }
    expect((await command('list')).json.mails).to.have.length(9)
    expect((await command('send', batch)).json.repeated).to.equal(true)
    expect((await command('send', held)).json.error.code).to.equal('BATCH_NOT_DELIVERED')
    expect((await command('preview', 'sign-in', '--language', 'fr')).json.text).to.include('15 minutes')
    const [ada, , cy] = (await credentials()) as [string, string, string]
    expect((await command('resend', cy)).json.error.code).to.equal('MAIL_ADDRESS_MISSING')
    expect((await command('allow', 'ada@example.org')).json).to.deep.equal({ allowed: true })
    const { mail } = (await command('resend', ada)).json
    await until(async () => (await ask('GET', `/v1/mails/${mail}`)).json.state === 'sent')
    const file = join(place.home, 'bounce.eml')
    await writeFile(file, Bounce.report({ status: 'Action: failed\r\nStatus: 5.2.2', envelope: mail }))
    expect((await command('bounces', file)).json.reports).to.deep.equal([{ file, outcome: 'undelivered' }])
    expect((await command('suppressed')).json.suppressions).to.deep.equal([])
  })

  it('leaves nobody’s address in what the server says', () => {
    expect(server.said()).to.not.match(/ada@|bo@/)
  })

  it('asks every operation of mail', () => {
    expect(Api.unasked('http/mail')).to.deep.equal([])
  })
})

describe('Writing to learners without a mail server', function () {
  this.timeout(120_000)
  let place: Place.Place
  before(async () => {
    place = await Place.create({ LAUREL_WORKERS: '0' })
  })
  after(() => place?.remove())

  it('leaves mails in the folder outbox of the home', async () => {
    const server = await Cli.start(place.environment)
    try {
      const ask = Api.create(place.base, server.key ?? '')
      await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
      const json = { achievement: 'A1', recipients: [people[0]] }
      const { id } = (await ask('POST', '/v1/batches', { json })).json
      await until(async () => (await ask('GET', `/v1/batches/${id}`)).json.state === 'delivered')
      await ask('POST', `/v1/batches/${id}/mails`, { json: {} })
      const folder = join(place.home, 'outbox')
      const [name] = await until(
        () => readdir(folder).catch(() => []),
        (names) => names.some((each) => each.endsWith('.eml')),
      )
      const mail = await PostalMime.parse(await readFile(join(folder, name as string)))
      expect(mail.to?.[0]?.address).to.equal('ada@example.org')
    } finally {
      await server.stop()
    }
  })
})
