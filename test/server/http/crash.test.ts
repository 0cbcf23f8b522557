import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'

const person = { name: 'Ada', email: 'ada@example.org' }

// What was acknowledged is there, what was not can be asked for again, and neither is doubled (P1, P2).
describe('The HTTP interface, killed between the request and its answer', function () {
  this.timeout(180_000)
  let place: Place.Place
  let key: string

  before(async () => {
    place = await Place.create({ LAUREL_WORKERS: '0', LAUREL_GATHER_SECONDS: '1' })
    const server = await Cli.start(place.environment)
    key = server.key ?? ''
    await Api.create(place.base, key)('PUT', '/v1/achievements/A1', { json: Api.achievement })
    await server.stop()
  })
  after(() => place?.remove())

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
  const batches = async (ask: ReturnType<typeof Api.create>) => (await ask('GET', '/v1/batches?limit=200')).json.items

  for (const label of ['intake:before-commit', 'intake:after-commit', 'answer:before-reply']) {
    it(`${label}: the same request with the same key makes one batch, and has its answer`, async () => {
      const json = { achievement: 'A1', title: label, draft: true, allowDuplicate: true, recipients: [person] }
      const headers = { 'idempotency-key': label }
      await running({ LAUREL_CRASH_AT: label }, async (ask, server) => {
        const answer = await ask('POST', '/v1/batches', { json, headers }).catch(() => undefined)
        expect(answer, 'it was answered').to.equal(undefined)
        await server.ended
      })
      await running({}, async (ask) => {
        const mine = (list: readonly { id: string; title: string }[]) => list.filter(({ title }) => title === label)
        expect(mine(await batches(ask))).to.have.length(label === 'intake:before-commit' ? 0 : 1)
        const again = await ask('POST', '/v1/batches', { json, headers })
        expect(again.status).to.equal(202)
        expect(again.headers.get('idempotent-replayed')).to.equal(label === 'intake:before-commit' ? null : 'true')
        expect(mine(await batches(ask)).map(({ id }) => id)).to.deep.equal([again.json.id])
      })
    })
  }

  it('right after its answer: what was acknowledged is there', async () => {
    const json = { achievement: 'A1', draft: true, allowDuplicate: true, recipients: [person] }
    const accepted = await running({}, async (ask, server) => {
      const { json: batch } = await ask('POST', '/v1/batches', { json })
      const { json: order } = await ask('POST', '/v1/credentials', { json: { achievement: 'A1', recipient: person } })
      await server.kill()
      return { batch, order }
    })
    await running({}, async (ask) => {
      expect((await ask('GET', `/v1/batches/${accepted.batch.id}`)).json.id).to.equal(accepted.batch.id)
      const { id, acceptedAt } = accepted.order
      expect((await ask('GET', `/v1/orders/${id}`)).json).to.include({ id, acceptedAt })
    })
  })

  for (const label of ['gather:before-commit', 'gather:after-commit']) {
    it(`${label}: single credentials are in one batch, once`, async () => {
      const order = (ask: ReturnType<typeof Api.create>, n: number) =>
        ask('POST', '/v1/credentials', {
          json: { achievement: 'A1', recipient: { name: label, email: `${n}@example.org` } },
          headers: { 'idempotency-key': `${label}-${n}` },
        })
      const before = await running({ LAUREL_CRASH_AT: label }, async (ask, server) => {
        const answer = await order(ask, 1)
        await server.ended
        return answer
      })
      await running({}, async (ask) => {
        const again = [await order(ask, 1), await order(ask, 2)]
        expect(again[0]?.text).to.equal(before.text)
        const places: string[] = []
        for (const { headers } of again) {
          const found = async () => (await ask('GET', headers.get('location') ?? '')).json
          let order = await found()
          while (order.state !== 'delivered') order = await found()
          places.push(order.credential)
        }
        expect(new Set(places).size).to.equal(2)
      })
    })
  }
})
