import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import { Inflate } from 'fflate'

/** A file in an archive. `read` unpacks it, each time anew. */
export type Entry = { readonly name: string; readonly size: number; readonly read: () => Uint8Array }

export type Limits = {
  /** How many files and folders an archive may have. */
  readonly entries: number
  /** Of how many bytes one file may be, unpacked. */
  readonly entryBytes: number
  /** Of how many bytes all of them together may be, unpacked. */
  readonly bytes: number
}

const defaults: Limits = { entries: 10_000, entryBytes: 16 * 1024 * 1024, bytes: 512 * 1024 * 1024 }

const signatures = { end: 0x06054b50, central: 0x02014b50, local: 0x04034b50 }
const methods = { stored: 0, deflated: 8 }
const lengths = { end: 22, central: 46, local: 30 }

/** How many packed bytes are unpacked before the limit is looked at: they become a thousand times as many at most. */
const chunk = 1024

/** Whether a file says of itself that it is an archive. */
export function isZip(file: Uint8Array): boolean {
  return file.length >= lengths.end && [signatures.local, signatures.end].includes(view(file).getUint32(0, true))
}

/**
 * The files in an archive (PKWARE APPNOTE 6.3) from anybody, in its order, as its central directory has them. Nothing is
 * unpacked before it is asked for, and then not more than is declared and allowed.
 *
 * Refused are archives that two programs could read differently or that unpack to more than they have: names that lead out
 * of it, names twice, entries that overlap, whose local header has another name, that are encrypted, or packed in another
 * way than deflate; and those in several parts or of more than 4 GiB (ZIP64).
 *
 * @throws {InvalidZipError} ZIP_INVALID, and ZIP_LIMIT for what is larger than allowed
 */
export function open(file: Uint8Array, limits: Limits = defaults): readonly Entry[] {
  const { count, at, end } = directory(file)
  if (count > limits.entries) throw new InvalidZipError('ZIP_LIMIT')
  const entries: Packed[] = []
  let next = at
  for (let i = 0; i < count; i++) {
    const { entry, after } = readEntry(file, next, end)
    entries.push(entry)
    next = after
  }
  if (next !== end) throw new InvalidZipError('ZIP_INVALID')
  // Otherwise a few bytes could be unpacked again and again.
  const ranges = entries.map(({ start, body }) => [start, body.end] as const).toSorted(([a], [b]) => a - b)
  for (const [i, [start]] of ranges.entries())
    if (start < (ranges[i - 1]?.[1] ?? 0)) throw new InvalidZipError('ZIP_INVALID')
  if (ranges.some(([, last]) => last > at)) throw new InvalidZipError('ZIP_INVALID')
  const files = entries.filter(({ name }) => !name.endsWith('/'))
  if (new Set(files.map(({ name }) => name)).size !== files.length) throw new InvalidZipError('ZIP_INVALID')
  const sum = files.reduce((size, entry) => size + entry.size, 0)
  if (sum > limits.bytes || files.some(({ size }) => size > limits.entryBytes)) throw new InvalidZipError('ZIP_LIMIT')
  return files.map(({ name, size, method, body }) => ({
    name,
    size,
    read: () => unpack(file.subarray(body.start, body.end), method, size),
  }))
}

type Packed = {
  readonly name: string
  readonly size: number
  readonly method: number
  /** Where its local header begins. */
  readonly start: number
  readonly body: { readonly start: number; readonly end: number }
}

function view(file: Uint8Array): DataView {
  return new DataView(file.buffer, file.byteOffset, file.byteLength)
}

