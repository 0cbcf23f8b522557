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
