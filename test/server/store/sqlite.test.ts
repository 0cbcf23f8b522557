import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import * as SqlTransactionStore from '../../../server/src/adapters/store/SqlTransactionStore.ts'
import * as NodeSqlite from '../../../server/src/adapters/store/sqlite/NodeSqlite.ts'
import * as Bitmap from '../../../server/src/Bitmap.ts'

describe('SqlBatchStore', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'laurel-store-'))
    path = join(folder, 'laurel.db')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('syncs every commit to the disk', () => {
    const database = NodeSqlite.open(path)
    expect(database.prepare('PRAGMA journal_mode').get()).to.deep.equal({ journal_mode: 'wal' })
    expect(database.prepare('PRAGMA synchronous').get()).to.deep.equal({ synchronous: 2 })
    expect(database.prepare('PRAGMA foreign_keys').get()).to.deep.equal({ foreign_keys: 1 })
    database.close()
  })

  it('brings along what an earlier version has stored', async () => {
    const folderOf = new URL('../../../server/src/adapters/store/sqlite/migrations/', import.meta.url)
    const old = join(folder, 'old.db')
    const database = NodeSqlite.open(old)
    for (const name of ['001-batches.sql', '002-status.sql'])
      database.exec(readFileSync(new URL(name, folderOf), 'utf8'))
    database.exec(readFileSync(new URL('../../vectors/store-v2.sql', import.meta.url), 'utf8'))
    // The vector is short about what was agreed.
    database.exec(`UPDATE batches SET terms = json_set(terms, '$.registry', '0x05')`)
    database.exec('PRAGMA user_version = 2')
    database.close()

    const store = await SqlBatchStore.open(old)
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
      expect(await store.decisions(ids[7] ?? '')).to.deep.equal([{ act: 'revoke', at: 9, reason: 'mistake' }])
      expect(await store.decide('revoke', ids[7] ?? '', null, 10)).to.deep.equal({ repeated: true })
      const lists = delivered.statusLists
      if (lists === null) throw new Error('the status lists are gone')
      expect(Bitmap.has(await store.taken(lists), 1_007)).to.equal(true)

      expect(await store.reached(accepted.id)).to.deep.equal({ drafted: 0, signed: 0 })
      const { terms } = accepted
      const claim = await store.claim(
        { host: 'test', pid: 1 },
        { chainId: 31337, account: '0x02', registry: '0x05', issuer: terms.issuer.id, retry: [] },
        60_000,
      )
      expect(claim?.batch).to.deep.equal(accepted)
      if (claim === undefined) throw new Error('the batch is nobody’s to take')
      expect((await store.reserve(accepted, claim.lease)).statusLists?.number).to.equal(1)
    } finally {
      await store.close()
    }
    const after = NodeSqlite.open(old)
    expect(after.prepare('SELECT taken FROM status_lists').all()).to.deep.equal([{ taken: 300 + 2 }])
    after.close()
  })

  it('brings along what an earlier version has signed', async () => {
    const migrations = new URL('../../../server/src/adapters/store/sqlite/migrations/', import.meta.url)
    const old = join(folder, 'old.db')
    const database = NodeSqlite.open(old)
    for (const name of ['001-batches.sql', '002-status.sql', '003-written-once.sql', '004-calls.sql'])
      database.exec(readFileSync(new URL(name, migrations), 'utf8'))
    database.exec(readFileSync(new URL('../../vectors/store-v4.sql', import.meta.url), 'utf8'))
    database.exec('PRAGMA user_version = 4')
    database.close()

    const store = await SqlTransactionStore.open(old)
    try {
      const anchor = { chainId: 1, account: '0xaa', to: '0xcc', purpose: 'anchor' } as const
      const [done, open] = [
        await store.find({ ...anchor, subject: '0x01' }),
        await store.find({ ...anchor, subject: '0x02' }),
      ]
      if (done === undefined || open === undefined) throw new Error('the anchors are gone')
      expect(done).to.deep.include({ state: 'done', transactionHash: '0xf1', data: '0x01', tries: 1 })
      expect(open).to.deep.include({ state: 'open', transactionHash: null, data: '0x02', tries: 2 })
      expect(await store.place(done)).to.deep.include({ nonce: 3, state: 'mined', block: null })
      const place = await store.place(open)
      expect(place).to.deep.include({ nonce: 5, state: 'open' })
      expect(place?.attempts.map(({ hash, raw }) => [hash, raw])).to.deep.equal([
        ['0xf4', '0x04'],
        ['0xf3', '0x03'],
      ])
      expect((await store.attempts(open)).map(({ hash }) => hash)).to.deep.equal(['0xf2', '0xf4', '0xf3'])
      expect((await store.lane(1, '0xaa')).floor).to.equal(3)

      const call = await store.get(1)
      expect(call).to.deep.include({ subject: 'register', state: 'refused', transactionHash: '0xf5', tries: 1 })
      expect(await store.place(call)).to.deep.include({ nonce: 0, state: 'mined' })
    } finally {
      await store.close()
    }
  })
})
