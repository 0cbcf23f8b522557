import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import { tables } from '../../../server/src/privacy/DataMap.ts'
import { describeDatabases, type Fresh } from '../store/databases.ts'

describeDatabases('the data map', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
    await (await SqlBatchStore.open(database.location)).close()
  })
  afterEach(() => database.remove())

  const columns = async (): Promise<Record<string, readonly string[]>> => {
    const rows = await database.execute(
      database.location.startsWith('postgres')
        ? `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
           WHERE table_schema = current_schema()`
        : `SELECT t.name AS "table", c.name AS "column" FROM sqlite_master t, pragma_table_xinfo(t.name) c
           WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`,
    )
    const found = Map.groupBy(rows, (row) => String(row.table))
    return Object.fromEntries([...found].map(([name, of]) => [name, of.map((row) => String(row.column)).sort()]))
  }

  it('has every column of every table, and none that is not there', async () => {
    const mapped = Object.fromEntries(
      Object.entries(tables).map(([name, table]) => [name, Object.keys(table.columns).sort()]),
    )
    expect(mapped).to.deep.equal(await columns())
  })

  it('misses a column that somebody has added', async () => {
    await database.execute('ALTER TABLE recipients ADD COLUMN shoe_size integer')
    expect((await columns()).recipients).to.not.deep.equal(Object.keys(tables.recipients?.columns ?? {}).sort())
  })

  it('says of everything that is a person’s what erasure does to it', () => {
    for (const [name, { erased, columns }] of Object.entries(tables))
      if (Object.values(columns).some((kind) => kind === 'personal' || kind === 'pseudonymous'))
        expect(erased, name).to.be.a('string')
  })

  it('says why something personal stays, of nothing else', () => {
    for (const [name, { stays = {}, columns }] of Object.entries(tables))
      for (const [column, why] of Object.entries(stays)) {
        expect(columns[column], `${name}.${column}`).to.equal('personal')
        expect(why, `${name}.${column}`).to.match(/^[a-z].{20,}/)
      }
  })
})
