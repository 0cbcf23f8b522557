import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'

describe('laurel start --workers 2', function () {
  this.timeout(180_000)
  let place: Place.Place
  let server: Cli.Server | undefined
  let ask: ReturnType<typeof Api.create>

  beforeEach(async () => {
    place = await Place.create({ LAUREL_WORKERS: '0' })
    server = await Cli.start(place.environment, ['--workers', '2'])
    ask = Api.create(place.base, server.key)
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
  })
  afterEach(async () => {
    await server?.kill()
    await place?.remove()
  })

  const workers = () => [...(server?.said() ?? '').matchAll(/^Process (\d+) works/gm)].map(([, pid]) => Number(pid))
  const issue = (name: string) =>
    ask('POST', '/v1/batches', {
      json: { achievement: 'A1', recipients: [{ name, email: `${name.toLowerCase()}@example.org` }] },
    })
  const delivered = async () => (await ask('GET', '/v1/batches?state=delivered')).json.items.length

  it('puts another worker in the place of one that dies, and delivers what that one had begun', async () => {
    await until(() => workers().length === 2)
    for (const name of ['Ada', 'Bo', 'Cy']) expect((await issue(name)).status).to.equal(202)
    process.kill(workers()[0] as number, 'SIGKILL')
    await until(() => workers().length === 3)
    await until(async () => (await delivered()) === 3)
  })

  it('leaves no worker behind, whether it is told to stop or killed', async () => {
    await until(() => workers().length === 2)
    await server?.stop()
    await until(() => !workers().some(isAlive))
    server = await Cli.start(place.environment, ['--workers', '2'])
    await until(() => workers().length === 2)
    await server.kill()
    await until(() => !workers().some(isAlive))
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
