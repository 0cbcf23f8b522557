import { expect } from 'chai'
import * as SmtpMailer from '../../../server/src/adapters/mail/SmtpMailer.ts'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import { keepMailing } from '../../../server/src/mail/keep-mailing.ts'
import type * as Mail from '../../../server/src/mail/Mail.ts'
import type { Mailer } from '../../../server/src/ports/Mailer.ts'
import type { MailStore } from '../../../server/src/ports/MailStore.ts'
import * as TcpProxy from '../../faults/TcpProxy.ts'
import * as MailServer from '../../support/MailServer.ts'
import { until } from '../../support/until.ts'
import { request } from '../store/batch-store.ts'
import { describeDatabases, type Fresh } from '../store/databases.ts'
import { later, mail } from '../store/mail-store.ts'

const from = { address: 'badges@example.org', name: undefined }

describeDatabases('Sending mails', (fresh) => {
  let database: Fresh
  let store: SqlBatchStore.Store
  let server: MailServer.MailServer
  let proxy: TcpProxy.TcpProxy
  let mailer: Mailer
  let stops: (() => Promise<void>)[]
  let alarms: Error[]
  beforeEach(async function () {
    this.timeout(120_000)
    database = await fresh()
    store = await SqlBatchStore.open(database.location)
    server = await MailServer.start()
    proxy = await TcpProxy.start(server.port)
    mailer = SmtpMailer.create({ url: `smtp://127.0.0.1:${proxy.port}`, passwordFile: undefined, from })
    stops = []
    alarms = []
  })
  afterEach(async () => {
    await Promise.all(stops.map((stop) => stop()))
    await mailer.close()
    await proxy.stop()
    await server.stop()
    await store.close()
    database.remove()
  })

  const begin = (mails: MailStore = store.mails, way: Mailer = mailer): (() => Promise<void>) => {
    const ending = new AbortController()
    const clock = { now: Date.now }
    const randomness = { bytes: (size: number) => new Uint8Array(size).fill(128) }
    const ended = keepMailing(
      { mails, mailer: way, store, learners: store.learners, terms: request().terms, clock, randomness },
      { signal: ending.signal, alarm: (error) => alarms.push(error) },
    )
    const stop = async () => {
      ending.abort()
      await ended
    }
    stops.push(stop)
    return stop
  }
  const state = (id: string) => async () => (await store.mails.mail(id))?.state
  const becomes = (id: string, wanted: string) => until(state(id), (now) => now === wanted)
  const pass = async (milliseconds: number) => {
    for (const statement of later(milliseconds)) await database.execute(statement)
  }

  it('sends what is in the queue, once, by two processes', async function () {
    this.timeout(60_000)
    const ids = []
    for (let n = 0; n < 30; n++) ids.push(await store.mails.enqueue(mail({ to: `p${n}@example.org` })))
    begin()
    begin()
    for (const id of ids) await becomes(id, 'sent')
    expect(server.taken.map(({ to }) => to[0]).sort()).to.deep.equal(ids.map((_, n) => `p${n}@example.org`).sort())
    expect(server.taken[0]?.raw.replaceAll(/\r\n /g, ' ')).to.match(
      /^List-Unsubscribe: +<http:\/\/127.0.0.1:4400\/mail\/unsubscribe\//m,
    )
    expect(alarms).to.deep.equal([])
  })

  it('offers no unsubscribing from what somebody has asked for', async () => {
    const values = { organisation: 'Example', link: 'https://example.org/', minutes: '15' }
    const id = await store.mails.enqueue(mail({ template: 'sign-in', values } as Partial<Mail.Mail>))
    begin()
    await becomes(id, 'sent')
    expect(server.taken[0]?.raw).to.not.include('nsubscribe')
  })

  it('comes again to a server that lists it grey, and leaves the others alone meanwhile', async () => {
    server.refuse((address) => (address.startsWith('ada') ? { code: 451, text: '4.7.1 Greylisted' } : undefined))
    const grey = await store.mails.enqueue(mail())
    const other = await store.mails.enqueue(mail({ to: 'bo@example.org' }))
    begin()
    await becomes(other, 'sent')
    await until(async () => (await store.mails.mail(grey))?.failures === 1)
    server.refuse(() => undefined)
    await pass(10_000)
    await becomes(grey, 'sent')
    expect(alarms).to.deep.equal([])
  })

  it('gives up what is refused for good, and tells nobody whose it was', async () => {
    server.refuse(() => ({ code: 550, text: '5.1.1 <ada@example.org> is nobody' }))
    const id = await store.mails.enqueue(mail())
    begin()
    await becomes(id, 'bounced')
    const events = await store.outbox.events({ limit: 10 })
    expect(events.map(({ type, data }) => [type, data.reason])).to.deep.equal([['mail.bounced', 'MAIL_REFUSED']])
    expect(JSON.stringify([events, alarms])).to.not.match(/ada/i)
  })

  // P12: a mail server that is away stops nobody, and what waits is sent once it is back.
  it('waits while the mail server is away, without using up tries, and says so once', async function () {
    this.timeout(180_000)
    const patience = { connect: 1_000, silence: 1_000, mail: 60_000 }
    const url = `smtp://127.0.0.1:${proxy.port}`
    const impatient = SmtpMailer.create({ url, passwordFile: undefined, from, patience })
    proxy.swallow(true)
    const ids = []
    for (let n = 0; n < 5; n++) ids.push(await store.mails.enqueue(mail({ to: `p${n}@example.org` })))
    const stop = begin(store.mails, impatient)
    await until(() => alarms.length > 0)
    const reasons = async () => (await store.mails.mails({ limit: 10 })).map(({ reason }) => reason)
    await until(reasons, (all) => all.every((reason) => reason === 'MAIL_UNREACHABLE'))
    expect(alarms, 'however many have to wait').to.have.length(1)
    ids.push(await store.mails.enqueue(mail({ to: 'late@example.org' })))
    proxy.swallow(false)
    for (const id of ids) await becomes(id, 'sent')
    for (const id of ids) expect((await store.mails.mail(id))?.failures).to.equal(0)
    await stop()
    await impatient.close()
    expect(new Set(alarms.map((error) => (error as { readonly code?: string }).code))).to.deep.equal(
      new Set(['MAIL_UNREACHABLE']),
    )
    expect(JSON.stringify(alarms)).to.not.include('@')
  })

  it('gives up a mail whose text cannot be filled in, and goes on', async () => {
    const broken = await store.mails.enqueue(mail({ values: { organisation: 'X' } } as Partial<Mail.Mail>))
    const other = await store.mails.enqueue(mail({ to: 'bo@example.org' }))
    begin()
    await becomes(other, 'sent')
    await becomes(broken, 'failed')
    expect((await store.mails.mail(broken))?.reason).to.equal('MAIL_TEXT_INVALID')
  })
})
