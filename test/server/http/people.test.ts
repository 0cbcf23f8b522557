import { request } from 'node:http'
import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import * as Browser from '../../support/Browser.ts'
import * as Cli from '../../support/Cli.ts'
import * as People from '../../support/People.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'

const pathOf = (link: string) => new URL(link).pathname

describe('People of an organisation', function () {
  this.timeout(120_000)
  let place: Place.Place
  let server: Cli.Server
  let base: string
  let ask: ReturnType<typeof Api.create>
  let owner: Browser.Browser
  let enter: People.People['enter']
  let link: People.People['link']
  let invite: People.People['invite']

  before(async () => {
    place = await Place.create({ LAUREL_WORKERS: '0' })
    server = await Cli.start(place.environment)
    base = place.base.replace('127.0.0.1', 'localhost')
    ask = Api.create(place.base, server.key)
    ;({ enter, link, invite } = People.create(place.home, base, server.key ?? ''))
    owner = await enter('owner@example.org', 'owner')
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const command = async (...args: string[]) => {
    const { code, stdout, stderr } = await Cli.run('laurel', ['member', ...args, '--json'], place.environment)
    return { code, json: JSON.parse(stdout), stderr }
  }
  const problem = async (asked: Promise<{ status: number; json: { code: string } }>) => {
    const { status, json } = await asked
    return [status, json?.code]
  }

  describe('at the terminal', () => {
    it('have a first owner, who says the own address, and nobody is second', async () => {
      const fresh = await Place.create({ LAUREL_WORKERS: '0' })
      try {
        const first = await Cli.start(fresh.environment)
        const at = fresh.base.replace('127.0.0.1', 'localhost')
        expect(first.owner).to.match(/^http:\/\/localhost:\d+\/invitations\//)
        const link = pathOf(first.owner ?? '')
        const [one, two] = [Browser.create(at), Browser.create(at)]
        expect((await one.open(link)).words)
          .to.include('Join')
          .and.include('owner')
        expect((await one.send(link, { email: 'nobody' })).status).to.equal(422)
        const both = await Promise.all([
          one.send(link, { email: 'one@example.org' }),
          two.send(link, { email: 'two@example.org' }),
        ])
        expect(both.map(({ status }) => status).toSorted()).to.deep.equal([303, 401])
        await first.stop()
        const second = await Cli.start(fresh.environment)
        expect(second.owner).to.equal(undefined)
        await second.stop()
      } finally {
        await fresh.remove()
      }
    })

    it('are added, listed, given roles and removed', async () => {
      const { json: added } = await command('add', 'Cli@Example.org', '--role', 'auditor', '--department', 'law')
      expect(added).to.include({ email: 'cli@example.org', role: 'auditor' })
      expect(added.limits).to.deep.equal({ department: 'law', issuer: null })
      expect((await command('add', 'cli@example.org')).json.link).to.match(/\/sign-in\//)
      expect((await command('add', 'cli@example.org', '--owner')).json.error.code).to.equal('MEMBER_EXISTS')
      expect((await command('add', 'nothing', '--owner')).json.error.code).to.equal('EMAIL_INVALID')
      expect((await command('role', 'cli@example.org', 'viewer')).json.role).to.equal('viewer')
      const listed = (await command('list')).json.members.map(({ id }: { id: string }) => id)
      expect(listed).to.include(added.id)
      expect((await command('remove', added.id)).json.removedAt).to.not.equal(null)
      expect((await command('remove', added.id)).json.error.code).to.equal('MEMBER_UNKNOWN')
      expect((await command('remove', 'owner@example.org')).json.error.code).to.equal('LAST_OWNER')
      expect((await command('role', 'owner@example.org', 'viewer')).json.error.code).to.equal('LAST_OWNER')
    })
  })

  describe('by the interface', () => {
    it('are told who they are, as a key is', async () => {
      const { json } = await owner.ask('GET', '/v1/me')
      expect(json.key).to.equal(null)
      expect(json.member).to.include({ email: 'owner@example.org', role: 'owner' })
      expect(json.member.scopes).to.include('members:admin')
      const { json: me } = await ask('GET', '/v1/me')
      expect([me.member, me.key.name]).to.deep.equal([null, 'first key'])
    })

    it('are invited by mail, join once, and are what they were invited as', async () => {
      const { made, link } = await invite('New@example.org', 'issuer')
      expect(made.json.email).to.equal('New@example.org')
      expect((await ask('GET', '/v1/invitations')).json.items.map(({ id }: { id: string }) => id)).to.include(
        made.json.id,
      )
      const browser = Browser.create(base)
      for (let scans = 0; scans < 3; scans++) expect((await browser.open(link)).words).to.include('issuer')
      expect((await browser.send(link)).location).to.equal('/account')
      expect((await browser.open('/account')).words).to.include('Signed in as new@example.org')
      const again = await Browser.create(base).send(link)
      expect([again.status, again.words.includes('TOKEN_USED')]).to.deep.equal([401, true])
      expect((await browser.ask('GET', '/v1/batches')).status).to.equal(200)
      expect(await problem(browser.ask('GET', '/v1/members'))).to.deep.equal([403, 'SCOPE_REQUIRED'])
      const { id } = made.json
      expect(await problem(ask('POST', `/v1/invitations/${id}/withdraw`))).to.deep.equal([404, 'INVITATION_UNKNOWN'])
      const json = { email: 'new@example.org', role: 'viewer' }
      expect(await problem(ask('POST', '/v1/invitations', { json }))).to.deep.equal([409, 'MEMBER_EXISTS'])
    })

    it('open nothing by an invitation that was withdrawn', async () => {
      const { made, link } = await invite('gone@example.org', 'viewer')
      const { json: withdrawn } = await ask('POST', `/v1/invitations/${made.json.id}/withdraw`)
      expect(withdrawn.outcome).to.equal('withdrawn')
      expect((await Browser.create(base).open(link)).status).to.equal(401)
    })

    it('give and take no more than they have', async () => {
      const { secret } = (
        await ask('POST', '/v1/api-keys', {
          json: { name: 'people', scopes: ['members:admin', 'members:read', 'achievements:read', 'batches:read'] },
        })
      ).json
      const inviting = (role: string) =>
        problem(ask('POST', '/v1/invitations', { key: secret, json: { email: `${role}@example.org`, role } }))
      expect(await inviting('owner')).to.deep.equal([403, 'SCOPE_REQUIRED'])
      expect(await inviting('approver')).to.deep.equal([403, 'SCOPE_REQUIRED'])
      expect((await inviting('viewer'))[0]).to.equal(201)
      const { items } = (await ask('GET', '/v1/members', { key: secret })).json
      const boss = items.find(({ email }: { email: string }) => email === 'owner@example.org').id
      expect(await problem(ask('POST', `/v1/members/${boss}/remove`, { key: secret }))).to.deep.equal([
        403,
        'SCOPE_REQUIRED',
      ])
      const json = { role: 'viewer' }
      expect(await problem(ask('PUT', `/v1/members/${boss}/role`, { key: secret, json }))).to.deep.equal([
        403,
        'SCOPE_REQUIRED',
      ])
      expect(await problem(ask('PUT', `/v1/members/${boss}/role`, { json }))).to.deep.equal([409, 'LAST_OWNER'])
      expect(await problem(ask('POST', `/v1/members/${boss}/remove`))).to.deep.equal([409, 'LAST_OWNER'])
    })

    it('have another role at once, and are removed at once', async () => {
      const browser = await enter('change@example.org', 'viewer')
      const { id } = (await browser.ask('GET', '/v1/me')).json.member
      expect((await ask('PUT', `/v1/members/${id}/role`, { json: { role: 'issuer' } })).json.role).to.equal('issuer')
      expect((await browser.ask('GET', '/v1/me')).status, 'another privilege is another session').to.equal(401)
      const again = await enter('change@example.org', 'issuer')
      expect((await again.ask('GET', '/v1/me')).json.member.role).to.equal('issuer')
      expect((await ask('GET', `/v1/members/${id}`)).json.role).to.equal('issuer')
      for (let twice = 0; twice < 2; twice++)
        expect((await ask('POST', `/v1/members/${id}/remove`)).json.removedAt).to.not.equal(null)
      expect((await again.ask('GET', '/v1/me')).status).to.equal(401)
      expect(await problem(ask('GET', `/v1/members/${id}`))).to.deep.equal([404, 'MEMBER_UNKNOWN'])
    })

    describe('who are limited to a department', () => {
      const person = (n: number) => ({ name: `Person ${n}`, email: `person${n}@example.org` })
      const limited = async (email: string, role: string, ...limits: string[]) => {
        const { json } = await command('add', email, '--role', role, ...limits)
        const browser = Browser.create(base)
        await browser.send(pathOf(json.link))
        return browser
      }
      let law: Browser.Browser
      let art: Browser.Browser
      /** Of the department of law, of another one, and of nobody who is limited. */
      let batches: { readonly law: string; readonly art: string; readonly whole: string }

      before(async () => {
        law = await limited('law@example.org', 'issuer', '--department', 'law')
        art = await limited('art@example.org', 'issuer', '--department', 'art')
        await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
        const draft = { achievement: 'A1', draft: true, recipients: [person(1)] }
        // The same roster is another one in another department.
        const made = [
          await law.ask('POST', '/v1/batches', draft),
          await art.ask('POST', '/v1/batches', draft),
          await ask('POST', '/v1/batches', { json: draft }),
        ]
        expect(made.map(({ json }) => json.department)).to.deep.equal(['law', 'art', null])
        const [ofLaw, ofArt, whole] = made.map(({ json }) => json.id)
        batches = { law: ofLaw, art: ofArt, whole }
      })

      it('are denied what is of all of the organisation', async () => {
        const boss = await limited('boss@example.org', 'owner', '--department', 'law')
        expect((await boss.ask('GET', '/v1/me')).json.member.limits.department).to.equal('law')
        for (const path of ['/v1/members', '/v1/api-keys', '/v1/webhooks', '/v1/audit', '/v1/approvals'])
          expect(await problem(boss.ask('GET', path)), path).to.deep.equal([403, 'SCOPE_REQUIRED'])
        const order = { achievement: 'A1', recipient: person(9) }
        expect(await problem(boss.ask('POST', '/v1/credentials', order))).to.deep.equal([403, 'SCOPE_REQUIRED'])
        expect(await problem(boss.ask('PUT', '/v1/achievements/A2', Api.achievement))).to.deep.equal([
          403,
          'SCOPE_REQUIRED',
        ])
      })

      it('hand in batches, submit them, and revoke what came of them', async () => {
        const id = batches.law
        expect((await law.ask('GET', '/v1/achievements')).json.items).to.have.length(1)
        expect((await law.ask('GET', `/v1/batches/${id}/preview`)).json.recipients).to.equal(1)
        expect((await law.ask('POST', `/v1/batches/${id}/submit`)).status).to.equal(200)
        await until(
          async () => (await law.ask('GET', `/v1/batches/${id}`)).json.state,
          (state) => state === 'delivered',
        )
        const { items } = (await law.ask('GET', `/v1/batches/${id}/credentials`)).json
        const credential = items[0].credential.replace('urn:uuid:', '')
        expect((await law.ask('GET', `/v1/batches/${id}/credentials.ndjson`)).text).to.include('Person 1')
        for (const path of ['', '/document', '/proof'])
          expect((await law.ask('GET', `/v1/credentials/${credential}${path}`)).status, path).to.equal(200)
        // To another department there is no such credential.
        for (const path of ['', '/document', '/image', '/proof', '/ticket'])
          expect(await problem(art.ask('GET', `/v1/credentials/${credential}${path}`)), path).to.deep.equal([
            404,
            'CREDENTIAL_UNKNOWN',
          ])
        for (const act of ['revoke', 'suspend', 'reinstate'])
          expect(await problem(art.ask('POST', `/v1/credentials/${credential}/${act}`, {})), act).to.deep.equal([
            404,
            'CREDENTIAL_UNKNOWN',
          ])
        const many = { credentials: [credential] }
        expect(await problem(art.ask('POST', '/v1/credentials/revoke', many))).to.deep.equal([
          404,
          'CREDENTIAL_UNKNOWN',
        ])
        expect((await law.ask('GET', `/v1/credentials/${credential}`)).json.status).to.equal('valid')
        expect((await law.ask('POST', '/v1/credentials/revoke', many)).json.revoked).to.equal(1)
        expect((await ask('GET', `/v1/credentials/${credential}`)).json.status).to.equal('revoked')
      })

      it('find batches of their department, and no trace of others', async () => {
        const listed = async (who: Browser.Browser) =>
          (await who.ask('GET', '/v1/batches')).json.items.map(({ id }: { id: string }) => id)
        expect([await listed(law), await listed(art)]).to.deep.equal([[batches.law], [batches.art]])
        expect((await ask('GET', '/v1/batches')).json.items).to.have.length(3)
        for (const id of [batches.law, batches.whole]) {
          for (const path of ['', '/preview', '/events', '/credentials', '/credentials.ndjson'])
            expect(await problem(art.ask('GET', `/v1/batches/${id}${path}`)), path).to.deep.equal([
              404,
              'BATCH_UNKNOWN',
            ])
          for (const act of ['submit', 'cancel'])
            expect(await problem(art.ask('POST', `/v1/batches/${id}/${act}`)), act).to.deep.equal([
              404,
              'BATCH_UNKNOWN',
            ])
        }
      })

      it('wait for a second person as all do, and see what they have proposed', async () => {
        await enter('second@example.org', 'owner')
        const rules = { batches: true, keys: false, members: false, revocations: null }
        expect((await ask('PUT', '/v1/approvals/rules', { json: rules })).status).to.equal(200)
        const { status, json } = await art.ask('POST', `/v1/batches/${batches.art}/submit`)
        expect(status).to.equal(202)
        expect((await art.ask('GET', `/v1/approvals/${json.id}`)).json.state).to.equal('pending')
        expect(await problem(law.ask('GET', `/v1/approvals/${json.id}`))).to.deep.equal([404, 'APPROVAL_UNKNOWN'])
        const approved = await owner.ask('POST', `/v1/approvals/${json.id}/approve`)
        expect(approved.json.state, approved.text).to.equal('done')
        const less = await owner.ask('PUT', '/v1/approvals/rules', { ...rules, batches: false })
        const second = await enter('second@example.org', 'owner')
        expect((await second.ask('POST', `/v1/approvals/${less.json.id}/approve`)).json.state).to.equal('done')
      })

      it('or to another issuer hand in nothing', async () => {
        const other = await limited('did@example.org', 'issuer', '--issuer', 'did:web:other.example')
        const { id } = (await ask('GET', '/v1/issuer')).json
        const ours = await limited('ours@example.org', 'issuer', '--issuer', id)
        const draft = { achievement: 'A1', draft: true, recipients: [person(2)] }
        expect(await problem(other.ask('POST', '/v1/batches', draft))).to.deep.equal([403, 'SCOPE_REQUIRED'])
        expect((await other.ask('GET', '/v1/batches')).json.items).to.deep.equal([])
        expect((await ours.ask('POST', '/v1/batches', draft)).status).to.equal(202)
        expect((await ours.ask('GET', '/v1/batches')).json.items).to.have.length(4)
      })
    })
  })

  describe('sessions', () => {
    it('are opaque, for scripts of no page and no other host, and new at every sign-in (AUTH-013)', async () => {
      const { link: joining } = await invite('fix@example.org', 'viewer')
      const browser = Browser.create(base)
      browser.cookies.set('laurel_session', 'A'.repeat(43))
      const page = await browser.send(joining)
      const [cookie = ''] = page.headers.getSetCookie()
      expect(cookie).to.match(/^laurel_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
      expect(browser.cookies.get('laurel_session')).to.not.equal('A'.repeat(43))
      const first = browser.cookies.get('laurel_session') ?? ''
      await browser.send(await link(browser, 'fix@example.org'))
      const other = Browser.create(base)
      other.cookies.set('laurel_session', first)
      expect((await other.ask('GET', '/v1/me')).status, 'the one before is dead').to.equal(401)
      expect((await browser.ask('GET', '/v1/me')).status).to.equal(200)
    })

    it('are listed and ended by their owner, and all ended by whoever may', async () => {
      const one = await enter('many@example.org', 'viewer')
      const two = await enter('many@example.org', 'viewer')
      const { items } = (await one.ask('GET', '/v1/sessions')).json
      expect(items.map(({ method, agent }: { method: string; agent: string }) => `${method} ${agent}`)).to.deep.equal([
        'link Firefox on Linux',
        'invitation Firefox on Linux',
      ])
      const mine = (await one.ask('GET', '/v1/me')).json.member
      const others = items.filter(({ id }: { id: string }) => id !== mine.session)
      expect((await owner.ask('POST', `/v1/sessions/${others[0].id}/end`)).status, 'not hers').to.equal(404)
      expect((await one.ask('POST', `/v1/sessions/${others[0].id}/end`)).status).to.equal(204)
      expect((await two.ask('GET', '/v1/me')).status).to.equal(401)
      const three = await enter('many@example.org', 'viewer')
      const page = await one.open('/account')
      expect(page.words).to.include('Firefox on Linux (this one)')
      await one.send('/account/sessions/end', { csrf: Browser.csrfOf(page) })
      expect((await three.ask('GET', '/v1/me')).status).to.equal(401)
      expect((await ask('GET', `/v1/members/${mine.id}/sessions`)).json.items).to.have.length(1)
      expect((await ask('POST', `/v1/members/${mine.id}/sessions/end`)).json).to.deep.equal({ ended: 1 })
      expect((await one.open('/account')).location).to.equal('/sign-in')
    })

    it('end with their browser’s signing out', async () => {
      const browser = await enter('out@example.org', 'viewer')
      const secret = browser.cookies.get('laurel_session') ?? ''
      const csrf = Browser.csrfOf(await browser.open('/account'))
      expect((await browser.send('/sign-out', { csrf })).location).to.equal('/sign-in')
      expect(browser.cookies.has('laurel_session')).to.equal(false)
      browser.cookies.set('laurel_session', secret)
      expect((await browser.ask('GET', '/v1/me')).status).to.equal(401)
    })

    it('are noted in the audit log when they begin and when they end, as is whoever has joined', async () => {
      const { made, link: joining } = await invite('noted@example.org', 'viewer')
      const browser = Browser.create(base)
      await browser.send(joining)
      const { id, session } = (await browser.ask('GET', '/v1/me')).json.member
      await browser.send('/sign-out', { csrf: Browser.csrfOf(await browser.open('/account')) })
      type Entry = { readonly operation: string; readonly outcome: string; readonly principal: string }
      const noted = async (object: string) =>
        (await ask('GET', `/v1/audit?object=${object}`)).json.items.map(
          ({ operation, outcome, principal }: Entry) => `${principal} ${operation} ${outcome}`,
        )
      expect((await noted(made.json.id)).slice(-2)).to.deep.equal([
        'anybody acceptInvitation asked',
        'anybody acceptInvitation done',
      ])
      expect(await noted(id)).to.deep.equal(['anybody acceptInvitation done'])
      expect(await noted(session)).to.deep.equal([
        `member:${id} signIn done`,
        `member:${id} endSession asked`,
        `member:${id} endSession done`,
      ])
    })

    it('carry no change of another site, nor one without the token, and tell it nothing', async () => {
      const browser = await enter('rider@example.org', 'owner')
      const csrf = (await browser.ask('GET', '/v1/me')).json.member.csrf
      const end = (headers: Record<string, string>) =>
        problem(browser.ask('POST', '/v1/sessions/0000000000000000/end', undefined, headers))
      expect(await end({}), 'of ours').to.deep.equal([404, 'SESSION_UNKNOWN'])
      expect(await end({ 'laurel-csrf': `${csrf}x` })).to.deep.equal([403, 'ORIGIN_REFUSED'])
      expect(await end({ 'laurel-csrf': '' })).to.deep.equal([403, 'ORIGIN_REFUSED'])
      for (const headers of [
        { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
        { origin: 'http://localhost:1', 'sec-fetch-site': 'same-site' },
        { origin: 'null', 'sec-fetch-site': 'same-origin' },
      ])
        expect((await end(headers))[0], headers.origin).to.equal(401)
      for (const site of ['cross-site', 'same-site'])
        expect((await browser.ask('GET', '/v1/me', undefined, { 'sec-fetch-site': site })).status, site).to.equal(401)
      // What the public may read says that everybody may; what a cookie opens does not.
      const mine = await browser.ask('GET', '/v1/me')
      expect(mine.headers.get('access-control-allow-origin')).to.equal(null)
      expect((await browser.open('/healthz')).headers.get('access-control-allow-origin')).to.equal('*')
      for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
        expect((await browser.send('/sign-out', { csrf }, headers)).status).to.equal(403)
      expect((await browser.send('/sign-out', { csrf: 'x' })).status).to.equal(403)
      expect((await browser.ask('GET', '/v1/me')).status).to.equal(200)
    })

    it('are not taken beside a key, nor under a name that somebody has led here', async () => {
      const headers = { authorization: `Bearer ${server.key}` }
      expect(await problem(owner.ask('GET', '/v1/batches', undefined, headers))).to.deep.equal([
        401,
        'AUTHENTICATION_AMBIGUOUS',
      ])
      const { port } = new URL(base)
      const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const options = { port, path: '/v1/me', headers: { host: `evil.example:${port}`, cookie } }
        request({ host: '127.0.0.1', ...options }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
          .on('error', reject)
          .end()
      })
      expect(status).to.equal(401)
    })
  })

  describe('signing in by mail', () => {
    it('changes nothing until its button is pressed, and happens once (AUTH-017)', async () => {
      await enter('mail@example.org', 'viewer')
      const browser = Browser.create(base)
      const way = await link(browser, 'mail@example.org')
      for (let scans = 0; scans < 3; scans++) expect((await browser.open(way)).status).to.equal(200)
      expect((await browser.send(way)).location).to.equal('/account')
      expect((await browser.open('/account')).words).to.include('by a mailed link')
      const again = await browser.send(way)
      expect([again.status, again.words.includes('TOKEN_USED')]).to.deep.equal([401, true])
      expect((await browser.open(way)).status).to.equal(401)
      for (const guess of ['A'.repeat(43), 'short', '%00', '..%2F..'])
        expect((await browser.send(`/sign-in/${guess}`)).status, guess).to.equal(401)
    })

    it('happens in the browser that has asked; in another one it shows a code, for that one', async () => {
      await enter('phone@example.org', 'viewer')
      const browser = Browser.create(base)
      const way = await link(browser, 'phone@example.org')
      const phone = Browser.create(base)
      expect((await phone.open(way)).words).to.include('Another browser has asked')
      expect((await phone.send(way)).status, 'the link alone').to.equal(401)
      const shown = await phone.send(way, { as: 'code' })
      const [code = ''] = /\d{4} \d{4}/.exec(shown.words) ?? []
      expect((await phone.send('/sign-in/code', { code })).status, 'there').to.equal(401)
      expect((await browser.send('/sign-in/code', { code: '0000 0000' })).words).to.include('does not open anything')
      expect((await browser.send('/sign-in/code', { code })).location).to.equal('/account')
      expect((await browser.open('/account')).words).to.include('by a code')
      expect((await browser.send(way)).status).to.equal(401)
    })

    it('says the same to whoever has an address and to whoever has not, after the same time', async () => {
      const times: Record<string, number[]> = { known: [], unknown: [] }
      const answers = new Set<string>()
      for (let n = 0; n < 5; n++) {
        await enter(`same${n}@example.org`, 'viewer')
        for (const [kind, email] of [
          ['known', `same${n}@example.org`],
          ['unknown', `none${n}@example.org`],
        ] as const) {
          const browser = Browser.create(base)
          const begun = performance.now()
          const { status, location, text } = await browser.send('/sign-in', { email })
          times[kind]?.push(performance.now() - begun)
          const { text: page } = await browser.open('/sign-in/sent')
          answers.add(JSON.stringify([status, location, text, page, [...browser.cookies.keys()]]))
        }
      }
      expect(answers.size).to.equal(1)
      // Each took the time that is set for both, which storing a mail does not use up.
      for (const list of Object.values(times)) expect(Math.min(...list)).to.be.at.least(295)
    })

    it('is refused to whoever tries too often, by account, whether anybody has it or not', async () => {
      for (const email of ['often@example.org', 'never@example.org']) {
        if (email.startsWith('often')) await enter(email, 'viewer')
        const statuses: number[] = []
        for (let n = 0; n < 7; n++) statuses.push((await Browser.create(base).send('/sign-in', { email })).status)
        expect(statuses, email).to.deep.equal([...Array(6).fill(303), 429])
      }
      const last = await Browser.create(base).send('/sign-in', { email: 'NEVER@example.org' })
      expect([last.status, last.headers.get('retry-after') !== null]).to.deep.equal([429, true])
    })

    it('comes from a form of ours that is one', async () => {
      const browser = Browser.create(base)
      const email = 'owner@example.org'
      for (const headers of [
        { origin: 'https://evil.example' },
        { 'sec-fetch-site': 'cross-site' },
        { origin: 'null' },
      ])
        expect((await browser.send('/sign-in', { email }, headers)).status).to.equal(403)
      expect((await browser.send('/sign-in', { email }, { 'content-type': 'text/plain' })).status).to.equal(415)
      expect((await browser.send('/sign-in', { email: 'x'.repeat(10_000) })).status).to.equal(413)
      const wrong = await browser.send('/sign-in', { email: '<script>alert(1)</script>@x' })
      expect([wrong.status, wrong.text.includes('<script>alert')]).to.deep.equal([422, false])
    })

    it('has pages that run nothing and are put into no frame', async () => {
      for (const path of ['/sign-in', '/sign-in/sent', `/sign-in/${'A'.repeat(43)}`]) {
        const { headers, text } = await owner.open(path)
        const csp = headers.get('content-security-policy') ?? ''
        expect(csp).to.include("default-src 'none'").and.include("frame-ancestors 'none'").and.not.include('unsafe')
        expect(headers.get('cache-control')).to.equal('no-store')
        expect(text).to.not.match(/<script(?![^>]* src=)|\son\w+=|style=/)
      }
    })
  })

  describe('at the end', () => {
    it('have asked for every operation that is described', () => {
      expect(Api.unasked('http/people')).to.deep.equal([])
    })
  })
})
