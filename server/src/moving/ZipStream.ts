import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw } from 'node:zlib'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import type { File } from '../ports/Files.ts'

/** What an archive without the extensions of ZIP64 holds. */
const most = { files: 0xffff - 1, bytes: 0xffff_ffff }

/** PKWARE APPNOTE 6.3: names are UTF-8; sizes and checksum stand behind each file, because they are not known before. */
const flags = 0x0808
const version = 20
const deflated = 8

/**
 * Files as an archive (ZIP), while they come: no more is held than a piece of one, and a few bytes of each for the directory
 * at the end. Whoever has no end of it has no archive.
 *
 * @throws {TooLargeError} EXPORT_TOO_LARGE beyond 65,534 files or 4 GiB
 */
export async function* zip(files: AsyncIterable<File>): AsyncGenerator<Uint8Array> {
  const directory: Uint8Array[] = []
  let at = 0
  for await (const { name, bytes } of files) {
    const place = at
    const title = Bytes.fromUtf8(name)
    const local = Bytes.concat(u32(0x04034b50), common(), u32(0), u32(0), u32(0), u16(title.length), u16(0), title)
    yield local
    let [checksum, size, packed] = [0, 0, 0]
    async function* measured() {
      for await (const part of bytes instanceof Uint8Array ? [bytes] : bytes) {
        checksum = crc32(part, checksum)
        size += part.length
        yield part
      }
    }
    const deflate = createDeflateRaw()
    const done = pipeline(Readable.from(measured(), { objectMode: true }), deflate)
    // Told by whoever reads the packed bytes, who breaks off then.
    done.catch(() => {})
    for await (const part of deflate) {
      packed += part.length
      yield part
    }
    await done
    const facts = Bytes.concat(u32(checksum), u32(packed), u32(size))
    yield Bytes.concat(u32(0x08074b50), facts)
    at += local.length + packed + 16
    const rest = Bytes.concat(u16(title.length), new Uint8Array(12), u32(place), title)
    directory.push(Bytes.concat(u32(0x02014b50), u16(version), common(), facts, rest))
    if (directory.length > most.files || at > most.bytes || size > most.bytes) throw new TooLargeError()
  }
  const length = directory.reduce((sum, entry) => sum + entry.length, 0)
  if (at + length > most.bytes) throw new TooLargeError()
  yield* directory
  const count = u16(directory.length)
  yield Bytes.concat(u32(0x06054b50), u32(0), count, count, u32(length), u32(at), u16(0))
}

/** §4.4: what both headers of a file say. No time: the same files are the same archive. */
function common(): Uint8Array {
  return Bytes.concat(u16(version), u16(flags), u16(deflated), u16(0), u16(0x21))
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >>> 8)
}

function u32(value: number): Uint8Array {
  return Bytes.concat(u16(value & 0xffff), u16(value >>> 16))
}

/** Thrown when an archive would have more in it than one of its kind holds. */
export class TooLargeError extends Errors.BaseError<'EXPORT_TOO_LARGE'> {
  override readonly name = 'ZipStream.TooLargeError'
  constructor() {
    super('EXPORT_TOO_LARGE', 'This is more than an archive of this kind holds; export it into a folder.')
  }
}
