import { keccak_256 } from '@noble/hashes/sha3.js'
import * as Bytes from './Bytes.ts'

/** What the registry stores of an anchor: the block's time in seconds since 1970, and its number, which is a hint. */
export type Anchored = { readonly time: number; readonly block: bigint }

/** Where the registry stores an anchor: `keccak256(abi.encode(account, root))`, 32 bytes of 20 and 32. */
export function of(account: Bytes.Hex, root: Bytes.Hex): Bytes.Hex {
  return Bytes.toHex(keccak_256(Bytes.concat(new Uint8Array(12), Bytes.fromHex(account, 20), Bytes.fromHex(root, 32))))
}

/** Reads the word of a slot, below 2²⁵⁶; `undefined` where it is zero, which says that nothing was anchored. */
export function read(word: bigint): Anchored | undefined {
  if (word === 0n) return undefined
  return { time: Number(BigInt.asUintN(64, word)), block: word >> 64n }
}
