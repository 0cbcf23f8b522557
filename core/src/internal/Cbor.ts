import * as Errors from '../Errors.ts'

/** The part of CBOR (RFC 8949) that a merkle-proof-2019 needs: unsigned integers, byte strings, arrays. */
export type Item = number | Uint8Array | readonly Item[]

const maximumDepth = 5

/** Writes an item in the shortest form (RFC 8949 §4.2.1). */
export function encode(item: Item): Uint8Array {
  const bytes: number[] = []
  write(bytes, item)
  return Uint8Array.from(bytes)
}

/**
 * Reads one item, in the shortest form only and with nothing behind it.
 *
 * @throws {EncodingError} CBOR_INVALID
 */
export function decode(bytes: Uint8Array): Item {
  const reader = { bytes, at: 0 }
  const item = read(reader, 0)
  if (reader.at !== bytes.length) throw new EncodingError()
  return item
}

function write(bytes: number[], item: Item): void {
  if (typeof item === 'number') writeHead(bytes, 0, item)
  else if (item instanceof Uint8Array) {
    writeHead(bytes, 2, item.length)
    for (const byte of item) bytes.push(byte)
  } else {
    writeHead(bytes, 4, item.length)
    for (const member of item) write(bytes, member)
  }
}

function writeHead(bytes: number[], major: number, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError('CBOR here has safe unsigned integers')
  if (value < 24) {
    bytes.push((major << 5) | value)
    return
  }
  const size = value < 2 ** 8 ? 0 : value < 2 ** 16 ? 1 : value < 2 ** 32 ? 2 : 3
  bytes.push((major << 5) | (24 + size))
  for (let shift = 2 ** size - 1; shift >= 0; shift--) bytes.push(Math.floor(value / 2 ** (8 * shift)) % 256)
}

type Reader = { readonly bytes: Uint8Array; at: number }

function read(reader: Reader, depth: number): Item {
  const [major, value] = readHead(reader)
  if (major === 0) return value
  // Every member takes a byte at least: a length beyond the end is refused before anything is allocated for it.
  if (value > reader.bytes.length - reader.at) throw new EncodingError()
  if (major === 2) {
    reader.at += value
    return reader.bytes.slice(reader.at - value, reader.at)
  }
  if (major !== 4 || depth === maximumDepth) throw new EncodingError()
  return Array.from({ length: value }, () => read(reader, depth + 1))
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
