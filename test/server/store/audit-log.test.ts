import type * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import * as Anchoring from '../../../server/src/audit/Anchoring.ts'
import * as Entry from '../../../server/src/audit/Entry.ts'
import { type Finding, verifyLog } from '../../../server/src/audit/verify-log.ts'
import { describeDatabases, type Fresh } from './databases.ts'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const note = (n: number, over: Partial<Entry.Note> = {}): Entry.Note => ({
  organisation: 'home',
  at: 1_000 + n,
  principal: 'key:0a1b2c3d',
  operation: 'revokeCredential',
  objects: [uuid(n)],
  request: uuid(1_000 + n),
  outcome: 'done',
  code: null,
  ...over,
})

const place: Anchoring.Place = { chainId: 31337, registry: `0x${'aa'.repeat(20)}`, account: `0x${'bb'.repeat(20)}` }

describeDatabases('the audit log', (fresh) => {
  let database: Fresh
  let store: SqlBatchStore.Store
  let isSqlite: boolean
  /** What the chain has, and how many transactions the account has sent. */
  let anchored: Set<string>
  beforeEach(async () => {
    database = await fresh()
    isSqlite = !database.location.startsWith('postgres')
    store = await SqlBatchStore.open(database.location)
    anchored = new Set()
  })
  afterEach(async () => {
    await store.close()
    database.remove()
  })

  const chain = {
    chainId: place.chainId,
    registry: place.registry,
    anchoredAt: async (_account: Bytes.Hex, root: Bytes.Hex) => (anchored.has(root) ? { time: 1, block: 1n } : null),
    nonce: async () => anchored.size,
  }
  const verify = () => verifyLog(store.audit, chain)
  const fill = async (count: number, from = 1) => {
    for (let n = from; n < from + count; n++) await store.audit.note(note(n))
  }
  const anchor = async () => {
    const planned = await store.audit.plan(place, 5_000)
    anchored.add(planned.digest)
    await store.audit.settle(planned, { transactionHash: `0x${'cc'.repeat(32)}`, time: 1 })
  }
  /** Takes away what keeps everybody from changing the log, as somebody can who owns the database. */
  const unlock = async () => {
    if (isSqlite) {
      const triggers = await database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'",
      )
      for (const { name } of triggers) await database.execute(`DROP TRIGGER ${name}`)
    } else
      for (const table of ['audit_entries', 'audit_heads', 'audit_anchors']) {
        // Whoever owns a table takes back what was taken from them.
        await database.execute(`GRANT ALL ON ${table} TO CURRENT_USER`)
        await database.execute(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
      }
  }
  const blob = (hex: string) => (isSqlite ? `x'${hex.slice(2)}'` : `'\\x${hex.slice(2)}'::bytea`)
  const found = async (): Promise<readonly (readonly [Finding['kind'], number])[]> =>
    (await verify()).findings.map(({ kind, number }) => [kind, number] as const)

  it('is one chain without gaps, in the order in which it was written', async () => {
    await fill(3)
    await store.audit.note(note(4, { objects: [], outcome: 'refused', code: 'CREDENTIAL_UNKNOWN' }))
    const entries = await store.audit.entries('home', 0, 10)
    expect(entries.map(({ sequence }) => sequence)).to.deep.equal([1, 2, 3, 4])
    let before: Entry.Entry | undefined
    for (const [i, entry] of entries.entries()) {
      expect(entry).to.deep.equal(
        Entry.seal(
          i < 3 ? note(i + 1) : note(4, { objects: [], outcome: 'refused', code: 'CREDENTIAL_UNKNOWN' }),
          before,
        ),
      )
      before = entry
    }
    expect(await verify()).to.deep.equal({
      entries: 4,
      unknown: [],
      anchors: { confirmed: 0, waiting: 0, elsewhere: 0 },
      findings: [],
    })
  })

  it('has no gaps and no forks when several processes write at once', async function () {
    this.timeout(30_000)
    // Two connections of SQLite in one process would wait for each other with the whole process.
    const others = isSqlite ? [store] : await Promise.all([1, 2, 3].map(() => SqlBatchStore.open(database.location)))
    try {
      await Promise.all(
        Array.from({ length: 120 }, (_, n) =>
          (others[n % others.length] as SqlBatchStore.Store).audit.note(
            note(n, { organisation: n % 4 === 0 ? 'b' : 'home' }),
          ),
        ),
      )
    } finally {
      for (const other of others) if (other !== store) await other.close()
    }
    const { entries, findings } = await verify()
    expect([entries, findings]).to.deep.equal([120, []])
    expect((await store.audit.heads()).map(({ organisation, sequence }) => [organisation, sequence])).to.deep.equal([
      ['b', 30],
      ['home', 90],
    ])
  })

  it('is searched by who, what, which and when', async () => {
    await fill(5)
    await store.audit.note(note(6, { principal: 'operator', operation: 'issue', objects: [] }))
    const sequences = async (wanted: Parameters<typeof store.audit.entries>[3]) =>
      (await store.audit.entries('home', 0, 10, wanted)).map(({ sequence }) => sequence)
    expect(await sequences({ principal: 'operator' })).to.deep.equal([6])
    expect(await sequences({ operation: 'revokeCredential' })).to.deep.equal([1, 2, 3, 4, 5])
    expect(await sequences({ object: uuid(2) })).to.deep.equal([2])
    expect(await sequences({ request: uuid(1_003) })).to.deep.equal([3])
    expect(await sequences({ since: 1_002, before: 1_004 })).to.deep.equal([2, 3])
    expect(await store.audit.entries('other', 0, 10)).to.deep.equal([])
    expect((await store.audit.entries('home', 2, 2)).map(({ sequence }) => sequence)).to.deep.equal([3, 4])
  })

  it('says of what was only asked for that nobody knows how it ended', async () => {
    await store.audit.note(note(1, { outcome: 'asked' }))
    await store.audit.note(note(1))
    await store.audit.note(note(2, { outcome: 'asked' }))
    expect((await verify()).unknown).to.deep.equal([uuid(1_002)])
  })

  it('is stored with an order or not at all, and once where the answer is given again', async () => {
    const achievement = { name: 'ai', version: 1 }
    const version = {
      name: 'ai',
      digest: `0x${'00'.repeat(32)}`,
      definition: {},
      metadata: '{}',
      createdAt: 1,
    } as const
    await store.addVersion(version)
    const order = { id: uuid(1), achievement, fields: {}, redeemable: false, acceptedAt: 1 }
    const receipt = {
      ...({ principal: 'p', key: 'k', fingerprint: '0x', now: 1 } as const),
      answer: () => ({ status: 202, headers: {}, body: '' }),
    }
    await store.orderOnce(order, receipt, note(1))
    await store.orderOnce({ ...order, id: uuid(2) }, receipt, note(2))
    const missing = { ...order, id: uuid(3), achievement: { name: 'none', version: 1 } }
    expect(
      await store.order(missing, note(3)).then(
        () => 'stored',
        () => 'refused',
      ),
    ).to.equal('refused')
    await store.order({ ...order, id: uuid(4) }, note(4))
    expect((await store.audit.entries('home', 0, 10)).map(({ objects }) => objects[0])).to.deep.equal([
      uuid(1),
      uuid(4),
    ])
  })

  it('is changed by nobody who writes to the database as we do', async () => {
    await fill(2)
    await anchor()
    const statements = [
      "UPDATE audit_entries SET principal = 'operator' WHERE sequence = 1",
      'DELETE FROM audit_entries WHERE sequence = 2',
      'UPDATE audit_heads SET sequence = 1',
      'DELETE FROM audit_heads',
      'DELETE FROM audit_anchors',
      'UPDATE audit_anchors SET time = 2',
      ...(isSqlite ? [] : ['TRUNCATE audit_entries', 'TRUNCATE audit_heads', 'TRUNCATE audit_anchors']),
    ]
    for (const statement of statements)
      expect(
        await database.execute(statement).then(
          () => 'done',
          () => 'refused',
        ),
        statement,
      ).to.equal('refused')
    if (!isSqlite) {
      const grants = await database.execute(`
        SELECT privilege_type FROM information_schema.role_table_grants
        WHERE table_name = 'audit_entries' AND table_schema = current_schema()
          AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')`)
      expect(grants).to.deep.equal([])
    }
    expect((await verify()).findings).to.deep.equal([])
  })

  describe('changed by somebody who owns the database', () => {
    beforeEach(async () => {
      await fill(6)
      await unlock()
    })

    it('shows an entry that was edited', async () => {
      await database.execute("UPDATE audit_entries SET principal = 'operator' WHERE sequence = 3")
      expect(await found()).to.deep.equal([['entry changed', 3]])
    })

    it('shows an entry that was edited and hashed anew', async () => {
      const [, second, third] = await store.audit.entries('home', 0, 3)
      const forged = Entry.seal({ ...(third as Entry.Entry), principal: 'operator' }, second)
      await database.execute(
        `UPDATE audit_entries SET principal = 'operator', hash = ${blob(forged.hash)} WHERE sequence = 3`,
      )
      expect(await found()).to.deep.equal([['entry detached', 4]])
    })

    it('shows an entry that was removed', async () => {
      await database.execute('DELETE FROM audit_entries WHERE sequence = 3')
      expect(await found()).to.deep.equal([
        ['entry missing', 3],
        ['entry detached', 4],
      ])
    })

    it('shows entries that were exchanged', async () => {
      await database.execute('UPDATE audit_entries SET sequence = 99 WHERE sequence = 2')
      await database.execute('UPDATE audit_entries SET sequence = 2 WHERE sequence = 5')
      await database.execute('UPDATE audit_entries SET sequence = 5 WHERE sequence = 99')
      const kinds = await found()
      for (const moved of [2, 5]) expect(kinds).to.deep.include(['entry changed', moved])
    })

    it('shows that its end was cut off', async () => {
      await database.execute('DELETE FROM audit_entries WHERE sequence > 4')
      expect(await found()).to.deep.equal([
        ['entry missing', 5],
        ['entry missing', 6],
      ])
    })

    it('shows, by its anchor, that its end was cut off with its head, or all of it removed', async () => {
      await anchor()
      const [last] = await store.audit.entries('home', 3, 1)
      await database.execute('DELETE FROM audit_entries WHERE sequence > 4')
      await database.execute(`UPDATE audit_heads SET sequence = 4, hash = ${blob((last as Entry.Entry).hash)}`)
      expect(await found()).to.deep.equal([
        ['entry missing', 5],
        ['entry missing', 6],
      ])
      await database.execute('DELETE FROM audit_entries')
      await database.execute('DELETE FROM audit_heads')
      expect((await found()).filter(([kind]) => kind === 'entry missing')).to.have.length.greaterThan(5)
    })

    it('shows, by its anchor, that it was written anew from some entry on', async () => {
      await anchor()
      let before: Entry.Entry | undefined
      for (const entry of await store.audit.entries('home', 0, 10)) {
        const forged = Entry.seal({ ...entry, ...(entry.sequence >= 3 && { principal: 'operator' }) }, before)
        await database.execute(
          `UPDATE audit_entries SET principal = '${forged.principal}', previous = ${blob(forged.previous)}, hash = ${blob(forged.hash)} WHERE sequence = ${forged.sequence}`,
        )
        before = forged
      }
      await database.execute(`UPDATE audit_heads SET hash = ${blob((before as Entry.Entry).hash)}`)
      expect(await found()).to.deep.equal([['entry changed', 6]])
    })

    it('shows that an anchor was changed, removed, or never made', async () => {
      await anchor()
      await fill(1, 7)
      await anchor()
      expect((await verify()).anchors).to.deep.equal({ confirmed: 2, waiting: 0, elsewhere: 0 })
      await database.execute('DELETE FROM audit_anchors WHERE number = 2')
      expect(await found()).to.deep.equal([['anchor missing', 2]])
      await database.execute('UPDATE audit_anchors SET at = at + 1')
      expect(await found()).to.deep.include(['anchor changed', 1])
      anchored.clear()
      expect(await found()).to.deep.include(['anchor unmet', 1])
    })
  })

  it('plans one anchor of an account at a time, and keeps what was planned', async () => {
    await fill(2)
    const first = await store.audit.plan(place, 5_000)
    await fill(1, 3)
    expect(await store.audit.plan(place, 6_000)).to.deep.equal(first)
    expect(first.digest).to.equal(Anchoring.digestOf(first))
    await store.audit.settle(first, { transactionHash: `0x${'cc'.repeat(32)}`, time: 1 })
    const second = await store.audit.plan(place, 7_000)
    expect([second.number, second.heads[0]?.sequence]).to.deep.equal([2, 3])
    expect((await store.audit.anchors()).map(({ settled }) => settled?.time)).to.deep.equal([1, undefined])
  })
})
