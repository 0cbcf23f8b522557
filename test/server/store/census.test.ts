import { expect } from 'chai'
import * as SqlStores from '../../../server/src/adapters/store/SqlStores.ts'
import { describeDatabases, type Fresh } from './databases.ts'
import { later, mail } from './mail-store.ts'

describeDatabases('the census', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  it('counts mails that wait, and since when the oldest does that nobody has put off', async () => {
    const { store, mails, census } = await SqlStores.open(database.location)
    try {
      const hour = 3_600_000
      const take = async () => {
        const { at, ...figures } = await census.take()
        const { count, oldest } = figures.mails
        return { count, hours: oldest === null ? null : Math.round((at - oldest) / hour) }
      }
      expect(await take()).to.deep.equal({ count: 0, hours: null })
      await mails.enqueue(mail({ to: 'first@example.org' }))
      for (const statement of later(2 * hour)) await database.execute(statement)
      await mails.enqueue(mail({ to: 'second@example.org' }))
      expect(await take()).to.deep.equal({ count: 2, hours: 2 })
      const [first] = await mails.claim(1, 1_000, { count: 3, time: hour })
      const { id = '', epoch = 0 } = first ?? {}
      await mails.settle([{ id, epoch, state: 'queued', again: hour, reason: 'MAIL_DEFERRED', counts: true }])
      expect(await take()).to.deep.equal({ count: 2, hours: 0 })
    } finally {
      await store.close()
    }
  })
})
