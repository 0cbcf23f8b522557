import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'

/** What recursive-length prefix encoding knows: byte strings and lists of them. */
export type Item = Uint8Array | readonly Item[]

/** How deep lists may stand in lists: twice as deep as anything that Ethereum encodes. */
const maximumDepth = 16

/** Recursive-length prefix encoding, Ethereum's Yellow Paper, appendix B. */
export function encode(item: Item): Uint8Array {
  if (item instanceof Uint8Array) {
    const [first = 0] = item
    return item.length === 1 && first < 0x80 ? item : Bytes.concat(prefix(0x80, item.length), item)
  }
  const content = Bytes.concat(...item.map(encode))
  return Bytes.concat(prefix(0xc0, content.length), content)
}

/**
 * Decodes one item that is the whole of some bytes from anybody, in the shortest form only: there are no other bytes for
 * the same item. Byte strings are views of what is read.
 *
 * @throws {EncodingError} RLP_INVALID
 */
export function decode(bytes: Uint8Array): Item {
  const { item, end } = read(bytes, 0, bytes.length, 0)
  if (end !== bytes.length) throw new EncodingError()
  return item
}

function read(
  bytes: Uint8Array,
  at: number,
  limit: number,
  depth: number,
): { readonly item: Item; readonly end: number } {
  const first = bytes[at]
  if (first === undefined || at >= limit || depth > maximumDepth) throw new EncodingError()
  if (first < 0x80) return { item: bytes.subarray(at, at + 1), end: at + 1 }
  const offset = first < 0xc0 ? 0x80 : 0xc0
  const sizeOfLength = Math.max(0, first - offset - 55)
  const start = at + 1 + sizeOfLength
  const length = sizeOfLength === 0 ? first - offset : lengthOf(bytes.subarray(at + 1, start), sizeOfLength)
  const end = start + length
  if (end > limit) throw new EncodingError()
  if (offset === 0x80) {
    const item = bytes.subarray(start, end)
    // A small byte is its own encoding.
    if (length === 1 && (item[0] as number) < 0x80) throw new EncodingError()
    return { item, end }
  }
  const items: Item[] = []
  for (let next = start; next < end; ) {
    const inner = read(bytes, next, end, depth + 1)
    items.push(inner.item)
    next = inner.end
  }
  return { item: items, end }
}

function lengthOf(bytes: Uint8Array, size: number): number {
  // More than four bytes of length are more than there are of anything.
  if (bytes.length !== size || size > 4 || bytes[0] === 0) throw new EncodingError()
  const length = Number(toInteger(bytes))
  if (length < 56) throw new EncodingError()
  return length
}

/** The integer that big-endian bytes are; none are 0. */
export function toInteger(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(Bytes.toHex(bytes))
}

/** An unsigned integer in as few big-endian bytes as it needs; none for 0. */
export function integer(value: number | bigint): Uint8Array {
  const digits = BigInt(value).toString(16)
  return value === 0 || value === 0n ? new Uint8Array() : Bytes.fromHex(`0x${digits.length % 2 ? '0' : ''}${digits}`)
}

function prefix(offset: number, length: number): Uint8Array {
  if (length < 56) return Uint8Array.of(offset + length)
  const size = integer(length)
  return Bytes.concat(Uint8Array.of(offset + 55 + size.length), size)
}

/** Thrown when bytes are not one item in its shortest form. */
export class EncodingError extends Errors.BaseError<'RLP_INVALID'> {
  override readonly name = 'Rlp.EncodingError'
  constructor() {
    super('RLP_INVALID', 'What a node of the chain answers is not encoded as it should be.')
  }
}
