import { expect } from 'chai'
import type { Store } from '../../../server/src/adapters/store/SqlBatchStore.ts'
import type * as Mail from '../../../server/src/mail/Mail.ts'
import type * as MailStore from '../../../server/src/ports/MailStore.ts'
import { urn } from './batch-store.ts'

const minute = 60_000
const rate = { count: 3, time: 60 * minute }

/** A mail with a link that nobody else may know. */
export const mail = (over: Partial<Mail.Mail> = {}): Mail.Mail =>
  ({
    to: 'ada@example.org',
    language: 'en',
    template: 'claim',
    values: { organisation: 'Example', name: 'Ada', achievement: 'First aid', link: 'https://example.org/c/secret' },
    ...over,
  }) as Mail.Mail

/** Lets time pass, by the clock of the database. */
export const later = (milliseconds: number): readonly string[] => [
  `UPDATE mails SET created_at = created_at - ${milliseconds}, sent_at = sent_at - ${milliseconds}, expires_at = expires_at - ${milliseconds}`,
  `UPDATE mails SET due = due - ${milliseconds}`,
]

/** What the port of mails promises; every adapter runs it. */
export function shouldBehaveLikeMailStore(
  open: () => Promise<Store>,
  execute: (statement: string) => Promise<readonly Record<string, unknown>[]>,
): void {
  let store: Store
  let mails: MailStore.MailStore
  beforeEach(async () => {
    store = await open()
    mails = store.mails
  })
  afterEach(() => store.close())

  const pass = async (milliseconds: number) => {
    for (const statement of later(milliseconds)) await execute(statement)
  }
  const claim = (limit = 10) => mails.claim(limit, 5 * minute, rate)
  const claimOne = async (): Promise<MailStore.Claim> => {
    const [one] = await claim(1)
    if (one === undefined) throw new Error('nothing is due')
    return one
  }
  const sent = async ({ id, epoch }: MailStore.Claim) => mails.settle([{ id, epoch, state: 'sent' }])
  const stateOf = async (id: string) => {
    const found = await mails.mail(id)
    return [found?.state, found?.reason]
  }
  const told = async () => (await store.outbox.events({ limit: 100 })).toReversed()
  /** Everything that is kept of mails, as whoever reaches the database reads it. */
  const kept = async () => JSON.stringify([await execute('SELECT * FROM mails'), await told()])

  it('gives a mail to one at a time, and again when that one has not settled it', async () => {
    const id = await mails.enqueue(mail({ about: urn(1) }))
    const first = await claimOne()
    expect(first.mail).to.deep.equal(mail({ about: urn(1) }))
    expect(await claim()).to.deep.equal([])
    await pass(6 * minute)
    const second = await claimOne()
    expect(second.id).to.equal(id)
    await sent(first)
    expect(await stateOf(id), 'whoever was too late settles nothing').to.deep.equal(['queued', null])
    await sent(second)
    expect(await stateOf(id)).to.deep.equal(['sent', null])
    await mails.settle([{ ...second, state: 'failed', reason: 'MAIL_REFUSED' }])
    expect(await stateOf(id)).to.deep.equal(['sent', null])
  })

  it('forgets what a mail says as soon as it has ended, and later to whom it went', async () => {
    await mails.enqueue(mail())
    expect(await kept()).to.include('secret')
    await sent(await claimOne())
    expect(await kept())
      .to.not.include('secret')
      .and.not.include('Ada')
    expect(await kept()).to.include('ada@example.org')
    await mails.forget(minute)
    expect(await kept(), 'not yet').to.include('ada@example.org')
    await pass(2 * minute)
    await mails.forget(minute)
    expect(await kept()).to.not.include('@')
  })

  it('never forgets to whom what waits is to go', async () => {
    await mails.enqueue(mail())
    await pass(2 * minute)
    await mails.forget(minute)
    expect((await claimOne()).mail.to).to.equal('ada@example.org')
  })

  it('tells of what became of a mail, by ids', async () => {
    const id = await mails.enqueue(mail({ about: urn(1) }))
    await sent(await claimOne())
    await mails.returned(id, 'refused')
    const events = await told()
    expect(events.map(({ type, subject, data }) => [type, subject, data])).to.deep.equal([
      ['mail.sent', id, { mail: id, credential: urn(1), reason: null }],
      ['mail.bounced', id, { mail: id, credential: urn(1), reason: 'MAIL_BOUNCED' }],
    ])
    expect(JSON.stringify(events)).to.not.match(/ada|secret/i)
  })

  it('tries a mail again when it is due', async () => {
    await mails.enqueue(mail())
    const { id, epoch } = await claimOne()
    await mails.settle([{ id, epoch, state: 'queued', again: minute, reason: 'MAIL_DEFERRED', counts: true }])
    expect(await claim()).to.deep.equal([])
    await pass(minute)
    const again = await claimOne()
    expect(again.failures).to.equal(1)
    await mails.settle([{ ...again, state: 'queued', again: 0, reason: 'MAIL_UNREACHABLE', counts: false }])
    expect((await claimOne()).failures, 'what is no fault of its own counts for nothing').to.equal(1)
  })

  it('sends one mail to an address at a time, the oldest first, and no more than may be within an hour', async () => {
    const ids = []
    for (let n = 0; n < 5; n++) ids.push(await mails.enqueue(mail()))
    await mails.enqueue(mail({ to: 'bo@example.org' }))
    const round = await claim()
    expect(round.map(({ mail }) => mail.to)).to.deep.equal(['ada@example.org', 'bo@example.org'])
    for (const each of round) await sent(each)
    await sent(await claimOne())
    await sent(await claimOne())
    expect(await claim()).to.deep.equal([])
    expect(await Promise.all(ids.map(async (id) => (await mails.mail(id))?.state))).to.deep.equal([
      ...['sent', 'sent', 'sent', 'queued', 'queued'],
    ])
    await pass(61 * minute)
    expect((await claimOne()).id).to.equal(ids[3])
  })

  it('does not send what is of no use any more', async () => {
    const id = await mails.enqueue(mail({ lifetime: 10 * minute }))
    await pass(11 * minute)
    expect(await claim()).to.deep.equal([])
    expect(await stateOf(id)).to.deep.equal(['failed', 'MAIL_OUTDATED'])
  })

  it('sends nothing more to an address that has bounced, however it is written', async () => {
    await mails.enqueue(mail({ to: 'Ada@Exämple.org' }))
    const first = await claimOne()
    await mails.settle([{ ...first, state: 'bounced', reason: 'MAIL_REFUSED' }])
    const second = await mails.enqueue(mail({ to: 'ada@xn--exmple-cua.org' }))
    expect(await claim()).to.deep.equal([])
    expect(await stateOf(second)).to.deep.equal(['failed', 'MAIL_SUPPRESSED'])
    expect((await mails.suppressions()).map(({ address, reason }) => [address, reason])).to.deep.equal([
      ['ada@xn--exmple-cua.org', 'bounced'],
    ])
    expect(await mails.allow('ADA@exämple.org')).to.equal(true)
    expect(await mails.allow('ADA@exämple.org')).to.equal(false)
    await mails.enqueue(mail({ to: 'ada@exämple.org' }))
    await claimOne()
  })

  it('sends to an address that a mail has not reached this time', async () => {
    const id = await mails.enqueue(mail())
    await sent(await claimOne())
    expect(await mails.returned(id, 'undelivered')).to.equal(true)
    expect(await stateOf(id)).to.deep.equal(['bounced', 'MAIL_UNDELIVERED'])
    expect(await mails.suppressions()).to.deep.equal([])
    expect(await mails.returned('00000000-0000-4000-8000-000000000000', 'refused')).to.equal(false)
  })

  for (const why of ['unsubscribed', 'complained'] as const)
    it(`sends whoever has ${why} what they ask for, and nothing else`, async () => {
      const id = await mails.enqueue(mail())
      await sent(await claimOne())
      await mails.returned(id, why)
      expect(await stateOf(id)).to.deep.equal(['sent', null])
      const notice = await mails.enqueue(mail())
      const values = { organisation: 'Example', link: 'https://example.org/', minutes: '15' }
      await mails.enqueue(mail({ template: 'sign-in', values } as Partial<Mail.Mail>))
      expect((await claim()).map(({ mail }) => mail.template)).to.deep.equal([])
      expect(await stateOf(notice)).to.deep.equal(['failed', 'MAIL_SUPPRESSED'])
      expect((await claim()).map(({ mail }) => mail.template)).to.deep.equal(['sign-in'])
    })

  it('knows the newest mail about a credential', async () => {
    await mails.enqueue(mail({ about: urn(1) }))
    const newest = await mails.enqueue(mail({ about: urn(1), template: 'revoked' }))
    const other = await mails.enqueue(mail({ about: urn(2) }))
    const found = await mails.about([urn(1), urn(2), urn(3)])
    expect([...found].map(([about, { id }]) => [about, id])).to.have.deep.members([
      [urn(1), newest],
      [urn(2), other],
    ])
    expect(await mails.about([])).to.deep.equal(new Map())
    expect((await mails.mails({ limit: 2 })).map(({ id }) => id)).to.deep.equal([other, newest])
    expect((await mails.backlog()).count).to.equal(3)
  })

  it('takes nothing that is no address', async () => {
    for (const to of [
      'ada',
      'ada@example.org\r\nBcc: all@example.org',
      'a@example.org, b@example.org',
      '<ada@example.org>',
    ])
      expect(await mails.enqueue(mail({ to })).catch((error: unknown) => error)).to.be.instanceOf(TypeError)
    expect(await claim()).to.deep.equal([])
  })
}
