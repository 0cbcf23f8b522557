import type * as Bytes from '@laurel/core/Bytes'
import type * as ClaimTicket from '@laurel/core/ClaimTicket'
import * as Errors from '@laurel/core/Errors'
import type * as Json from '@laurel/core/Json'
import type { Profile } from './issuer/Profile.ts'

/** Where a batch stands on its way from a roster to delivered credentials. */
export type State =
  | 'accepted'
  | 'drafted'
  | 'signed'
  | 'rooted'
  | 'published'
  | 'submitted'
  | 'final'
  | 'assembled'
  | 'delivered'
  | SideState
  | 'cancelled'

/** A state beside the straight line: it remembers the state that it interrupts. */
export type SideState = 'waiting-fee' | 'waiting-funds' | 'reorged' | 'blocked'

/** What was agreed when the batch was accepted. A later change of the configuration does not touch it. */
export type Terms = {
  readonly issuer: { readonly id: string } & Profile
  readonly verificationMethod: string
  readonly profile: 'standard' | 'blockcerts'
  readonly publicUrl: string
  readonly chainId: number
  readonly registry: Bytes.Hex
  readonly account: Bytes.Hex
  /** In which learners may redeem a token for their ticket; absent where they are given none. */
  readonly collection?: ClaimTicket.Collection
}

/** The achievement awarded, and the bytes of its public metadata (UTF-8 text, kept exactly). */
export type Achievement = { readonly definition: Json.Object; readonly metadata: string }

/** The status lists that the batch's credentials point to; absent in the Blockcerts profile. */
export type StatusLists = { readonly number: number; readonly revocation: string; readonly suspension: string }

/** What 4-root fixes once and for all. Digests and roots are 32 bytes in hexadecimal. */
export type Anchoring = {
  readonly number: number
  readonly previous: Bytes.Hex | null
  readonly manifest: string
  readonly manifestDigest: Bytes.Hex
  readonly treeRoot: Bytes.Hex
  readonly ticketRoot: Bytes.Hex
  readonly root: Bytes.Hex
}

/** The anchor as it stands at a final block. `time` is the block's, in seconds since 1970. */
export type Anchor = { readonly transactionHash: Bytes.Hex; readonly block: string; readonly time: number }

/** A batch: credentials of one achievement that are anchored under one root. */
export type Batch = {
  readonly id: string
  readonly requestHash: Bytes.Hex
  readonly state: State
  /** The state that a side state interrupts, and to which it returns. */
  readonly interrupted: State | null
  /** The error code of a side state. */
  readonly reason: string | null
  /** Raised by every save: a save by somebody who read an older epoch is refused. */
  readonly epoch: number
  /** When it was accepted, in milliseconds since 1970. */
  readonly createdAt: number
  readonly size: number
  readonly terms: Terms
  readonly achievement: Achievement
  readonly statusLists: StatusLists | null
  readonly anchoring: Anchoring | null
  readonly anchor: Anchor | null
  /** How many blocks of the tree 8-assemble has verified, from the first on, against this anchor. */
  readonly checked: number
  /** Whether its author has still to submit it. Nobody works on it until then. */
  readonly held: boolean
  /** What its author calls it. */
  readonly title: string | null
  /** The department to which its author was limited. */
  readonly department: string | null
}

export type Rooted = Batch & { readonly anchoring: Anchoring }
export type Final = Rooted & { readonly anchor: Anchor }

/** One person on the roster. Everything else about the credential is stamped out again from this, byte for byte. */
export type Recipient = {
  /** 1-based, as on the roster. */
  readonly row: number
  readonly fields: Json.Object
  readonly draft: Draft | null
  readonly signature: Signature | null
}

export type Draft = {
  /** A `urn:uuid:`, as the id of the proof is. */
  readonly credentialId: string
  readonly proofId: string
  /** 32 random bytes that yield blind, salt and claim key; what erasure destroys. */
  readonly secret: Uint8Array
  readonly statusIndex: number | null
}

export type Signature = {
  readonly created: string
  readonly proofValue: string
  readonly documentDigest: Uint8Array
  readonly leaf: Uint8Array
}

/** A signed transaction that was committed here before anybody saw it. */
export type Attempt = {
  readonly hash: Bytes.Hex
  readonly raw: Bytes.Hex
  readonly nonce: number
  readonly createdAt: number
}

