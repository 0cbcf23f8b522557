import { expect } from 'chai'
import * as Report from '../../../server/src/mail/Report.ts'
import * as Bounce from '../../support/Bounce.ts'

const id = '00000000-0000-4000-8000-000000000001'
const bounce = (parts: Parameters<typeof Bounce.report>[0]) =>
  Bounce.report({ returned: `Message-ID: <${id}@example.org>`, ...parts })

const complaint = [
  'From: fbl@mx.example.org',
  'MIME-Version: 1.0',
  'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'Spam.',
  '--b',
  'Content-Type: message/feedback-report',
  '',
  'Feedback-Type: abuse',
  'User-Agent: Example/1',
  'Version: 1',
  '',
  '--b',
  'Content-Type: message/rfc822',
  '',
  'From: badges@example.org',
  'Subject: Hello',
  `Message-ID: <${id}@example.org>`,
  '',
  'Hello',
  '--b--',
  '',
].join('\r\n')

const read = (text: string) => Report.read(Buffer.from(text))
const refused = (text: string | Uint8Array) =>
  Report.read(Buffer.from(text)).then(
    () => expect.fail('it was read'),
    (error: unknown) => expect(error).to.be.instanceOf(Report.InvalidReportError),
  )

describe('Reports that come back', () => {
  for (const [status, what] of [
    ['Action: failed\r\nStatus: 5.1.1', 'refused'],
    ['Action: FAILED\r\nStatus: 5.1.10 (null MX)', 'refused'],
    ['Action: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550 5.1.1 <bo@example.org>: User unknown', 'refused'],
    ['Action: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp;\r\n 550 User unknown', 'refused'],
    ['Action: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox full', 'undelivered'],
    ['Action: failed\r\nStatus: 5.7.1\r\nDiagnostic-Code: smtp; 550 5.7.1 Policy', 'undelivered'],
    ['Action: failed\r\nStatus: 4.4.7', 'undelivered'],
    ['Action: failed', 'undelivered'],
    ['Action: delayed\r\nStatus: 4.4.1', undefined],
    ['Action: delivered\r\nStatus: 2.0.0', undefined],
    [undefined, undefined],
  ] as const)
    it(`say ${JSON.stringify(status)}: ${what}`, async () => {
      expect(await read(bounce({ ...(status !== undefined && { status }) }))).to.deep.equal({ mail: id, what })
    })

  it('are about the mail whose envelope they name, or whose headers', async () => {
    const other = '00000000-0000-4000-8000-000000000002'
    const status = 'Action: failed\r\nStatus: 5.1.1'
    expect((await read(bounce({ status, envelope: other }))).mail).to.equal(other)
    expect(
      (await read(bounce({ status, envelope: 'QQ123', returned: `message-id:\r\n <${id}@x.example>` }))).mail,
    ).to.equal(id)
  })

  it('are complaints', async () => {
    expect(await read(complaint)).to.deep.equal({ mail: id, what: 'complained' })
  })

  it('are nothing else', async () => {
    const status = 'Action: failed\r\nStatus: 5.1.1'
    await refused('')
    await refused('From: ada@example.org\r\nSubject: Out of office\r\n\r\nI am away.')
    await refused(bounce({ status, returned: 'Message-ID: <1@elsewhere.example>' }))
    await refused(bounce({ status, returned: `X-Message-ID: <${id}@example.org>` }))
    await refused(new Uint8Array(2 * 1024 * 1024).fill(65))
    await refused(Uint8Array.from({ length: 10_000 }, (_, n) => (n * 7919) % 256))
    const deep = Array.from({ length: 200 }, (_, n) => `Content-Type: multipart/mixed; boundary="${n}"\r\n\r\n--${n}`)
    await refused(deep.join('\r\n'))
  })
})
