import type * as BatchStore from '../../ports/BatchStore.ts'
import { batches } from './Batches.ts'
import * as Connection from './Connection.ts'
import { leases } from './Leases.ts'
import * as Recipients from './Recipients.ts'
import { statusLists } from './StatusLists.ts'

/**
 * Opens the embedded batch store in one SQLite file, and brings its tables up to date.
 *
 * @throws {NodeSqlite.NewerDatabaseError} when a later version of Laurel has written to it
 */
export function open(path: string): BatchStore.BatchStore {
  const connection = Connection.open(path)
  return {
    ...leases(connection),
    ...batches(connection),
    ...Recipients.reading(connection.reader),
    ...Recipients.writing(connection),
    ...statusLists(connection),
    close: async () => {
      await connection.reader.destroy()
      await connection.db.destroy()
    },
  }
}

/** Opens what {@link open} has made, to read recipients in a thread of its own. */
export function openReader(path: string): Recipients.Reading & Pick<BatchStore.BatchStore, 'close'> {
  const reader = Connection.openReader(path)
  return { ...Recipients.reading(reader), close: () => reader.destroy() }
}