/** §4.3.16: the last record, behind which only a comment may stand. */
function directory(file: Uint8Array): { readonly count: number; readonly at: number; readonly end: number } {
  const data = view(file)
  for (let end = file.length - lengths.end; end >= 0 && end >= file.length - lengths.end - 0xffff; end--) {
    if (data.getUint32(end, true) !== signatures.end) continue
    if (end + lengths.end + data.getUint16(end + 20, true) !== file.length) continue
    const [disk, start, here, count] = [4, 6, 8, 10].map((offset) => data.getUint16(end + offset, true))
    const [size = 0, at = 0] = [12, 16].map((offset) => data.getUint32(end + offset, true))
    if (disk !== 0 || start !== 0 || here !== count || count === 0xffff || at + size !== end) break
    return { count: count as number, at, end }
  }
  throw new InvalidZipError('ZIP_INVALID')
}

/** §4.3.12 and §4.3.7. */
function readEntry(file: Uint8Array, at: number, end: number): { readonly entry: Packed; readonly after: number } {
  const data = view(file)
  if (at + lengths.central > end || data.getUint32(at, true) !== signatures.central)
    throw new InvalidZipError('ZIP_INVALID')
  const [flags = 0, method = 0] = [8, 10].map((offset) => data.getUint16(at + offset, true))
  const [packed = 0, size = 0] = [20, 24].map((offset) => data.getUint32(at + offset, true))
  const [nameLength = 0, extra = 0, comment = 0] = [28, 30, 32].map((offset) => data.getUint16(at + offset, true))
  const start = data.getUint32(at + 42, true)
  const after = at + lengths.central + nameLength + extra + comment
  if (after > end || start + lengths.local > at) throw new InvalidZipError('ZIP_INVALID')
  const nameBytes = file.subarray(at + lengths.central, at + lengths.central + nameLength)
  const localLength = data.getUint16(start + 26, true)
  const body = start + lengths.local + localLength + data.getUint16(start + 28, true)
  const isSame = Bytes.equals(file.subarray(start + lengths.local, start + lengths.local + localLength), nameBytes)
  const isEncrypted = (flags & 1) !== 0
  const isKnown = method === methods.deflated || (method === methods.stored && packed === size)
  if (data.getUint32(start, true) !== signatures.local || !isSame || isEncrypted || !isKnown || body + packed > at)
    throw new InvalidZipError('ZIP_INVALID')
  return { entry: { name: nameOf(nameBytes), size, method, start, body: { start: body, end: body + packed } }, after }
}

function nameOf(bytes: Uint8Array): string {
  let name: string
  try {
    name = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new InvalidZipError('ZIP_INVALID')
  }
  // Nothing is written anywhere; but whoever reads the report may unpack it.
  const leadsOut = name === '' || /^[/\\]|^[A-Za-z]:|[\\\0]|(?:^|\/)\.\.?(?:\/|$)/.test(name)
  if (leadsOut) throw new InvalidZipError('ZIP_INVALID')
  return name
}

function unpack(packed: Uint8Array, method: number, size: number): Uint8Array {
  if (method === methods.stored) return packed
  const bytes = new Uint8Array(size)
  let length = 0
  const stream = new Inflate((part) => {
    if (length + part.length > size) throw new InvalidZipError('ZIP_LIMIT')
    bytes.set(part, length)
    length += part.length
  })
  try {
    for (let at = 0; at < packed.length; at += chunk)
      stream.push(packed.subarray(at, at + chunk), at + chunk >= packed.length)
  } catch (cause) {
    throw cause instanceof InvalidZipError ? cause : new InvalidZipError('ZIP_INVALID', cause)
  }
  if (length !== size) throw new InvalidZipError('ZIP_INVALID')
  return bytes
}

/** Thrown when an archive is damaged, ambiguous, or larger than it may be. */
export class InvalidZipError extends Errors.BaseError<'ZIP_INVALID' | 'ZIP_LIMIT'> {
  override readonly name = 'Zip.InvalidZipError'
  constructor(code: InvalidZipError['code'], cause?: unknown) {
    const message = {
      ZIP_INVALID: 'This archive is damaged, or of a kind that is not read.',
      ZIP_LIMIT: 'This archive has more in it than may be unpacked.',
    }
    super(code, message[code], { cause })
  }
}
