import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import * as Receiver from '../../support/Receiver.ts'
import { until } from '../../support/until.ts'

const person = { name: 'Ada', email: 'ada@example.org' }

// P33: told at least once of every change that was committed, under one id, and of none that was rolled back.
describe('Telling webhooks, killed at every step', function () {
  this.timeout(180_000)
  let place: Place.Place
  let key: string
  let receiver: Receiver.Receiver

  before(async () => {
    receiver = await Receiver.start()
    place = await Place.create({ LAUREL_WORKERS: '0', LAUREL_WEBHOOK_LOOPBACK: 'true' })
    const server = await Cli.start(place.environment)
    key = server.key ?? ''
    const ask = Api.create(place.base, key)
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
    await ask('POST', '/v1/webhooks', { json: { url: receiver.url } })
    await server.stop()
  })
  after(async () => {
    await place?.remove()
    await receiver?.stop()
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

  for (const [label, committed, times] of [
    ['webhook:before-enqueue', false, 1],
    ['webhook:after-enqueue', false, 1],
    ['webhook:after-claim', true, 1],
    ['webhook:after-answer', true, 2],
    ['webhook:after-settle', true, 1],
  ] as const)
    it(`${label}: every change is told, under its id, and nothing else`, async () => {
      const json = { achievement: 'A1', title: label, draft: true, allowDuplicate: true, recipients: [person] }
      const { id } = await running({}, async (ask) => (await ask('POST', '/v1/batches', { json })).json)
      const events = async (ask: ReturnType<typeof Api.create>): Promise<readonly { id: string; type: string }[]> =>
        (await ask('GET', '/v1/events?limit=200')).json.items.filter(
          (event: { subject: string }) => event.subject === id,
        )
      const submit = (ask: ReturnType<typeof Api.create>) => ask('POST', `/v1/batches/${id}/submit`)
      await running({ LAUREL_CRASH_AT: label }, async (ask, server) => {
        await submit(ask).catch(() => undefined)
        await server.ended
      })
      await running({}, async (ask) => {
        const { json: batch } = await ask('GET', `/v1/batches/${id}`)
        expect(batch.state === 'held', 'the change was rolled back').to.equal(!committed)
        if (!committed) {
          expect(await events(ask)).to.deep.equal([])
          await submit(ask)
        }
        const told = await until(
          () => events(ask),
          (found) => found.some(({ type }) => type === 'batch.delivered'),
        )
        expect(told.map(({ type }) => type).toReversed()).to.deep.equal([
          'batch.accepted',
          'batch.anchored',
          'batch.delivered',
        ])
        const mine = () => receiver.heard.filter(({ body }) => body.includes(id))
        await until(
          async () => new Set(mine().map(({ id }) => id)),
          (heard) => told.every(({ id }) => heard.has(id)),
        )
        expect(new Set(mine().map(({ id }) => id)), 'nothing but what has happened').to.deep.equal(
          new Set(told.map(({ id }) => id)),
        )
        const accepted = told.at(-1)?.id
        expect(mine().filter((heard) => heard.id === accepted)).to.have.length(times)
      })
    })
})
