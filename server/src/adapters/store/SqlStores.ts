import * as Recent from '../../internal/Recent.ts'
import type { Census } from '../../ports/Census.ts'
import type { CollectionStore } from '../../ports/CollectionStore.ts'
import type { ImportStore } from '../../ports/ImportStore.ts'
import type { RestorationStore } from '../../ports/RestorationStore.ts'
import type { TransactionStore } from '../../ports/TransactionStore.ts'
import { census } from './Census.ts'
import { collections } from './Collections.ts'
import type { Database } from './Database.ts'
import { imports } from './Imports.ts'
import * as Location from './Location.ts'
import { restorations } from './Restorations.ts'
import * as SqlBatchStore from './SqlBatchStore.ts'
import { transactions } from './Transactions.ts'

/** What has methods of the same names as others, and stands apart. */
type Apart = 'history' | 'outbox' | 'issuers' | 'mails' | 'learners' | 'audit' | 'privacy' | 'organisations'

/**
 * What is of all organisations together. Who may sign in is: what is found by a secret, an address or a passkey says of
 * which.
 */
type Everybodys = 'pins' | 'members' | 'sessions' | 'passkeys' | 'approvals'

/** The stores of batches, of the HTTP interface, and of what goes with them. */
export type Stores = Pick<SqlBatchStore.Store, Apart> & {
  readonly store: Omit<SqlBatchStore.Store, Apart | Everybodys>
  readonly collections: CollectionStore
  readonly imports: ImportStore
}

/** For how many organisations they are kept ready; they hold nothing, and are made in no time. */
const ready = 1_000

/**
 * Opens the stores on the same connections: two of SQLite in one process, each in the midst of a transaction, would wait
 * for each other with the whole process. Whoever closes one of them closes all.
 *
 * @param location see {@link Location.open}
 */
export async function open(
  location: string,
  options: Location.Options = {},
): Promise<
  Stores &
    Pick<SqlBatchStore.Store, Everybodys> & {
      readonly transactions: TransactionStore
      /** Of all organisations together. */
      readonly census: Census
      readonly restorations: RestorationStore
      /** The stores within an organisation: whatever they are asked, they know nothing of another's. */
      readonly within: (organisation: string) => Stores
    }
> {
  const database = await Location.open(location, options)
  // What is asked of the same organisation at the same time is stored together: by the same store.
  const scoped = Recent.create<Stores>(ready)
  const { stores, everybodys } = over(database)
  return {
    ...stores,
    ...everybodys,
    transactions: { ...transactions(database), close: database.close },
    census: census(database),
    restorations: restorations(database),
    within: (organisation) => scoped.get(organisation, () => over(database.within(organisation)).stores),
  }
}

function over(database: Database): {
  readonly stores: Stores
  readonly everybodys: Pick<SqlBatchStore.Store, Everybodys>
} {
  const { pins, members, sessions, passkeys, approvals, ...own } = SqlBatchStore.over(database)
  const { history, outbox, issuers, mails, learners, audit, privacy, organisations, ...store } = own
  return {
    stores: {
      store: { ...store, close: database.close },
      collections: collections(database),
      imports: imports(database),
      ...{ history, outbox, issuers, mails, learners, audit, privacy, organisations },
    },
    everybodys: { pins, members, sessions, passkeys, approvals },
  }
}
