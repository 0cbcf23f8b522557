import type * as TransactionStore from '../../ports/TransactionStore.ts'
import * as Location from './Location.ts'
import { transactions } from './Transactions.ts'

/**
 * Opens the store of transactions in a database, and brings its tables up to date. Where batches are written in the same
 * process, {@link SqlStores.open} opens both.
 *
 * @param location see {@link Location.open}
 */
export async function open(location: string): Promise<TransactionStore.TransactionStore> {
  const database = await Location.open(location)
  return { ...transactions(database), close: database.close }
}
