import * as Bytes from '@laurel/core/Bytes'

/** What recursive-length prefix encoding knows: byte strings and lists of them. */
export type Item = Uint8Array | readonly Item[]

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
 * Decodes one item that is the whole of some bytes, which {@link encode} has made: what others have made is not checked for
 * being the shortest form.
 */
export function decode(bytes: Uint8Array): Item {
  const { item, end } = read(bytes, 0)
  if (end !== bytes.length) throw new RangeError('Something follows the item')
  return item
}

function read(bytes: Uint8Array, at: number): { readonly item: Item; readonly end: number } {
  const first = bytes[at] ?? 0
  if (first < 0x80) return { item: bytes.subarray(at, at + 1), end: at + 1 }
  const offset = first < 0xc0 ? 0x80 : 0xc0
  const sizeOfLength = Math.max(0, first - offset - 55)
  const start = at + 1 + sizeOfLength
  const length = sizeOfLength === 0 ? first - offset : Number(toInteger(bytes.subarray(at + 1, start)))
  const end = start + length
  if (end > bytes.length) throw new RangeError('The item is longer than the bytes')
  if (offset === 0x80) return { item: bytes.subarray(start, end), end }
  const items: Item[] = []
  for (let next = start; next < end; ) {
    const inner = read(bytes, next)
    items.push(inner.item)
    next = inner.end
  }
  return { item: items, end }
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
