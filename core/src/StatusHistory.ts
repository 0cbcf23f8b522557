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
  return history.reduce(append, new Uint8Array(32))
}

/**
 * The oldest versions of a history from anybody that fold to a head (32 bytes), which is whole and in order then;
 * `undefined` where none do. What comes behind them is later than the head, or made up.
 */
export function upTo(head: Uint8Array, history: readonly Version[]): readonly Version[] | undefined {
  let folded: Uint8Array = new Uint8Array(32)
  for (let length = 0; length <= history.length; length++) {
    if (Bytes.equals(folded, head)) return history.slice(0, length)
    const next = history[length]
    if (next !== undefined) folded = append(folded, next)
  }
  return undefined
}

/** Where the registry stores the head: `keccak256(abi.encode(account, listId))`, 32 bytes of 20 and 32. */
export function slot(account: Bytes.Hex, listId: Uint8Array): Uint8Array {
  return keccak_256(Bytes.concat(new Uint8Array(12), Bytes.fromHex(account, 20), listId))
}

/** The topics (32 bytes each) of the logs in which the registry says what an account has published of a list. */
export function topics(account: Bytes.Hex, listId: Uint8Array): readonly Uint8Array[] {
  return [published, Bytes.concat(new Uint8Array(12), Bytes.fromHex(account, 20)), listId]
}

const published = keccak_256(Bytes.fromUtf8('Published(address,bytes32,bytes32)'))

function append(before: Uint8Array, { digest, time }: Version): Uint8Array {
  if (digest.length !== 32) throw new TypeError('A digest has 32 bytes')
  return keccak_256(Bytes.concat(before, digest, Bytes.fromUint(time, 32)))
}
