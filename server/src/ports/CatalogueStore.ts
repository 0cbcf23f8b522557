import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import type * as Batch from '../Batch.ts'

/** One version of an achievement, under the name by which its issuer calls it. It never changes. */
export type Version = Batch.Achievement & {
  readonly name: string
  /** From 1. */
  readonly version: number
  /** SHA-256 of the definition's canonical JSON. */
  readonly digest: Bytes.Hex
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** Remembers the achievements that can be awarded, every version of each for ever. */
export type CatalogueStore = {
  /**
   * Adds a version, or answers with the newest where it is the same: repeating it changes nothing.
   *
   * @param expected the digest of the newest version as the caller knows it, `null` for none; unchecked when absent
   * @throws {ChangedError} when the newest version is another, and nothing was added
   */
  addVersion(
    achievement: Omit<Version, 'version'>,
    expected?: Bytes.Hex | null,
  ): Promise<{ readonly version: Version; readonly added: boolean }>
  /** The newest version, or the one that is named. */
  achievement(name: string, version?: number): Promise<Version | undefined>
  /** The newest version of each, in the order of their names: those after a name, `limit` at most. */
  achievements(after: string, limit: number): Promise<readonly Version[]>
  /** All versions of one, the newest first. */
  versions(name: string): Promise<readonly Version[]>
}

/** Thrown when something has changed since its author read it. */
export class ChangedError extends Errors.BaseError<'PRECONDITION_FAILED'> {
  override readonly name = 'CatalogueStore.ChangedError'
  constructor() {
    super('PRECONDITION_FAILED', 'This has changed since you read it; nothing was changed now.')
  }
}
