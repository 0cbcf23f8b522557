import * as Bytes from '@laurel/core/Bytes'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import type { Principal } from '../access/Principal.ts'

/**
 * What is noted of an operation that changes something: before it is begun (`asked`), and what became of it. What was asked
 * for and has no other note of the same request: nobody knows how it ended. `failed`: it may have been done in part, or
 * whole.
 */
export type Outcome = 'asked' | 'done' | 'refused' | 'failed'

/** What is noted: ids and codes, and nothing about a person. */
export type Note = {
  readonly organisation: string
  /** In milliseconds since 1970. */
  readonly at: number
  /** Who asked: `key:` or `member:` and their id, `operator` at the command line, or `anybody`. */
  readonly principal: string
  /** As `docs/openapi.json` has it, or the words of the command. */
  readonly operation: string
  /** The ids of what it is about, and of what was made. */
  readonly objects: readonly string[]
  /** A UUID, the same in all that is noted of one request. */
  readonly request: string
  readonly outcome: Outcome
  /** The code of why it was not done. */
  readonly code: string | null
}

/** A note in its place in the chain of its organisation. */
export type Entry = Note & {
  /** From 1, without gaps. */
  readonly sequence: number
  /** The hash of the entry before; 32 zero bytes for the first. */
  readonly previous: Bytes.Hex
  /** SHA-256 of the canonical form of all else. */
  readonly hash: Bytes.Hex
}

/** Where a chain ends: its last entry. */
export type Head = Pick<Entry, 'organisation' | 'sequence' | 'hash'>

/** What comes before the first entry. */
export const beginning: Bytes.Hex = `0x${'00'.repeat(32)}`

/** Puts a note into its place behind the entry before, if there is one. */
export function seal(note: Note, before: Pick<Entry, 'sequence' | 'hash'> | undefined): Entry {
  const placed = { ...note, sequence: (before?.sequence ?? 0) + 1, previous: before?.hash ?? beginning }
  return { ...placed, hash: hashOf(placed) }
}

/** What the hash of an entry has to be. */
export function hashOf(entry: Omit<Entry, 'hash'>): Bytes.Hex {
  return Bytes.toHex(Jcs.digest(document(entry)))
}

/** An entry as it is told, its hash included. */
export function told(entry: Entry): Json.Object {
  return { ...document(entry), hash: entry.hash }
}

/** Who is noted to have asked. */
export function principalOf(principal: Pick<Principal, 'kind' | 'id'> | undefined): string {
  return principal === undefined ? 'anybody' : `${principal.kind}:${principal.id}`
}

/**
 * Of texts that somebody has given, those that are the id of something: a UUID, the id of a batch, of a key or of a token.
 * Anything else may be a name or an address.
 */
export function idsOf(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => form.exec(text)?.[1] ?? [])
}

const form =
  /^(?:urn:uuid:)?([0-9a-f]{8}(?:(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?|\d{4}-\d\d-\d\d-[0-9a-f]{8}|[1-9]\d{0,77})$/

/** What is hashed; docs/privacy.md says it member by member. */
function document({ hash: _, ...entry }: Omit<Entry, 'hash'> & { readonly hash?: Bytes.Hex }): Json.Object {
  return {
    type: 'LaurelAuditEntry',
    version: 1,
    organisation: entry.organisation,
    sequence: entry.sequence,
    at: new Date(entry.at).toISOString(),
    principal: entry.principal,
    operation: entry.operation,
    objects: [...entry.objects],
    request: entry.request,
    outcome: entry.outcome,
    code: entry.code,
    previous: entry.previous,
  }
}
