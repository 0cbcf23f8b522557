import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import type * as BatchStore from '../../../server/src/ports/BatchStore.ts'
import { freePort } from '../../support/free-port.ts'
import * as Postgres from '../../support/Postgres.ts'
import { pages, request } from './batch-store.ts'

describe('the store, when PostgreSQL', function () {
  this.timeout(60_000)
  let server: Postgres.Postgres | undefined
  before(async function () {
    const reason = Postgres.missing()
    if (reason !== undefined) {
      console.log(`    SKIPPED: ${reason}`)
      this.skip()
    }
    server = await Postgres.start()
  })
  after(() => server?.stop())
  const url = (database: string) => (server as Postgres.Postgres).url(database)

  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => 'nothing',
      (error) => error,
    )

  it('is not there: says so, without the password', async () => {
    const error = await refusal(SqlBatchStore.open(`postgres://laurel:secret@127.0.0.1:${await freePort()}/laurel`))
    expect(error.code).to.equal('DATABASE_UNREACHABLE')
    expect(error.message).not.to.include('secret')
  })

  it('has no such database: says so', async () => {
    const error = await refusal(SqlBatchStore.open(url('one').replace('/one', '/another')))
    expect(error.code).to.equal('DATABASE_REFUSED')
  })

  it('would forget what it has acknowledged: refuses it', async () => {
    const error = await refusal(SqlBatchStore.open(`${url('two')}?options=-c%20synchronous_commit%3Doff`))
    expect([error.code, error.facts]).to.deep.equal(['DATABASE_NOT_DURABLE', { setting: 'synchronous_commit' }])
  })

  it('dies and comes back: keeps what was acknowledged, nothing of what was not, and goes on', async () => {
    const { kill, restart } = server as Postgres.Postgres
    const store: BatchStore.BatchStore = await SqlBatchStore.open(url('three'))
    try {
      const { batch } = await store.accept(request({ size: 1 }), pages([{}]))
      async function* dying() {
        yield [{}]
        await kill()
        yield [{}]
      }
      const other = request({ id: 'batch-2', hash: `0x${'22'.repeat(32)}` })
      expect((await refusal(store.accept(other, dying()))).code).to.equal('DATABASE_UNREACHABLE')
      expect((await refusal(store.list())).code).to.equal('DATABASE_UNREACHABLE')
      await restart()
      expect(await store.list()).to.deep.equal([batch])
      expect((await store.accept(other, pages([{}, {}]))).repeated).to.equal(false)
    } finally {
      await store.close()
    }
  })
})
