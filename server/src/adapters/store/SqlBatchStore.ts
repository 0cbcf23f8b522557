import type { ApiKeyStore } from '../../ports/ApiKeyStore.ts'
import type { ApprovalStore } from '../../ports/ApprovalStore.ts'
import type { AuditLog } from '../../ports/AuditLog.ts'
import type * as BatchStore from '../../ports/BatchStore.ts'
import type { CatalogueStore } from '../../ports/CatalogueStore.ts'
import type { IssuerStore } from '../../ports/IssuerStore.ts'
import type { LearnerStore } from '../../ports/LearnerStore.ts'
import type { MailStore } from '../../ports/MailStore.ts'
import type { MemberStore } from '../../ports/MemberStore.ts'
import type { OrderStore } from '../../ports/OrderStore.ts'
import type { OrganisationStore } from '../../ports/OrganisationStore.ts'
import type { OutboxStore } from '../../ports/OutboxStore.ts'
import type { PasskeyStore } from '../../ports/PasskeyStore.ts'
import type { PinStore } from '../../ports/PinStore.ts'
import type { PrivacyStore } from '../../ports/PrivacyStore.ts'
import type { ReceiptStore } from '../../ports/Receipt.ts'
import type { SessionStore } from '../../ports/SessionStore.ts'
import type { StatusHistoryStore } from '../../ports/StatusHistoryStore.ts'
import { achievements } from './Achievements.ts'
import { apiKeys } from './ApiKeys.ts'
import { approvals } from './Approvals.ts'
import { auditLog } from './Audit.ts'
import { batches } from './Batches.ts'
import { mailings } from './Claims.ts'
import type { Database } from './Database.ts'
import { issuers } from './Issuers.ts'
import { learners } from './Learners.ts'
import { leases } from './Leases.ts'
import * as Location from './Location.ts'
import { mails } from './Mails.ts'
import { members } from './Members.ts'
import { orders } from './Orders.ts'
import { organisations } from './Organisations.ts'
import { outbox } from './Outbox.ts'
import { passkeys } from './Passkeys.ts'
import { pins } from './Pins.ts'
import { privacy } from './Privacy.ts'
import { receipts } from './Receipts.ts'
import * as Recipients from './Recipients.ts'
import * as Scope from './Scope.ts'
import { sessions } from './Sessions.ts'
import { statusDecisions } from './StatusDecisions.ts'
import { statusHistories } from './StatusHistories.ts'
import { statusLists } from './StatusLists.ts'

/**
 * Everything through one connection: whoever writes waits for the others without blocking them. What has methods of the
 * same names stands apart.
 */
export type Store = BatchStore.BatchStore &
  ApiKeyStore &
  CatalogueStore &
  OrderStore &
  ReceiptStore & {
    readonly pins: PinStore
    readonly history: StatusHistoryStore
    readonly outbox: OutboxStore
    readonly issuers: IssuerStore
    readonly mails: MailStore
    readonly learners: LearnerStore
    readonly audit: AuditLog
    readonly privacy: PrivacyStore
    readonly organisations: OrganisationStore
    readonly members: MemberStore
    readonly sessions: SessionStore
    readonly passkeys: PasskeyStore
    readonly approvals: ApprovalStore
  }

/**
 * Opens the store in a database, and brings its tables up to date.
 *
 * @param location see {@link Location.open}
 * @param organisation whose rows alone are seen; those of everybody where there is none
 */
export async function open(location: string, organisation?: string): Promise<Store> {
  const database = await Location.open(location)
  return { ...over(organisation === undefined ? database : database.within(organisation)), close: database.close }
}

/** The same over a database that somebody else closes. */
export function over(database: Database): Omit<Store, 'close'> {
  return {
    ...leases(database),
    ...batches(database),
    ...Recipients.reading(database),
    ...Recipients.writing(database),
    ...statusLists(database),
    ...statusDecisions(database),
    history: statusHistories(database),
    pins: pins(database),
    outbox: outbox(database),
    issuers: issuers(database),
    mails: { ...mails(database), ...mailings(database) },
    learners: learners(database),
    audit: auditLog(database),
    privacy: privacy(database),
    organisations: organisations(database),
    members: members(database),
    sessions: sessions(database),
    passkeys: passkeys(database),
    approvals: approvals(database),
    ...apiKeys(database),
    ...achievements(database),
    ...orders(database),
    ...receipts(database),
  }
}

/** Opens what {@link open} has made, to read recipients in a thread of its own. */
export function openReader(location: string): Recipients.Reading & Pick<BatchStore.BatchStore, 'close'> {
  const reader = Location.openReader(location)
  return { ...Recipients.reading({ reader, ...Scope.everything }), close: () => reader.destroy() }
}
