import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import type { Original, Wrong } from '../moving/Original.ts'

/** What was brought here at one time: badges as other places hand them out, or all that an organisation of a Laurel had. */
export type Import = {
  readonly id: string
  readonly kind: 'badges' | 'export'
  /** Of the whole file; of an export in a folder, of its manifest. */
  readonly digest: Bytes.Hex
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly total: number
  readonly wrong: readonly Wrong[]
}

export type Numbered = Original & { readonly row: number }

/**
 * Remembers badges of others, as they were and as they were found to be. Nothing of it is ever published. Every method that
 * changes something is one transaction, and has reached the disk when it returns; what was not finished is seen by nobody.
 */
export type ImportStore = {
  /**
   * Begins an import; where the same was finished before, answers with that, and nothing is begun. One that was begun and
   * not finished gives way: whoever is still at it is refused from then on.
   */
  begin(begun: Pick<Import, 'id' | 'kind' | 'digest' | 'createdAt'>): Promise<Import | undefined>
  /**
   * Adds badges behind the row `after`.
   *
   * @throws {ReplacedError} IMPORT_REPLACED
   */
  append(id: string, after: number, originals: readonly (Original & { readonly bytes: Uint8Array })[]): Promise<void>
  /**
   * Lets everybody see it.
   *
   * @throws {ReplacedError} IMPORT_REPLACED
   */
  finish(id: string, wrong: readonly Wrong[], now: number): Promise<Import>
  /** Forgets one that was begun, and will not be finished. */
  abandon(id: string): Promise<void>
  imports(): Promise<readonly Import[]>
  get(id: string): Promise<Import | undefined>
  /** Those of an import after a row, in their order. */
  originals(id: string, after: number, limit: number): Promise<readonly Numbered[]>
  /** One, with its bytes as they were. */
  original(id: string, row: number): Promise<(Numbered & { readonly bytes: Uint8Array }) | undefined>
  /** Where there are badges that call themselves so, the newest import first; some of them at most. */
  find(address: string): Promise<readonly { readonly import: string; readonly row: number }[]>
}

/** Thrown when the same is being imported by somebody who has begun it later. */
export class ReplacedError extends Errors.BaseError<'IMPORT_REPLACED'> {
  override readonly name = 'ImportStore.ReplacedError'
  constructor() {
    super('IMPORT_REPLACED', 'Somebody else has begun to import the same meanwhile; theirs goes on.')
  }
}
