import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import type * as Json from '@laurel/core/Json'
import type * as Role from '../access/Role.ts'
import type * as Batch from '../Batch.ts'
import type * as Bitmap from '../Bitmap.ts'
import type * as Status from '../Status.ts'
import type * as Receipt from './Receipt.ts'
import type { Intent } from './TransactionStore.ts'

/**
 * Remembers batches, whatever dies at whatever line.
 *
 * Every method that changes something is one transaction, and has reached the disk (fsync included) when it returns.
 * Whoever works on a batch has its lease, and each change says under which: a change by somebody whose lease has run out
 * or was taken over is refused with {@link LeaseLostError}, whatever the clock of the caller says: leases go by the
 * clock of the database. A change to a batch that moved on since it was read is refused with {@link ConflictError}.
 * Either way nothing was changed, and the caller reads again. Nothing here retries; an unreadable disk is the adapter's
 * own error, and a database out of reach is one whose code ends in `_UNREACHABLE` or `_BUSY`.
 */
export type BatchStore = {
  /**
   * Takes the lease of the next batch for `ttl` milliseconds: of those whose turn has come and that nobody has, the one
   * that has waited longest. A lease that has run out is nobody's, nor one whose owner was a process of this machine that
   * has died.
   */
  claim(owner: Owner, wanted: Wanted, ttl: number): Promise<Claim | undefined>
  /** Whether there is such a batch. */
  waiting(wanted: Wanted): Promise<boolean>
  /** Takes the lease of something else that one process does at a time; `undefined`: somebody has it. */
  lease(name: string, owner: Owner, ttl: number): Promise<Lease | undefined>
  /** Whether somebody holds a lease whose name begins so. */
  leased(beginning: string): Promise<boolean>
  /**
   * Forgets the names that begin so whose lease nobody holds. For names that are not taken twice: who takes one again is
   * its first holder, and could not be told from the one of before.
   */
  sweep(beginning: string): Promise<void>
  renew(lease: Lease, ttl: number): Promise<void>
  /** Gives a lease back. The next turn of its batch comes in `wait` milliseconds, behind those that wait already. */
  release(lease: Lease, wait?: number): Promise<void>

  /** The batch that this request made before, cancelled ones aside; of several the newest. */
  requested(hash: Bytes.Hex): Promise<Batch.Batch | undefined>
  /**
   * Stores a batch and its roster whole, or answers with the batch that this request made before. What comes page by
   * page is never held as a whole; where the pages end in an error, nothing of them is kept.
   */
  accept(request: Request, recipients: AsyncIterable<readonly Json.Object[]>): Promise<Accepted>
  /**
   * The same for a request with a receipt, whose answer is stored in the same transaction. `accepted` is missing where
   * the request was answered before; where the receipt's answer throws, nothing is stored.
   */
  acceptOnce(
    request: Request,
    recipients: AsyncIterable<readonly Json.Object[]>,
    receipt: Receipt.Receipt<Accepted>,
  ): Promise<{ readonly accepted?: Accepted; readonly answer: Receipt.Answer }>
  /** Lets a batch that was held go on its way; repeating it changes nothing. Needs no lease: nobody works on it yet. */
  admit(batch: Batch.Batch): Promise<Batch.Batch>
  /**
   * Ends a batch before its root is fixed. Needs no lease: a worker in the midst of a step is refused like anybody whose
   * batch has moved on.
   *
   * @throws {Batch.IllegalMoveError} from `rooted` on
   */
  cancel(batch: Batch.Batch): Promise<Batch.Batch>
  /**
   * A run of batches, the newest first: those before a place and within a part of the organisation, `limit` at most. The state
   * `held` is told apart.
   */
  page(range: {
    readonly before?: number | undefined
    readonly limit: number
    readonly state?: Batch.State | 'held' | undefined
    readonly within?: Role.Limits
  }): Promise<readonly { readonly seq: number; readonly batch: Batch.Batch }[]>
  /** Oldest first. All there ever were: no question for a poll. */
  list(): Promise<readonly Batch.Batch[]>
  /** Whether others of the batch's account are in one of these stages, and neither blocked nor held. */
  othersIn(stages: readonly Batch.State[], batch: Batch.Batch): Promise<boolean>
  get(id: string): Promise<Batch.Batch | undefined>
  /** A run of recipients in the order of the roster: those after the row `after`, `limit` at most. */
  recipients(batch: string, after: number, limit: number): Promise<readonly Batch.Recipient[]>
  /** How many recipients have been drafted, and how many signed, from the first row on. */
  reached(batch: string): Promise<Reached>
  /** `block`: in which block of the tree its leaf stands, from 4-root on. */
  find(credentialId: string): Promise<Found | undefined>

  /** Changes the state alone. */
  move(batch: Batch.Batch, to: Batch.State, reason: string | null, lease: Lease): Promise<Batch.Batch>
  /**
   * Sets a pair of status lists aside that has room for the batch beside all others that it was set aside for; makes
   * one where there is none. A batch keeps its lists for ever.
   */
  reserve(batch: Batch.Batch, lease: Lease): Promise<Batch.Batch>
  /** Which indices of a pair of lists are taken. */
  taken(lists: Batch.StatusLists): Promise<Bitmap.Bitmap>
  /**
   * Stores what was drawn for the recipients after the row `after`, the last that was drafted; the state stays. Ids and
   * indices are unique for ever. If they are not, or `after` is another row, nothing is stored ({@link ConflictError}).
   * From the moment that the first drafts are asked for until all are stored, nobody else takes indices of the same
   * lists.
   */
  draft(batch: Batch.Batch, after: number, drafts: AsyncIterable<readonly Batch.Draft[]>, lease: Lease): Promise<void>
  /** Stores the signatures of the recipients after the row `after`, the last that was signed; the state stays. */
  sign(batch: Batch.Batch, after: number, signatures: readonly Batch.Signature[], lease: Lease): Promise<void>
  /** A run of leaves in the order of the roster. */
  leaves(batch: string, after: number, limit: number): Promise<Leaves>
  /** The account's last batch that was rooted: what the next one continues. */
  last(chainId: number, account: Bytes.Hex): Promise<Last>
  /**
   * Fixes everything that leads to the root, the order of the leaves and that of the tickets included, where there are
   * any: in one transaction.
   */
  root(
    batch: Batch.Batch,
    anchoring: Batch.Anchoring,
    order: readonly Block[],
    lease: Lease,
    tickets?: readonly Branch[],
  ): Promise<Batch.Rooted>
  /** Moves to `submitted`, and stores in the {@link TransactionStore} that its root is to be anchored: in one transaction. */
  submit(batch: Batch.Rooted, intent: Intent, now: number, lease: Lease): Promise<Batch.Batch>
  /** One block of the tree, by its place in it, from 0. */
  block(batch: string, place: number): Promise<Block>
  /** The recipients of a block, in the order of the tree. */
  blockRecipients(batch: string, place: number): Promise<readonly Batch.Recipient[]>
  /** Recipients who have been signed, by their rows, in the order of these. */
  recipientsAt(batch: string, rows: Uint32Array): Promise<readonly Batch.Recipient[]>
  /** One block of the tree of tickets, by its place in it, from 0. */
  tickets(batch: string, place: number): Promise<Branch>
  /** The rows whose people were erased: of them there are no documents any more. */
  erased(batch: string): Promise<ReadonlySet<number>>
  /** Where the ticket of a row stands in the tree of tickets, from 0; `undefined` where it has none. */
  ticketIndex(batch: string, row: number): Promise<number | undefined>
  /** Stores where the anchor stands and moves to `final`. Nothing has been verified against it yet. */
  final(batch: Batch.Rooted, anchor: Batch.Anchor, lease: Lease): Promise<Batch.Final>
  /** Remembers how many blocks have been verified; the state stays. */
  check(batch: Batch.Final, blocks: number, lease: Lease): Promise<void>

  /**
   * Stores a decision and raises the version of the list that it changes, in one transaction. Repeating it changes nothing.
   * What was decided at the same time is decided one after the other.
   *
   * @throws {UnknownCredentialError} {@link NoStatusError}, and {@link Status.RefusedError} where it makes no sense
   */
  decide(
    act: Status.Act,
    credentialId: string,
    reason: string | null,
    now: number,
  ): Promise<{ readonly repeated: boolean }>
  /** Everything that was decided about a credential, the oldest first. */
  decisions(credentialId: string): Promise<readonly Status.Decision[]>
  /** The ids of the delivered batches that a pair of status lists was set aside for, by its number. */
  deliveredIn(list: number): Promise<readonly string[]>
  /** Every status list with the version decided and the version last published. */
  lists(): Promise<readonly StatusList[]>
  /** The indices whose bit is set, as of one version of the list. */
  bits(list: StatusList): Promise<{ readonly version: number; readonly set: readonly number[] }>
  /**
   * Stores a signed version, and where its bytes are among public content, under any lease. An older version than the one
   * published is ignored.
   */
  publish(
    list: StatusList,
    version: number,
    publication: Publication & { readonly cid: string },
    lease: Lease,
  ): Promise<void>
  /** The list as last published, by its identifier (`revocation-1`). */
  publication(id: string): Promise<Publication | undefined>

  close(): Promise<void>
}

