import { expect } from 'chai'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import * as ApiKey from '../../../server/src/access/ApiKey.ts'
import type { Database } from '../../../server/src/adapters/store/Database.ts'
import * as Location from '../../../server/src/adapters/store/Location.ts'
import type { Tables } from '../../../server/src/adapters/store/Rows.ts'
import { belongings } from '../../../server/src/adapters/store/Scope.ts'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import type * as BatchStore from '../../../server/src/ports/BatchStore.ts'
import * as Postgres from '../../support/Postgres.ts'
import { shouldBehaveLikeApiStore } from './api-store.ts'
import { pages, request, urn, wanted } from './batch-store.ts'
import { describeDatabases, type Fresh } from './databases.ts'

type Anything = Kysely<Record<string, Record<string, unknown>>>

const owner = { host: 'here', pid: process.pid }
const acme = { id: 'acme', name: 'Acme', settings: {}, quotas: {}, createdAt: 1 }

/** Opens the store within an organisation beside the one that every home has. */
async function openAcme(location: string): Promise<SqlBatchStore.Store> {
  const all = await SqlBatchStore.open(location)
  if ((await all.organisations.organisation('acme')) === undefined) await all.organisations.addOrganisation(acme)
  await all.close()
  return SqlBatchStore.open(location, 'acme')
}

/** Something of everything that an organisation may have, under the names that everybody uses. */
async function fill(store: SqlBatchStore.Store, n: number): Promise<void> {
  const key = ApiKey.create(new Uint8Array(36).fill(n), { name: 'key', scopes: ['batches:read'], createdAt: 1 }).key
  await store.addKey(key)
  await store.addVersion({ name: 'ai', digest: '0x01', definition: { id: 'urn:x' }, metadata: '{}', createdAt: 1 })
  const order = {
    id: `00000000-0000-4000-8000-00000000000${n}`,
    achievement: { name: 'ai', version: 1 },
    fields: {},
    redeemable: false,
    acceptedAt: 1,
  }
  const receipt = { principal: 'one', key: 'k', fingerprint: '0x07', now: 1 } as const
  await store.orderOnce(order, { ...receipt, answer: () => ({ status: 202, headers: {}, body: String(n) }) })
  await store.accept(request({ id: `2026-01-01-0000000${n}`, hash: `0x0${n}`, size: 1 }), pages([{ n }]))
  await store.outbox.addEndpoint({
    id: `endpoint-${n}`,
    url: 'https://a.example',
    description: null,
    types: null,
    key: 'k',
  })
  await store.outbox.test(`endpoint-${n}`)
  await store.issuers.describe(`did:example:${n}`, { name: String(n) }, 1)
  await store.organisations.addDepartment({ id: `department-${n}`, name: 'Law', createdAt: 1 })
}

