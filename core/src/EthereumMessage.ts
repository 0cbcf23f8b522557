import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import * as Bytes from './Bytes.ts'
import * as EvmAddress from './EvmAddress.ts'

/** A text that a wallet has signed (ERC-191, version 0x45): `0x` and 65 bytes, r ‖ s ‖ v. */
export type Signed = { readonly message: string; readonly signature: string }

/** The address of the account that signed, in lower case; undefined for what is no signature. */
export function signer({ message, signature }: Signed): Bytes.Hex | undefined {
  try {
    const bytes = Bytes.fromHex(signature, 65)
    const text = Bytes.fromUtf8(message)
    const prefix = Bytes.fromUtf8(`\x19Ethereum Signed Message:\n${text.length}`)
    // v is 27 or 28, or 0 or 1 with some wallets.
    const v = bytes[64] as number
    const recovery = v >= 27 ? v - 27 : v
    if (recovery > 1) return undefined
    const digest = keccak_256(Bytes.concat(prefix, text))
    const recovered = secp256k1.Signature.fromBytes(bytes.slice(0, 64), 'compact')
      .addRecoveryBit(recovery)
      .recoverPublicKey(digest)
    const point = recovered.toBytes(false)
    return EvmAddress.fromPublicKey(point.slice(1, 33), point.slice(33))
  } catch {
    return undefined
  }
}
