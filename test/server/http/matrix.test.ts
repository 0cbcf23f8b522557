import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'chai'
import { strFromU8, unzipSync } from 'fflate'
import * as ApiKey from '../../../server/src/access/ApiKey.ts'
import * as Session from '../../../server/src/access/Session.ts'
import type { Route } from '../../../server/src/http/Route.ts'
import { routes as all } from '../../../server/src/http/routes.ts'
import * as Api from '../../support/Api.ts'
import * as Browser from '../../support/Browser.ts'
import * as Cli from '../../support/Cli.ts'
import * as People from '../../support/People.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'
import { badge, learners, nothing, type Things, type Way, ways } from './matrix.ts'

/**
 * Every route, asked by nobody, by somebody of another organisation, by a key that lacks its scope, by one that has nothing
 * but it, and by a person of each role who has signed in; with things that an organisation really has.
 */
const routes = all.filter(({ operation, scope }) => !learners.has(operation) && scope !== 'member')

/** What a person alone may do, about themselves (test/server/http/people.test.ts). */
const persons = all.filter(({ scope }) => scope === 'member')

/** Who asks: with a key, or with the cookie of a session and what a page of ours adds. */
type Who = Pick<Api.Ask, 'key' | 'headers'>

const nobody: Who = { key: undefined }

