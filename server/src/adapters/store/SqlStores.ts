import type { AuditLog } from '../../ports/AuditLog.ts'
import type { CollectionStore } from '../../ports/CollectionStore.ts'
import type { IssuerStore } from '../../ports/IssuerStore.ts'
import type { LearnerStore } from '../../ports/LearnerStore.ts'
import type { MailStore } from '../../ports/MailStore.ts'
import type { OutboxStore } from '../../ports/OutboxStore.ts'
import type { PinStore } from '../../ports/PinStore.ts'
import type { PrivacyStore } from '../../ports/PrivacyStore.ts'
import type { StatusHistoryStore } from '../../ports/StatusHistoryStore.ts'
import type { TransactionStore } from '../../ports/TransactionStore.ts'
import { collections } from './Collections.ts'
import * as Location from './Location.ts'
import * as SqlBatchStore from './SqlBatchStore.ts'
import { transactions } from './Transactions.ts'

/**
 * Opens the stores of batches, of the HTTP interface, of transactions and of what goes with them on the same connections:
 * two of SQLite in one process, each in the midst of a transaction, would wait for each other with the whole process. Whoever
 * closes one of them closes all.
 *
 * @param location see {@link Location.open}
 */
export async function open(location: string): Promise<{
  readonly store: Omit<
    SqlBatchStore.Store,
    'history' | 'pins' | 'outbox' | 'issuers' | 'mails' | 'learners' | 'audit' | 'privacy'
  >
  readonly history: StatusHistoryStore
  readonly pins: PinStore
  readonly collections: CollectionStore
  readonly outbox: OutboxStore
  readonly issuers: IssuerStore
  readonly mails: MailStore
  readonly learners: LearnerStore
  readonly audit: AuditLog
  readonly privacy: PrivacyStore
  readonly transactions: TransactionStore
}> {
  const database = await Location.open(location)
  const { history, pins, outbox, issuers, mails, learners, audit, privacy, ...store } = SqlBatchStore.over(database)
  return {
    store: { ...store, close: database.close },
    history,
    pins,
    collections: collections(database),
    outbox,
    issuers,
    mails,
    learners,
    audit,
    privacy,
    transactions: { ...transactions(database), close: database.close },
  }
}
