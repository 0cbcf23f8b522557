import * as Errors from '@laurel/core/Errors'
import * as Report from '../Report.ts'
import * as Files from '../readers/Files.ts'
import * as FileNames from './FileNames.ts'
import * as Zip from './Zip.ts'

/** What somebody has put into an archive (ZIP). Nothing of it is unpacked before it is asked for. */
export type Archive = {
  /** Every credential in it, by its name there: its bytes; or why they cannot be had. */
  readonly credentials: readonly { readonly name: string; readonly read: () => Uint8Array | Report.Result }[]
  /** What may be a manifest or a status list, as far as it can be unpacked. */
  readonly beside: () => readonly Uint8Array[]
}

/** Opens an archive from anybody; or says what is wrong with it. */
export function open(file: Uint8Array): Archive | Report.Result {
  let entries: readonly Zip.Entry[]
  try {
    entries = Zip.open(file)
  } catch (error) {
    return asResult(error)
  }
  return {
    credentials: entries
      .filter(({ name }) => FileNames.isCredential(name))
      .map(({ name, read }) => ({ name, read: () => attempt(read) })),
    beside: () =>
      entries
        .filter(({ name, size }) => Files.isCompanion(name) && size <= Files.most.bytes)
        .slice(0, Files.most.files)
        .flatMap(({ read }) => {
          const content = attempt(read)
          return 'outcome' in content ? [] : [content]
        }),
  }
}

function attempt(read: () => Uint8Array): Uint8Array | Report.Result {
  try {
    return read()
  } catch (error) {
    return asResult(error)
  }
}

function asResult(error: unknown): Report.Result {
  if (error instanceof Errors.BaseError) return Report.failed(error.code, error.message)
  throw error
}
