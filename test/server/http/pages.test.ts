import { expect } from 'chai'
import express from 'express'
import * as Body from '../../../server/src/http/Body.ts'
import * as People from '../../../server/src/http/pages/people.ts'
import type { Api } from '../../../server/src/http/Route.ts'
import * as Unsubscribe from '../../../server/src/http/Unsubscribe.ts'
import * as Asking from '../../support/Api.ts'
import * as Authenticator from '../../support/Authenticator.ts'
import * as Browser from '../../support/Browser.ts'
import * as Cli from '../../support/Cli.ts'
import * as Members from '../../support/People.ts'
import * as Place from '../../support/Place.ts'

type Entry = {
  readonly operation: string
  readonly outcome: string
  readonly code: string | null
  readonly principal: string
  readonly objects: readonly string[]
}

/** What pages do that are no operations of the interface (test/server/http/audit.test.ts has those). */
describe('A page', function () {
  this.timeout(180_000)
  let place: Place.Place
  let server: Cli.Server
  let base: string
  let ask: ReturnType<typeof Asking.create>
  let people: Members.People

  before(async () => {
    place = await Place.create({ LAUREL_WORKERS: '0' })
    server = await Cli.start(place.environment)
    base = place.base.replace('127.0.0.1', 'localhost')
    ask = Asking.create(place.base, server.key)
    people = Members.create(place.home, base, server.key ?? '')
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const entries = async (): Promise<readonly Entry[]> => {
    const { text } = await ask('GET', '/v1/audit.ndjson')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  }
  /** What the audit log has of something that is done, but for what it has of asking for mails. */
  const noted = async (work: () => Promise<unknown>) => {
    const before = (await entries()).length
    await work()
    return (await entries())
      .slice(before)
      .map(({ principal, operation, outcome, code, objects }) =>
        [principal, operation, outcome, code, ...objects].filter((each) => each !== null).join(' '),
      )
  }
  /** Somebody who is signed in, what they are called, and the token of their forms. */
  const enter = async (email: string) => {
    const browser = await people.enter(email, 'viewer')
    const { id, session, csrf } = (await browser.ask('GET', '/v1/me')).json.member
    return { browser, id, session, csrf, me: `member:${id}` }
  }
  const withPasskey = async (email: string) => {
    const somebody = await enter(email)
    const { browser } = somebody
    const device = Authenticator.create(new URL(base).origin)
    const credential = device.create((await browser.ask('POST', '/v1/passkeys/options')).json)
    expect((await browser.ask('POST', '/v1/passkeys', { name: 'Phone', credential })).status).to.equal(201)
    return { ...somebody, device }
  }
  const sessionOf = async (browser: Browser.Browser) => (await browser.ask('GET', '/v1/me')).json.member.session

  /** Every way of a page to change something, with what the audit log has to say of it. */
  const ways: Readonly<Record<string, () => Promise<void>>> = {
    // Nothing that anybody has is other than before: there is a mail, a code or a challenge more, for minutes.
    '/sign-in': async () => {
      await enter('asks@example.org')
      const browser = Browser.create(base)
      expect(await noted(() => people.link(browser, 'asks@example.org'))).to.deep.equal([])
    },
    '/sign-in/passkey/options': async () => {
      const browser = Browser.create(base)
      expect(await noted(() => browser.ask('POST', '/sign-in/passkey/options'))).to.deep.equal([])
    },
    '/sign-in/code': async () => {
      const { me } = await enter('code@example.org')
      const [browser, phone] = [Browser.create(base), Browser.create(base)]
      const way = await people.link(browser, 'code@example.org')
      let code = ''
      expect(
        await noted(async () => {
          ;[code = ''] = /\d{4} \d{4}/.exec((await phone.send(way, { as: 'code' })).words) ?? []
          expect((await browser.send('/sign-in/code', { code: '00000000' })).status).to.equal(401)
        }),
      ).to.deep.equal([])
      const log = await noted(() => browser.send('/sign-in/code', { code }))
      expect(log).to.deep.equal([`${me} signIn done ${await sessionOf(browser)}`])
    },
    '/sign-in/passkey': async () => {
      const { me, device } = await withPasskey('passkey@example.org')
      const browser = Browser.create(base)
      const options = (await browser.ask('POST', '/sign-in/passkey/options')).json
      const log = await noted(() => browser.ask('POST', '/sign-in/passkey', device.get(options)))
      expect(log).to.deep.equal([`${me} signIn done ${await sessionOf(browser)}`])
    },
    // In a browser in which somebody else is signed in, whose session ends.
    '/sign-in/:secret': async () => {
      const before = await enter('before@example.org')
      const { me } = await enter('link@example.org')
      const { browser } = before
      const way = await people.link(browser, 'link@example.org')
      const log = await noted(() => browser.send(way))
      expect(log).to.deep.equal([
        `${before.me} endSession asked ${before.session}`,
        `${before.me} endSession done ${before.session}`,
        `${me} signIn done ${await sessionOf(browser)}`,
      ])
    },
    '/invitations/:secret': async () => {
      const { made, link } = await people.invite('joins@example.org', 'viewer')
      const browser = Browser.create(base)
      const log = await noted(() => browser.send(link))
      const { id, session } = (await browser.ask('GET', '/v1/me')).json.member
      expect(log).to.deep.equal([
        `anybody acceptInvitation asked ${made.json.id}`,
        `anybody acceptInvitation done ${made.json.id} ${id}`,
        `member:${id} signIn done ${session}`,
      ])
    },
    '/account/sessions/end': async () => {
      const { browser, id, csrf, me } = await enter('ends@example.org')
      const { session: other } = await enter('ends@example.org')
      const { session: theirs, browser: them } = await enter('hers@example.org')
      const end = (fields: object) => noted(() => browser.send('/account/sessions/end', { csrf, ...fields }))
      expect(await end({ id: other })).to.deep.equal([
        `${me} endSession asked ${other}`,
        `${me} endSession done ${other}`,
      ])
      expect(await end({ id: theirs })).to.deep.equal([
        `${me} endSession asked ${theirs}`,
        `${me} endSession refused SESSION_UNKNOWN ${theirs}`,
      ])
      expect((await them.ask('GET', '/v1/me')).status, 'another’s').to.equal(200)
      expect(await end({})).to.deep.equal([`${me} endMemberSessions asked ${id}`, `${me} endMemberSessions done ${id}`])
    },
    '/account/passkeys/rename': async () => {
      const { browser, csrf, me, device } = await withPasskey('renames@example.org')
      const { device: theirs } = await withPasskey('named@example.org')
      const rename = (id: string, name: string) =>
        noted(() => browser.send('/account/passkeys/rename', { csrf, id, name }))
      expect(await rename(device.id, 'Tablet')).to.deep.equal([
        `${me} renamePasskey asked ${device.id}`,
        `${me} renamePasskey done ${device.id}`,
      ])
      expect((await browser.open('/account')).words).to.include('Tablet')
      expect(await rename(device.id, ' ')).to.deep.equal([])
      expect(await rename(theirs.id, 'Mine')).to.deep.equal([
        `${me} renamePasskey asked ${theirs.id}`,
        `${me} renamePasskey refused PASSKEY_UNKNOWN ${theirs.id}`,
      ])
    },
    '/account/passkeys/remove': async () => {
      const { browser, csrf, me, device } = await withPasskey('removes@example.org')
      const { device: theirs, browser: them } = await withPasskey('keeps@example.org')
      const remove = (id: string) => noted(() => browser.send('/account/passkeys/remove', { csrf, id }))
      expect(await remove(device.id)).to.deep.equal([
        `${me} deletePasskey asked ${device.id}`,
        `${me} deletePasskey done ${device.id}`,
      ])
      expect(await remove(theirs.id)).to.deep.equal([
        `${me} deletePasskey asked ${theirs.id}`,
        `${me} deletePasskey refused PASSKEY_UNKNOWN ${theirs.id}`,
      ])
      expect((await them.ask('GET', '/v1/passkeys')).json.items).to.have.length(1)
    },
    '/sign-out': async () => {
      const { browser, csrf, me, session } = await enter('leaves@example.org')
      expect(await noted(() => browser.send('/sign-out', { csrf }))).to.deep.equal([
        `${me} endSession asked ${session}`,
        `${me} endSession done ${session}`,
      ])
    },
    '/mail/unsubscribe/:id': async () => {
      await people.invite('enough@example.org', 'viewer')
      const [{ id }] = (await ask('GET', '/v1/mails')).json.items
      const end = (id: string) => noted(() => Browser.create(base).send(`/mail/unsubscribe/${id}`))
      expect(await end(id)).to.deep.equal([`anybody unsubscribe asked ${id}`, `anybody unsubscribe done ${id}`])
      expect(await end('00000000-0000-4000-8000-000000000000')).to.deep.equal([])
    },
  }
  for (const [path, way] of Object.entries(ways))
    it(`changes nothing at ${path} that is not in the audit log, with who has done it`, way)

  it('changes nothing anywhere else', () => {
    const app = express()
    const api = {} as Api
    People.mount(app, api, { patience: Body.patience })
    Unsubscribe.mount(app, api)
    type Layer = { readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> } }
    const { stack } = app.router as unknown as { readonly stack: readonly Layer[] }
    const changing = stack.flatMap(({ route }) =>
      route !== undefined && Object.keys(route.methods).some((method) => method !== 'get') ? [route.path] : [],
    )
    expect(changing.toSorted()).to.deep.equal(Object.keys(ways).toSorted())
  })
})
