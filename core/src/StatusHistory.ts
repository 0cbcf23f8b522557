import { keccak_256 } from '@noble/hashes/sha3.js'
import * as Bytes from './Bytes.ts'
import * as Sha256 from './Sha256.ts'

/** One version of a status list: SHA-256 of its canonical bytes, and the time of its block in seconds since 1970. */
export type Version = { readonly digest: Uint8Array; readonly time: number }

/** What the registry knows a list by: SHA-256 of its URL in UTF-8, 32 bytes. */
export function listId(url: string): Uint8Array {
  return Sha256.digest(Bytes.fromUtf8(url))
}

/**
 * The head (32 bytes) to which a history folds, the oldest version first: the registry of status lists has the same word
 * if and only if the history is whole and in order. Of no version at all it is zero.
 *
 * `head' = keccak256(abi.encode(head, digest, uint64 time))`, as `contracts/interfaces/IStatusRegistry.sol` has it.
 */
export function head(history: readonly Version[]): Uint8Array {
  return history.reduce<Uint8Array>((before, { digest, time }) => {
    if (digest.length !== 32) throw new TypeError('A digest has 32 bytes')
    return keccak_256(Bytes.concat(before, digest, Bytes.fromUint(time, 32)))
  }, new Uint8Array(32))
}
