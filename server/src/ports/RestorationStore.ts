import type * as Bytes from '@laurel/core/Bytes'

/** That a database came out of a backup. Times are in milliseconds since 1970. */
export type Restoration = { readonly backupAt: number; readonly restoredAt: number }

/** A root that an account of ours has anchored and that no batch here has. */
export type FoundRoot = {
  readonly root: Bytes.Hex
  readonly block: bigint
  readonly transactionHash: Bytes.Hex
}

/**
 * Remembers backups, and what became of a database that came out of one. Every method that changes something is one
 * transaction and has reached the disk when it returns.
 *
 * A database that was restored and not reconciled yet is only read: whatever else opens it can change nothing.
 */
export type RestorationStore = {
  /** The time by the clock of the database, in milliseconds since 1970. */
  moment(): Promise<number>
  /** Notes that a backup was made, of how all stood at this time. */
  noteBackup(at: number): Promise<void>
  /** The restoration that nobody has reconciled yet. */
  open(): Promise<Restoration | undefined>
  /**
   * Notes what a chain knows and this database did not, and ends the restoration. The roots, in the order of the chain, use
   * up the next numbers of their account. Where there are any, every batch that has no root yet is blocked
   * (`RESTORED`): it may be one of those that were issued after the backup.
   *
   * @returns the ids of the batches that were blocked
   */
  reconcile(
    account: { readonly chainId: number; readonly account: Bytes.Hex },
    found: readonly FoundRoot[],
    now: number,
  ): Promise<readonly string[]>
}
