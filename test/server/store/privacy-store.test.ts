import type * as Json from '@laurel/core/Json'
import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import * as Batch from '../../../server/src/Batch.ts'
import type { Held } from '../../../server/src/ports/PrivacyStore.ts'
import { tables } from '../../../server/src/privacy/DataMap.ts'
import * as Person from '../../../server/src/privacy/Person.ts'
import * as Canaries from '../../support/Canaries.ts'
import { hex, pages, request, urn, wanted } from './batch-store.ts'
import { describeDatabases, type Fresh } from './databases.ts'

const canaries = Canaries.create(4)
const owner = { host: 'test', pid: process.pid }
const fields = ({ name, email, wallet }: Canaries.Canary): Json.Object => ({
  recipient: {
    id: `did:pkh:eip155:1:${wallet}`,
    identifiers: [
      { type: 'name', value: name },
      { type: 'emailAddress', value: email },
    ],
  },
})

describeDatabases('what is kept of people', (fresh) => {
  let database: Fresh
  let store: SqlBatchStore.Store
  beforeEach(async () => {
    database = await fresh()
    store = await SqlBatchStore.open(database.location)
  })
  afterEach(async () => {
    await store.close()
    database.remove()
  })

  /** A batch of four that was drafted and signed. */
  const issue = async (id = 'batch-1', from = 0): Promise<void> => {
    const asked = request({ id, size: 4, hash: hex(50 + from), title: canaries[0]?.name })
    await store.accept(asked, pages(canaries.map(fields)))
    const claim = await store.claim(owner, wanted(), 3_600_000)
    if (claim === undefined) throw new Error('there is a batch')
    const { lease } = claim
    const batch = await store.reserve(claim.batch, lease)
    const ids = canaries.map((_, i) => from + i + 1)
    const drafts = ids.map((n) => ({
      credentialId: urn(n),
      proofId: urn(1_000 + n),
      secret: new Uint8Array(32).fill(n),
      statusIndex: n,
    }))
    await store.draft(batch, 0, pages(drafts), lease)
    const drafted = await store.move(batch, 'drafted', null, lease)
    const signatures = ids.map((n) => ({
      created: '2026-03-01T00:00:00Z',
      proofValue: `z${n}`,
      documentDigest: new Uint8Array(32).fill(n),
      leaf: new Uint8Array(32).fill(100 + n),
    }))
    await store.sign(drafted, 0, signatures, lease)
    await store.release(lease)
  }
  const end = (state = 'delivered') => database.execute(`UPDATE batches SET state = '${state}'`)
  const all = async (): Promise<readonly Held[]> => {
    const found: Held[] = []
    for await (const page of store.privacy.people()) found.push(...page)
    return found
  }
  const bytes = (byte: string) =>
    database.location.startsWith('postgres') ? `'\\x${byte.repeat(32)}'::bytea` : `x'${byte.repeat(32)}'`
  const blob = (text: string) => {
    const hex = Buffer.from(text).toString('hex')
    return database.location.startsWith('postgres') ? `'\\x${hex}'::bytea` : `x'${hex}'`
  }
  /** All that the database says, in words. */
  const dump = async (): Promise<Buffer> => {
    const isSqlite = !database.location.startsWith('postgres')
    const tables = await database.execute(
      isSqlite
        ? "SELECT name FROM sqlite_master WHERE type = 'table'"
        : 'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
    )
    const rows = await Promise.all(tables.map(({ name }) => database.execute(`SELECT * FROM ${name}`)))
    return Buffer.from(
      JSON.stringify(rows, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value)),
    )
  }
  const found = async (canary: Canaries.Canary | undefined) =>
    Canaries.finder([canary as Canaries.Canary])('database', await dump())

  it('is read whole: rows of rosters, with and without a credential, and orders that wait', async () => {
    await issue()
    await store.addVersion({ name: 'ai', digest: hex(1), definition: {}, metadata: '{}', createdAt: 1 })
    const order = { id: urn(99).slice(9), achievement: { name: 'ai', version: 1 }, redeemable: false, acceptedAt: 1 }
    await store.order({ ...order, fields: fields(canaries[1] as Canaries.Canary) })
    const held = await all()
    expect(held.map((each) => (each.kind === 'row' ? each.credential : 'order' in each && each.order))).to.deep.equal([
      urn(1),
      urn(2),
      urn(3),
      urn(4),
      order.id,
    ])
    expect(held[0]).to.deep.include({ fields: fields(canaries[0] as Canaries.Canary) })
  })

  it('is forgotten with all that says who it was, and nothing else', async () => {
    await issue()
    await end()
    await store.decide('suspend', urn(2), `because of ${canaries[1]?.email}`, 2_000)
    await store.decide('revoke', urn(2), `because of ${canaries[1]?.name}`, 2_000)
    expect(await found(canaries[1])).to.not.deep.equal([])
    const leaves = await store.leaves('batch-1', 0, 10)
    const [, second] = await all()
    const erasure = await store.privacy.erase('e1', [second as Held])
    await store.privacy.scrub()
    expect(await found(canaries[1])).to.deep.equal([])
    expect(erasure.credentials).to.deep.equal([
      { id: urn(2), batch: 'batch-1', row: 2, revoked: true, redeemable: false },
    ])
    expect(await store.leaves('batch-1', 0, 10)).to.deep.equal(leaves)
    expect([...(await store.erased('batch-1'))]).to.deep.equal([2])
    const { recipient } = (await store.find(urn(2))) as { recipient: Batch.Recipient }
    expect(Batch.isErased(recipient)).to.equal(true)
    expect(recipient.draft?.secret).to.deep.equal(new Uint8Array(32))
    expect(recipient.signature?.documentDigest).to.deep.equal(new Uint8Array(32))
    expect((await store.decisions(urn(2))).map(({ act, reason }) => [act, reason])).to.deep.equal([
      ['suspend', null],
      ['revoke', null],
    ])
    for (const other of [0, 2, 3]) expect(await found(canaries[other])).to.not.deep.equal([])
    const events = await store.outbox.events({ before: undefined, limit: 10 })
    expect(events[0]).to.deep.include({ type: 'credential.erased', subject: urn(2), sequence: 3 })
    expect(await store.privacy.erasedLately(60_000)).to.deep.equal([urn(2)])
  })

  it('is forgotten with the digests by which requests are known, and the same key makes nothing twice', async () => {
    await store.addVersion({ name: 'ai', digest: hex(1), definition: {}, metadata: '{}', createdAt: 1 })
    const id = urn(99).slice(9)
    const order = { id, achievement: { name: 'ai', version: 1 }, redeemable: false, acceptedAt: 1 }
    const receipt = {
      ...{ principal: 'p', key: 'k', fingerprint: hex(7), now: 1 },
      answer: () => ({ status: 202, headers: {}, body: JSON.stringify({ id }) }),
    }
    await store.orderOnce({ ...order, fields: fields(canaries[1] as Canaries.Canary) }, receipt)
    const erasure = await store.privacy.erase('e1', await all())
    expect([erasure.others, await store.ordered(id)]).to.deep.equal([1, undefined])
    expect((await dump()).includes(hex(7))).to.equal(false)
    const again = await store.answered(receipt).then(
      () => 'answered',
      (error) => error.code,
    )
    expect(again).to.equal('IDEMPOTENCY_KEY_REUSED')
    await issue()
    await end()
    await store.privacy.erase('e2', (await all()).slice(0, 1))
    expect(await store.requested(hex(50))).to.equal(undefined)
    expect((await store.get('batch-1'))?.title).to.not.equal(null)
    await store.privacy.erase('e3', await all())
    expect((await store.get('batch-1'))?.title).to.equal(null)
    for (const canary of canaries) expect(await found(canary)).to.deep.equal([])
  })

  it('is found by an address to which it was moved, and forgotten with all that was written and proved', async () => {
    await issue()
    await end()
    const [, second, third] = canaries as readonly [Canaries.Canary, Canaries.Canary, Canaries.Canary]
    const seq = '(SELECT seq FROM batches)'
    const moved = `new.${second.email}`
    for (const statement of [
      "INSERT INTO learners VALUES ('l1', 1)",
      `INSERT INTO addresses (key, email, learner, verified_at) VALUES ('${second.email}', '${second.email}', NULL, NULL)`,
      `INSERT INTO addresses (key, email, learner, verified_at) VALUES ('${moved}', '${moved}', 'l1', 1)`,
      `INSERT INTO addresses (key, email, learner, verified_at) VALUES ('${third.email}', '${third.email}', NULL, NULL)`,
      `INSERT INTO claims VALUES (${seq}, 2, 2, 'offered', 0, NULL, ${bytes('01')}, 1, 2)`,
      `INSERT INTO claims VALUES (${seq}, 3, 3, 'offered', 0, NULL, ${bytes('02')}, 1, 2)`,
      `INSERT INTO claim_moves VALUES ('m1', ${seq}, 2, 1, 2, '${second.name} wrote', 'done', ${bytes('03')}, 1, 2, 3)`,
      `INSERT INTO challenges (digest, kind, address, created_at, expires_at) VALUES (${bytes('04')}, 'address', 2, 1, 2)`,
      `INSERT INTO learner_sessions VALUES (${bytes('05')}, 's1', 'l1', 'address', 1, 2)`,
      `INSERT INTO learner_bindings VALUES ('wallet', '${second.wallet}', 'l1', 1)`,
      `INSERT INTO mail_suppressions (address, reason, at) VALUES ('${moved}', 'bounced', 1)`,
    ])
      await database.execute(statement)
    const values = { organisation: 'x', name: second.name, achievement: 'x', link: 'x' }
    await store.mails.enqueue({ to: second.email, template: 'claim', language: 'en', values, about: urn(2) })
    await store.mails.enqueue({ to: moved, template: 'claim', language: 'en', values })
    const person = await Person.find(moved.toUpperCase(), store.privacy)
    if (person === undefined) throw new Error('They are there')
    expect(person.held.map((each) => each.kind === 'row' && each.row)).to.deep.equal([2])
    expect(person.correspondence.mails.map(({ about, state }) => [about, state])).to.deep.equal([[null, 'queued']])
    expect(person.correspondence.suppressions).to.deep.equal([{ reason: 'bounced', at: 1 }])
    expect(await store.privacy.moves('batch-1', 2)).to.deep.equal([
      { from: second.email, to: moved, reason: `${second.name} wrote`, state: 'done', askedAt: 1, due: 2, endedAt: 3 },
    ])
    expect(await store.privacy.moves('batch-1', 3)).to.deep.equal([])
    await store.privacy.erase('e1', person.held, moved)
    expect(await Person.find(moved, store.privacy)).to.equal(undefined)
    expect(await found(second)).to.deep.equal([])
    for (const table of ['learners', 'learner_sessions', 'challenges', 'claim_moves', 'mails', 'mail_suppressions'])
      expect(await database.execute(`SELECT * FROM ${table}`), table).to.deep.equal([])
    expect(await database.execute('SELECT * FROM claims')).to.have.length(1)
    expect(await database.execute('SELECT * FROM addresses')).to.have.length(1)
    expect(await found(third)).to.not.deep.equal([])
  })

  it('is in no column any more that the data map calls personal, unless it says why', async () => {
    await issue()
    await end()
    const [, person] = canaries as readonly [Canaries.Canary, Canaries.Canary]
    const { name, email, wallet } = person
    const moment = 1_707_070_707_070
    const word = `x ${name} ${email} ${wallet}`
    await store.decide('suspend', urn(2), word, 2_000)
    await store.decide('revoke', urn(2), word, 2_000)
    await store.addVersion({ name: 'ai', digest: hex(1), definition: {}, metadata: '{}', createdAt: 1 })
    const order = { id: urn(99).slice(9), achievement: { name: 'ai', version: 1 }, redeemable: false, acceptedAt: 1 }
    await store.order({ ...order, fields: fields(person) })
    const values = { organisation: 'x', name, achievement: 'x', link: 'x' }
    await store.mails.enqueue({ to: email, template: 'claim', language: 'en', values, about: urn(2) })
    const asked = { shown: { credentials: [urn(2).slice(9)], reason: word }, kept: {} }
    const batch = '(SELECT seq FROM batches)'
    const event = `(SELECT max(seq) FROM events WHERE subject = '${urn(2)}')`
    for (const statement of [
      `UPDATE batches SET title = '${word}'`,
      `INSERT INTO intents (chain_id, account, "to", data, purpose, subject, state, created_at)
       VALUES (1, 'a', 'b', '${wallet}', 'award', '${wallet}', 'open', 1)`,
      `INSERT INTO nonces VALUES (1, 'a', 1, 'open', NULL, NULL, 0, '0', 1)`,
      `INSERT INTO attempts VALUES (1, 'a', 1, 1, 'h', '${wallet}', 1)`,
      `INSERT INTO api_keys (id, name, digest, scopes, created_at) VALUES ('k1', '${word}', ${bytes('01')}, '', 1)`,
      `INSERT INTO endpoints (id, url, created_at, secret_key, generation) VALUES ('e1', 'x', 1, 'x', 1)`,
      `INSERT INTO deliveries (endpoint, event, state, failures, due) VALUES (1, ${event}, 'failed', 1, 1)`,
      `INSERT INTO tries (endpoint, event, at, duration, code, excerpt) VALUES (1, ${event}, 1, 1, 'x', '${word}')`,
      `INSERT INTO mail_suppressions (address, reason, at) VALUES ('${email}', 'bounced', 1)`,
      "INSERT INTO learners VALUES ('l1', 1)",
      `INSERT INTO addresses (key, email, learner, verified_at) VALUES ('${email}', '${email}', 'l1', 1)`,
      `INSERT INTO claims VALUES (${batch}, 2, 1, 'accepted', 0, NULL, ${bytes('02')}, 1, 2)`,
      `INSERT INTO claim_moves VALUES ('m1', ${batch}, 2, 1, 1, '${word}', 'done', ${bytes('03')}, 1, 2, 3)`,
      `INSERT INTO learner_bindings VALUES ('wallet', '${wallet}', 'l1', 1)`,
      `INSERT INTO members (id, email, role, created_at) VALUES ('p1', '${email}', 'viewer', 1)`,
      `INSERT INTO invitations (id, email, role, digest, created_at, ends_at)
       VALUES ('i1', '${email}', 'viewer', ${bytes('04')}, 1, 2)`,
      `INSERT INTO sessions (digest, id, member, method, agent, created_at, proven_at, seen_at, ends_at)
       VALUES (${bytes('05')}, 's1', 'p1', 'link', '${word}', 1, 1, ${moment}, 2)`,
      `INSERT INTO passkeys (id, member, name, public_key, counter, transports, created_at, used_at)
       VALUES ('k1', 'p1', '${word}', ${bytes('06')}, 0, '[]', 1, ${moment})`,
      `INSERT INTO imports (id, kind, digest, total, wrong, created_at) VALUES ('i1', 'x', 'd', 1, '${word}', 1)`,
      `INSERT INTO originals (import, row, name, form, digest, said, judged, recipient, bytes)
       VALUES ('i1', 1, '${word}', 'x', 'd', '{}', '{}', '${JSON.stringify({ email })}', ${blob(word)})`,
      `INSERT INTO approvals (id, rule, operation, asked, proposer_kind, proposer, state, created_at, ends_at)
       VALUES ('a1', 'revocations', 'x', '${JSON.stringify(asked)}', 'key', 'k1', 'pending', 1, 2)`,
    ])
      await database.execute(statement)
    const personal = Object.entries(tables).flatMap(([table, { columns, stays = {} }]) =>
      Object.keys(columns).flatMap((column) =>
        columns[column] === 'personal' ? [{ table, column, stays: column in stays }] : [],
      ),
    )
    const find = Canaries.finder([person])
    const where = async () => {
      const places: string[] = []
      for (const { table, column } of personal) {
        const rows = await database.execute(`SELECT "${column}" AS value FROM ${table}`)
        const text = JSON.stringify(
          rows.map(({ value }) => (value instanceof Uint8Array ? Buffer.from(value).toString() : String(value))),
        )
        if (text.includes(String(moment)) || find(column, Buffer.from(text)).length > 0)
          places.push(`${table}.${column}`)
      }
      return places
    }
    expect(await where(), 'they are everywhere').to.deep.equal(
      personal.map(({ table, column }) => `${table}.${column}`),
    )
    await store.members.removeMember('home', 'p1', 5)
    const { held } = (await Person.find(email, store.privacy)) as Person.Person
    await store.privacy.erase('e1', held, email)
    const staying = personal.filter(({ stays }) => stays)
    expect(await where()).to.deep.equal(staying.map(({ table, column }) => `${table}.${column}`))
  })

  it('is found and forgotten where nothing but mails is left of them', async () => {
    const [{ email }] = canaries as readonly [Canaries.Canary]
    expect(await Person.find(email, store.privacy)).to.equal(undefined)
    const values = { organisation: 'x', name: 'x', achievement: 'x', link: 'x' }
    await store.mails.enqueue({ to: email, template: 'claim', language: 'en', values })
    const person = await Person.find(email.toUpperCase(), store.privacy)
    expect([person?.held, person?.correspondence.mails.length]).to.deep.equal([[], 1])
    await store.privacy.erase('e1', [], email)
    expect(await found(canaries[0])).to.deep.equal([])
    expect(await Person.find(email, store.privacy)).to.equal(undefined)
  })

  it('is forgotten as somebody who worked here, or was asked to; who still does is removed first', async () => {
    const [first, second] = canaries as readonly [Canaries.Canary, Canaries.Canary]
    const row = {
      id: 'm1',
      organisation: 'home',
      email: first.email,
      role: 'viewer',
      createdAt: 1,
      removedAt: null,
    } as const
    const limits = { department: null, issuer: null }
    await store.members.addMember({ ...row, limits })
    await store.members.addMember({ ...row, id: 'm2', email: second.email, limits })
    expect(await Person.find(first.email, store.privacy), 'works here').to.equal(undefined)
    await store.members.removeMember('home', 'm1', 7)
    const invitation = { id: 'i1', organisation: 'home', email: first.email, role: 'issuer', limits } as const
    const asked = { invitedBy: null, createdAt: 8, endsAt: 9_000_000_000_000, outcome: null }
    await store.members.invite({ ...invitation, ...asked }, new Uint8Array(32).fill(1), undefined)
    const person = await Person.find(first.email.toUpperCase(), store.privacy)
    expect(person?.correspondence).to.deep.equal({
      mails: [],
      suppressions: [],
      memberships: [{ role: 'viewer', createdAt: 1, removedAt: 7 }],
      invitations: [{ role: 'issuer', createdAt: 8, outcome: null }],
    })
    await store.privacy.erase('e1', [], first.email)
    expect(await found(first)).to.deep.equal([])
    expect(await store.members.invitation(new Uint8Array(32).fill(1), 9), 'nobody comes in by it').to.equal(undefined)
    await store.privacy.erase('e2', [], second.email)
    expect((await store.members.member('home', second.email))?.id).to.equal('m2')
  })

  it('is forgotten in what waits for a second person, which waits still', async () => {
    await issue()
    await end()
    const [first, second] = canaries as readonly [Canaries.Canary, Canaries.Canary]
    const propose = (id: string, subject: string | null, shown: Json.Object) =>
      store.approvals.propose({
        ...{ id, organisation: 'home', rule: 'revocations', operation: 'x', subject, asked: { shown, kept: {} } },
        ...{ proposer: { kind: 'member', id: 'm1', member: 'm1' }, state: 'pending', reason: null, createdAt: 1 },
        ...{ endsAt: 2, decidedBy: null, decidedAt: null, settledAt: null },
      })
    const both = [urn(1), urn(2)].map((each) => each.slice(9))
    await propose('a1', null, { credentials: both, reason: `because of ${first.email}` })
    await propose('a2', both[1] as string, { credentials: both.slice(1), reason: `because of ${second.email}` })
    await propose('a3', 'batch-1', { batch: 'batch-1', title: first.name, size: 4, achievement: 'ai' })
    const shown = async (id: string) => (await store.approvals.approval('home', id))?.asked.shown
    await store.privacy.erase('e1', (await all()).slice(0, 1))
    expect(await shown('a1')).to.deep.equal({ credentials: both, reason: null })
    expect((await shown('a2'))?.reason).to.equal(`because of ${second.email}`)
    expect((await shown('a3'))?.title).to.equal(first.name)
    await store.privacy.erase('e2', await all())
    expect((await shown('a2'))?.reason).to.equal(null)
    expect(await shown('a3')).to.deep.equal({})
    for (const canary of canaries) expect(await found(canary)).to.deep.equal([])
  })

  it('is not forgotten while a batch is under way', async () => {
    await issue()
    const before = await dump()
    const refused = await store.privacy.erase('e1', await all()).then(
      () => undefined,
      (error) => error,
    )
    expect([refused.code, refused.facts]).to.deep.equal(['ERASURE_TOO_EARLY', { batches: ['batch-1'] }])
    expect(await dump()).to.deep.equal(before)
  })

  it('is forgotten of a batch that was cancelled', async () => {
    await store.accept(request({ size: 4 }), pages(canaries.map(fields)))
    await end('cancelled')
    const { others, credentials } = await store.privacy.erase('e1', (await all()).slice(0, 3))
    expect([others, credentials]).to.deep.equal([3, []])
    expect((await all()).length).to.equal(1)
  })

  it('is forgotten once, whoever asks how often', async () => {
    await issue()
    await end()
    const people = (await all()).slice(0, 2)
    const [first, again] = [await store.privacy.erase('e1', people), await store.privacy.erase('e1', people)]
    expect(again).to.deep.equal(first)
    const other = await store.privacy.erase('e2', people)
    expect([other.credentials, other.others]).to.deep.equal([[], 0])
    expect((await store.privacy.unfinished(0)).map(({ id }) => id)).to.have.members(['e1', 'e2'])
    expect(await store.privacy.unfinished(60_000)).to.deep.equal([])
    await store.privacy.finish(first, { n: 1 }, 5_000)
    await store.privacy.finish(first, { n: 2 }, 6_000)
    expect((await store.privacy.erasureOf(urn(1)))?.receipt).to.deep.equal({ n: 1 })
    expect((await store.privacy.unfinished(0)).map(({ id }) => id)).to.deep.equal(['e2'])
    expect(await store.privacy.erasureOf(urn(4))).to.equal(undefined)
  })

  it('stays revoked, or is revoked later', async () => {
    await issue()
    await end()
    await store.privacy.erase('e1', (await all()).slice(0, 1))
    expect(await store.decide('revoke', urn(1), null, 3_000)).to.deep.equal({ repeated: false })
    expect((await store.privacy.erasureOf(urn(1)))?.credentials[0]?.revoked).to.equal(true)
    for (const statement of [
      'UPDATE revocations SET at = 1, reason = NULL',
      'DELETE FROM revocations',
      'DELETE FROM erased',
    ])
      expect(
        await database.execute(statement).then(
          () => 'done',
          () => 'refused',
        ),
        statement,
      ).to.equal('refused')
  })
})
