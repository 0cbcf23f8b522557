import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import * as Bytes from './Bytes.ts'

/** What a recipient's secret yields, 32 bytes each. `claimKey` is a secp256k1 private key. */
export type Derived = { readonly blind: Uint8Array; readonly salt: Uint8Array; readonly claimKey: Uint8Array }

/** Derives from a recipient's secret (32 random bytes) by HKDF-SHA-256 (RFC 5869) with an empty salt. */
export function derive(secret: Uint8Array): Derived {
  return {
    blind: blind(secret),
    salt: expand(secret, 'laurel/salt/v1'),
    claimKey: expand(secret, 'laurel/claim-key/v1'),
  }
}

/** The blind alone, in a third of the time. */
export function blind(secret: Uint8Array): Uint8Array {
  return expand(secret, 'laurel/blind/v1')
}

function expand(secret: Uint8Array, info: string): Uint8Array {
  if (secret.length !== 32) throw new TypeError('A secret has 32 bytes')
  return hkdf(sha256, secret, undefined, Bytes.fromUtf8(info), 32)
}
