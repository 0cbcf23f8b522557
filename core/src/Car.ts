import * as Bytes from './Bytes.ts'
import * as Cid from './Cid.ts'
import * as Sha256 from './Sha256.ts'

/** A block by its name: its CID in binary form, and how many bytes it and all blocks have that it leads to. */
export type Link = { readonly cid: Uint8Array; readonly size: number }

/** A block. */
export type Block = Link & { readonly bytes: Uint8Array }

/** What an archive says of a block. */
export type Section = Pick<Block, 'cid' | 'bytes'>

/** A file in a directory, which is a raw block, or a directory within: what it is called there, and its block. */
export type Entry = { readonly name: string; readonly block: Link }

// What other programs of IPFS take from each other at most (2 MiB).
const maximumBytes = 2 * 1024 * 1024

/** The block of bytes as they are, at most 2 MiB of them. */
export function raw(bytes: Uint8Array): Block {
  return block('raw', bytes, bytes.length)
}

/**
 * The block of a directory of files (UnixFS in DAG-PB): its CID leads to all of them by their names. It is one block of at
 * most 2 MiB, so there is room for some ten thousand files.
 *
 * @param entries with different names, none of them empty or with a slash
 */
export function directory(entries: readonly Entry[]): Block {
  const names = new Set(entries.map(({ name }) => name))
  if (names.size !== entries.length || names.has('') || [...names].some((name) => name.includes('/')))
    throw new TypeError('The files of a directory have different names without a slash')
  const named = entries.map(({ name, block }) => ({ name: Bytes.fromUtf8(name), block }))
  // DAG-PB: links are in the order of their names' bytes, and stand before the data.
  const links = named
    .toSorted((a, b) => compare(a.name, b.name))
    .map(({ name, block }) =>
      field(2, Bytes.concat(field(1, block.cid), field(2, name), Uint8Array.of(0x18), varint(block.size))),
    )
  // UnixFS: the type of a directory is 1.
  const bytes = Bytes.concat(...links, field(1, Uint8Array.of(0x08, 1)))
  return block(
    'dag-pb',
    bytes,
    entries.reduce((size, { block }) => size + block.size, bytes.length),
  )
}

/**
 * Writes an archive of blocks (CARv1) piece by piece, and holds none of them.
 *
 * Whoever puts an archive into IPFS publishes every block of it: for that, only what is public belongs in one, which is
 * manifests, achievement metadata, status lists and images. An archive of credentials is as private as they are, and is
 * for a disk.
 *
 * @param roots the CIDs (binary) by which the archive is entered, at least one. Programs keep what these lead to, so a
 *   block to which nothing links is a root of its own.
 */
export async function* write(
  roots: readonly Uint8Array[],
  blocks: Iterable<Section> | AsyncIterable<Section>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield header(roots)
  for await (const block of blocks) yield section(block)
}

/** A block as it stands in an archive, for whoever writes one from several sides. */
export function section({ cid, bytes }: Section): Uint8Array {
  return Bytes.concat(varint(cid.length + bytes.length), cid, bytes)
}

/**
 * What stands before the blocks. Its length follows from the number of roots, so it can be left out until they are known.
 *
 * DAG-CBOR of {roots, version: 1}: a map of two, a list of tags 42 (each a byte string: a zero and a binary CID), 1.
 */
export function header(roots: readonly Uint8Array[]): Uint8Array {
  if (roots.length === 0) throw new TypeError('An archive has a root at least')
  const list = roots.map((cid) => Bytes.concat(Uint8Array.of(0xd8, 42), head(2, cid.length + 1), Uint8Array.of(0), cid))
  const bytes = Bytes.concat(
    Uint8Array.of(0xa2),
    text('roots'),
    head(4, roots.length),
    ...list,
    text('version'),
    Uint8Array.of(1),
  )
  return Bytes.concat(varint(bytes.length), bytes)
}

function block(codec: 'raw' | 'dag-pb', bytes: Uint8Array, size: number): Block {
  if (bytes.length > maximumBytes) throw new TypeError(`A block has at most ${maximumBytes} bytes`)
  return { cid: Cid.binary(codec, Sha256.digest(bytes)), bytes, size }
}

function text(value: string): Uint8Array {
  return Bytes.concat(head(3, value.length), Bytes.fromUtf8(value))
}

/** The head of a CBOR item in its shortest form (RFC 8949 §3). */
function head(major: number, value: number): Uint8Array {
  if (value < 24) return Uint8Array.of((major << 5) | value)
  const size = value < 2 ** 8 ? 1 : value < 2 ** 16 ? 2 : 4
  return Bytes.concat(Uint8Array.of((major << 5) | (24 + Math.log2(size))), Bytes.fromUint(value, size))
}

/** A field of bytes in a protocol buffer. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  return Bytes.concat(Uint8Array.of((number << 3) | 2), varint(bytes.length), bytes)
}

/** Seven bits a byte, the lowest first (LEB128). */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Uint8Array.from([...bytes, rest])
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i])
  return at < 0 ? a.length - b.length : (a[at] as number) - (b[at] ?? -1)
}
