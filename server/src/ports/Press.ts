import type * as Car from '@laurel/core/Car'
import type * as Batch from '../Batch.ts'
import type { Refusal } from '../Context.ts'
import type * as Document from '../Document.ts'
import type { File } from './Files.ts'

/**
 * Makes the documents of a batch, a run of recipients or a block of the tree at a time, wherever there is a processor
 * for it. It reads what it needs from the store, so that little is handed over, and changes nothing there: whoever asks
 * stores the answer, and asks again where there was none.
 *
 * Rejects with `THREAD_LOST` when a thread died over a piece of work; the next one is done by another.
 */
export type Press = {
  /** How many pieces of work are worth having under way at once. */
  readonly width: number
  /**
   * Signs the credentials of the recipients after the row `after`, `limit` at most, in the order of the roster.
   *
   * @param now milliseconds since 1970
   */
  sign(batch: Batch.Batch, after: number, limit: number, now: number): Promise<Signed>
  /**
   * Makes the tickets of a block of their tree, 32 bytes each, before anything of it is stored.
   *
   * @param rows whose they are, in the order of the tree
   */
  commit(batch: Batch.Batch, place: number, rows: Uint32Array): Promise<Uint8Array>
  /** Verifies every document of a block as a stranger would. Answers with the first that is not accepted. */
  judge(batch: Batch.Final, place: number): Promise<Refused | undefined>
  /** The documents of a block as files of their own; with `images` baked into the badge as well. */
  files(batch: Batch.Final, place: number, images: boolean): Promise<readonly File[]>
  /** The documents of a block, a line each (NDJSON). */
  lines(batch: Batch.Final, place: number): Promise<Uint8Array>
  /** The tickets of a block of their tree as files of their own. */
  tickets(batch: Batch.Final, place: number): Promise<readonly File[]>
  /** The same, a line each (NDJSON): the id of the credential that a ticket comes with, and the ticket. */
  ticketLines(batch: Batch.Final, place: number): Promise<Uint8Array>
  /** The documents of a block as sections of an archive (CARv1), the last of which is their directory. */
  archive(batch: Batch.Final, place: number): Promise<{ readonly bytes: Uint8Array; readonly directory: Car.Link }>
  /** One document, as text. `place` is that of its block. */
  text(batch: Batch.Final, recipient: Document.Signed, place: number): Promise<string>
  /** One ticket, as text, by its index in the tree of tickets. */
  ticket(batch: Batch.Final, recipient: Document.Drafted, index: number): Promise<string>
  close(): Promise<void>
}

/** `generally`: how many could not be stamped and were made the general way, since it was last told. */
export type Signed = { readonly signatures: readonly Batch.Signature[]; readonly generally: number }

export type Refused = Refusal & { readonly credentialId: string }