export type Owner = { readonly host: string; readonly pid: number }
/** `name`: the id of the batch, or what else was leased. `epoch` rises with every owner. */
export type Lease = { readonly name: string; readonly owner: Owner; readonly epoch: number }
export type Claim = { readonly batch: Batch.Batch; readonly lease: Lease }

/** Which batches a worker can do. */
export type Wanted = {
  readonly chainId: number
  readonly account: Bytes.Hex
  /** The home's own. Those of the issuers beside it can be done as well. */
  readonly issuer: string
  readonly registry: Bytes.Hex
  /** Those with no more recipients than so many. */
  readonly largest?: number
  /** Ids of blocked batches that are tried again: somebody has looked at them. */
  readonly retry: readonly string[]
}

export type Request = {
  readonly id: string
  readonly hash: Bytes.Hex
  /** Makes a new batch although this request made one before. */
  readonly again: boolean
  readonly now: number
  readonly terms: Batch.Terms
  readonly achievement: Batch.Achievement
  /** How many recipients there will be. */
  readonly size: number
  /** Whether nobody works on it before it is submitted. */
  readonly held?: boolean
  readonly title?: string | undefined
  readonly department?: string | null
}

/** `repeated`: whether this request had made the batch before. */
export type Accepted = { readonly batch: Batch.Batch; readonly repeated: boolean }

