import * as Errors from '@laurel/core/Errors'

/** Thrown when there is no room for what was to be kept. Nothing of it was; asked again when there is room, it is. */
export class StorageFullError extends Errors.BaseError<'STORAGE_FULL'> {
  override readonly name = 'StorageFull.StorageFullError'
  constructor(cause: unknown) {
    super('STORAGE_FULL', 'The disk is full.', { cause })
  }
}

/** Does something with files; where the disk is full, it says so. */
export async function told<result>(work: () => Promise<result>): Promise<result> {
  try {
    return await work()
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw code === 'ENOSPC' || code === 'EDQUOT' ? new StorageFullError(cause) : cause
  }
}
