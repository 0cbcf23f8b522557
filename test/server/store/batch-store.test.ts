import { expect } from 'chai'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import type * as BatchStore from '../../../server/src/ports/BatchStore.ts'
import { anchoring, pages, request, shouldBehaveLikeBatchStore, urn, wanted } from './batch-store.ts'
import { describeDatabases, type Fresh } from './databases.ts'
import { shouldBehaveLikePinStore } from './pin-store.ts'

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
      await store.revoke(urn(1), null, 0)
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