export type Reached = { readonly drafted: number; readonly signed: number }

export type Found = {
  readonly batch: Batch.Batch
  readonly recipient: Batch.Recipient
  readonly block: number | null
}

/** As many credential ids (16 bytes each) as leaves (32 bytes each). */
export type Leaves = { readonly ids: Uint8Array; readonly leaves: Uint8Array }

/** Neighbours in a tree: the rows of their recipients, and their leaves, 32 bytes each. See `Block.ts`. */
export type Branch = { readonly rows: Uint32Array; readonly leaves: Uint8Array }

/** Neighbours in the tree of credentials. `first` is the id of the first; the others follow in the order of their ids. */
export type Block = Branch & { readonly first: string }

export type Last = { readonly number: number; readonly root: Bytes.Hex | null }

export type StatusList = {
  readonly id: string
  readonly number: number
  readonly issuer: string
  readonly url: string
  readonly purpose: Status.Purpose
  readonly size: number
  readonly version: number
  /** 0: never. */
  readonly published: number
  /** Milliseconds since 1970. */
  readonly publishedAt: number
}

/** A signed list: exactly its bytes, as text. */
export type Publication = { readonly text: string; readonly digest: Bytes.Hex; readonly at: number }

/** Thrown when the batch moved on since it was read, or when something that must be unique was taken meanwhile. */
export class ConflictError extends Errors.BaseError<'BATCH_CONFLICT'> {
  override readonly name = 'BatchStore.ConflictError'
  constructor(batch: string, cause?: unknown) {
    super('BATCH_CONFLICT', 'Somebody else has changed this batch meanwhile; it has to be read again.', {
      facts: { batch },
      cause,
    })
  }
}

/** Thrown when a lease has run out, or another worker has taken it over. */
export class LeaseLostError extends Errors.BaseError<'LEASE_LOST'> {
  override readonly name = 'BatchStore.LeaseLostError'
  constructor() {
    super('LEASE_LOST', 'The time for this work has run out; whoever has it now goes on.')
  }
}

/** Thrown when no batch has a credential with this id. */
export class UnknownCredentialError extends Errors.BaseError<'CREDENTIAL_UNKNOWN'> {
  override readonly name = 'BatchStore.UnknownCredentialError'
  constructor(credentialId: string) {
    super('CREDENTIAL_UNKNOWN', 'No credential with this id was issued from here.', { facts: { credentialId } })
  }
}

/** Thrown when a credential has no status that could be changed. */
export class NoStatusError extends Errors.BaseError<'STATUS_NOT_OFFERED'> {
  override readonly name = 'BatchStore.NoStatusError'
  constructor(credentialId: string) {
    super('STATUS_NOT_OFFERED', 'This credential was issued without a status list.', { facts: { credentialId } })
  }
}
