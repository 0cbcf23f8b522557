import { keccak_256 } from '@noble/hashes/sha3.js'
import * as Bytes from '../Bytes.ts'
import * as Errors from '../Errors.ts'
import * as Rlp from '../Rlp.ts'

/** The root of a trie in which nothing is stored: `keccak256(rlp(''))`. */
const emptyRoot = keccak_256(Uint8Array.of(0x80))

/**
 * What a secure Merkle Patricia trie (Yellow Paper, appendix D) has stored under a key; `undefined` where its nodes show
 * that nothing is.
 *
 * The nodes come from anybody: each has to hash to what the one before it says, and none is left over.
 *
 * @param root of the trie, 32 bytes
 * @param key which is hashed before it leads anywhere
 * @param nodes from the root to where the key ends
 * @throws {NodeError} TRIE_INVALID, and RLP_INVALID
 */
export function get(root: Uint8Array, key: Uint8Array, nodes: readonly Uint8Array[]): Uint8Array | undefined {
  if (Bytes.equals(root, emptyRoot)) {
    // Nodes differ in whether they send the empty root.
    if (nodes.length > 1 || nodes.some((node) => !Bytes.equals(node, Uint8Array.of(0x80)))) throw new NodeError()
    return undefined
  }
  const path = nibbles(keccak_256(key))
  let used = 0
  let at = 0
  let next: Rlp.Item = root
  let found: Uint8Array | undefined
  while (next.length > 0) {
    if (next instanceof Uint8Array) {
      const node = nodes[used++]
      if (node === undefined || !Bytes.equals(keccak_256(node), next)) throw new NodeError()
      next = Rlp.decode(node)
    }
    const items = asList(next)
    if (items.length === 17) {
      const nibble = path[at++]
      // All keys are of one length, so none ends in a branch.
      if (nibble === undefined) throw new NodeError()
      next = items[nibble] as Rlp.Item
      continue
    }
    const [encoded, value] = items
    if (items.length !== 2 || !(encoded instanceof Uint8Array) || value === undefined) throw new NodeError()
    const { part, isLeaf } = readPath(encoded)
    const isHere = part.every((nibble, i) => nibble === path[at + i])
    if (isLeaf) {
      if (!(value instanceof Uint8Array) || at + part.length !== path.length) throw new NodeError()
      if (isHere) found = value
      break
    }
    if (part.length === 0 || value.length === 0) throw new NodeError()
    if (!isHere) break
    at += part.length
    next = value
  }
  if (used !== nodes.length) throw new NodeError()
  return found
}

function asList(item: Rlp.Item): readonly Rlp.Item[] {
  if (item instanceof Uint8Array) throw new NodeError()
  return item
}

/** Hex-prefix encoding, Yellow Paper, appendix C. */
function readPath(encoded: Uint8Array): { readonly part: readonly number[]; readonly isLeaf: boolean } {
  const [flag = 0xf, second, ...rest] = nibbles(encoded)
  const isOdd = (flag & 1) === 1
  if (flag > 3 || (!isOdd && second !== 0)) throw new NodeError()
  return { part: isOdd ? [second as number, ...rest] : rest, isLeaf: flag >= 2 }
}

function nibbles(bytes: Uint8Array): readonly number[] {
  return [...bytes].flatMap((byte) => [byte >> 4, byte & 15])
}

/** Thrown when nodes are not those of a trie on the way to a key. */
export class NodeError extends Errors.BaseError<'TRIE_INVALID'> {
  override readonly name = 'Trie.NodeError'
  constructor() {
    super('TRIE_INVALID', 'The storage proof does not lead from its block to what it says.')
  }
}
