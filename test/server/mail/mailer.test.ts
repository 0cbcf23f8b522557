import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import PostalMime from 'postal-mime'
import * as OutboxMailer from '../../../server/src/adapters/mail/OutboxMailer.ts'
import * as SmtpMailer from '../../../server/src/adapters/mail/SmtpMailer.ts'
import * as Sender from '../../../server/src/mail/Sender.ts'
import { type Mailer, type Message, UnreachableError } from '../../../server/src/ports/Mailer.ts'
import * as TcpProxy from '../../faults/TcpProxy.ts'
import * as MailServer from '../../support/MailServer.ts'
import { until } from '../../support/until.ts'

const from = { address: 'badges@exämple.org', name: undefined }
const id = '00000000-0000-4000-8000-000000000001'
const message = (over: Partial<Message> = {}): Message => ({
  id,
  to: 'ada@example.org',
  sender: 'Universität Köln',
  subject: 'Grüße an 陳大文',
  text: 'Hello Ada,\n\nمرحبًا\n.\nend\n',
  html: '<p>Hello Ada, مرحبًا</p>',
  language: 'de',
  at: Date.parse('2026-03-01T09:30:00Z'),
  unsubscribe: 'https://badges.example.org/mail/unsubscribe/1',
  ...over,
})

/** What every way by which mails leave promises. `last` is the last message that went. */
function shouldBehaveLikeMailer(open: () => { readonly mailer: Mailer; readonly last: () => string }): void {
  const send = async (over: Partial<Message> = {}) => {
    const { mailer, last } = open()
    expect(await mailer.send(message(over))).to.deep.equal({ outcome: 'sent' })
    const raw = last()
    return { raw, parsed: await PostalMime.parse(raw), headers: raw.split('\r\n\r\n')[0] as string }
  }

  it('sends a text and a HTML part, as any program reads them', async () => {
    const { parsed, raw, headers } = await send()
    expect(parsed.from).to.deep.equal({ name: 'Universität Köln', address: 'badges@xn--exmple-cua.org' })
    expect(parsed.to?.map(({ address }) => address)).to.deep.equal(['ada@example.org'])
    expect(parsed.subject).to.equal('Grüße an 陳大文')
    expect(parsed.text?.replaceAll('\r\n', '\n').trimEnd()).to.equal(message().text.trimEnd())
    expect(parsed.html?.trim()).to.equal(message().html)
    expect(parsed.messageId).to.equal(`<${id}@xn--exmple-cua.org>`)
    expect(parsed.date).to.equal('2026-03-01T09:30:00.000Z')
    const header = (name: string) => parsed.headers.find(({ key }) => key === name)?.value
    expect(header('auto-submitted')).to.equal('auto-generated')
    expect(header('content-language')).to.equal('de')
    expect(header('list-unsubscribe')).to.equal('<https://badges.example.org/mail/unsubscribe/1>')
    expect(header('list-unsubscribe-post')).to.equal('List-Unsubscribe=One-Click')
    expect(headers, 'RFC 5322 §2.2').to.match(/^[\x20-\x7e\t\r\n]*$/)
    for (const line of raw.split('\r\n')) expect(Buffer.byteLength(line), 'RFC 5322 §2.1.1').to.be.below(999)
    expect(raw.replaceAll('\r\n', '')).to.not.match(/[\r\n]/)
  })

  it('sends the same bytes again', async () => {
    const first = await send()
    expect((await send()).raw).to.equal(first.raw)
  })

  it('lets nothing that comes from anywhere end a header', async () => {
    for (const bad of [
      '\r\nBcc: all@example.org',
      '\nX-Evil: 1\n\nbody',
      '\r',
      '\u2028X-Evil: 1',
      '", <all@example.org>, "',
    ]) {
      const { parsed, headers } = await send({ sender: `Ada${bad}`, subject: `Hello${bad}` })
      expect(headers).to.not.match(/^(bcc|x-evil)/im)
      expect(parsed.to?.map(({ address }) => address)).to.deep.equal(['ada@example.org'])
      expect(parsed.from?.address).to.equal('badges@xn--exmple-cua.org')
      expect(parsed.bcc).to.equal(undefined)
    }
  })

  it('has no unsubscribing where there is none', async () => {
    expect((await send({ unsubscribe: undefined })).headers).to.not.match(/list-unsubscribe/i)
  })

  it('writes to addresses in any script', async () => {
    const { parsed } = await send({ to: 'ada@bücher.example' })
    expect(parsed.to?.map(({ address }) => address)).to.deep.equal(['ada@xn--bcher-kva.example'])
  })

  it('sends long texts', async () => {
    const text = `${'x'.repeat(5_000)}\n`
    const { parsed } = await send({ text, subject: `${'Ω'.repeat(80)}` })
    expect(parsed.text?.trimEnd()).to.equal(text.trimEnd())
    expect(parsed.subject).to.equal('Ω'.repeat(80))
  })
}

