import { keccak_256 } from '@noble/hashes/sha3.js'
import * as BlockHeader from './BlockHeader.ts'
import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import * as Trie from './internal/Trie.ts'
import * as Rlp from './Rlp.ts'

/**
 * What shows, to whoever trusts the hash of a block, what a contract has stored in a slot: what `eth_getProof` (EIP-1186)
 * answers, with the header of its block.
 */
export type StorageProof = {
  /** RLP of the block's header; and of those that follow it, up to one that is trusted. */
  readonly headers: readonly Uint8Array[]
  /** RLP of the nodes of the state trie that lead to the contract. */
  readonly account: readonly Uint8Array[]
  /** RLP of the nodes of the contract's storage trie that lead to the slot. */
  readonly storage: readonly Uint8Array[]
}

/** What a proof shows, if the block of `trusted` is one of the chain. */
export type Shown = {
  /** Hash (32 bytes) of the last header. */
  readonly trusted: Uint8Array
  readonly block: BlockHeader.BlockHeader
  /** Whether there is code at the address. */
  readonly hasCode: boolean
  /** The word in the slot; 0 where nothing was ever stored. */
  readonly word: bigint
}

const emptyCode = keccak_256(new Uint8Array())

/**
 * Reads a proof from anybody.
 *
 * @param address the contract, 20 bytes
 * @param slot 32 bytes
 * @throws {InvalidProofError} STORAGE_PROOF_INVALID; TRIE_INVALID, HEADER_INVALID, RLP_INVALID
 */
export function read(proof: StorageProof, address: Bytes.Hex, slot: Bytes.Hex): Shown {
  const [block, ...following] = proof.headers.map(BlockHeader.parse)
  if (block === undefined) throw new InvalidProofError()
  let last = block
  for (const header of following) {
    if (!Bytes.equals(header.parentHash, last.hash)) throw new InvalidProofError()
    last = header
  }
  const account = Trie.get(block.stateRoot, Bytes.fromHex(address, 20), proof.account)
  if (account === undefined) {
    if (proof.storage.length > 0) throw new InvalidProofError()
    return { trusted: last.hash, block, hasCode: false, word: 0n }
  }
  const items = Rlp.decode(account)
  const [, , storageRoot, codeHash] = items instanceof Uint8Array ? [] : items
  if (!isHash(storageRoot) || !isHash(codeHash) || items.length !== 4) throw new InvalidProofError()
  const value = Trie.get(storageRoot, Bytes.fromHex(slot, 32), proof.storage)
  return { trusted: last.hash, block, hasCode: !Bytes.equals(codeHash, emptyCode), word: toWord(value) }
}

function isHash(item: Rlp.Item | undefined): item is Uint8Array {
  return item instanceof Uint8Array && item.length === 32
}

function toWord(value: Uint8Array | undefined): bigint {
  if (value === undefined) return 0n
  const word = Rlp.decode(value)
  // Zeros are not stored, neither before a number nor as one.
  if (!(word instanceof Uint8Array) || word.length === 0 || word.length > 32 || word[0] === 0)
    throw new InvalidProofError()
  return Rlp.toInteger(word)
}

/** Thrown when a storage proof does not show anything. */
export class InvalidProofError extends Errors.BaseError<'STORAGE_PROOF_INVALID'> {
  override readonly name = 'StorageProof.InvalidProofError'
  constructor() {
    super('STORAGE_PROOF_INVALID', 'The storage proof does not show what a contract has stored.')
  }
}
