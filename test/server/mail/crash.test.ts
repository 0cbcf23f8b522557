import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as MailServer from '../../support/MailServer.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'
import { later } from '../store/mail-store.ts'

// R4: what causes a mail and the mail are one transaction; and what was sent comes twice at most, under one Message-ID.
describe('Writing to learners, killed at every step', function () {
  this.timeout(180_000)
  let mailServer: MailServer.MailServer
  let place: Place.Place
  let key: string

  before(async () => {
    mailServer = await MailServer.start()
    place = await Place.create({
      LAUREL_WORKERS: '0',
      LAUREL_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
      LAUREL_MAIL_FROM: 'badges@example.org',
    })
    const server = await Cli.start(place.environment)
    key = server.key ?? ''
    const ask = Api.create(place.base, key)
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
    // What is mailed here is mailed because somebody asks for it.
    await ask('PUT', '/v1/claim-settings', { json: { onDelivery: false, days: 365, waitingDays: 7 } })
    await server.stop()
  })
  after(async () => {
    await place?.remove()
    await mailServer?.stop()
  })

  const running = async <value>(
    more: Cli.Environment,
    work: (ask: ReturnType<typeof Api.create>, server: Cli.Server) => Promise<value>,
  ): Promise<value> => {
    const server = await Cli.start({ ...place.environment, ...more })
    try {
      return await work(Api.create(place.base, key), server)
    } finally {
      await server.kill()
    }
  }
  /** What a process that has died had in hand is anybody's after a while, by the clock of the database. */
  const pass = () => {
    const database = new DatabaseSync(join(place.home, 'laurel.db'))
    try {
      for (const statement of later(10 * 60_000)) database.exec(statement)
    } finally {
      database.close()
    }
  }

  for (const [label, times] of [
    ['mail:before-write', 1],
    ['mail:after-enqueue', 1],
    ['mail:after-write', 1],
    ['mail:after-claim', 1],
    ['mail:after-answer', 2],
    ['mail:after-settle', 1],
  ] as const)
    it(`${label}: the learner has their mail ${times === 1 ? 'once' : 'twice, under one Message-ID'}`, async () => {
      const address = `${label.replace(':', '.')}@example.org`
      const mine = () => mailServer.taken.filter(({ to }) => to[0] === address)
      const json = {
        achievement: 'A1',
        title: label,
        allowDuplicate: true,
        recipients: [{ name: 'Ada', email: address }],
      }
      const id = await running({}, async (ask) => {
        const { id } = (await ask('POST', '/v1/batches', { json })).json
        await until(async () => (await ask('GET', `/v1/batches/${id}`)).json.state === 'delivered')
        return id
      })
      const begin = (ask: ReturnType<typeof Api.create>) => ask('POST', `/v1/batches/${id}/mails`, { json: {} })
      await running({ LAUREL_CRASH_AT: label }, async (ask, server) => {
        await begin(ask).catch(() => undefined)
        await server.ended
      })
      pass()
      await running({}, async (ask) => {
        expect((await begin(ask)).json.repeated).to.equal(true)
        await until(() => mine().length >= times)
        await until(async () => (await ask('GET', '/v1/mails?limit=1')).json.items[0]?.state === 'sent')
        expect((await begin(ask)).json).to.include({ ended: true, written: 1 })
      })
      expect(mine()).to.have.length(times)
      const ids = mine().map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1])
      expect(new Set(ids).size).to.equal(1)
    })
})
