import { expect } from 'chai'
import * as ApiKey from '../../../server/src/access/ApiKey.ts'
import type { Route } from '../../../server/src/http/Route.ts'
import { routes as all } from '../../../server/src/http/routes.ts'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'
import { learners, nothing, type Things, type Way, ways } from './matrix.ts'

/**
 * Every route, asked by nobody, by somebody of another organisation, by a key that lacks its scope, and by one that has
 * nothing but it; with things that another organisation really has.
 */
const routes = all.filter(({ operation, scope }) => !learners.has(operation) && scope !== 'member')

/** What a person alone may do, about themselves (test/server/http/people.test.ts). */
const persons = all.filter(({ scope }) => scope === 'member')

describe('Every route', function () {
  this.timeout(120_000)
  let place: Place.Place
  let server: Cli.Server
  let ask: ReturnType<typeof Api.create>
  let things: Things
  /** The key of another organisation, which may do everything there. */
  let other: string
  let cells = 0
  let leaks = 0

  const command = async (...args: string[]) => {
    const { code, stdout, stderr } = await Cli.run('laurel', [...args, '--json'], place.environment)
    expect([code, stderr.includes('Error')]).to.deep.equal([0, false])
    return JSON.parse(stdout)
  }
  const keyOf = async (scopes: readonly string[]) =>
    (await ask('POST', '/v1/api-keys', { json: { name: 'cell', scopes } })).json.secret as string

  before(async () => {
    place = await Place.create({ LAUREL_WEBHOOK_LOOPBACK: 'true', LAUREL_GATHER_SECONDS: '86400', LAUREL_WORKERS: '0' })
    server = await Cli.start(place.environment)
    ask = Api.create(place.base, server.key)
    await command('organisation', 'add', 'acme', '--name', 'Acme')
    other = (await command('key', 'create', '--name', 'theirs', '--organisation', 'acme')).secret
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
    const recipients = [{ name: 'Ada Lovelace', email: 'ada@lovelace.example' }]
    const batch = (await ask('POST', '/v1/batches', { json: { achievement: 'A1', recipients } })).json.id
    const heldOnes = [{ name: 'Grace Hopper', email: 'grace@hopper.example' }]
    const held = (await ask('POST', '/v1/batches', { json: { achievement: 'A1', recipients: heldOnes, draft: true } }))
      .json.id
    const order = (await ask('POST', '/v1/credentials', { json: { achievement: 'A1', recipient: recipients[0] } })).json
      .id
    const webhook = (await ask('POST', '/v1/webhooks', { json: { url: 'http://127.0.0.1:9/hook' } })).json.id
    const department = (await ask('POST', '/v1/departments', { json: { name: 'Law' } })).json.id
    await command('member', 'add', 'member@lovelace.example', '--role', 'viewer')
    const { id: member } = (await ask('GET', '/v1/members')).json.items.at(-1)
    const invited = { email: 'invited@lovelace.example', role: 'viewer' }
    const invitation = (await ask('POST', '/v1/invitations', { json: invited })).json.id
    const { id: key } = (await ask('POST', '/v1/api-keys', { json: { name: 'of ours', scopes: ['batches:read'] } }))
      .json
    await until(
      async () => (await ask('GET', `/v1/batches/${batch}`)).json.state,
      (state) => state === 'delivered',
    )
    const [item] = (await ask('GET', `/v1/batches/${batch}/credentials`)).json.items
    const [{ id: event }] = (await ask('GET', '/v1/events')).json.items
    const credential = item.credential.replace('urn:uuid:', '')
    things = { batch, held, order, webhook, department, member, invitation, key, event, credential, achievement: 'A1' }
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const way = ({ operation }: Route) => ways[operation] as Way
  const pathOf = ({ path, ...route }: Route, of: Things) => {
    const params = way({ path, ...route }).params?.(of) ?? {}
    return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '')
  }
  const send = (route: Route, of: Things, key: string | undefined) => {
    cells++
    return ask(route.method.toUpperCase(), pathOf(route, of), { ...way(route).ask?.(of), key })
  }
  /** An answer without the ids that were asked for, which it may repeat. */
  const unnamed = (text: string, asked: Things) =>
    Object.values(asked).reduce(
      (rest, id) => rest.replaceAll(id, '…'),
      // Every answer names its own request.
      text.replace(/urn:laurel:request:[0-9a-f-]{36}/, '…'),
    )
  /** All that an organisation sees of itself. */
  const state = async () => {
    const paths = [
      '/v1/batches',
      '/v1/achievements',
      '/v1/achievements/A1/versions',
      '/v1/events',
      '/v1/webhooks',
      '/v1/api-keys',
    ]
    const more = ['/v1/organisation', '/v1/departments', '/v1/issuer/profile/versions', `/v1/orders/${things.order}`]
    const single = [`/v1/credentials/${things.credential}`, `/v1/batches/${things.held}`]
    return Promise.all([...paths, ...more, ...single].map(async (path) => (await ask('GET', path)).json))
  }

  it('has its row in the matrix, and every row its route', () => {
    expect(Object.keys(ways).toSorted()).to.deep.equal(routes.map(({ operation }) => operation).toSorted())
    // What learners are asked for needs no key of anybody's.
    for (const route of all) if (learners.has(route.operation)) expect(route.scope, route.operation).to.equal(null)
    expect(all.length - routes.length).to.equal(learners.size + persons.length)
    for (const route of routes)
      expect((way(route).params !== undefined) === route.path.includes('{'), route.operation).to.equal(true)
  })

  it('lets nobody in without a key, where one is needed', async () => {
    for (const route of routes.filter(({ scope }) => scope !== null)) {
      const { status, json } = await send(route, things, undefined)
      expect([status, json.code], route.operation).to.deep.equal([401, 'AUTHENTICATION_REQUIRED'])
    }
  })

  it('lets no key do what a person does about themselves', async () => {
    for (const { method, path, operation } of persons) {
      const place = path.replaceAll(/\{\w+\}/g, things.member)
      for (const key of [server.key, other]) {
        cells++
        const { status, json } = await ask(method.toUpperCase(), place, { ...(method !== 'get' && { json: {} }), key })
        expect([status, json.code], operation).to.deep.equal([403, 'PERSON_REQUIRED'])
      }
    }
  })

  it('refuses a key that has all scopes but its own, whatever is asked for', async () => {
    for (const route of routes) {
      if (route.scope === null || route.scope === 'any') continue
      const lacking = await keyOf(ApiKey.allScopes.filter((scope) => scope !== route.scope))
      for (const each of [things, nothing]) {
        const { status, json } = await send(route, each, lacking)
        expect([status, json.code, json.facts], route.operation).to.deep.equal([
          403,
          'SCOPE_REQUIRED',
          { scope: route.scope },
        ])
      }
    }
  })

  it('tells another organisation what it tells of nothing, and shows no trace of this one', async () => {
    const before = await state()
    const traces = [
      ...Object.values(things).filter((each) => each !== 'A1'),
      'Ada Lovelace',
      'lovelace.example',
      'Grace Hopper',
      'hopper.example',
      'of ours',
      'First aid',
    ]
    // First what would find something of another's, then what makes something of one's own under its name.
    const asked = routes.filter(({ scope }) => scope !== null)
    const everSaid = new Set<string>()
    for (const route of asked.toSorted((a, b) => Number('other' in way(a)) - Number('other' in way(b)))) {
      const found = await send(route, things, other)
      const text = `${found.text} ${JSON.stringify([...found.headers])}`
      // What somebody has asked for by its id may be repeated to them, and their own audit log says what they have asked for.
      const said = Object.values(way(route).params?.(things) ?? {})
      for (const id of said) everSaid.add(id)
      if (route.tag === 'Audit') said.push(...everSaid)
      leaks += traces.filter((trace) => !said.includes(trace) && text.includes(trace)).length
      const { other: status } = way(route)
      if (status !== undefined) expect(found.status, route.operation).to.equal(status)
      else {
        const missing = await send(route, nothing, other)
        // What removes says no more of what was there than of what never was.
        const isGone = route.method === 'delete' && missing.status === 204
        expect([found.status, unnamed(found.text, things)], route.operation).to.deep.equal([
          missing.status,
          unnamed(missing.text, nothing),
        ])
        if (!isGone) expect(found.status, route.operation).to.equal(404)
      }
    }
    expect(leaks).to.equal(0)
    expect(await state()).to.deep.equal(before)
    // Under the same names it has its own.
    const [theirs] = (await ask('GET', '/v1/achievements', { key: other })).json.items
    expect([theirs.name, theirs.version, theirs.definition.name]).to.deep.equal(['A1', 1, 'Second aid'])
    expect((await ask('GET', '/v1/achievements/A1')).json.definition.name).to.equal('First aid')
    const urls = async (key?: string) =>
      (await ask('GET', '/v1/webhooks', key === undefined ? {} : { key })).json.items.map(
        ({ url }: { url: string }) => url,
      )
    expect([await urls(), await urls(other)]).to.deep.equal([['http://127.0.0.1:9/hook'], ['http://127.0.0.1:9/hook']])
    // Nor does a thing of its own lead to one of another's.
    const [{ id }] = (await ask('GET', '/v1/webhooks', { key: other })).json.items
    const replay = async (json: object) => ask('POST', `/v1/webhooks/${id}/replay`, { key: other, json })
    expect((await replay({ event: things.event })).json.code).to.equal('EVENT_UNKNOWN')
    expect((await replay({ since: '2020-01-01T00:00:00Z' })).json.events).to.equal(0)
  })

  it('does what it does for a key that has its scope and no other', async () => {
    // What is removed or erased is so last.
    const ends = ({ method, operation }: Route) => Number(method === 'delete' || operation.startsWith('erase'))
    const otherwise: string[] = []
    for (const route of routes.toSorted((a, b) => ends(a) - ends(b))) {
      const { scope } = route
      const key = scope === null ? undefined : await keyOf([scope === 'any' ? 'batches:read' : scope])
      const { status, text } = await send(route, things, key)
      if (status !== way(route).holder) otherwise.push(`${route.operation}: ${status} ${text}`)
    }
    expect(otherwise).to.deep.equal([])
    console.log(`      ${cells} cells of ${routes.length} routes, ${leaks} leaks`)
  })
})
