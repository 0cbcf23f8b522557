import type { Anchor, Place } from '../audit/Anchoring.ts'
import type { Entry, Head, Note } from '../audit/Entry.ts'

/** Which entries are wanted. */
export type Wanted = {
  readonly principal?: string | undefined
  readonly operation?: string | undefined
  readonly object?: string | undefined
  readonly request?: string | undefined
  /** From this moment on, and before that one: in milliseconds since 1970. */
  readonly since?: number | undefined
  readonly before?: number | undefined
}

/**
 * Remembers who asked for what, and what became of it: a chain of hashes for each organisation. The database itself refuses
 * to change or to remove an entry. Every method that notes something has reached the disk when it returns.
 */
export type AuditLog = {
  /** Notes something at the end of the chain of its organisation. What is noted at about the same time goes together. */
  note(note: Note): Promise<void>
  /** A run of an organisation's entries, the oldest first: those after a sequence, `limit` at most. */
  entries(organisation: string, after: number, limit: number, wanted?: Wanted): Promise<readonly Entry[]>
  /** Every organisation of which there is an entry or a head. */
  audited(): Promise<readonly string[]>
  /** Where each chain ends, in the order of their organisations. */
  heads(): Promise<readonly Head[]>
  /** All that was to be anchored, the oldest first. */
  anchors(): Promise<readonly Anchor[]>
  /** Stores that the heads of now are to be anchored; where something else of the account is still to be, answers with that. */
  plan(place: Place, now: number): Promise<Anchor>
  /** Stores that it is anchored, at a final block. */
  settle(anchor: Anchor, settled: NonNullable<Anchor['settled']>): Promise<void>
}
