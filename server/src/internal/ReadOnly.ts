import * as Errors from '@laurel/core/Errors'

/**
 * Thrown when something is to be changed in a database that is only read: it came out of a backup, and what the chain knows has
 * not been looked at yet; or its file lets nobody write. Nothing was changed.
 */
export class ReadOnlyError extends Errors.BaseError<'DATABASE_READ_ONLY'> {
  override readonly name = 'ReadOnly.ReadOnlyError'
  constructor(cause?: unknown) {
    super(
      'DATABASE_READ_ONLY',
      'The database is only read: it was restored from a backup, or nobody may write to it.',
      {
        cause,
      },
    )
  }
}