describeDatabases('an organisation', (fresh) => {
  let database: Fresh
  let all: Database
  let ours: Database
  beforeEach(async () => {
    database = await fresh()
    const [home, other] = [await SqlBatchStore.open(database.location, 'home'), await openAcme(database.location)]
    await fill(home, 1)
    await fill(other, 2)
    await home.close()
    await other.close()
    all = await Location.open(database.location)
    ours = all.within('acme')
  })
  afterEach(async () => {
    await all.close()
    database.remove()
  })

  const rows = (from: Kysely<Tables>, table: string) =>
    (from as unknown as Anything).selectFrom(table).selectAll().execute()
  const owned = Object.entries(belongings).filter(([, belonging]) => typeof belonging !== 'string')
  const machines = Object.entries(belongings).filter(([, belonging]) => belonging === 'machine')
  const refused = async (work: () => Promise<unknown>) => {
    const error = await work().catch((reason: unknown) => reason)
    expect(error)
      .to.be.instanceOf(TypeError)
      .with.property('message')
      .that.matches(/^A scope cannot see through/)
  }

  it('has a say in every table of the database', async () => {
    // Every schema of this server has the same tables.
    const found = new Set((await all.db.introspection.getTables()).map(({ name }) => name))
    expect([...found].filter((name) => !name.startsWith('sqlite_')).toSorted()).to.deep.equal(
      Object.keys(belongings).toSorted(),
    )
  })

  it('sees its own rows in every table, and nobody else’s', async () => {
    const strangers = all.within('stranger')
    let seen = 0
    for (const [table] of owned) {
      const [everything, own] = [await rows(all.reader, table), await rows(ours.reader, table)]
      expect(await rows(strangers.reader, table), table).to.deep.equal([])
      expect(await rows(strangers.db, table), table).to.deep.equal([])
      seen += own.length
      if (everything.length === 0) continue
      expect([everything.length, own.length], table).to.deep.equal([2 * own.length, everything.length / 2])
    }
    expect(seen).to.be.at.least(15)
  })

  it('sees nothing of another’s through what it is joined to or asks beside', async () => {
    const db = ours.reader
    const joined = await db
      .selectFrom('leases')
      .leftJoin('batches', 'batches.id', 'leases.name')
      .select(['leases.name', 'batches.id'])
      .where('leases.name', 'like', '2026%')
      .orderBy('leases.name')
      .execute()
    expect(joined.map(({ id }) => id)).to.deep.equal([null, '2026-01-01-00000002'])
    const crossed = await db
      .selectFrom('leases')
      .crossJoin('batches')
      .whereRef('id', '=', 'name')
      .select('id')
      .execute()
    expect(crossed).to.have.length(1)
    const beside = await db
      .selectFrom('leases')
      .select(({ selectFrom, fn }) => [selectFrom('orders as o').select(fn.countAll<number>().as('n')).as('count')])
      .limit(1)
      .execute()
    expect(beside.map(({ count }) => Number(count))).to.deep.equal([1])
    const either = await db
      .selectFrom('orders')
      .select('seq')
      .where((eb) => eb.or([eb('seq', '>', 0), eb('seq', '<', 0)]))
      .execute()
    expect(either).to.have.length(1)
  })

  it('changes and deletes nothing of another’s', async () => {
    const names = async () => (await rows(all.db, 'departments')).map(({ id, name }) => `${id} ${name}`).toSorted()
    await ours.db.updateTable('departments').set({ name: 'Arts' }).execute()
    expect(await names()).to.deep.equal(['department-1 Law', 'department-2 Arts'])
    await ours.db.updateTable('deliveries').set({ failures: 7 }).execute()
    expect((await rows(all.db, 'deliveries')).map(({ failures }) => Number(failures)).toSorted()).to.deep.equal([
      0, 0, 7, 7,
    ])
    await ours.db.deleteFrom('departments').execute()
    expect(await names()).to.deep.equal(['department-1 Law'])
  })

  it('owns what it inserts, and says nothing of whose it is', async () => {
    await ours.db
      .insertInto('departments')
      .values([
        { id: 'a', name: 'A', created_at: 1 },
        { id: 'b', name: 'B', created_at: 1 },
      ])
      .execute()
    const made = await rows(all.db, 'departments')
    expect(made.map(({ id, organisation }) => `${id} ${organisation}`).toSorted()).to.include.members([
      'a acme',
      'b acme',
    ])
    const stolen = { id: 'c', name: 'C', created_at: 1, organisation: 'home' }
    await refused(() => ours.db.insertInto('departments').values(stolen).execute())
    await refused(() => ours.db.updateTable('departments').set({ organisation: 'home' }).execute())
    await refused(() =>
      ours.db
        .insertInto('organisations')
        .values({ id: 'x', name: 'x', settings: '{}', quotas: '{}', created_at: 1 })
        .execute(),
    )
  })

  it('has no way to what the machine works with, nor to what cannot be looked through', async () => {
    for (const [table] of machines) await refused(() => rows(ours.db, table))
    await refused(() => sql`SELECT * FROM batches`.execute(ours.db))
    await refused(() => sql`SELECT * FROM ${sql.raw('recipients')}`.execute(ours.reader))
    await refused(() => ours.db.selectFrom('leases').select(sql`(SELECT count(*) FROM orders)`.as('n')).execute())
    await refused(() => ours.db.selectFrom('leases').fullJoin('batches', 'id', 'name').select('id').execute())
    await refused(() => ours.db.deleteFrom('orders').using('leases').execute())
  })

  it('has status lists of its own, and decides in them', async () => {
    const machine = SqlBatchStore.over(all)
    const acmes = SqlBatchStore.over(ours)
    const lists = new Map<string, number | undefined>()
    for (let n = 1; n <= 2; n++) {
      const { batch, lease } = (await machine.claim(owner, wanted(), 60_000)) as BatchStore.Claim
      const reserved = await machine.reserve(batch, lease)
      const draft = { credentialId: urn(n), proofId: urn(10 + n), secret: new Uint8Array(32), statusIndex: n }
      await machine.draft(reserved, 0, pages([draft]), lease)
      lists.set(batch.id, reserved.statusLists?.number)
    }
    const [mine] = await acmes.list()
    const place = [...lists.keys()].indexOf(mine?.id ?? '') + 1
    expect(await acmes.decide('revoke', urn(place), null, 1)).to.deep.equal({ repeated: false })
    expect(await rows(ours.reader, 'revocations')).to.have.length(1)
    expect(new Set(lists.values()).size).to.equal(2)
  })

  it('stores nobody in another’s batch', async () => {
    const insert = ours.insertion('recipients', { batch: 'integer', row: 'integer', fields: 'text' })
    const [home] = await all.reader.selectFrom('batches').select('seq').where('organisation', '=', 'home').execute()
    await refused(() => ours.db.transaction().execute((tx) => insert(tx, [[home?.seq ?? 0, 9, '{}']])))
  })
})

