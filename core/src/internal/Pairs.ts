import * as Sha256 from '../Sha256.ts'

/** How many bytes two nodes have, and one. */
const pair = 64
const node = 32

/** SHA-256 of each 64-byte pair, one behind the other into `digests`, which is half as long. */
export type Hash = (pairs: Uint8Array, digests: Uint8Array) => void

/** One pair at a time. */
export const hash: Hash = (pairs, digests) => {
  if (pairs.length % pair !== 0 || digests.length * 2 !== pairs.length)
    throw new TypeError('Pairs have 64 bytes, and their digests half as many')
  for (let at = 0; at < pairs.length; at += pair)
    digests.set(Sha256.digest(pairs.subarray(at, at + pair)), (at / pair) * node)
}
