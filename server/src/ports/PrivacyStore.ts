import * as Errors from '@laurel/core/Errors'
import type * as Json from '@laurel/core/Json'
import type { Invitation, Member } from '../access/Member.ts'
import type { Recipient } from '../moving/Original.ts'
import type { Erasure } from '../privacy/Erasure.ts'
import type { Move } from './LearnerStore.ts'
import type { Stored, Suppression } from './MailStore.ts'

/** What is kept of a person: a row of a roster, an order that is in no batch yet, or a badge of others that was imported. */
export type Held =
  | {
      readonly kind: 'row'
      readonly fields: Json.Object
      readonly batch: string
      readonly row: number
      readonly credential: string | null
      /** With which address the credential is now, where it was ever sent to one. */
      readonly address?: string
    }
  | { readonly kind: 'order'; readonly order: string; readonly fields: Json.Object }
  | { readonly kind: 'original'; readonly import: string; readonly row: number; readonly recipient: Recipient }

/** From which address, and to which. */
export type Way = { readonly from: string; readonly to: string }

/** What is kept of an address beside rosters and orders. */
export type Correspondence = {
  /** What was written to it; what a mail says is not told, because links in it open things. */
  readonly mails: readonly Pick<Stored, 'template' | 'language' | 'about' | 'state' | 'createdAt' | 'sentAt'>[]
  /** That nothing is written to it any more. */
  readonly suppressions: readonly Pick<Suppression, 'reason' | 'at'>[]
  /** When somebody has worked here who does not any more. */
  readonly memberships: readonly (Pick<Member, 'role' | 'createdAt'> & { readonly removedAt: number })[]
  /** That somebody was asked to. */
  readonly invitations: readonly Pick<Invitation, 'role' | 'createdAt' | 'outcome'>[]
}

/** In days; `null`: until somebody asks for it to be erased. */
export type Retention = {
  /** Since a batch was accepted, what is kept of its people. */
  readonly rosters: number | null
  /** Since it was decided, why something was decided about a credential. */
  readonly reasons: number | null
}

/**
 * Finds what is kept of a person, and forgets it. Every method that changes something is one transaction, and has reached the
 * disk when it returns.
 */
export type PrivacyStore = {
  /** Everything that is kept of people, some at a time; what was erased is not there any more. */
  people(): AsyncIterable<readonly Held[]>
  correspondence(address: string): Promise<Correspondence>
  /** Where a credential has gone, or was to go, from one address to another; the oldest first. */
  moves(batch: string, row: number): Promise<readonly (Omit<Move, 'id' | 'credential'> & Way)[]>
  /**
   * Forgets people, and tells that in the same transaction: their fields, secrets and signatures, their orders, badges of
   * others that were imported, and what requests and decisions say of them. What is forgotten already stays so. Of each credential its id, its leaf and its
   * place in a status list are left.
   *
   * @param address of a person of whom nothing is to be left: what was written to it is forgotten too
   * @param id of the erasure: where there is one of this id, it is answered with
   * @throws {UnderWayError} ERASURE_TOO_EARLY when a batch of theirs is under way: nothing was changed
   */
  erase(id: string, people: readonly Held[], address?: string): Promise<Erasure>
  erasure(id: string): Promise<Erasure | undefined>
  /** The erasure of a credential. */
  erasureOf(credentialId: string): Promise<Erasure | undefined>
  /** Those that were begun so many milliseconds ago or earlier, and whose end is not stored yet; the oldest first. */
  unfinished(age: number): Promise<readonly Erasure[]>
  /** Stores the receipt; where there is one already, that stays. */
  finish(erasure: Erasure, receipt: Json.Object, now: number): Promise<void>
  /** The ids of the credentials that were erased in the last so many milliseconds, by the clock of the database. */
  erasedLately(milliseconds: number): Promise<readonly string[]>
  /** For how long an organisation keeps what it knows of people. */
  retention(organisation: string): Promise<Retention>
  /** The organisations that have said for how long. */
  retaining(): Promise<readonly string[]>
  setRetention(organisation: string, retention: Retention, now: number): Promise<void>
  /** People of batches that were delivered, and accepted before a moment, and of imports: the oldest first, `limit` at most. */
  outdated(before: number, limit: number): Promise<readonly Held[]>
  /** How many there are of them. */
  countOutdated(before: number): Promise<number>
  /** How many decisions before a moment have a reason. */
  countReasons(before: number): Promise<number>
  /** Forgets these reasons, and answers with how many they were. */
  forgetReasons(before: number): Promise<number>
  /** Removes from the files of the database what it has forgotten, as far as the database can. */
  scrub(): Promise<void>
}

/** Thrown when somebody is to be forgotten whose batch is under way: its root will commit to what is in it. */
export class UnderWayError extends Errors.BaseError<'ERASURE_TOO_EARLY'> {
  override readonly name = 'PrivacyStore.UnderWayError'
  constructor(batches: readonly string[]) {
    super('ERASURE_TOO_EARLY', 'A batch that this person is in is still under way; nothing was erased.', {
      facts: { batches },
    })
  }
}
