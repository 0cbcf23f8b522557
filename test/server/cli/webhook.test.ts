import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import * as Cli from '../../support/Cli.ts'
import { pages, request } from '../store/batch-store.ts'

describe('laurel webhook', function () {
  this.timeout(120_000)
  let home: string
  let remove: () => Promise<void>
  before(async () => {
    ;({ home, remove } = await Cli.createHome())
  })
  after(() => remove())

  const run = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await Cli.run('laurel', ['webhook', ...args, '--json'], { LAUREL_HOME: home })
    return { code, json: stdout === '' ? undefined : JSON.parse(stdout), stderr }
  }

  it('adds, shows, replays and removes', async () => {
    const made = await run('add', 'https://93.184.216.34/hooks', '--types', 'batch.accepted,batch.delivered')
    expect(made.code, made.stderr).to.equal(0)
    const { secret, ...webhook } = made.json
    expect(secret).to.match(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(webhook).to.include({ url: 'https://93.184.216.34/hooks', disabled: null })
    expect((await run('list')).json.webhooks).to.deep.equal([webhook])

    const store = await SqlBatchStore.open(`${home}/laurel.db`)
    await store.accept(request({ size: 1 }), pages([{}]))
    const [event] = await store.outbox.events({ limit: 1 })
    await store.close()
    const shown = (await run('show', webhook.id)).json
    expect(shown.deliveries[0]).to.include({ event: event?.id, state: 'waiting', tries: 0 })
    for (const what of [event?.id ?? '', '2020-01-01T00:00:00Z'])
      expect((await run('replay', webhook.id, what)).json, what).to.deep.equal({ events: 1 })

    expect((await run('remove', webhook.id)).code).to.equal(0)
    expect((await run('list')).json.webhooks).to.deep.equal([])
    for (const args of [
      ['remove', webhook.id],
      ['show', webhook.id],
      ['replay', webhook.id, event?.id ?? ''],
    ])
      expect((await run(...args)).json.error.code, args.join(' ')).to.equal('WEBHOOK_UNKNOWN')
  })

  it('refuses what leads nowhere and what does not happen', async () => {
    expect((await run('add', 'https://10.0.0.1/')).json.error.code).to.equal('URL_BLOCKED')
    expect(await run('add', 'nowhere')).to.include({ code: 1 })
    expect(await run('add', 'https://93.184.216.34/', '--types', 'batch.born')).to.include({ code: 1 })
  })
})
