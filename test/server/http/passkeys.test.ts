import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import * as Authenticator from '../../support/Authenticator.ts'
import * as Browser from '../../support/Browser.ts'
import * as Cli from '../../support/Cli.ts'
import * as People from '../../support/People.ts'
import * as Place from '../../support/Place.ts'

describe('Passkeys', function () {
  this.timeout(120_000)
  let place: Place.Place
  let server: Cli.Server
  let base: string
  let owner: Browser.Browser
  let enter: People.People['enter']
  let device: Authenticator.Authenticator

  before(async () => {
    place = await Place.create({ LAUREL_WORKERS: '0' })
    server = await Cli.start(place.environment)
    base = place.base.replace('127.0.0.1', 'localhost')
    ;({ enter } = People.create(place.home, base, server.key ?? ''))
    owner = await enter('owner@example.org', 'owner')
    device = await added(owner, 'Laptop')
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const begin = async (browser: Browser.Browser) => (await browser.ask('POST', '/v1/passkeys/options')).json
  const added = async (browser: Browser.Browser, name: string) => {
    const made = Authenticator.create(new URL(base).origin)
    const credential = made.create(await begin(browser))
    const { status, json } = await browser.ask('POST', '/v1/passkeys', { name, credential })
    expect([status, json.name, json.id]).to.deep.equal([201, name, made.id])
    return made
  }
  const options = async (browser: Browser.Browser) => (await browser.ask('POST', '/sign-in/passkey/options')).json
  const post = async (browser: Browser.Browser, answer: object) => {
    const { status, json } = await browser.ask('POST', '/sign-in/passkey', answer)
    return [status, json.code]
  }
  const refused = [401, 'PASSKEY_REFUSED']

  it('sign in whoever has one, without a name, in a session that is new', async () => {
    const browser = Browser.create(base)
    const asked = await options(browser)
    expect([asked.userVerification, asked.allowCredentials, asked.rpId]).to.deep.equal([
      'required',
      undefined,
      'localhost',
    ])
    expect(await post(browser, device.get(asked))).to.deep.equal([200, undefined])
    const { member } = (await browser.ask('GET', '/v1/me')).json
    expect(member.email).to.equal('owner@example.org')
    expect((await browser.open('/account')).words)
      .to.include('by a passkey')
      .and.include('Laptop')
    const { items } = (await browser.ask('GET', '/v1/passkeys')).json
    expect(items[0].usedAt).to.not.equal(null)
  })

  it('are asked for once: what was asked is used up by whatever comes of it', async () => {
    const browser = Browser.create(base)
    const asked = await options(browser)
    const good = device.get(asked)
    expect(await post(browser, device.get(asked, { origin: 'https://evil.example' }))).to.deep.equal(refused)
    expect(await post(browser, good), 'after a failure').to.deep.equal(refused)
    const again = device.get(await options(browser))
    expect((await post(browser, again))[0]).to.equal(200)
    await options(browser)
    expect(await post(browser, again), 'what was signed before').to.deep.equal(refused)
    // What was asked in another browser is nothing in this one, nor what was never asked.
    const other = await options(Browser.create(base))
    const third = Browser.create(base)
    await options(third)
    expect(await post(third, device.get(other))).to.deep.equal(refused)
    expect(await post(Browser.create(base), device.get(other))).to.deep.equal(refused)
  })

  const wrongs: Readonly<Record<string, Authenticator.Wrong>> = {
    'at another origin': { origin: 'https://evil.example' },
    'at another port': { origin: 'http://localhost:1' },
    'for another site': { rpId: 'evil.example' },
    'without checking who uses it': { verified: false },
    'in a frame of another site': { crossOrigin: true },
    'as what makes a passkey': { type: 'webauthn.create' },
    'something that we have not asked': { challenge: Buffer.alloc(32).toString('base64url') },
    'something else than it says': { signature: 'other' },
    'for somebody else': { userHandle: Buffer.alloc(16, 7).toString('base64url') },
    'by a name that nobody knows': { id: Buffer.alloc(32, 7).toString('base64url') },
    'with a counter that has not moved': { counter: 1 },
    'with a counter that has fallen back': { counter: 0 },
  }
  for (const [how, wrong] of Object.entries(wrongs))
    it(`are refused that sign ${how}`, async () => {
      const browser = Browser.create(base)
      const asked = await options(browser)
      expect(await post(browser, device.get(asked, wrong))).to.deep.equal(refused)
      expect(browser.cookies.has('laurel_session')).to.equal(false)
      expect((await post(browser, device.get(await options(browser))))[0], 'the honest one').to.equal(200)
    })

  it('are refused of another member, whoever says whose they are', async () => {
    const other = await enter('other@example.org', 'viewer')
    const theirs = await added(other, 'Phone')
    const browser = Browser.create(base)
    // Signed by the one, in the name of the other.
    expect(await post(browser, theirs.get(await options(browser), { id: device.id }))).to.deep.equal(refused)
    expect((await post(browser, theirs.get(await options(browser))))[0]).to.equal(200)
    expect((await browser.ask('GET', '/v1/me')).json.member.email).to.equal('other@example.org')
    for (const [method, json] of [
      ['PATCH', { name: 'Mine' }],
      ['DELETE', undefined],
    ] as const)
      expect((await other.ask(method, `/v1/passkeys/${device.id}`, json)).json.code).to.equal('PASSKEY_UNKNOWN')
  })

  it('are made only by who is signed in, once for what was asked, and checked the same', async () => {
    const browser = await enter('maker@example.org', 'viewer')
    const origin = new URL(base).origin
    const make = async (wrong: Authenticator.Wrong) => {
      const credential = Authenticator.create(origin).create(await begin(browser), wrong)
      const { status, json } = await browser.ask('POST', '/v1/passkeys', { name: 'x', credential })
      return [status, json.code]
    }
    for (const wrong of [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { verified: false },
      { crossOrigin: true },
      { type: 'webauthn.get' },
      { challenge: 'AAAA' },
    ])
      expect(await make(wrong), JSON.stringify(wrong)).to.deep.equal(refused)
    const made = Authenticator.create(origin)
    const credential = made.create(await begin(browser))
    const name = 'Key'
    const stranger = await Browser.create(base).ask('POST', '/v1/passkeys', { name, credential })
    expect(stranger.status).to.equal(401)
    const elsewhere = await owner.ask('POST', '/v1/passkeys', { name, credential })
    expect(elsewhere.json.code, 'in another session').to.equal('PASSKEY_REFUSED')
    expect((await browser.ask('POST', '/v1/passkeys', { name, credential })).status).to.equal(201)
    expect((await browser.ask('POST', '/v1/passkeys', { name, credential })).json.code).to.equal('PASSKEY_REFUSED')
    const asked = await begin(browser)
    expect(asked.excludeCredentials.map(({ id }: { id: string }) => id)).to.deep.equal([made.id])
    const again = await browser.ask('POST', '/v1/passkeys', { name, credential: made.create(asked) })
    expect([again.status, again.json.code]).to.deep.equal([409, 'PASSKEY_EXISTS'])
  })

  it('are listed, named and removed, and open nothing then', async () => {
    const browser = await enter('remover@example.org', 'viewer')
    const mine = await added(browser, 'Old')
    const renamed = await browser.ask('PATCH', `/v1/passkeys/${mine.id}`, { name: 'New' })
    expect([renamed.status, renamed.json.name]).to.deep.equal([200, 'New'])
    const page = await browser.open('/account')
    expect(page.words).to.include('New')
    const csrf = Browser.csrfOf(page)
    await browser.send('/account/passkeys/rename', { csrf, id: mine.id, name: '<b>Third</b>' })
    expect((await browser.open('/account')).text).to.include('&#60;b&#62;Third')
    await browser.send('/account/passkeys/remove', { csrf, id: mine.id })
    expect((await browser.ask('GET', '/v1/passkeys')).json.items).to.deep.equal([])
    const stranger = Browser.create(base)
    expect(await post(stranger, mine.get(await options(stranger)))).to.deep.equal(refused)
  })

  it('are asked for by pages of ours alone', async () => {
    const browser = Browser.create(base)
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await browser.ask('POST', '/sign-in/passkey/options', undefined, headers)).status).to.equal(403)
    const at = await Browser.create(place.base).open('/sign-in')
    expect(at.text, 'there are none at a number').to.not.include('<script')
    expect((await browser.open('/sign-in')).text).to.include('<script src="/passkey.js" type="module">')
  })

  describe('at the end', () => {
    it('were asked for by every operation that is described', () => {
      expect(Api.unasked('http/passkeys')).to.deep.equal([])
    })
  })
})