/** The roles, which of them may ask for an operation, and what takes a recent sign-in, as whoever gives them reads it. */
const [roles, rights, recents] = (() => {
  const text = readFileSync(new URL('../../../docs/access.md', import.meta.url), 'utf8')
  const rows = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  const head = rows.find(([, cell]) => cell === 'operation') ?? []
  const roles = head.slice(3, -2)
  const told = rows.filter(([, cell]) => /^`[A-Z]+ \/v1/.test(cell ?? ''))
  const may = (cells: readonly string[]) => roles.filter((role) => cells[head.indexOf(role)] === 'yes')
  const nameOf = (cells: readonly string[]) => cells[1]?.replaceAll('`', '')
  const recents = new Set(told.filter((cells) => cells.at(-2)?.includes('recent')).map(nameOf))
  return [roles, new Map(told.map((cells) => [nameOf(cells), may(cells)])), recents] as const
})()

const nameOf = ({ method, path }: Route) => `${method.toUpperCase()} ${path}`
const mayAsk = (role: string, route: Route) => rights.get(nameOf(route))?.includes(role) ?? false

describe('Every route', function () {
  this.timeout(300_000)
  let place: Place.Place
  let server: Cli.Server
  let ask: ReturnType<typeof Api.create>
  let things: Things
  /** The key of another organisation, which may do everything there. */
  let other: string
  /** A person of each role, of the organisation that has the things. */
  const people = new Map<string, Who>()
  let cells = 0
  /** What was told to whom who must not know it. */
  const leaks: string[] = []

  const command = async (...args: string[]) => {
    const { code, stdout, stderr } = await Cli.run('laurel', [...args, '--json'], place.environment)
    expect([code, stderr.includes('Error')]).to.deep.equal([0, false])
    return JSON.parse(stdout)
  }
  /** Somebody who has signed in, by a key of theirs who invite. */
  const enter = async (
    email: string,
    role: string,
    key: string | undefined,
    department: string | null = null,
  ): Promise<Who> => {
    const browser = await People.create(place.home, place.base, key ?? '').enter(email, role)
    const { member } = (await browser.ask('GET', '/v1/me')).json
    expect([member.role, member.limits]).to.deep.equal([role, { department, issuer: null }])
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
    const { origin } = new URL(place.base)
    return { key: undefined, headers: { cookie, origin, 'laurel-csrf': member.csrf } }
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
    const issuer = (await ask('POST', '/v1/issuers', { json: { name: 'Faculty of Arts' } })).json.id
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
    for (const role of roles) people.set(role, await enter(`${role}@lovelace.example`, role, server.key))
    const imported = (await ask('POST', '/v1/imports', { json: { data: [badge] } })).json.id
    things = {
      ...{ batch, held, order, webhook, department, member, invitation, key, event, credential, issuer },
      achievement: 'A1',
      import: imported,
    }
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const way = ({ operation }: Route) => ways[operation] as Way
  const pathOf = ({ path, ...route }: Route, of: Things) => {
    const { params, query = '' } = way({ path, ...route })
    return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params?.(of)[name] ?? '') + query
  }
  const send = (route: Route, of: Things, who: Who) => {
    cells++
    const asked = way(route).ask?.(of)
    const headers = { ...asked?.headers, ...who.headers }
    return ask(route.method.toUpperCase(), pathOf(route, of), { ...asked, ...who, headers })
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
      const { status, json } = await send(route, things, nobody)
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
        const { status, json } = await send(route, each, { key: lacking })
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
    const sorted = asked.toSorted((a, b) => Number('other' in way(a)) - Number('other' in way(b)))
    const everSaid = new Set<string>()
    const look = async (route: Route, who: Who) => {
      const found = await send(route, things, who)
      const text = `${found.text} ${JSON.stringify([...found.headers])}`
      // What somebody has asked for by its id may be repeated to them, and their own audit log says what they have asked for.
      const said = Object.values(way(route).params?.(things) ?? {})
      for (const id of said) everSaid.add(id)
      if (route.tag === 'Audit') said.push(...everSaid)
      for (const trace of traces.filter((trace) => !said.includes(trace) && text.includes(trace)))
        leaks.push(`${route.operation}: ${trace}`)
      return found
    }
    // Its people are told no more than its key, whatever they are there.
    const askers: [string, Who][] = [['key', { key: other }]]
    for (const role of roles) askers.push([role, await enter(`${role}@acme.example`, role, other)])
    for (const route of sorted) {
      const { other: status } = way(route)
      for (const [role, who] of askers) {
        const name = `${role}: ${route.operation}`
        const found = await look(route, who)
        if (role !== 'key' && !mayAsk(role, route)) {
          expect([found.status, found.json.code], name).to.deep.equal([403, 'SCOPE_REQUIRED'])
          continue
        }
        if (status === undefined) {
          const missing = await send(route, nothing, who)
          // What removes says no more of what was there than of what never was.
          const isGone = route.method === 'delete' && missing.status === 204
          expect([found.status, unnamed(found.text, things)], name).to.deep.equal([
            missing.status,
            unnamed(missing.text, nothing),
          ])
          if (!isGone) expect(found.status, name).to.equal(404)
        } else if (role === 'key') expect(found.status, name).to.equal(status)
      }
    }
    expect(leaks).to.deep.equal([])
    expect(await state()).to.deep.equal(before)
    // What it takes along is packed. Its audit log says what it has asked for.
    const archive = await fetch(`${place.base}/v1/organisation/export`, {
      method: 'POST',
      headers: { authorization: `Bearer ${other}` },
    })
    const { 'audit.ndjson': _, ...files } = unzipSync(new Uint8Array(await archive.arrayBuffer()))
    for (const [name, bytes] of Object.entries(files))
      for (const trace of traces.filter((trace) => strFromU8(bytes).includes(trace))) leaks.push(`${name}: ${trace}`)
    expect(Object.keys(files)).to.include('originals.ndjson')
    expect(leaks).to.deep.equal([])
    // Under the same names it has its own.
    const [theirs] = (await ask('GET', '/v1/achievements', { key: other })).json.items
    expect([theirs.name, theirs.version, theirs.definition.name]).to.deep.equal(['A1', 1, 'Second aid'])
    expect((await ask('GET', '/v1/achievements/A1')).json.definition.name).to.equal('First aid')
    const urls = async (key?: string) =>
      (await ask('GET', '/v1/webhooks', key === undefined ? {} : { key })).json.items.map(
        ({ url }: { url: string }) => url,
      )
    const hook = 'http://127.0.0.1:9/hook'
    // Theirs are those of the key and of its owner.
    expect([await urls(), await urls(other)]).to.deep.equal([[hook], [hook, hook]])
    // Nor does a thing of its own lead to one of another's.
    const [{ id }] = (await ask('GET', '/v1/webhooks', { key: other })).json.items
    const replay = async (json: object) => ask('POST', `/v1/webhooks/${id}/replay`, { key: other, json })
    expect((await replay({ event: things.event })).json.code).to.equal('EVENT_UNKNOWN')
    // All that has happened there is that its people were invited.
    await until(
      async () => (await ask('GET', '/v1/mails?state=queued', { key: other })).json.items.length,
      (waiting) => waiting === 0,
    )
    const events = (await ask('GET', '/v1/events?limit=200', { key: other })).json.items
    expect(new Set(events.map(({ type }: { type: string }) => type))).to.deep.equal(new Set(['mail.sent']))
    expect((await replay({ since: '2020-01-01T00:00:00Z' })).json.events).to.equal(events.length)
  })

  it('does for people of each role what docs/access.md says, and nothing else', async () => {
    expect([...rights.keys()]).to.deep.equal(all.filter(({ scope }) => scope !== null).map(nameOf))
    const before = await state()
    const otherwise: string[] = []
    for (const [role, who] of people)
      for (const route of routes.filter(({ scope }) => scope !== null)) {
        const isReading = route.method === 'get'
        const may = mayAsk(role, route)
        // What changes something is asked for in the next test but one, where nothing is left that it could spoil.
        if (may && !isReading) continue
        const { status, json, text } = await send(route, things, who)
        const isRight = may ? status === way(route).holder : status === 403 && json.code === 'SCOPE_REQUIRED'
        if (!isRight) otherwise.push(`${role} ${route.operation}: ${status} ${text}`)
      }
    expect(otherwise).to.deep.equal([])
    expect(await state()).to.deep.equal(before)
  })

  it('tells people who are limited to another department what it tells of nothing', async () => {
    await command('member', 'add', 'part@lovelace.example', '--role', 'owner', '--department', 'elsewhere')
    const who = await enter('part@lovelace.example', 'owner', server.key, 'elsewhere')
    const otherwise: string[] = []
    for (const route of routes.filter(({ scope, tag }) => scope !== null && tag !== 'Achievements')) {
      const { operation, path, reach, scope } = route
      if (scope === 'any' && reach === undefined) continue
      const found = await send(route, things, who)
      const hidden = [things.batch, things.held, things.credential].filter((id) => !pathOf(route, things).includes(id))
      for (const id of hidden) if (found.text.includes(id)) leaks.push(`${operation}: ${id}`)
      if (reach === undefined) {
        if (found.status !== 403 || found.json.code !== 'SCOPE_REQUIRED')
          otherwise.push(`${operation}: ${found.status}`)
      } else if (path.includes('{') || operation === 'revokeCredentials') {
        const missing = await send(route, nothing, who)
        expect([found.status, unnamed(found.text, things)], operation).to.deep.equal([
          missing.status,
          unnamed(missing.text, nothing),
        ])
        if (found.status !== 404) otherwise.push(`${operation}: ${found.status}`)
      }
    }
    expect([otherwise, leaks]).to.deep.equal([[], []])
  })

  it('does what it does for a key that has its scope and no other', async () => {
    // What is removed or erased is so last.
    const ends = ({ method, operation }: Route) => Number(method === 'delete' || operation.startsWith('erase'))
    const otherwise: string[] = []
    for (const route of routes.toSorted((a, b) => ends(a) - ends(b))) {
      const { scope } = route
      const key = scope === null ? undefined : await keyOf([scope === 'any' ? 'batches:read' : scope])
      const { status, text } = await send(route, things, { key })
      if (status !== way(route).holder) otherwise.push(`${route.operation}: ${status} ${text}`)
    }
    expect(otherwise).to.deep.equal([])
  })

  it('wants another sign-in of people, long after their last, for what docs/access.md says', async () => {
    const who = await enter('long@lovelace.example', 'owner', server.key)
    const database = new DatabaseSync(join(place.home, 'laurel.db'), { timeout: 10_000 })
    database.exec(`UPDATE sessions SET proven_at = proven_at - ${Session.lasts.recent}
      WHERE member = (SELECT id FROM members WHERE email = 'long@lovelace.example')`)
    database.close()
    const [one, ...others] = all.filter((route) => recents.has(nameOf(route)))
    expect([one?.operation, others.length + 1]).to.deep.equal(['revokeCredentials', recents.size])
    for (const route of all.filter(({ scope, method }) => scope !== null && method !== 'get')) {
      const isRecent = recents.has(nameOf(route))
      // Whatever else an owner would change is tried in the next test.
      if (!isRecent && !route.path.includes('{')) continue
      const path = route.path.replaceAll(/\{\w+\}/g, nothing.member)
      cells++
      const { status, json } = await ask(route.method.toUpperCase(), path, { ...who, json: {} })
      const isRefused = status === 403 && json.code === 'SIGN_IN_AGAIN'
      expect(isRefused, `${route.operation}: ${status}`).to.equal(isRecent)
    }
    const page = await fetch(`${place.base}/account`, { headers: who.headers ?? {} })
    const csrf = Browser.csrfOf({ text: await page.text() })
    const removed = await fetch(`${place.base}/account/passkeys/remove`, {
      method: 'POST',
      headers: { ...who.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ csrf, id: 'AAAA' }).toString(),
    })
    expect([removed.status, (await removed.text()).includes('SIGN_IN_AGAIN')]).to.deep.equal([403, true])
  })

  it('changes for people of each role what docs/access.md says', async () => {
    const otherwise: string[] = []
    const refused = [401, 403]
    for (const [role, who] of people) {
      for (const route of routes) {
        if (route.method === 'get' || route.scope === null || !mayAsk(role, route)) continue
        const { status, text } = await send(route, nothing, who)
        if (refused.includes(status)) otherwise.push(`${role} ${route.operation}: ${status} ${text}`)
      }
      for (const route of persons) {
        cells++
        const asked = route.method === 'get' ? who : { ...who, json: {} }
        const path = route.path.replaceAll(/\{\w+\}/g, '0000000000000000')
        const { status, text } = await ask(route.method.toUpperCase(), path, asked)
        if (!mayAsk(role, route) || refused.includes(status)) otherwise.push(`${role} ${route.operation}: ${text}`)
      }
    }
    expect(otherwise).to.deep.equal([])
    expect(Api.unasked('http/matrix')).to.deep.equal([])
    console.log(`      ${cells} cells of ${routes.length + persons.length} routes, ${leaks.length} leaks`)
  })
})