describeDatabases('the store of the HTTP interface within an organisation', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  shouldBehaveLikeApiStore(() => openAcme(database.location))
})

describe('row-level security', function () {
  this.timeout(60_000)
  let server: Postgres.Postgres
  let url: string
  before(async function () {
    const reason = Postgres.missing()
    if (reason !== undefined) {
      console.log(`    SKIPPED: ${reason}`)
      this.skip()
    }
    server = await Postgres.start()
    url = server.url('tenants')
    const [home, other] = [await SqlBatchStore.open(url, 'home'), await openAcme(url)]
    await fill(home, 1)
    await fill(other, 2)
    await home.close()
    await other.close()
  })
  after(() => server?.stop())

  /** Goes round the program with plain SQL, under the name and the password that it has. */
  const ask = async (organisation: string | undefined, statement: string) => {
    const client = new pg.Client(organisation === undefined ? url : Postgres.seeing(url, organisation))
    await client.connect()
    try {
      return (await client.query(statement)).rows
    } finally {
      await client.end()
    }
  }
  const owned = Object.entries(belongings).flatMap(([name, belonging]) => (typeof belonging === 'string' ? [] : [name]))

  it('is forced upon every table that has an owner, and holds for the role that the tables belong to', async () => {
    const found = await ask(
      '*',
      `SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity`,
    )
    expect(found.map(({ relname }) => relname).toSorted()).to.deep.equal(owned.toSorted())
    const [role] = await ask(
      '*',
      'SELECT rolsuper OR rolbypassrls AS passes FROM pg_roles WHERE rolname = current_user',
    )
    expect(role?.passes).to.equal(false)
  })

  it('shows plain SQL nothing of another organisation', async () => {
    let seen = 0
    for (const table of owned) {
      const count = async (organisation?: string) =>
        Number((await ask(organisation, `SELECT count(*) AS count FROM ${table}`))[0]?.count)
      const [everything, own, strangers, nobody] = [
        await count('*'),
        await count('acme'),
        await count('stranger'),
        await count(),
      ]
      expect([strangers, nobody], table).to.deep.equal([0, 0])
      expect(own * 2, table).to.equal(everything)
      seen += own
    }
    expect(seen).to.be.at.least(15)
  })

  it('lets plain SQL change nothing of another organisation, and add nothing to it', async () => {
    await ask('acme', "UPDATE departments SET name = 'Arts'")
    await ask('acme', 'DELETE FROM receipts')
    await ask('acme', 'UPDATE recipients SET fields = fields')
    const left = await ask('home', 'SELECT name, (SELECT count(*) FROM receipts) AS receipts FROM departments')
    expect(left).to.deep.equal([{ name: 'Law', receipts: '1' }])
    const refusal = async (statement: string) =>
      ask('acme', statement).then(
        () => 'nothing',
        ({ message }) => message,
      )
    expect(await refusal("INSERT INTO departments VALUES ('x', 'home', 'x', 1)")).to.match(/row-level security/)
    expect(await refusal("UPDATE departments SET organisation = 'home'")).to.match(/row-level security/)
    const [batch] = await ask('home', 'SELECT seq FROM batches')
    expect(await refusal(`INSERT INTO recipients VALUES (${batch?.seq}, 9, '{}')`)).to.match(/row-level security/)
  })
})