describe('Mails as files', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'laurel-outbox-'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  const outbox = () => join(home, 'outbox')
  const last = () => readFileSync(join(outbox(), readdirSync(outbox()).at(-1) as string), 'utf8')

  shouldBehaveLikeMailer(() => ({ mailer: OutboxMailer.create(outbox(), from), last }))

  it('are read by their owner alone, one for each mail', async () => {
    const mailer = OutboxMailer.create(outbox(), from)
    for (const to of ['ada@example.org', 'ada@example.org']) await mailer.send(message({ to }))
    const names = readdirSync(outbox())
    expect(names).to.deep.equal([`2026-03-01T093000-${id}.eml`])
    expect(statSync(outbox()).mode & 0o777).to.equal(0o700)
    expect(statSync(join(outbox(), names[0] as string)).mode & 0o777).to.equal(0o600)
  })
})

describe('Mails by SMTP', function () {
  this.timeout(60_000)
  let server: MailServer.MailServer
  let mailers: Mailer[]
  let proxies: TcpProxy.TcpProxy[]
  beforeEach(async () => {
    server = await MailServer.start()
    mailers = []
    proxies = []
  })
  afterEach(async () => {
    await Promise.all(mailers.map((mailer) => mailer.close()))
    await Promise.all(proxies.map((proxy) => proxy.stop()))
    await server.stop()
  })

  const open = (over: Partial<SmtpMailer.Options> = {}): Mailer => {
    const url = `smtp://127.0.0.1:${server.port}`
    const mailer = SmtpMailer.create({ url, passwordFile: undefined, from, ...over })
    mailers.push(mailer)
    return mailer
  }
  const proxied = async () => {
    const proxy = await TcpProxy.start(server.port)
    proxies.push(proxy)
    return { proxy, url: `smtp://127.0.0.1:${proxy.port}` }
  }
  const thrown = (mailer: Mailer, over: Partial<Message> = {}) =>
    mailer.send(message(over)).then(
      () => expect.fail('it was sent'),
      (error: unknown) => error as UnreachableError,
    )

  shouldBehaveLikeMailer(() => ({ mailer: open(), last: () => server.taken.at(-1)?.raw ?? '' }))

  it('name sender and recipient on the envelope', async () => {
    await open().send(message({ to: 'ada@bücher.example' }))
    // The server shows domains in letters, however they have come.
    expect(server.taken[0]).to.deep.include({ from: 'badges@exämple.org', to: ['ada@bücher.example'] })
  })

  it('use the connections that there are', async () => {
    const mailer = open()
    await Promise.all(Array.from({ length: 40 }, (_, n) => mailer.send(message({ to: `p${n}@example.org` }))))
    expect(server.taken).to.have.length(40)
    expect(server.connections()).to.be.at.most(8)
  })

  for (const [code, text, outcome] of [
    [450, '4.2.0 Greylisted, come back', { outcome: 'deferred' }],
    [451, 'Local error', { outcome: 'deferred' }],
    [452, '4.5.3 Too many recipients', { outcome: 'deferred' }],
    [550, '5.1.1 No such user', { outcome: 'refused', noSuchAddress: true }],
    [550, 'No such user', { outcome: 'refused', noSuchAddress: true }],
    [553, 'Mailbox name not allowed', { outcome: 'refused', noSuchAddress: true }],
    [550, '5.7.1 Policy', { outcome: 'refused', noSuchAddress: false }],
    [552, '5.2.2 Mailbox full', { outcome: 'refused', noSuchAddress: false }],
    [554, 'Transaction failed', { outcome: 'refused', noSuchAddress: false }],
  ] as const)
    it(`whose recipient is answered ${code} ${text}: ${JSON.stringify(outcome)}`, async () => {
      const mailer = open()
      server.refuse((address) => (address.startsWith('ada') ? { code, text } : undefined))
      expect(await mailer.send(message())).to.deep.equal(outcome)
      expect(await mailer.send(message({ to: 'bo@example.org' })), 'no other').to.deep.equal({ outcome: 'sent' })
    })

  for (const [code, outcome] of [
    [451, { outcome: 'deferred' }],
    [554, { outcome: 'refused', noSuchAddress: false }],
  ] as const)
    it(`whose content is answered ${code}: ${JSON.stringify(outcome)}`, async () => {
      server.refuseMessage({ code, text: '5.1.1 Spam, says the server' })
      expect(await open().send(message())).to.deep.equal(outcome)
    })

  it('wait where the server refuses the sender, or is closing: that is no matter of one mail', async () => {
    server.refuseSender({ code: 550, text: '5.7.1 ada@example.org may not' })
    const error = await thrown(open())
    expect(error).to.be.instanceOf(UnreachableError)
    expect(error.facts.status).to.equal(550)
    server.refuseSender(undefined)
    server.refuse(() => ({ code: 421, text: 'Closing' }))
    expect(await thrown(open())).to.be.instanceOf(UnreachableError)
  })

  it('wait where nobody listens, and go once somebody does', async () => {
    const { port } = server
    await server.stop()
    const mailer = open({ url: `smtp://127.0.0.1:${port}` })
    expect(await thrown(mailer)).to.be.instanceOf(UnreachableError)
    server = await MailServer.start()
    expect(await open().send(message())).to.deep.equal({ outcome: 'sent' })
  })

  it('say nobody’s address when something goes wrong', async () => {
    server.refuseSender({ code: 550, text: 'ada@example.org badges@exämple.org may not' })
    const error = await thrown(open())
    expect(JSON.stringify([error.message, error.facts, String(error.cause)])).to.not.match(/ada|badges@/)
  })

  it('are taken or not taken, wherever the connection is cut, and never both lost and called sent', async () => {
    const { proxy, url } = await proxied()
    let sent = 0
    // HELO, MAIL, RCPT, DATA, the message: a piece each, more or less.
    for (let piece = 1; piece <= 8; piece++)
      for (const delivered of [false, true]) {
        const mailer = open({ url })
        proxy.cutAt(piece, delivered)
        const before = server.taken.length
        const outcome = await mailer.send(message()).catch((error: unknown) => error)
        if (outcome instanceof UnreachableError) continue
        expect(outcome).to.deep.equal({ outcome: 'sent' })
        expect(server.taken.length).to.equal(before + 1)
        sent++
      }
    expect(sent, 'some are past their last piece').to.be.above(0)
    proxy.cutAt(Number.POSITIVE_INFINITY, false)
    expect(await open({ url }).send(message())).to.deep.equal({ outcome: 'sent' })
  })

  it('come twice under one Message-ID where the answer is lost', async () => {
    const mailer = open()
    server.cut('after')
    expect(await thrown(mailer)).to.be.instanceOf(UnreachableError)
    server.cut(undefined)
    expect(await mailer.send(message())).to.deep.equal({ outcome: 'sent' })
    expect(server.taken).to.have.length(2)
    expect(server.taken[0]?.raw).to.equal(server.taken[1]?.raw)
    server.cut('before')
    expect(await thrown(mailer)).to.be.instanceOf(UnreachableError)
    expect(server.taken).to.have.length(2)
  })

  it('wait no longer than they may for a server that says nothing', async () => {
    const { proxy, url } = await proxied()
    const mailer = open({ url, patience: { connect: 200, silence: 200, mail: 60_000 } })
    proxy.swallow(true)
    expect((await thrown(mailer)).facts.reason).to.be.oneOf(['ETIMEDOUT', 'ECONNECTION'])
    proxy.swallow(false)
    expect(await until(() => mailer.send(message()).catch(() => undefined))).to.deep.equal({ outcome: 'sent' })
  })

  it('wait no longer than they may for a server that is slow', async () => {
    const { proxy, url } = await proxied()
    proxy.delay(400)
    const mailer = open({ url, patience: { connect: 10_000, silence: 10_000, mail: 500 } })
    expect((await thrown(mailer)).facts.reason).to.equal('SLOW')
  })

  it('take the password of its file when they first need it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'laurel-smtp-'))
    const guarded = await MailServer.start({
      disabledCommands: ['STARTTLS'],
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        username === 'laurel@x' && password === 'päss' ? done(null, { user: 1 }) : done(new Error('no')),
    })
    try {
      const passwordFile = join(folder, 'password')
      const mailer = open({ url: `smtp://laurel%40x@127.0.0.1:${guarded.port}`, passwordFile })
      expect(((await thrown(mailer)) as { readonly code: string }).code).to.equal('MAIL_PASSWORD')
      writeFileSync(passwordFile, 'wrong\n')
      const wrong = open({ url: `smtp://laurel%40x@127.0.0.1:${guarded.port}`, passwordFile })
      const error = await thrown(wrong)
      expect(error.facts).to.deep.equal({ reason: 'EAUTH', status: 535 })
      expect(error.message).to.not.include('wrong')
      writeFileSync(passwordFile, 'päss\n')
      expect(await mailer.send(message()), 'it is read anew').to.deep.equal({ outcome: 'sent' })
    } finally {
      await guarded.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  describe('with TLS', () => {
    let folder: string
    let key: string
    let cert: string
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'laurel-tls-'))
      const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
      const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
      execFileSync('openssl', [...how, ...subject, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
      key = readFileSync(keyFile, 'utf8')
      cert = readFileSync(certFile, 'utf8')
    })
    after(() => rmSync(folder, { recursive: true, force: true }))

    it('go to a server whose certificate is its own, and to no other', async () => {
      for (const [options, scheme] of [
        [{ secure: true, key, cert, disabledCommands: ['AUTH'] }, 'smtps'],
        [{ key, cert, disabledCommands: ['AUTH'] }, 'smtp'],
      ] as const) {
        const guarded = await MailServer.start({ ...options, disabledCommands: [...options.disabledCommands] })
        try {
          const url = `${scheme}://localhost:${guarded.port}`
          const trusting = open({ url, demandTls: true, authority: cert })
          expect(await trusting.send(message())).to.deep.equal({ outcome: 'sent' })
          expect(await thrown(open({ url, demandTls: true }))).to.be.instanceOf(UnreachableError)
          expect(guarded.taken).to.have.length(1)
        } finally {
          await guarded.stop()
        }
      }
    })

    it('say nothing to a server without it, but on this machine', async () => {
      const error = await thrown(open({ demandTls: true }))
      expect(error).to.be.instanceOf(UnreachableError)
      expect(server.taken).to.deep.equal([])
      expect(SmtpMailer.isLoopback('127.0.0.1') && SmtpMailer.isLoopback('::1')).to.equal(true)
      for (const host of ['mail.example.org', '127.0.0.1.example.org', 'localhost.example.org', '10.0.0.1', hostname()])
        expect(SmtpMailer.isLoopback(host), host).to.equal(host === 'localhost')
    })
  })
})

describe('Sender', () => {
  it('is an address, with a name or without', () => {
    expect(Sender.parse('badges@example.org')).to.deep.equal({ address: 'badges@example.org', name: undefined })
    expect(Sender.parse('Uni, Köln <badges@example.org>')).to.deep.equal({
      address: 'badges@example.org',
      name: 'Uni, Köln',
    })
    expect(Sender.parse('"Uni" <badges@example.org>')?.name).to.equal('Uni')
    for (const bad of [
      '',
      'x',
      'Uni <x>',
      'a@example.org, b@example.org',
      'Uni\n<a@example.org>',
      'a <b@example.org> c',
    ])
      expect(Sender.parse(bad), bad).to.equal(undefined)
  })
})
