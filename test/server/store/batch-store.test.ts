import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import type * as BatchStore from '../../../server/src/ports/BatchStore.ts'
import { anchoring, pages, request, shouldBehaveLikeBatchStore, urn, wanted } from './batch-store.ts'
import { describeDatabases, type Fresh } from './databases.ts'
import { shouldBehaveLikePinStore } from './pin-store.ts'
import { shouldBehaveLikeStatusHistoryStore } from './status-history-store.ts'

describeDatabases('the batch store', (fresh) => {
  let database: Fresh
  beforeEach(async () => {
    database = await fresh()
  })
  afterEach(() => database.remove())

  shouldBehaveLikeBatchStore(() => SqlBatchStore.open(database.location))

  describe('as a store of pins', () => {
    shouldBehaveLikePinStore(() => SqlBatchStore.open(database.location))
  })

  describe('as a store of the history of status lists', () => {
    shouldBehaveLikeStatusHistoryStore(() => SqlBatchStore.open(database.location))
  })

  // The table of moves guards in the program; these guard against everything else that can reach the file.
  describe('the database itself', () => {
    const prepare = async () => {
      const store = await SqlBatchStore.open(database.location)
      const draft = { credentialId: urn(1), proofId: urn(2), secret: new Uint8Array(32), statusIndex: 1 }
      await store.accept(request({ size: 1 }), pages([{}]))
      const { batch, lease } = (await store.claim({ host: 'test', pid: 1 }, wanted(), 60_000)) as BatchStore.Claim
      const reserved = await store.reserve(batch, lease)
      await store.draft(reserved, 0, pages([draft]), lease)
      const drafted = await store.move(reserved, 'drafted', null, lease)
      const signed = await store.move(drafted, 'signed', null, lease)
      const order = [{ first: urn(1), rows: Uint32Array.of(1), leaves: new Uint8Array(32) }]
      const tickets = [{ rows: Uint32Array.of(1), leaves: new Uint8Array(32) }]
      await store.root(signed, anchoring(1), order, lease, tickets)
      await store.decide('suspend', urn(1), null, 0)
      await store.decide('revoke', urn(1), null, 0)
      const lists = (await store.lease('status-lists', { host: 'test', pid: process.pid }, 60_000)) as BatchStore.Lease
      const [list] = await store.lists()
      if (list === undefined) throw new Error('there is no status list')
      await store.publish(list, list.version, { text: '', digest: '0x00', cid: 'bafkrei', at: 1 }, lists)
      const publication = await store.history.published(list, 1)
      if (publication === undefined) throw new Error('the status list is not published')
      const recorder = { chainId: 31337, account: '0x00' } as const
      await store.history.plan(publication, list, recorder, 1)
      const [planned] = await store.history.planned(recorder)
      if (planned === undefined) throw new Error('no digest is planned')
      await store.history.settle(planned, recorder, '0x01', 1)
      await store.pins.add('bafkrei', 0)
      await store.close()
    }

    for (const [title, statement, message] of [
      ['changes no root', "UPDATE batches SET root = '0x00'", /a root is fixed for ever/],
      ['changes no leaf', 'UPDATE blocks SET leaves = leaves', /a root is fixed for ever/],
      ['forgets no leaf', 'DELETE FROM blocks', /a root is fixed for ever/],
      ['changes no ticket', 'UPDATE tickets SET leaves = leaves', /a root is fixed for ever/],
      ['forgets no ticket', 'DELETE FROM tickets', /a root is fixed for ever/],
      ['cancels nothing that is rooted', "UPDATE batches SET state = 'cancelled'", /never cancelled/],
      [
        'knows no other state',
        "UPDATE batches SET state = 'lost'",
        /CHECK constraint failed|violates check constraint/,
      ],
      ['takes no revocation back', 'DELETE FROM revocations', /never un-happens/],
      ['changes no revocation', 'UPDATE revocations SET status_index = 2', /never un-happens/],
      ['forgets no suspension', 'DELETE FROM suspensions', /what was decided stays/],
      ['changes no suspension', 'UPDATE suspensions SET suspended = 0', /what was decided stays/],
      ['forgets no published list', 'DELETE FROM status_publications', /what was published stays/],
      ['changes no published list', "UPDATE status_publications SET digest = ''", /what was published stays/],
      ['forgets no digest on a chain', 'DELETE FROM status_digests', /what stands on a chain stays/],
      ['changes no digest on a chain', 'UPDATE status_digests SET time = 2', /what stands on a chain stays/],
      ['forgets no public content', 'DELETE FROM contents', /for good/],
      ['takes no version of a list back', 'UPDATE status_versions SET version = 0', /never goes back/],
    ] as const) {
      it(title, async () => {
        await prepare()
        const error = await database.execute(statement).catch((reason: unknown) => reason)
        expect((error as Error).message).to.match(message)
      })
    }
  })
})
