import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import type * as Browser from '../../support/Browser.ts'
import * as Cli from '../../support/Cli.ts'
import * as People from '../../support/People.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'

const none = { batches: false, keys: false, members: false, revocations: null }
const person = (n: number) => ({ name: `Person ${n}`, email: `p${n}@example.org` })
const unknown = '00000000-0000-4000-8000-000000000000'

describe('A second person', function () {
  this.timeout(180_000)
  let place: Place.Place
  let server: Cli.Server
  let base: string
  let ask: ReturnType<typeof Api.create>
  let ann: Browser.Browser
  let enter: People.People['enter']
  let bob: Browser.Browser
  let key: string
  let count = 0

  before(async () => {
    place = await Place.create({ LAUREL_WORKERS: '0' })
    server = await Cli.start(place.environment)
    key = server.key ?? ''
    base = place.base.replace('127.0.0.1', 'localhost')
    ask = Api.create(place.base, key)
    expect((await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })).status).to.equal(201)
    ;({ enter } = People.create(place.home, base, key))
    ann = await enter('ann@example.org', 'owner')
    await rule({ batches: true }, [409, 'APPROVERS_TOO_FEW'])
    bob = await enter('bob@example.org', 'owner')
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const outcome = async (asked: Promise<{ status: number; json: { code?: string } }>) => {
    const { status, json } = await asked
    return [status, json?.code]
  }
  const rule = async (rules: object, expected: unknown[] = [200, undefined]) => {
    expect(await outcome(ask('PUT', '/v1/approvals/rules', { json: { ...none, ...rules } }))).to.deep.equal(expected)
  }
  /** Turns all rules off again, by two people. */
  const free = async () => {
    const { status, json } = await ann.ask('PUT', '/v1/approvals/rules', none)
    if (status === 202) expect((await decide(bob, json.id, 'approve')).json.state).to.equal('done')
    expect((await ask('GET', '/v1/approvals/rules')).json).to.deep.equal(none)
  }
  const decide = (who: Browser.Browser, id: string, how: 'approve' | 'decline' | 'withdraw') =>
    who.ask('POST', `/v1/approvals/${id}/${how}`)
  const state = async (id: string) => (await ask('GET', `/v1/approvals/${id}`)).json.state
  const draft = async () => {
    const json = { achievement: 'A1', draft: true, recipients: [person(++count)] }
    return (await ask('POST', '/v1/batches', { json })).json.id as string
  }
  const batch = async (id: string) => (await ask('GET', `/v1/batches/${id}`)).json.state

  describe('approves that a batch is submitted', () => {
    before(() => rule({ batches: true }))
    after(free)

    it('which waits, as it was asked, and goes on its way when somebody else approves it', async () => {
      const id = await draft()
      const proposed = await ask('POST', `/v1/batches/${id}/submit`)
      expect([proposed.status, proposed.json.state, proposed.json.operation]).to.deep.equal([
        202,
        'pending',
        'submitBatch',
      ])
      expect(proposed.headers.get('location')).to.equal(`/v1/approvals/${proposed.json.id}`)
      expect(proposed.json.asked).to.deep.equal({ batch: id, title: null, size: 1, achievement: 'First aid' })
      const again = await ask('POST', `/v1/batches/${id}/submit`)
      expect(again.json.id, 'the same about the same is proposed once').to.equal(proposed.json.id)
      expect(await batch(id)).to.equal('held')
      const waiting = (await ask('GET', '/v1/approvals?state=pending')).json.items
      expect(waiting.map((each: { id: string }) => each.id)).to.include(proposed.json.id)
      const approved = await decide(ann, proposed.json.id, 'approve')
      expect([approved.status, approved.json.state, approved.json.asked]).to.deep.equal([200, 'done', {}])
      const { items: noted } = (await ask('GET', `/v1/audit?object=${proposed.json.id}`)).json
      const who = (each: { principal: string; operation: string }) => [each.principal.split(':')[0], each.operation]
      const approving = ['member', 'approve']
      expect(noted.map(who)).to.deep.equal([
        ['key', 'submitBatch'],
        ['key', 'submitBatch'],
        approving,
        ['key', 'submitBatch'],
        approving,
      ])
      expect([noted[3].outcome, noted[3].objects]).to.deep.equal(['done', [id, proposed.json.id]])
      await until(
        () => batch(id),
        (now) => now === 'delivered',
      )
      expect((await ask('POST', `/v1/batches/${id}/submit`)).status, 'what is under way is not asked for').to.equal(200)
    })

    it('also where its author would have had it on its way at once', async () => {
      const json = { achievement: 'A1', recipients: [person(++count)] }
      const headers = { 'idempotency-key': 'at-once' }
      const { json: made } = await ask('POST', '/v1/batches', { json, headers })
      expect(made.state).to.equal('held')
      expect((await ask('POST', '/v1/batches', { json, headers })).json.id).to.equal(made.id)
      const { items } = (await ask('GET', '/v1/approvals')).json
      const mine = items.filter(({ subject }: { subject: string }) => subject === made.id)
      expect(mine).to.have.length(1)
      expect((await decide(bob, mine[0].id, 'approve')).json.state).to.equal('done')
      expect(await batch(made.id)).to.not.equal('held')
      const order = { achievement: 'A1', recipient: person(++count) }
      expect(await outcome(ask('POST', '/v1/credentials', { json: order }))).to.deep.equal([409, 'APPROVAL_REQUIRED'])
    })

    it('is never whoever has proposed it, a key, nor whoever has made the key that has', async () => {
      const id = await draft()
      const mine = (await ann.ask('POST', `/v1/batches/${id}/submit`)).json
      expect(await outcome(decide(ann, mine.id, 'approve'))).to.deep.equal([403, 'APPROVAL_OWN'])
      const made = await ann.ask('POST', '/v1/api-keys', { name: 'ann’s', scopes: ['batches:write', 'keys:admin'] })
      const second = await ask('POST', '/v1/api-keys', {
        key: made.json.secret,
        json: { name: 'of the key', scopes: ['batches:write'] },
      })
      for (const secret of [made.json.secret, second.json.secret]) {
        const other = await draft()
        const { json } = await ask('POST', `/v1/batches/${other}/submit`, { key: secret })
        expect(json.proposedBy.kind).to.equal('key')
        expect(await outcome(decide(ann, json.id, 'approve')), 'by her own key').to.deep.equal([403, 'APPROVAL_OWN'])
        expect(await outcome(ask('POST', `/v1/approvals/${json.id}/approve`))).to.deep.equal([403, 'PERSON_REQUIRED'])
        expect(await outcome(ask('POST', `/v1/approvals/${json.id}/decline`))).to.deep.equal([403, 'PERSON_REQUIRED'])
        expect((await decide(bob, json.id, 'approve')).json.state).to.equal('done')
      }
      const issuer = await enter('issuer@example.org', 'issuer')
      expect(await outcome(decide(issuer, mine.id, 'approve'))).to.deep.equal([403, 'SCOPE_REQUIRED'])
      expect(await outcome(decide(bob, unknown, 'approve'))).to.deep.equal([404, 'APPROVAL_UNKNOWN'])
      expect(await batch(id)).to.equal('held')
    })

    it('decides once: of two at once one does, and what was declined or withdrawn is done by nobody', async () => {
      const approver = await enter('approver@example.org', 'approver')
      const id = await draft()
      const { json } = await ask('POST', `/v1/batches/${id}/submit`)
      const both = await Promise.all([ann, bob, approver].map((who) => outcome(decide(who, json.id, 'approve'))))
      expect(both.map(([status]) => status).toSorted()).to.deep.equal([200, 409, 409])
      for (const [how, who] of [
        ['decline', bob],
        ['withdraw', ann],
      ] as const) {
        const other = await draft()
        const proposed = (await ann.ask('POST', `/v1/batches/${other}/submit`)).json
        expect(await outcome(decide(bob, proposed.id, 'withdraw')), 'not his').to.deep.equal([404, 'APPROVAL_UNKNOWN'])
        const { json: ended } = await decide(who, proposed.id, how)
        expect([ended.state, ended.asked]).to.deep.equal([how === 'decline' ? 'declined' : 'withdrawn', {}])
        expect(await outcome(decide(bob, proposed.id, 'approve'))).to.deep.equal([409, 'APPROVAL_SETTLED'])
        expect(await batch(other)).to.equal('held')
      }
    })

    it('finds undone what cannot be done any more', async () => {
      const id = await draft()
      const { json } = await ask('POST', `/v1/batches/${id}/submit`)
      await ask('POST', `/v1/batches/${id}/cancel`)
      const { json: failed } = await decide(bob, json.id, 'approve')
      expect([failed.state, failed.reason]).to.deep.equal(['failed', 'BATCH_MOVE_ILLEGAL'])
      const other = await draft()
      const gone = await enter('gone@example.org', 'issuer')
      const { json: proposed } = await gone.ask('POST', `/v1/batches/${other}/submit`)
      const { member } = (await gone.ask('GET', '/v1/me')).json
      await ask('POST', `/v1/members/${member.id}/remove`)
      const { json: void_ } = await decide(bob, proposed.id, 'approve')
      expect([void_.state, void_.reason, await batch(other)]).to.deep.equal(['failed', 'APPROVAL_VOID', 'held'])
      const less = await enter('less@example.org', 'issuer')
      const { json: wider } = await less.ask('POST', `/v1/batches/${other}/submit`)
      const { id: lessId } = (await less.ask('GET', '/v1/me')).json.member
      const limits = { department: 'law', issuer: null }
      await ask('PUT', `/v1/members/${lessId}/role`, { json: { role: 'issuer', limits } })
      const { json: beyond } = await decide(bob, wider.id, 'approve')
      expect([beyond.state, beyond.reason, await batch(other)]).to.deep.equal(['failed', 'BATCH_UNKNOWN', 'held'])
    })
  })

  describe('approves a key', () => {
    before(() => rule({ keys: true }))
    after(free)

    it('which its owner is told at once, and which opens nothing before', async () => {
      const made = await ask('POST', '/v1/api-keys', { json: { name: 'four eyes', scopes: ['batches:read'] } })
      expect([made.status, made.json.rule]).to.deep.equal([202, 'keys'])
      const { secret, id, subject } = made.json
      expect((await ask('GET', '/v1/me', { key: secret })).status).to.equal(401)
      const shown = await ask('GET', `/v1/approvals/${id}`)
      expect(shown.text).to.not.include(secret.split('_')[2])
      expect(shown.json.asked).to.deep.equal({ name: 'four eyes', scopes: ['batches:read'], expiresAt: null })
      expect((await decide(ann, id, 'approve')).json.state).to.equal('done')
      expect((await ask('GET', '/v1/me', { key: secret })).json.key).to.include({ id: subject, name: 'four eyes' })
      // Ending one waits for nobody.
      expect((await ask('POST', `/v1/api-keys/${subject}/revoke`)).status).to.equal(200)
      expect((await ask('GET', '/v1/me', { key: secret })).status).to.equal(401)
    })

    it('of an issuer, which is none before; and is not asked for one that cannot be replaced', async () => {
      const made = await ask('POST', '/v1/issuers', { json: { name: 'Evening School' } })
      expect([made.status, made.json.rule, made.json.asked]).to.deep.equal([202, 'keys', { name: 'Evening School' }])
      const path = `/v1/issuers/${made.json.subject}`
      expect((await ask('GET', path)).status).to.equal(404)
      expect((await decide(ann, made.json.id, 'approve')).json.state).to.equal('done')
      const { name, keys } = (await ask('GET', path)).json
      expect(name).to.equal('Evening School')
      // Without a domain the DID of an issuer is its key.
      const rotation = await ask('POST', `${path}/rotate`, { json: { key: keys[0].key } })
      expect([rotation.status, rotation.json.code]).to.deep.equal([409, 'ROTATION_IMPOSSIBLE'])
    })
  })

  describe('approves a role', () => {
    let viewer: Browser.Browser
    before(async () => {
      viewer = await enter('viewer@example.org', 'viewer')
      await rule({ members: true })
    })
    after(free)

    it('that somebody is given, or is asked to take', async () => {
      const { member } = (await viewer.ask('GET', '/v1/me')).json
      const { status, json } = await ann.ask('PUT', `/v1/members/${member.id}/role`, { role: 'owner' })
      expect([status, json.subject]).to.deep.equal([202, member.id])
      expect((await decide(bob, json.id, 'approve')).json.state).to.equal('done')
      expect((await ask('GET', `/v1/members/${member.id}`)).json.role).to.equal('owner')
      const asked = await ann.ask('POST', '/v1/invitations', { email: 'asked@example.org', role: 'issuer' })
      expect(asked.status).to.equal(202)
      const invited = async () => (await ask('GET', '/v1/invitations')).json.items.length
      expect(await invited()).to.equal(0)
      expect((await decide(bob, asked.json.id, 'approve')).json.state).to.equal('done')
      expect(await invited()).to.equal(1)
    })
  })

  describe('approves that many are revoked', () => {
    let ids: string[]
    before(async () => {
      const json = { achievement: 'A1', recipients: Array.from({ length: 12 }, () => person(++count)) }
      const { id } = (await ask('POST', '/v1/batches', { json })).json
      await until(
        () => batch(id),
        (now) => now === 'delivered',
      )
      const { items } = (await ask('GET', `/v1/batches/${id}/credentials`)).json
      ids = items.map(({ credential }: { credential: string }) => credential.replace('urn:uuid:', ''))
      await rule({ revocations: 3 })
    })
    after(free)
    const revoke = (id = '') => ask('POST', `/v1/credentials/${id}/revoke`, { json: { reason: 'in error' } })
    const status = async (id = '') => (await ask('GET', `/v1/credentials/${id}`)).json.status

    it('at once or one by one, whoever they are that ask at once', async () => {
      const many = await ask('POST', '/v1/credentials/revoke', { json: { credentials: ids.slice(0, 4) } })
      expect([many.status, many.json.asked.credentials]).to.deep.equal([202, ids.slice(0, 4)])
      expect(await status(ids[0])).to.equal('valid')
      const answers = await Promise.all(ids.slice(4, 10).map(revoke))
      const sorted = answers.map((answer) => answer.status).toSorted()
      expect(sorted, 'three, and not one more').to.deep.equal([200, 200, 200, 202, 202, 202])
      const [waiting] = answers.filter((answer) => answer.status === 202)
      // What is revoked already may be revoked again: it changes nothing.
      const done = ids.slice(4, 10)[answers.findIndex((answer) => answer.status === 200)]
      expect((await revoke(done)).json.repeated).to.equal(true)
      expect((await decide(ann, waiting?.json.id, 'approve')).json.state).to.equal('done')
      expect(await status(waiting?.json.subject)).to.equal('revoked')
      expect((await decide(ann, many.json.id, 'approve')).json.state).to.equal('done')
      for (const id of ids.slice(0, 4)) expect(await status(id)).to.equal('revoked')
      const few = await ask('POST', '/v1/credentials/revoke', { json: { credentials: ids.slice(0, 4) } })
      expect(few.json).to.deep.equal({ revoked: 0, repeated: 4 })
      const json = { credentials: [ids[11], unknown] }
      expect(await outcome(ask('POST', '/v1/credentials/revoke', { json }))).to.deep.equal([404, 'CREDENTIAL_UNKNOWN'])
      expect(await status(ids[11]), 'all or none').to.equal('valid')
    })

    it('decide:after-some: what was approved is finished by whoever comes after', async () => {
      const stands = await Promise.all(ids.map(status))
      const left = ids.filter((_, i) => stands[i] === 'valid')
      expect(left).to.have.length(4)
      const { json } = await ask('POST', '/v1/credentials/revoke', { json: { credentials: left } })
      await server.stop()
      server = await Cli.start({ ...place.environment, LAUREL_CRASH_AT: 'decide:after-some*2' })
      const answer = await decide(bob, json.id, 'approve').catch(() => undefined)
      expect(answer, 'it was answered').to.equal(undefined)
      await server.ended
      server = await Cli.start(place.environment)
      await until(
        () => state(json.id),
        (now) => now === 'done',
      )
      for (const id of left) expect(await status(id)).to.equal('revoked')
    })
  })

  it('keeps the rules: whoever is bound by them does not undo them alone', async () => {
    await rule({ batches: true, revocations: 5 })
    for (const rules of [{ revocations: 5 }, { batches: true, revocations: 6 }, { batches: true, revocations: null }]) {
      const { status, json } = await ann.ask('PUT', '/v1/approvals/rules', { ...none, ...rules })
      expect(status).to.equal(202)
      expect((await decide(ann, json.id, 'approve')).json.code).to.equal('APPROVAL_OWN')
      await decide(ann, json.id, 'withdraw')
    }
    await rule({ batches: true, keys: true, revocations: 2 })
    await free()
  })

  for (const [label, done] of [
    ['approval:after-propose', false],
    ['approval:after-decide', true],
    ['approval:after-effect', true],
    ['approval:after-settle', true],
  ] as const)
    it(`${label}: what was proposed waits, what was approved is done, and both once`, async () => {
      await rule({ batches: true, keys: true })
      await server.stop()
      server = await Cli.start({ ...place.environment, LAUREL_CRASH_AT: label })
      const id = await draft()
      const submit = () => ask('POST', `/v1/batches/${id}/submit`)
      const proposed = await submit().catch(() => undefined)
      if (proposed !== undefined) await decide(bob, proposed.json.id, 'approve').catch(() => undefined)
      await server.ended
      server = await Cli.start(place.environment)
      const { items } = (await ask('GET', '/v1/approvals')).json
      const mine = items.filter(({ subject }: { subject: string }) => subject === id)
      expect(mine).to.have.length(1)
      if (done) {
        await until(
          () => state(mine[0].id),
          (now) => now === 'done',
        )
        await until(
          () => batch(id),
          (now) => now === 'delivered',
        )
        expect((await submit()).status).to.equal(200)
      } else {
        expect([mine[0].state, await batch(id)]).to.deep.equal(['pending', 'held'])
        expect((await submit()).json.id).to.equal(mine[0].id)
      }
      await free()
    })

  it('approval:after-decide: what was approved is done within the organisation of whoever has proposed it', async () => {
    const command = async (...args: string[]) =>
      JSON.parse((await Cli.run('laurel', [...args, '--json'], place.environment)).stdout)
    await command('organisation', 'add', 'acme', '--name', 'Acme')
    const { secret } = await command('key', 'create', '--name', 'theirs', '--organisation', 'acme')
    const acme = People.create(place.home, base, secret)
    await acme.enter('cat@example.org', 'owner')
    const dan = await acme.enter('dan@example.org', 'owner')
    const theirs = { key: secret }
    await ask('PUT', '/v1/approvals/rules', { ...theirs, json: { ...none, keys: true } })
    const json = { name: 'of theirs', scopes: ['keys:admin'] }
    const { json: proposed } = await ask('POST', '/v1/api-keys', { ...theirs, json })
    expect(await outcome(decide(bob, proposed.id, 'approve')), 'of another one').to.deep.equal([
      404,
      'APPROVAL_UNKNOWN',
    ])
    await server.stop()
    server = await Cli.start({ ...place.environment, LAUREL_CRASH_AT: 'approval:after-decide' })
    await decide(dan, proposed.id, 'approve').catch(() => undefined)
    await server.ended
    server = await Cli.start(place.environment)
    await until(
      async () => (await ask('GET', `/v1/approvals/${proposed.id}`, theirs)).json.state,
      (now) => now === 'done',
    )
    expect((await ask('GET', '/v1/organisation', { key: proposed.secret })).json.id).to.equal('acme')
  })

  describe('at the end', () => {
    it('was asked for every operation that is described', () => {
      expect(Api.unasked('http/approvals')).to.deep.equal([])
    })
  })
})
