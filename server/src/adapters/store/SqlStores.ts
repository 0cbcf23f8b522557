import * as Recent from '../../internal/Recent.ts'
import type { ApprovalStore } from '../../ports/ApprovalStore.ts'
import type { AuditLog } from '../../ports/AuditLog.ts'
import type { Census } from '../../ports/Census.ts'
import type { CollectionStore } from '../../ports/CollectionStore.ts'
import type { IssuerStore } from '../../ports/IssuerStore.ts'
import type { LearnerStore } from '../../ports/LearnerStore.ts'
import type { MailStore } from '../../ports/MailStore.ts'
import type { MemberStore } from '../../ports/MemberStore.ts'
import type { OrganisationStore } from '../../ports/OrganisationStore.ts'
import type { OutboxStore } from '../../ports/OutboxStore.ts'
import type { PasskeyStore } from '../../ports/PasskeyStore.ts'
import type { PinStore } from '../../ports/PinStore.ts'
import type { PrivacyStore } from '../../ports/PrivacyStore.ts'
import type { RestorationStore } from '../../ports/RestorationStore.ts'
import type { SessionStore } from '../../ports/SessionStore.ts'
import type { StatusHistoryStore } from '../../ports/StatusHistoryStore.ts'
import type { TransactionStore } from '../../ports/TransactionStore.ts'
import { approvals } from './Approvals.ts'
import { census } from './Census.ts'
import { collections } from './Collections.ts'
import type { Database } from './Database.ts'
import * as Location from './Location.ts'
import { members } from './Members.ts'
import { passkeys } from './Passkeys.ts'
import { restorations } from './Restorations.ts'
import { sessions } from './Sessions.ts'
import * as SqlBatchStore from './SqlBatchStore.ts'
import { transactions } from './Transactions.ts'

/** What has methods of the same names as others, or is of all organisations together, and stands apart. */
type Apart =
  | 'history'
  | 'pins'
  | 'outbox'
  | 'issuers'
  | 'mails'
  | 'learners'
  | 'audit'
  | 'privacy'
  | 'organisations'
  | 'members'
  | 'sessions'
  | 'passkeys'
  | 'approvals'

/** The stores of batches, of the HTTP interface, and of what goes with them. */
export type Stores = {
  readonly store: Omit<SqlBatchStore.Store, Apart>
  readonly history: StatusHistoryStore
  readonly pins: PinStore
  readonly collections: CollectionStore
  readonly outbox: OutboxStore
  readonly issuers: IssuerStore
  readonly mails: MailStore
  readonly learners: LearnerStore
  readonly audit: AuditLog
  readonly privacy: PrivacyStore
  readonly organisations: OrganisationStore
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
  Stores & {
    readonly transactions: TransactionStore
    /** Of all organisations together. */
    readonly census: Census
    readonly restorations: RestorationStore
    /** Who may sign in, of all organisations: what is found by a secret, an address or a passkey says of which. */
    readonly members: MemberStore
    readonly sessions: SessionStore
    readonly passkeys: PasskeyStore
    readonly approvals: ApprovalStore
    /** The stores within an organisation: whatever they are asked, they know nothing of another's. */
    readonly within: (organisation: string) => Stores
  }
> {
  const database = await Location.open(location, options)
  // What is asked of the same organisation at the same time is stored together: by the same store.
  const scoped = Recent.create<Stores>(ready)
  return {
    ...over(database),
    transactions: { ...transactions(database), close: database.close },
    census: census(database),
    restorations: restorations(database),
    members: members(database),
    sessions: sessions(database),
    passkeys: passkeys(database),
    approvals: approvals(database),
    within: (organisation) => scoped.get(organisation, () => over(database.within(organisation))),
  }
}

function over(database: Database): Stores {
  const { history, pins, outbox, issuers, mails, learners, audit, privacy, organisations, ...store } =
    SqlBatchStore.over(database)
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
    organisations,
  }
}
