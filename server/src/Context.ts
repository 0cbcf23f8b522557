import type * as Batch from './Batch.ts'
import type { Issuing } from './issuer/Issuing.ts'
import type { ApiKeyStore } from './ports/ApiKeyStore.ts'
import type { ApprovalStore } from './ports/ApprovalStore.ts'
import type { AuditLog } from './ports/AuditLog.ts'
import type { BatchStore, Lease } from './ports/BatchStore.ts'
import type { CatalogueStore } from './ports/CatalogueStore.ts'
import type { Census } from './ports/Census.ts'
import type { Chain } from './ports/Chain.ts'
import type { ChainSigner } from './ports/ChainSigner.ts'
import type { Clock } from './ports/Clock.ts'
import type { CollectionStore } from './ports/CollectionStore.ts'
import type { ContentStore } from './ports/ContentStore.ts'
import type { CredentialSigner } from './ports/CredentialSigner.ts'
import type { Files } from './ports/Files.ts'
import type { ImportStore } from './ports/ImportStore.ts'
import type { IssuerKeys } from './ports/IssuerKeys.ts'
import type { IssuerStore } from './ports/IssuerStore.ts'
import type { LearnerStore } from './ports/LearnerStore.ts'
import type { Mailer } from './ports/Mailer.ts'
import type { MailStore } from './ports/MailStore.ts'
import type { MemberStore } from './ports/MemberStore.ts'
import type { OrderStore } from './ports/OrderStore.ts'
import type { OrganisationStore } from './ports/OrganisationStore.ts'
import type { OutboxStore } from './ports/OutboxStore.ts'
import type { PasskeyCeremonies } from './ports/PasskeyCeremonies.ts'
import type { PasskeyStore } from './ports/PasskeyStore.ts'
import type { Pinning } from './ports/Pinning.ts'
import type { PinStore } from './ports/PinStore.ts'
import type { Press } from './ports/Press.ts'
import type { PrivacyStore } from './ports/PrivacyStore.ts'
import type { Randomness } from './ports/Randomness.ts'
import type { ReceiptStore } from './ports/Receipt.ts'
import type { Restoration, RestorationStore } from './ports/RestorationStore.ts'
import type { SessionStore } from './ports/SessionStore.ts'
import type { Spool } from './ports/Spool.ts'
import type { StatusHistoryStore } from './ports/StatusHistoryStore.ts'
import type { TransactionStore } from './ports/TransactionStore.ts'
import type { Web } from './ports/Web.ts'
import type { WebhookSecrets } from './ports/WebhookSecrets.ts'
import type { Lane } from './transactions/Lane.ts'

/**
 * Everything that a step may need, composed once in `main.ts`. A step's own type lists what it uses. The stores are those
 * of the machine, which works for all organisations; the catalogue, the collections and the profile are those of the home.
 */
export type Context = {
  readonly store: BatchStore
  readonly transactions: TransactionStore
  readonly keys: ApiKeyStore
  readonly catalogue: CatalogueStore
  readonly orders: OrderStore
  readonly receipts: ReceiptStore
  readonly outbox: OutboxStore
  readonly mails: MailStore
  readonly mailer: Mailer
  readonly learners: LearnerStore
  readonly members: MemberStore
  readonly sessions: SessionStore
  readonly passkeys: PasskeyStore
  readonly approvals: ApprovalStore
  /** What passkeys are asked. */
  readonly ceremonies: PasskeyCeremonies
  readonly web: Web
  readonly webhookSecrets: WebhookSecrets
  readonly audit: AuditLog
  readonly privacy: PrivacyStore
  readonly spool: Spool
  readonly chain: Chain
  /** The lane of the account that anchors. */
  readonly lane: Lane
  readonly credentialSigner: CredentialSigner
  readonly chainSigner: ChainSigner
  readonly history: StatusHistoryStore
  readonly content: ContentStore
  readonly pins: PinStore
  /** Where public content is kept besides here. */
  readonly places: readonly Pinning[]
  readonly files: Files
  readonly press: Press
  readonly clock: Clock
  readonly randomness: Randomness
  /** Who signs for the home. */
  readonly identity: Identity
  /** Who signs in whose name: the home's own issuer, and those of organisations beside it. */
  readonly issuing: Issuing
  readonly issuerKeys: IssuerKeys
  /** Where the home publishes DID documents; `undefined` where it has no domain. */
  readonly domain: string | undefined
  /** What the next batch is issued under. */
  readonly terms: Batch.Terms
  /** The issuers beside the home's own, and what each says of itself. */
  readonly issuers: IssuerStore
  /** Badges of others that were brought here. */
  readonly imports: ImportStore
  /** The issuer's collections of badge tokens, one on each chain at most. */
  readonly collections: CollectionStore
  readonly organisations: OrganisationStore
  /** The stores within an organisation. */
  readonly within: (organisation: string) => Within
  /** The image into which credentials are baked where the achievement has none of its own. */
  readonly badge: Uint8Array
  /** The same as an SVG. */
  readonly emblem: Uint8Array
  /** Tells whoever waits how far a step is. */
  readonly progress: (progress: Progress) => void
  readonly census: Census
  readonly restorations: RestorationStore
  /** That the database came out of a backup and is only read until it was reconciled. */
  readonly restoration: Restoration | undefined
}

/** What belongs to one organisation: whatever it is asked, it knows nothing of another's. */
export type Within = Pick<
  Context,
  | 'store'
  | 'keys'
  | 'catalogue'
  | 'orders'
  | 'receipts'
  | 'outbox'
  | 'history'
  | 'issuers'
  | 'collections'
  | 'imports'
  | 'mails'
  | 'learners'
  | 'audit'
  | 'privacy'
  | 'organisations'
>

/**
 * What a step of the worker is given beside the ports: the lease under which it writes, and whether its turn is over. Then
 * a long step returns the batch as it stands, and goes on from there in its next turn.
 */
export type Working<names extends keyof Context> = Pick<Context, names> & {
  readonly lease: Lease
  readonly isOver: () => boolean
}

/** The issuer's DID and the id of its credential key in its DID document. */
export type Identity = { readonly id: string; readonly verificationMethod: string }

/** Judges a document as a stranger would, who trusts this issuer. `undefined`: accepted. */
export type Judge = (document: string) => Promise<Refusal | undefined>

/** Why a document was not accepted. */
export type Refusal = { readonly check: string; readonly code: string; readonly message: string }

export type Progress = {
  readonly batch: string
  readonly step: string
  readonly done: number
  readonly total: number
  /** How many of those done could not be stamped and were made the general way. */
  readonly generally?: number
}
