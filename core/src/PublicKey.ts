import { p256, p384 } from '@noble/curves/nist.js'
import { base64 } from '@scure/base'
import * as Bytes from './Bytes.ts'
import * as Ed25519 from './Ed25519.ts'
import * as Errors from './Errors.ts'
import * as Base64Url from './internal/Base64Url.ts'
import * as Rsa from './internal/Rsa.ts'
import * as Spki from './internal/Spki.ts'
import * as Json from './Json.ts'
import * as Multibase from './Multibase.ts'

/** The kinds of key with which credentials are verified. */
export type Kind = 'Ed25519' | 'P-256' | 'P-384' | 'RSA'

/**
 * A public key: 32 bytes of an Ed25519 key, a compressed point of a curve (33 and 49 bytes, SEC 1 §2.3.3), or the modulus
 * of an RSA key, big-endian, whose exponent is always 65,537.
 */
export type PublicKey = { readonly kind: Kind; readonly bytes: Uint8Array }

// Controlled Identifiers 1.0 §2.2.2: the varints of the multicodecs.
const prefixes = [
  ['Ed25519', Uint8Array.of(0xed, 0x01)],
  ['P-256', Uint8Array.of(0x80, 0x24)],
  ['P-384', Uint8Array.of(0x81, 0x24)],
] as const

const curves = { 'P-256': p256, 'P-384': p384 } as const
const sizes = { 'P-256': 32, 'P-384': 48 } as const

/** 65,537, the one exponent of RSA that is read. */
const exponent = Uint8Array.of(1, 0, 1)

const pem = /^\s*-----BEGIN ((?:RSA )?PUBLIC KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----\s*$/

/** An RSA key of 8,192 bits has 1,500 letters or so. */
const maximumPem = 4096

/**
 * Reads a Multikey of any of the kinds that have one: `z6Mk…`, `zDna…`, `z82L…`. A point has to be one of its curve.
 *
 * @throws {InvalidKeyError} KEY_INVALID
 */
export function fromMultikey(text: string): PublicKey {
  return read(() => {
    const bytes = Multibase.fromBase58(text)
    for (const [kind, prefix] of prefixes)
      if (Bytes.equals(bytes.subarray(0, prefix.length), prefix)) return onCurve(kind, bytes.slice(prefix.length))
    return undefined
  })
}

/**
 * Reads a JSON Web Key (RFC 7517, 8037): numbers in their full length and in the only spelling that they have, nothing
 * private beside them. An RSA key has 2,048 to 8,192 bits and the exponent 65,537.
 *
 * @throws {InvalidKeyError} KEY_INVALID
 */
export function fromJwk(jwk: unknown): PublicKey {
  return read(() => {
    if (!Json.isObject(jwk as Json.Value)) return undefined
    const { kty, crv, x, y, n, e, d } = jwk as Json.Object
    if (d !== undefined) return undefined
    if (kty === 'OKP' && crv === 'Ed25519') return onCurve(crv, decode(x))
    if (kty === 'RSA' && e === 'AQAB') return ofRsa(decode(n))
    if (kty !== 'EC' || (crv !== 'P-256' && crv !== 'P-384')) return undefined
    const [first, second] = [decode(x), decode(y)]
    if (first.length !== sizes[crv] || second.length !== sizes[crv]) return undefined
    const point = curves[crv].Point.fromBytes(Bytes.concat(Uint8Array.of(4), first, second))
    return { kind: crv, bytes: point.toBytes(true) }
  })
}

/**
 * Reads a key in PEM (RFC 7468): `PUBLIC KEY`, or `RSA PUBLIC KEY` as older programs write it, and nothing else around it.
 *
 * @throws {InvalidKeyError} KEY_INVALID
 */
export function fromPem(text: string): PublicKey {
  return read(() => {
    const [, label, body = ''] = pem.exec(text.slice(0, maximumPem)) ?? []
    if (label === undefined) return undefined
    const der = base64.decode(body.replaceAll(/\s/g, ''))
    const key = label === 'PUBLIC KEY' ? Spki.read(der) : Spki.ofRsa(der)
    if (key?.kind === 'RSA') return Bytes.equals(key.exponent, exponent) ? ofRsa(key.modulus) : undefined
    if (key?.kind === 'Ed25519') return onCurve(key.kind, key.bytes)
    return key && { kind: key.kind, bytes: curves[key.kind].Point.fromBytes(key.point).toBytes(true) }
  })
}

/** Writes a key as a Multikey; RSA has none. */
export function toMultikey({ kind, bytes }: PublicKey): string | undefined {
  const [, prefix] = prefixes.find(([each]) => each === kind) ?? []
  return prefix === undefined ? undefined : Multibase.toBase58(Bytes.concat(prefix, bytes))
}

/** Whether two keys are the same. */
export function equals(a: PublicKey, b: PublicKey): boolean {
  return a.kind === b.kind && Bytes.equals(a.bytes, b.bytes)
}

/**
 * Verifies a signature in the one way in which each kind of key signs here: Ed25519 (RFC 8032), ECDSA with SHA-256 on
 * P-256 and with SHA-384 on P-384 (FIPS 186-5, r ‖ s), RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2.2). Anything malformed
 * is false.
 *
 * Of the two values of s that fit an ECDSA signature both count, as FIPS 186-5 has it: programs sign with either.
 */
export function verify({ kind, bytes }: PublicKey, signature: Uint8Array, message: Uint8Array): boolean {
  switch (kind) {
    case 'Ed25519':
      return Ed25519.verify(signature, message, bytes)
    case 'RSA':
      return Rsa.verify(signature, message, bytes)
    default:
      return isSigned(kind, signature, message, bytes)
  }
}

function isSigned(kind: 'P-256' | 'P-384', signature: Uint8Array, message: Uint8Array, bytes: Uint8Array): boolean {
  if (signature.length !== 2 * sizes[kind]) return false
  try {
    return curves[kind].verify(signature, message, bytes, { lowS: false })
  } catch {
    return false
  }
}

function onCurve(kind: 'Ed25519' | 'P-256' | 'P-384', bytes: Uint8Array): PublicKey | undefined {
  if (kind === 'Ed25519') {
    if (bytes.length !== 32) return undefined
    // Not every 32 bytes are a point, but whether they are is told, as strictly, with each signature.
    return { kind, bytes }
  }
  if (bytes.length !== sizes[kind] + 1) return undefined
  curves[kind].Point.fromBytes(bytes)
  return { kind, bytes }
}

function ofRsa(modulus: Uint8Array): PublicKey | undefined {
  return Rsa.isModulus(modulus) ? { kind: 'RSA', bytes: modulus } : undefined
}

function decode(text: Json.Value | undefined): Uint8Array {
  const bytes = typeof text === 'string' ? Base64Url.decode(text) : undefined
  if (bytes === undefined) throw new InvalidKeyError()
  return bytes
}

function read(work: () => PublicKey | undefined): PublicKey {
  let key: PublicKey | undefined
  try {
    key = work()
  } catch (cause) {
    throw new InvalidKeyError(cause)
  }
  if (key === undefined) throw new InvalidKeyError()
  return key
}

/** Thrown when something is not a public key of a kind that is read here. */
export class InvalidKeyError extends Errors.BaseError<'KEY_INVALID'> {
  override readonly name = 'PublicKey.InvalidKeyError'
  constructor(cause?: unknown) {
    super('KEY_INVALID', 'This is not a public key of a kind that is read here.', { cause })
  }
}
