import * as Errors from '../Errors.ts'

/**
 * The part of CBOR (RFC 8949) that proofs are written in: unsigned integers, byte strings, arrays, and maps whose keys are
 * unsigned integers.
 */
export type Item = number | Uint8Array | readonly Item[] | ReadonlyMap<number, Item>

const maximumDepth = 5

/** Writes an item in the shortest form (RFC 8949 §4.2.1). */
export function encode(item: Item): Uint8Array<ArrayBuffer> {
  const writer = { bytes: new Uint8Array(sizeOf(item)), at: 0 }
  write(writer, item)
  return writer.bytes
}

/**
 * Reads one item, in the shortest form only and with nothing behind it. Byte strings are views of what is read.
 *
 * @throws {EncodingError} CBOR_INVALID
 */
export function decode(bytes: Uint8Array): Item {
  const reader = { bytes, at: 0 }
  const item = read(reader, 0)
  if (reader.at !== bytes.length) throw new EncodingError()
  return item
}

function sizeOf(item: Item): number {
  if (typeof item === 'number') return headSize(item)
  if (item instanceof Uint8Array) return headSize(item.length) + item.length
  if (isMap(item))
    return [...item].reduce((size, [key, value]) => size + headSize(key) + sizeOf(value), headSize(item.size))
  return item.reduce<number>((size, member) => size + sizeOf(member), headSize(item.length))
}

function headSize(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError('CBOR here has safe unsigned integers')
  return value < 24 ? 1 : value < 2 ** 8 ? 2 : value < 2 ** 16 ? 3 : value < 2 ** 32 ? 5 : 9
}

type Writer = { readonly bytes: Uint8Array; at: number }

function write(writer: Writer, item: Item): void {
  if (typeof item === 'number') writeHead(writer, 0, item)
  else if (item instanceof Uint8Array) {
    writeHead(writer, 2, item.length)
    writer.bytes.set(item, writer.at)
    writer.at += item.length
  } else if (isMap(item)) {
    writeHead(writer, 5, item.size)
    for (const [key, value] of [...item].sort(([a], [b]) => a - b)) {
      write(writer, key)
      write(writer, value)
    }
  } else {
    writeHead(writer, 4, item.length)
    for (const member of item) write(writer, member)
  }
}

function isMap(item: readonly Item[] | ReadonlyMap<number, Item>): item is ReadonlyMap<number, Item> {
  return item instanceof Map
}

function writeHead(writer: Writer, major: number, value: number): void {
  const argument = headSize(value) - 1
  writer.bytes[writer.at++] = (major << 5) | (argument === 0 ? value : 24 + Math.log2(argument))
  for (let shift = argument - 1; shift >= 0; shift--)
    writer.bytes[writer.at++] = Math.floor(value / 2 ** (8 * shift)) % 256
}

type Reader = { readonly bytes: Uint8Array; at: number }

function read(reader: Reader, depth: number): Item {
  const [major, value] = readHead(reader)
  if (major === 0) return value
  // Every member takes a byte at least: a length beyond the end is refused before anything is allocated for it.
  if (value > reader.bytes.length - reader.at) throw new EncodingError()
  if (major === 2) {
    reader.at += value
    return reader.bytes.subarray(reader.at - value, reader.at)
  }
  if ((major !== 4 && major !== 5) || depth === maximumDepth) throw new EncodingError()
  if (major === 5) return readMap(reader, value, depth)
  const members: Item[] = []
  for (let i = 0; i < value; i++) members.push(read(reader, depth + 1))
  return members
}

/** §4.2.1: keys are sorted, which for unsigned integers in their shortest form is by value. None comes twice. */
function readMap(reader: Reader, size: number, depth: number): ReadonlyMap<number, Item> {
  const members = new Map<number, Item>()
  let last = -1
  for (let i = 0; i < size; i++) {
    const [major, key] = readHead(reader)
    if (major !== 0 || key <= last) throw new EncodingError()
    last = key
    members.set(key, read(reader, depth + 1))
  }
  return members
}

function readHead(reader: Reader): readonly [major: number, value: number] {
  const head = reader.bytes[reader.at++]
  if (head === undefined) throw new EncodingError()
  const info = head & 31
  if (info < 24) return [head >> 5, info]
  const size = 2 ** (info - 24)
  if (info > 27 || reader.at + size > reader.bytes.length) throw new EncodingError()
  let value = 0
  for (let i = 0; i < size; i++) value = value * 256 + (reader.bytes[reader.at++] as number)
  const shortest = size === 1 ? 24 : 2 ** (4 * size)
  if (value < shortest || !Number.isSafeInteger(value)) throw new EncodingError()
  return [head >> 5, value]
}

/** Thrown when bytes are not one item of this part of CBOR in its shortest form. */
export class EncodingError extends Errors.BaseError<'CBOR_INVALID'> {
  override readonly name = 'Cbor.EncodingError'
  constructor() {
    super('CBOR_INVALID', 'The proof value is not encoded as it should be.')
  }
}
