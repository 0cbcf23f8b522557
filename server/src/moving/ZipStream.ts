import * as Errors from '@laurel/core/Errors'
import { Zip, ZipDeflate } from 'fflate'
import type { File } from '../ports/Files.ts'

/** What an archive without the extensions of ZIP64 holds. */
const most = { files: 0xffff - 1, bytes: 0xffff_ffff }

/** No time, but the first that an archive can say, in whatever zone it is read: the same files are the same archive. */
const never = new Date(1980, 0, 1)

/**
 * Files as an archive (PKWARE APPNOTE 6.3), while they come: no more is held than a piece of one, and a few bytes of each for
 * the directory at the end. Whoever has no end of it has no archive.
 *
 * @throws {TooLargeError} EXPORT_TOO_LARGE beyond 65,534 files or 4 GiB
 */
export async function* zip(files: AsyncIterable<File>): AsyncGenerator<Uint8Array> {
  let written: Uint8Array[] = []
  const archive = new Zip((error, part) => {
    if (error !== null) throw error
    written.push(part)
  })
  let total = 0
  const take = () => {
    const parts = written
    written = []
    for (const part of parts) total += part.length
    if (total > most.bytes) throw new TooLargeError()
    return parts
  }
  let count = 0
  for await (const { name, bytes } of files) {
    if (++count > most.files) throw new TooLargeError()
    const entry = new ZipDeflate(name)
    entry.mtime = never
    archive.add(entry)
    for await (const part of bytes instanceof Uint8Array ? [bytes] : bytes) {
      // A size has four bytes.
      if (entry.size + part.length > most.bytes) throw new TooLargeError()
      entry.push(part)
      yield* take()
    }
    entry.push(new Uint8Array(0), true)
    yield* take()
  }
  archive.end()
  yield* take()
}

/** Thrown when an archive would have more in it than one of its kind holds. */
export class TooLargeError extends Errors.BaseError<'EXPORT_TOO_LARGE'> {
  override readonly name = 'ZipStream.TooLargeError'
  constructor() {
    super('EXPORT_TOO_LARGE', 'This is more than an archive of this kind holds; export it into a folder.')
  }
}
