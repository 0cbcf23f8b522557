import * as Bytes from '@laurel/core/Bytes'
import { SealError } from './Sealed.ts'

/** A file in an archive: a path with forward slashes, and its bytes, which may be long. */
export type Entry = { readonly path: string; readonly bytes: AsyncIterable<Uint8Array> }

/** How much one piece of an entry holds at most, and how long a path may be, in bytes. */
const largest = 1024 * 1024
const longestPath = 1_024

/**
 * Writes entries one after another: the length of the path (four bytes, big-endian) and the path, then pieces, each a length
 * and its bytes, and a length of zero; at the end a path of no length. Nothing has to be known before it is there, so that
 * what a program prints goes in as it comes.
 */
export async function* write(entries: AsyncIterable<Entry>): AsyncGenerator<Uint8Array> {
  for await (const { path, bytes } of entries) {
    const name = Bytes.fromUtf8(path)
    yield length(name.length)
    yield name
    for await (const chunk of bytes)
      for (let at = 0; at < chunk.length; at += largest) {
        const piece = chunk.subarray(at, at + largest)
        yield length(piece.length)
        yield piece
      }
    yield length(0)
  }
  yield length(0)
}

/**
 * Reads what {@link write} has written. The bytes of an entry are to be read before the next one.
 *
 * @throws {SealError} BACKUP_DAMAGED where it is none, or a path in it leads anywhere but down
 */
export async function* read(source: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
  const reader = createReader(source)
  for (;;) {
    const path = new TextDecoder('utf-8', { fatal: true }).decode(
      await reader.take(await nextLength(reader, longestPath)),
    )
    if (path === '') break
    if (!path.split('/').every(isName)) throw damaged()
    let isRead = false
    const bytes = async function* () {
      for (let count = await nextLength(reader, largest); count > 0; count = await nextLength(reader, largest))
        yield await reader.take(count)
      isRead = true
    }
    const body = bytes()
    yield { path, bytes: body }
    // Whoever does not want an entry passes over it.
    if (!isRead) for await (const _ of body);
  }
  if (!(await reader.isAtEnd())) throw damaged()
}

function isName(text: string): boolean {
  return /^[A-Za-z0-9._-]+$/.test(text) && text !== '.' && text !== '..'
}

type Reader = { readonly take: (count: number) => Promise<Uint8Array>; readonly isAtEnd: () => Promise<boolean> }

function createReader(source: AsyncIterable<Uint8Array>): Reader {
  const iterator = source[Symbol.asyncIterator]()
  let held: Uint8Array = new Uint8Array(0)
  const more = async () => {
    const { done, value } = await iterator.next()
    if (!done) held = held.length === 0 ? value : Bytes.concat(held, value)
    return !done
  }
  return {
    take: async (count) => {
      while (held.length < count) if (!(await more())) throw damaged()
      const taken = held.subarray(0, count)
      held = held.subarray(count)
      return taken
    },
    isAtEnd: async () => {
      while (held.length === 0) if (!(await more())) return true
      return false
    },
  }
}

async function nextLength(reader: Reader, most: number): Promise<number> {
  const bytes = await reader.take(4)
  const count = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
  if (count > most) throw damaged()
  return count
}

function length(count: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, count)
  return bytes
}

function damaged(): SealError {
  return new SealError('BACKUP_DAMAGED', 'What is in the backup is no archive of Laurel.')
}