/** The only legal moves along the straight line and off it. From a side state: see {@link mayMove}. */
export const moves: Readonly<Record<Exclude<State, SideState>, readonly State[]>> = {
  accepted: ['drafted', 'blocked', 'cancelled'],
  drafted: ['signed', 'blocked', 'cancelled'],
  signed: ['rooted', 'waiting-fee', 'waiting-funds', 'blocked', 'cancelled'],
  rooted: ['published', 'blocked'],
  published: ['submitted', 'waiting-fee', 'waiting-funds', 'blocked'],
  submitted: ['final', 'waiting-fee', 'waiting-funds', 'reorged', 'blocked'],
  final: ['assembled', 'reorged', 'blocked'],
  assembled: ['delivered', 'reorged', 'blocked'],
  delivered: [],
  cancelled: [],
}

/** Every state there is. */
export const states: readonly State[] = [
  ...(Object.keys(moves) as Exclude<State, SideState>[]),
  'waiting-fee',
  'waiting-funds',
  'reorged',
  'blocked',
]

const closed: readonly State[] = ['delivered', 'cancelled']

/** Whether there is still work to do, now or once the reason of a wait is gone. */
export function isOpen(batch: Pick<Batch, 'state'>): boolean {
  return !closed.includes(batch.state)
}

/** Whether all that was known of a person was erased: row, id and leaf are left. */
export function isErased({ fields }: Pick<Recipient, 'fields'>): boolean {
  return Object.keys(fields).length === 0
}

/** The state as it is told: a batch that waits for its author is held, whatever comes after. */
export function told(batch: Pick<Batch, 'state' | 'held'>): State | 'held' {
  return batch.held && batch.state !== 'cancelled' ? 'held' : batch.state
}

/** The state on the straight line: the one that a side state interrupts, or the state itself. */
export function stage(batch: Pick<Batch, 'state' | 'interrupted'>): Exclude<State, SideState> {
  const state = isSide(batch.state) ? batch.interrupted : batch.state
  if (state === null || isSide(state)) throw new TypeError(`The state ${batch.state} interrupts no state`)
  return state
}

/** Whether a state stands beside the straight line. */
export function isSide(state: State): state is SideState {
  return state === 'waiting-fee' || state === 'waiting-funds' || state === 'reorged' || state === 'blocked'
}

/**
 * Whether the move is in the table. From a side state everything is legal that is legal from the state which it
 * interrupts, and that state itself: a wait adds no way out that was not there before.
 */
export function mayMove(batch: Pick<Batch, 'state' | 'interrupted'>, to: State): boolean {
  const from = stage(batch)
  return moves[from].includes(to) || (isSide(batch.state) && to === from)
}

/**
 * The three members that a move changes. A reorganisation always leads back to the state in which the transaction is
 * looked for and sent again.
 *
 * @throws {IllegalMoveError} when the move is not in the table
 */
export function move(
  batch: Pick<Batch, 'id' | 'state' | 'interrupted'>,
  to: State,
  reason: string | null = null,
): Pick<Batch, 'state' | 'interrupted' | 'reason'> {
  if (!mayMove(batch, to)) throw new IllegalMoveError(batch.id, batch.state, to)
  if (!isSide(to)) return { state: to, interrupted: null, reason: null }
  return { state: to, interrupted: to === 'reorged' ? 'submitted' : stage(batch), reason }
}

/** Asserts that 4-root is behind the batch. A `TypeError` otherwise: a step was called out of turn. */
export function rooted(batch: Batch): Rooted {
  if (batch.anchoring === null) throw new TypeError(`Batch ${batch.id} has no root yet`)
  return { ...batch, anchoring: batch.anchoring }
}

/** Asserts that the anchor is final. A `TypeError` otherwise: a step was called out of turn. */
export function final(batch: Batch): Final {
  if (batch.anchor === null) throw new TypeError(`Batch ${batch.id} has no final anchor yet`)
  return { ...rooted(batch), anchor: batch.anchor }
}

/** Thrown when a batch is told to go where the table of moves has no way. */
export class IllegalMoveError extends Errors.BaseError<'BATCH_MOVE_ILLEGAL'> {
  override readonly name = 'Batch.IllegalMoveError'
  constructor(batch: string, from: State, to: State) {
    super('BATCH_MOVE_ILLEGAL', `A batch that is ${from} cannot become ${to}.`, { facts: { batch, from, to } })
  }
}
