import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import * as NodeSqlite from '../../../server/src/adapters/store/sqlite/NodeSqlite.ts'
import * as Bitmap from '../../../server/src/Bitmap.ts'
import { anchoring, attempt, pages, request, shouldBehaveLikeBatchStore, urn } from './batch-store.ts'

describe('SqlBatchStore', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'laurel-store-'))
    path = join(folder, 'laurel.db')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  shouldBehaveLikeBatchStore(() => SqlBatchStore.open(path))

  it('syncs every commit to the disk', () => {
    const database = NodeSqlite.open(path)
    expect(database.prepare('PRAGMA journal_mode').get()).to.deep.equal({ journal_mode: 'wal' })
    expect(database.prepare('PRAGMA synchronous').get()).to.deep.equal({ synchronous: 2 })
    expect(database.prepare('PRAGMA foreign_keys').get()).to.deep.equal({ foreign_keys: 1 })
    database.close()
  })

  it('refuses a database of a later version', async () => {
    const store = SqlBatchStore.open(path)
    await store.close()
    const database = NodeSqlite.open(path)
    database.exec('PRAGMA user_version = 99')
    database.close()
    expect(() => SqlBatchStore.open(path)).to.throw(NodeSqlite.NewerDatabaseError)
  })

  it('brings along what an earlier version has stored', async () => {
    const folderOf = new URL('../../../server/src/adapters/store/sqlite/migrations/', import.meta.url)
    const old = join(folder, 'old.db')
    const database = NodeSqlite.open(old)
    for (const name of ['001-batches.sql', '002-status.sql'])
      database.exec(readFileSync(new URL(name, folderOf), 'utf8'))
    database.exec(readFileSync(new URL('../../vectors/store-v2.sql', import.meta.url), 'utf8'))
    database.exec('PRAGMA user_version = 2')
    database.close()

    const store = SqlBatchStore.open(old)
    try {
      const [delivered, accepted] = await store.list()
      if (delivered === undefined || accepted === undefined) throw new Error('the batches are gone')
      expect([delivered.id, delivered.state, delivered.checked]).to.deep.equal(['old', 'delivered', 0])
      expect(await store.reached(delivered.id)).to.deep.equal({ drafted: 300, signed: 300 })
      const people = await store.recipients(delivered.id, 0, 1_000)
      expect(people.map(({ fields }) => fields.n)).to.deep.equal(people.map(({ row }) => row))
      const leaves = []
      for (const place of [0, 1]) {
        const block = await store.block(delivered.id, place)
        const recipients = await store.blockRecipients(delivered.id, place)
        expect(recipients.map(({ row }) => row)).to.deep.equal([...block.rows])
        expect(recipients[0]?.draft?.credentialId).to.equal(block.first)
        leaves.push(...recipients.map(({ signature }) => signature?.leaf ?? new Uint8Array()))
        expect(block.leaves).to.deep.equal(Bytes.concat(...leaves.slice(256 * place)))
      }
      const ids = people.map(({ draft }) => draft?.credentialId ?? '')
      const ordered = people.toSorted((a, b) =>
        (a.draft?.credentialId ?? '') < (b.draft?.credentialId ?? '') ? -1 : 1,
      )
      expect(leaves).to.deep.equal(ordered.map(({ signature }) => signature?.leaf))
      expect((await store.find(ids[7] ?? ''))?.recipient).to.deep.equal(people[7])
      expect(await store.revocation(ids[7] ?? '')).to.deep.equal({ at: 9, reason: 'mistake' })
      expect(await store.revoke(ids[7] ?? '', null, 10)).to.deep.equal({ repeated: true })
      const lists = delivered.statusLists
      if (lists === null) throw new Error('the status lists are gone')
      expect(Bitmap.has(await store.taken(lists), 1_007)).to.equal(true)

      expect(await store.reached(accepted.id)).to.deep.equal({ drafted: 0, signed: 0 })
      const lease = await store.lease({ host: 'test', pid: 1 }, 0, 1_000)
      if (lease === undefined) throw new Error('the lease of a new store is taken')
      expect((await store.reserve(accepted, lease)).statusLists?.number).to.equal(1)
    } finally {
      await store.close()
    }
  })

  // The table of moves guards in the program; these guard against everything else that can reach the file.
  describe('the database itself', () => {
    const prepare = async () => {
      const store = SqlBatchStore.open(path)
      const lease = await store.lease({ host: 'test', pid: 1 }, 0, 1_000)
      if (lease === undefined) throw new Error('the lease of a new store is taken')
      const draft = { credentialId: urn(1), proofId: urn(2), secret: new Uint8Array(32), statusIndex: 1 }
      const { batch } = await store.accept(request({ size: 1 }), pages([{}]))
      const reserved = await store.reserve(batch, lease)
      await store.draft(reserved, 0, pages([draft]), lease)
      const drafted = await store.move(reserved, 'drafted', null, lease)
      const signed = await store.move(drafted, 'signed', null, lease)
      const order = [{ first: urn(1), rows: Uint32Array.of(1), leaves: new Uint8Array(32) }]
      await store.root(signed, anchoring(1), order, attempt(0), lease)
      await store.revoke(urn(1), null, 0)
      await store.close()
      return NodeSqlite.open(path)
    }

    for (const [title, statement, message] of [
      ['changes no root', "UPDATE batches SET root = '0x00'", 'a root is fixed for ever'],
      ['changes no leaf', 'UPDATE blocks SET leaves = leaves', 'a root is fixed for ever'],
      ['forgets no leaf', 'DELETE FROM blocks', 'a root is fixed for ever'],
      ['cancels nothing that is rooted', "UPDATE batches SET state = 'cancelled'", 'never cancelled'],
      ['knows no other state', "UPDATE batches SET state = 'lost'", 'CHECK constraint failed'],
      ['takes no revocation back', 'DELETE FROM revocations', 'never un-happens'],
      ['changes no revocation', 'UPDATE revocations SET status_index = 2', 'never un-happens'],
      ['takes no version of a list back', 'UPDATE status_versions SET version = 0', 'never goes back'],
    ] as const) {
      it(title, async () => {
        const database = await prepare()
        try {
          expect(() => database.exec(statement)).to.throw(message)
        } finally {
          database.close()
        }
      })
    }
  })
})
