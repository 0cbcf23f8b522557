import { expect } from 'chai'
import { privateKeyToAccount } from 'viem/accounts'
import { createSiweMessage } from 'viem/siwe'
import { routes } from '../../../server/src/http/routes.ts'
import * as Api from '../../support/Api.ts'
import * as Badges from '../../support/Badges.ts'
import * as Cli from '../../support/Cli.ts'
import * as LearnerServer from '../../support/LearnerServer.ts'
import * as Presentations from '../../support/Presentations.ts'

const day = 24 * 60 * 60 * 1_000
const { tokenOf } = LearnerServer
const people = [
  'ada@example.org',
  'bo@example.org',
  'cy@example.org',
  'dee@example.org',
  'eve@example.org',
  'fay@example.org',
]

describe('Learners', function () {
  this.timeout(120_000)
  let server: LearnerServer.LearnerServer
  let ask: ReturnType<typeof Api.create>
  let base: string
  const stranger = () => LearnerServer.browser(base)
  const linkOf = (email: string) => tokenOf(server.mailTo(email))
  const events = async (type: string) =>
    (await ask('GET', '/v1/events?limit=200')).json.items.filter((event: { type: string }) => event.type === type)

  before(async () => {
    server = await LearnerServer.start(people)
    base = server.base
    ask = Api.create(base, server.key)
    await server.run()
  })
  after(() => server?.close())

  describe('and the links that they are sent', () => {
    it('are written to as soon as their batch is delivered, each once', async () => {
      expect(server.mails().map(({ to, template }) => [to, template])).to.deep.equal(people.map((to) => [to, 'claim']))
      const { values } = server.mailTo('ada@example.org')
      expect(values).to.include({ organisation: 'Example issuer', name: 'Person 1' })
      expect(values.link).to.match(new RegExp(`^${base}/claim/[A-Za-z0-9_-]{43}$`))
      await server.run()
      expect(server.mails()).to.have.length(people.length)
    })

    it('are shown a badge, which looking does not change, and nothing that could follow them', async () => {
      const path = `/claim/${linkOf('ada@example.org')}`
      for (let i = 0; i < 3; i++) {
        const { status, text, headers } = await stranger().ask('GET', path)
        expect(status).to.equal(200)
        expect(text).to.include('Person 1').and.include('Accept').and.include('Decline')
        expect(text, 'criteria in Markdown').to.match(/What it is given for: [^*<]*<\/p>/)
        expect(text).to.not.match(/<script|style="|https?:\/\/(?!127)/i)
        expect(headers.get('referrer-policy')).to.equal('no-referrer')
        expect(headers.get('cache-control')).to.equal('no-store')
        expect(headers.get('content-security-policy')).to.include("default-src 'none'").and.not.include('unsafe')
        expect(headers.get('set-cookie')).to.equal(null)
      }
      const found = (await stranger().ask('GET', path)).text
      for (const [, href = ''] of found.matchAll(/(?:href|src)="(\/credentials\/[^"]+)"/g))
        expect((await fetch(`${base}${href}`)).status, href).to.equal(200)
      expect((await stranger().ask('GET', '/learner.css')).headers.get('content-type')).to.match(/^text\/css/)
    })

    it('take one decision of two tabs, and show the other how it stands', async () => {
      const path = `/claim/${linkOf('ada@example.org')}`
      const both = await Promise.all(
        ['accept', 'decline'].map((act) => stranger().ask('POST', `${path}/${act}?seen=offered`)),
      )
      expect(both.map(({ status }) => status).toSorted()).to.deep.equal([303, 409])
      const isAccepted = both[0]?.status === 303
      const { text } = await stranger().ask('GET', path)
      expect(text).to.include(isAccepted ? 'You have accepted' : 'You have declined')
      expect(both.find(({ status }) => status === 409)?.text).to.include('decided elsewhere')
      const made = [...(await events('credential.accepted')), ...(await events('credential.declined'))]
      expect(made).to.have.length(1)
      expect(JSON.stringify(made)).to.not.include('example.org')
      expect(made[0].data).to.deep.equal({ credential: `urn:uuid:${server.credentials[0]}`, batch: server.batch })
      // Whoever presses the button twice has what they want.
      const again = `${path}/${isAccepted ? 'accept' : 'decline'}?seen=offered`
      expect((await stranger().ask('POST', again)).status).to.equal(303)
    })

    it('may think again', async () => {
      const path = `/claim/${linkOf('bo@example.org')}`
      expect((await stranger().ask('POST', `${path}/decline?seen=offered`)).status).to.equal(303)
      expect((await stranger().ask('POST', `${path}/accept?seen=declined`)).status).to.equal(303)
      const { json } = await ask('GET', `/v1/credentials/${server.credentials[1]}/claim-link`)
      expect(json).to.include({ state: 'accepted', credential: `urn:uuid:${server.credentials[1]}` })
    })

    it('are not moved to decide by a page of another site', async () => {
      const path = `/claim/${linkOf('cy@example.org')}`
      for (const act of ['accept', 'decline', 'renew', 'sign-in']) {
        const { status, json } = await ask('POST', `${path}/${act}`, { headers: { 'sec-fetch-site': 'cross-site' } })
        expect([status, json.code]).to.deep.equal([403, 'ORIGIN_REFUSED'])
      }
    })

    it('see that a badge was revoked', async () => {
      await ask('POST', `/v1/credentials/${server.credentials[5]}/revoke`, { json: {} })
      expect((await stranger().ask('GET', `/claim/${linkOf('fay@example.org')}`)).text).to.include(
        'does not count any more',
      )
    })

    it('find nothing behind what is no link', async () => {
      for (const token of ['x', 'A'.repeat(43), '%00', '..%2f..%2fetc', 'é'.repeat(99)]) {
        for (const path of [
          `/claim/${token}`,
          `/moves/${token}`,
          `/badges/sign-in/${token}`,
          `/badges/add-address/${token}`,
        ])
          expect((await stranger().ask('GET', path)).status, path).to.equal(404)
        expect((await stranger().ask('POST', `/claim/${token}/accept`)).status).to.equal(404)
        expect((await stranger().ask('POST', `/claim/${token}/renew`)).status).to.equal(200)
        expect((await stranger().ask('POST', `/claim/${token}/sign-in`)).status).to.equal(404)
        expect((await stranger().ask('GET', `/claim/${token}/ticket.json`)).json.code).to.equal('CLAIM_UNKNOWN')
      }
      const known = `/claim/${linkOf('cy@example.org')}/ticket.json`
      expect((await stranger().ask('GET', known)).json.code).to.equal('TICKETS_NOT_OFFERED')
    })

    it('are sent another one by their issuer, in place of the first', async () => {
      const first = linkOf('cy@example.org')
      const path = `/v1/credentials/${server.credentials[2]}/claim-link`
      expect((await ask('POST', path)).status).to.equal(202)
      expect(linkOf('cy@example.org')).to.not.equal(first)
      expect((await stranger().ask('GET', `/claim/${first}`)).status).to.equal(404)
      expect((await stranger().ask('GET', `/claim/${linkOf('cy@example.org')}`)).status).to.equal(200)
      const nobody = '/v1/credentials/00000000-0000-4000-8000-000000000000/claim-link'
      for (const method of ['GET', 'POST']) expect((await ask(method, nobody)).json.code).to.equal('CREDENTIAL_UNKNOWN')
    })

    it('are sent them by the batch, and again only where that is asked for', async () => {
      const before = server.mails().length
      const send = async (json: object) => {
        const { status, json: answer } = await ask('POST', `/v1/batches/${server.batch}/claim-links`, { json })
        expect([status, answer]).to.deep.equal([202, { batch: server.batch, begun: true }])
        await server.run()
        return server.mails().length - before
      }
      expect(await send({})).to.equal(0)
      // Two have answered, however they have.
      expect(await send({ renew: true })).to.equal(people.length - 2)
      expect((await ask('POST', '/v1/batches/2026-01-01-00000000/claim-links', { json: {} })).json.code).to.equal(
        'BATCH_UNKNOWN',
      )
    })

    it('are sent them from the command line', async () => {
      const before = server.mails().length
      const told = await Cli.run(
        'laurel',
        ['claim-link', server.credentials[3] ?? '', '--json'],
        server.place.environment,
      )
      expect(JSON.parse(told.stdout)).to.deep.equal({ credential: `urn:uuid:${server.credentials[3]}` })
      expect(server.mails()).to.have.length(before + 1)
      const batch = await Cli.run('laurel', ['claim-link', server.batch, '--renew', '--json'], server.place.environment)
      expect(JSON.parse(batch.stdout)).to.deep.equal({ batch: server.batch, begun: true })
      await server.run()
      expect(server.mails()).to.have.length(before + 1 + people.length - 2)
      const unknown = await Cli.run('laurel', ['claim-link', '2026-01-01-00000000'], server.place.environment)
      expect([unknown.code, unknown.stderr]).to.satisfy(
        ([code, text]: [number, string]) => code === 1 && text.includes('BATCH_UNKNOWN'),
      )
    })

    it('last as long as their organisation has settled, and are renewed by who has them', async () => {
      const settings = { onDelivery: true, days: 2, waitingDays: 3 }
      expect((await ask('GET', '/v1/claim-settings')).json).to.deep.equal({
        onDelivery: true,
        days: 365,
        waitingDays: 7,
      })
      expect((await ask('PUT', '/v1/claim-settings', { json: settings })).json).to.deep.equal(settings)
      await ask('POST', `/v1/credentials/${server.credentials[4]}/claim-link`)
      const token = linkOf('eve@example.org')
      server.pass(2 * day)
      const late = await stranger().ask('GET', `/claim/${token}`)
      expect(late.status).to.equal(404)
      expect(late.text).to.include('Send me a new link').and.not.include('Person')
      expect((await stranger().ask('POST', `/claim/${token}/accept?seen=offered`)).status).to.equal(404)
      const both = await Promise.all([0, 1].map(() => stranger().ask('POST', `/claim/${token}/renew`)))
      expect(both.map(({ status }) => status)).to.deep.equal([200, 200])
      expect(server.mails().filter(({ to }) => to === 'eve@example.org')).to.have.length(5)
      expect((await stranger().ask('GET', `/claim/${linkOf('eve@example.org')}`)).status).to.equal(200)
    })
  })

  describe('who sign in', () => {
    it('by a link, which looking does not use, and once', async () => {
      const one = stranger()
      expect((await one.ask('POST', '/badges/sign-in', { json: { email: 'ada@example.org' } })).text).to.include(
        'Look into your mail',
      )
      const path = `/badges/sign-in/${linkOf('ada@example.org')}`
      for (let i = 0; i < 3; i++) expect((await one.ask('GET', path)).text).to.include('ada@example.org')
      const { status, headers } = await one.ask('POST', path)
      expect(status).to.equal(303)
      const [cookie = ''] = headers.getSetCookie()
      expect(cookie).to.match(/^laurel_learner=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209600$/)
      const page = await one.ask('GET', '/badges')
      expect(page.text).to.include('ada@example.org').and.not.include('<script')
      expect((await stranger().ask('POST', path)).status).to.equal(401)
      expect((await stranger().ask('GET', path)).status).to.equal(404)
    })

    it('by a code out of a form, and not by another', async () => {
      const one = stranger()
      const form = (fields: object) => {
        const made = new FormData()
        for (const [name, value] of Object.entries(fields)) made.set(name, value)
        return made
      }
      const asked = await one.ask('POST', '/badges/sign-in', { form: form({ email: 'bo@example.org' }) })
      const [, challenge = ''] = /name="challenge" value="([^"]+)"/.exec(asked.text) ?? []
      const { code = '' } = server.mailTo('bo@example.org').values
      expect(code).to.match(/^\d{8}$/)
      const wrong = code === '00000000' ? '00000001' : '00000000'
      expect((await one.ask('POST', '/badges/code', { form: form({ challenge, code: wrong }) })).status).to.equal(401)
      const shown = `${code.slice(0, 4)} ${code.slice(4)}`
      const both = await Promise.all(
        [0, 1].map(() => stranger().ask('POST', '/badges/code', { json: { challenge, code: shown } })),
      )
      expect(both.map(({ status }) => status).toSorted()).to.deep.equal([303, 401])
    })

    it('by the link of a badge only after another mail, which says who they are', async () => {
      const { text } = await stranger().ask('POST', `/claim/${linkOf('cy@example.org')}/sign-in`)
      expect(text).to.include('Look into your mail').and.not.include('cy@example.org')
      expect(server.mailTo('cy@example.org').template).to.equal('learner-sign-in')
    })

    it('and are told the same whether anybody knows the address or not', async () => {
      const say = async (email: string) => {
        const { status, json } = await stranger().ask('POST', '/v1/learner/challenges', { json: { email } })
        const { challenge, expiresAt, ...rest } = json
        return [status, challenge.length, Object.keys(json), { ...rest }]
      }
      expect(await say('nobody@nowhere.example')).to.deep.equal(await say('dee@example.org'))
      let last = 0
      for (let i = 0; i < 5; i++)
        last = (await stranger().ask('POST', '/v1/learner/challenges', { json: { email: 'nobody@nowhere.example' } }))
          .status
      expect(last).to.equal(429)
      server.pass(15 * 60_000)
    })

    it('get another session with every sign-in: what their browser had before opens nothing', async () => {
      const ada = await LearnerServer.signedIn(server, 'ada@example.org')
      const before = ada.cookie()
      await ada.ask('POST', '/badges/sign-in', { json: { email: 'ada@example.org' } })
      await ada.ask('POST', `/badges/sign-in/${linkOf('ada@example.org')}`)
      expect(ada.cookie()).to.not.equal(before)
      expect((await LearnerServer.browser(base, before).ask('GET', '/v1/learner')).json.code).to.equal(
        'SIGN_IN_REQUIRED',
      )
      expect((await ada.ask('GET', '/v1/learner')).status).to.equal(200)
      server.pass(15 * 60_000)
    })

    it('list their sessions, end them, and sign out', async () => {
      const [one, two] = [
        await LearnerServer.signedIn(server, 'ada@example.org'),
        await LearnerServer.signedIn(server, 'ada@example.org'),
      ]
      const { items } = (await one.ask('GET', '/v1/learner/sessions')).json
      const other = items.findLast(({ current }: { current: boolean }) => !current)
      expect((await one.ask('DELETE', `/v1/learner/sessions/${other.id}`)).status).to.equal(204)
      expect((await two.ask('GET', '/v1/learner')).status).to.equal(401)
      expect((await one.ask('DELETE', `/v1/learner/sessions/${other.id}`)).status).to.equal(404)
      const three = await LearnerServer.signedIn(server, 'ada@example.org')
      const cookie = three.cookie()
      await three.ask('POST', '/badges/sign-out')
      expect((await LearnerServer.browser(base, cookie).ask('GET', '/v1/learner')).status).to.equal(401)
      expect((await one.ask('GET', '/v1/learner')).status).to.equal(200)
      await one.ask('POST', '/badges/sign-out-everywhere')
      expect((await one.ask('GET', '/v1/learner')).status).to.equal(401)
      const four = await LearnerServer.signedIn(server, 'ada@example.org')
      server.pass(14 * day)
      expect((await four.ask('GET', '/v1/learner')).status).to.equal(401)
      expect((await four.ask('GET', '/badges')).text).to.include('Your e-mail address')
    })

    it('see what was sent to all of their addresses, and nothing of anybody else', async () => {
      const ada = await LearnerServer.signedIn(server, 'ada@example.org')
      const own = async () => (await ada.ask('GET', '/v1/learner/badges')).json.items
      expect((await own()).map(({ credential }: { credential: string }) => credential)).to.deep.equal([
        `urn:uuid:${server.credentials[0]}`,
      ])
      await ada.ask('POST', '/badges/add-address', { json: { email: 'bo@example.org' } })
      const token = linkOf('bo@example.org')
      expect((await ada.ask('GET', `/badges/add-address/${token}`)).text).to.include('bo@example.org')
      // The link is good in the session alone that has asked for it.
      const bo = await LearnerServer.signedIn(server, 'cy@example.org')
      expect((await bo.ask('POST', `/badges/add-address/${token}`)).json.code).to.equal('CHALLENGE_INVALID')
      expect((await stranger().ask('POST', `/badges/add-address/${token}`)).json.code).to.equal('SIGN_IN_REQUIRED')
      expect((await ada.ask('POST', `/badges/add-address/${token}`)).status).to.equal(303)
      const [first, second] = await own()
      expect([first.email, second.email]).to.have.members(['ada@example.org', 'bo@example.org'])
      expect(first).to.include({ status: 'valid', issuer: 'Example issuer' })
      expect((await fetch(first.document)).status).to.equal(200)
      expect((await ada.ask('GET', '/badges')).text).to.include('Remove')
    })

    it('move their badges, remove an address, and keep the last', async () => {
      const ada = await LearnerServer.signedIn(server, 'ada@example.org')
      const move = (from: string, to: string) => ada.ask('POST', '/v1/learner/addresses/move', { json: { from, to } })
      expect((await move('ada@example.org', 'bo@example.org')).json).to.deep.equal({ moved: 1 })
      expect((await move('ada@example.org', 'cy@example.org')).status).to.equal(404)
      expect((await ada.ask('POST', '/badges/remove-address', { json: { email: 'ada@example.org' } })).status).to.equal(
        303,
      )
      expect(
        (await ada.ask('GET', '/v1/learner')).json.addresses.map(({ email }: { email: string }) => email),
      ).to.deep.equal(['bo@example.org'])
      expect((await ada.ask('GET', '/v1/learner/badges')).json.items).to.have.length(2)
      const remove = (json: object) => ada.ask('POST', '/v1/learner/addresses/remove', { json })
      expect((await remove({ email: 'bo@example.org' })).json.code).to.equal('ADDRESS_LAST')
      expect((await remove({ email: 'ada@example.org' })).json.code).to.equal('NOT_FOUND')
      const { challenge } = (await ada.ask('POST', '/v1/learner/challenges', { json: { email: 'ada@new.example' } }))
        .json
      const { code } = server.mailTo('ada@new.example').values
      expect((await ada.ask('POST', '/v1/learner/addresses', { json: { challenge, code } })).status).to.equal(200)
      expect((await ada.ask('POST', '/v1/learner/addresses', { json: { challenge, code } })).json.code).to.equal(
        'CHALLENGE_INVALID',
      )
      expect((await remove({ email: 'ada@new.example', to: 'bo@example.org' })).status).to.equal(204)
      const page = await ada.ask('POST', '/badges/add-address', { json: { email: 'ada@new.example' } })
      const [, again = ''] = /name="challenge" value="([^"]+)"/.exec(page.text) ?? []
      const typed = { challenge: again, code: server.mailTo('ada@new.example').values.code }
      expect((await ada.ask('POST', '/badges/add-code', { json: typed })).status).to.equal(303)
    })
  })

  describe('who have lost an address', () => {
    const vouch = (n: number, email: string) =>
      ask('POST', `/v1/credentials/${server.credentials[n]}/move`, {
        json: { email, reason: 'Seen in person with a passport' },
      })

    it('get their badge at another one, when the old one has not objected in time', async () => {
      const { status, json, headers } = await vouch(3, 'dee@new.example')
      expect([status, json.state]).to.deep.equal([202, 'waiting'])
      expect(JSON.stringify(json)).to.not.match(/example|passport/)
      expect((await vouch(3, 'dee@other.example')).json.code).to.equal('MOVE_WAITING')
      expect((await vouch(2, 'CY@example.org')).json.code).to.equal('ADDRESS_SAME')
      const told = server.mailTo('dee@example.org')
      expect([told.template, told.values.days]).to.deep.equal(['move-asked', '3'])
      for (let i = 0; i < 3; i++)
        expect((await stranger().ask('GET', `/moves/${tokenOf(told)}`)).text).to.include('This was not me')
      await server.run()
      expect((await ask('GET', headers.get('location') ?? '')).json.state).to.equal('waiting')
      server.pass(3 * day)
      await server.run()
      expect((await ask('GET', headers.get('location') ?? '')).json.state).to.equal('done')
      expect((await stranger().ask('GET', `/claim/${linkOf('dee@new.example')}`)).status).to.equal(200)
      expect((await events('credential.moved'))[0].data.credential).to.equal(`urn:uuid:${server.credentials[3]}`)
      // What is written about it later goes there too.
      for (const [act, template] of [
        ['suspend', 'suspended'],
        ['reinstate', 'reinstated'],
        ['resend', 'claim'],
      ]) {
        const path = `/v1/credentials/${server.credentials[3]}/${act}`
        await ask('POST', path, act === 'resend' ? {} : { json: {} })
        const newest = server.mails().at(-1)
        expect([newest?.to, newest?.template], act).to.deep.equal(['dee@new.example', template])
      }
      expect((await ask('GET', '/v1/moves/00000000-0000-4000-8000-000000000000')).json.code).to.equal('MOVE_UNKNOWN')
    })

    it('keep it where it is, when the old one objects', async () => {
      const { json } = await vouch(4, 'thief@example.com')
      const path = `/moves/${tokenOf(server.mailTo('eve@example.org'))}`
      expect((await ask('POST', `${path}/object`, { headers: { 'sec-fetch-site': 'cross-site' } })).status).to.equal(
        403,
      )
      expect((await stranger().ask('POST', `${path}/object`)).status).to.equal(303)
      expect((await stranger().ask('GET', path)).text).to.include('You have objected')
      server.pass(30 * day)
      await server.run()
      expect((await ask('GET', `/v1/moves/${json.id}`)).json.state).to.equal('objected')
      expect(server.mails().filter(({ to }) => to === 'thief@example.com')).to.deep.equal([])
      expect(await events('credential.move-objected')).to.have.length(1)
    })
  })

  describe('and what they sign with', () => {
    const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
    const challenge = async (one: LearnerServer.Browser, kind: 'did' | 'wallet') =>
      (await one.ask('POST', '/v1/learner/challenges', { json: { kind } })).json
    const sign = async (asked: { challenge: string; nonce: string; domain: string; uri: string; chainId: number }) => {
      const { nonce, domain, uri, chainId } = asked
      const message = createSiweMessage({
        ...{ address: account.address, domain, uri, chainId, nonce, version: '1' },
        issuedAt: new Date(server.api.clock.now()),
      })
      return { challenge: asked.challenge, message, signature: await account.signMessage({ message }) }
    }

    it('bind a wallet, sign in by it, and unbind it; nobody learns whose one is', async () => {
      const bo = await LearnerServer.signedIn(server, 'bo@example.org')
      const one = await sign(await challenge(bo, 'wallet'))
      const { status, json } = await bo.ask('POST', '/v1/learner/wallets', { json: one })
      expect([status, json.wallets.map(({ address }: { address: string }) => address)]).to.deep.equal([
        200,
        [account.address.toLowerCase()],
      ])
      // The same again, of a nonce that is used.
      expect((await bo.ask('POST', '/v1/learner/wallets', { json: one })).json.code).to.equal('SIWE_NONCE_MISMATCH')
      const cy = await LearnerServer.signedIn(server, 'cy@example.org')
      const taken = await cy.ask('POST', '/v1/learner/wallets', { json: await sign(await challenge(cy, 'wallet')) })
      expect([taken.status, taken.json.code]).to.deep.equal([409, 'BINDING_TAKEN'])
      expect(taken.text).to.not.include('bo@').and.not.include(json.id)
      const lost = stranger()
      expect(
        (await lost.ask('POST', '/v1/learner/sessions', { json: await sign(await challenge(lost, 'wallet')) })).json
          .way,
      ).to.equal('wallet')
      expect((await lost.ask('GET', '/v1/learner')).json.id).to.equal(json.id)
      const remove = () => bo.ask('POST', '/v1/learner/wallets/remove', { json: { address: account.address } })
      expect([(await remove()).status, (await remove()).status]).to.deep.equal([204, 404])
      const unknown = stranger()
      const answer = await unknown.ask('POST', '/v1/learner/sessions', {
        json: await sign(await challenge(unknown, 'wallet')),
      })
      expect([answer.status, answer.json.code]).to.deep.equal([401, 'BINDING_UNKNOWN'])
    })

    it('bind a DID by a presentation, of Data Integrity and as a token, and sign in by it', async () => {
      const bo = await LearnerServer.signedIn(server, 'bo@example.org')
      const author = await Badges.author()
      const present = async (one: LearnerServer.Browser) => {
        const { challenge: secret, nonce, domain } = await challenge(one, 'did')
        const made = Presentations.of([], author.did, { verifiableCredential: [] })
        const presentation = await Presentations.sign(made, 'eddsa-rdfc-2022', author, { challenge: nonce, domain })
        return { challenge: secret, presentation }
      }
      const bound = await bo.ask('POST', '/v1/learner/dids', { json: await present(bo) })
      expect(bound.status, bound.text).to.equal(200)
      const { did, sign: signToken } = await Presentations.signer()
      const { challenge: secret, nonce, domain } = await challenge(bo, 'did')
      const presentation = await signToken({
        ...Presentations.of([], did, { verifiableCredential: [] }),
        iss: did,
        nonce,
        aud: domain,
      })
      const both = await bo.ask('POST', '/v1/learner/dids', { json: { challenge: secret, presentation } })
      expect(
        both.json.dids?.map((each: { did: string }) => each.did),
        both.text,
      ).to.deep.equal([author.did, did])
      const lost = stranger()
      const session = await lost.ask('POST', '/v1/learner/sessions', { json: await present(lost) })
      expect(session.json.way, session.text).to.equal('did')
      expect((await bo.ask('POST', '/v1/learner/dids/remove', { json: { did } })).status).to.equal(204)
      // What answers another challenge answers none.
      const other = await present(bo)
      const again = { ...other, challenge: (await challenge(bo, 'did')).challenge }
      const refused = await bo.ask('POST', '/v1/learner/dids', { json: again })
      expect([refused.status, refused.json.errors?.[0].code]).to.deep.equal([401, 'CHALLENGE_OTHER'])
    })
  })

  describe('and strangers', () => {
    it('are asked to sign in by whatever is theirs, and change nothing for a page of another site', async () => {
      const ada = await LearnerServer.signedIn(server, 'bo@example.org')
      const own = routes.filter(({ path, tag }) => tag === 'Learners' && !/challenges$|sessions$/.test(path))
      expect(own.length).to.be.greaterThan(8)
      const bodies: Readonly<Record<string, object>> = {
        addLearnerAddress: { token: 'x' },
        removeLearnerAddress: { email: 'bo@example.org' },
        moveLearnerBadges: { from: 'bo@example.org', to: 'x@example.org' },
        bindWallet: { challenge: 'x', message: 'x', signature: 'x' },
        unbindWallet: { address: 'x' },
        bindDid: { challenge: 'x', presentation: 'x' },
        unbindDid: { did: 'x' },
      }
      for (const { method, path, operation } of own) {
        const place = path.replace('{id}', '00000000-0000-4000-8000-000000000000')
        const asked = bodies[operation] === undefined ? {} : { json: bodies[operation] }
        const anonymous = await stranger().ask(method.toUpperCase(), place, asked)
        expect([anonymous.status, anonymous.json.code], operation).to.deep.equal([401, 'SIGN_IN_REQUIRED'])
        if (method === 'get') continue
        for (const headers of [
          { 'sec-fetch-site': 'cross-site' },
          { 'sec-fetch-site': 'same-site' },
          { 'sec-fetch-site': 'none' },
        ]) {
          const foreign = await ada.ask(method.toUpperCase(), place, { ...asked, headers })
          expect([foreign.status, foreign.json.code], operation).to.deep.equal([403, 'ORIGIN_REFUSED'])
        }
        const { 'sec-fetch-site': _, ...bare } = ada.headers() as { 'sec-fetch-site': string }
        for (const headers of [bare, { ...bare, origin: 'null' }, { ...bare, origin: 'https://evil.example' }])
          expect((await ask(method.toUpperCase(), place, { ...asked, headers })).json.code, operation).to.equal(
            'ORIGIN_REFUSED',
          )
      }
      const { 'sec-fetch-site': _, ...bare } = ada.headers() as { 'sec-fetch-site': string }
      const program = await ask('POST', '/v1/learner/dids/remove', {
        json: { did: 'x' },
        headers: { ...bare, origin: base },
      })
      expect(program.json.code).to.equal('NOT_FOUND')
    })

    it('are asked everything that is described', () => {
      expect(Api.unasked('learners/learners')).to.deep.equal([])
    })
  })
})
