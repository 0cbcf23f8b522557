import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Kind } from '../../server/src/adapters/signer/RemoteKey.ts'

/** A key pair as a device has it, of which the test knows the secret half. */
export type KeyPair = {
  readonly kind: Kind
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** 32 bytes. */
  readonly secret: Uint8Array
  /** A signature as devices make it: of secp256k1 in DER over 32 bytes as they are, with the higher s every other time. */
  readonly sign: (message: Uint8Array) => Uint8Array
}

/** A key pair by OpenSSL. */
export function generate(kind: Kind): KeyPair {
  const { privateKey } =
    kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const secret = new Uint8Array(Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'))
  let count = 0
  return {
    kind,
    privateKey,
    publicKey: createPublicKey(privateKey),
    secret,
    sign: (message) => {
      if (kind === 'ed25519') return sign(null, message, privateKey)
      const { r, s } = secp256k1.Signature.fromBytes(secp256k1.sign(message, secret, { prehash: false, lowS: true }))
      const isHigh = count++ % 2 === 0
      return new secp256k1.Signature(r, isHigh ? secp256k1.Point.Fn.ORDER - s : s).toBytes('der')
    },
  }
}

/** Whether OpenSSL takes a signature of 64 bytes over a message, which it hashes by SHA-256 where the kind is secp256k1. */
export function isSigned(publicKey: Uint8Array, kind: Kind, message: Uint8Array, signature: Uint8Array): boolean {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
  if (kind === 'ed25519') {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text(publicKey) }, format: 'jwk' })
    return verify(null, message, key, signature)
  }
  const [x, y] = [text(publicKey.subarray(0, 32)), text(publicKey.subarray(32))]
  const key = createPublicKey({ key: { kty: 'EC', crv: 'secp256k1', x, y }, format: 'jwk' })
  return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)
}
