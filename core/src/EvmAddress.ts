import { keccak_256 } from '@noble/hashes/sha3.js'
import * as Bytes from './Bytes.ts'

/**
 * The address of the account whose public key on secp256k1 has these coordinates (32 bytes each): the last 20 bytes of
 * the Keccak-256 of both (Ethereum Yellow Paper, appendix F), in lower case.
 */
export function fromPublicKey(x: Uint8Array, y: Uint8Array): Bytes.Hex {
  if (x.length !== 32 || y.length !== 32) throw new TypeError('A coordinate has 32 bytes')
  return Bytes.toHex(keccak_256(Bytes.concat(x, y)).slice(-20))
}
