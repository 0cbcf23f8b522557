import { keccak_256 } from '@noble/hashes/sha3.js'
import * as Bytes from './Bytes.ts'

/** What a directory has logged about an issuer: the topics (32 bytes each), the data and the time of the block. */
export type Entry = { readonly topics: readonly Uint8Array[]; readonly data: Uint8Array; readonly time: number }

/**
 * The head (32 bytes) to which an issuer's history folds, the oldest entry first: the directory has the same word if
 * and only if the history is whole and in order. Of no entry at all it is zero.
 *
 * `head' = keccak256(abi.encode(head, keccak256(topics ‖ data), uint64 time))` for each event whose first argument is
 * the issuer, as `contracts/interfaces/IIssuerDirectory.sol` has it.
 */
export function head(history: readonly Entry[]): Uint8Array {
  return history.reduce<Uint8Array>((before, { topics, data, time }) => {
    if (topics.some(({ length }) => length !== 32)) throw new TypeError('A topic has 32 bytes')
    return keccak_256(Bytes.concat(before, keccak_256(Bytes.concat(...topics, data)), Bytes.fromUint(time, 32)))
  }, new Uint8Array(32))
}
