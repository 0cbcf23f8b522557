import { base64urlnopad } from '@scure/base'
import type * as Bytes from './Bytes.ts'
import * as DateTimeStamp from './DateTimeStamp.ts'
import * as EvmAddress from './EvmAddress.ts'
import * as PublicKey from './PublicKey.ts'

/** A public key as a JSON Web Key on a curve: Ed25519 (RFC 8037), secp256k1 (RFC 8812) or one of NIST's. */
export type PublicKeyJwk = { readonly kty: string; readonly crv: string; readonly x: string; readonly y?: string }

export type VerificationMethod = {
  readonly id: string
  readonly type: string
  readonly controller: string
  readonly publicKeyMultibase?: string
  readonly publicKeyJwk?: PublicKeyJwk
  /** From when on nothing counts that it has signed (Controlled Identifiers 1.0 §2.2): a `dateTimeStamp`. */
  readonly revoked?: string
}

export type Service = { readonly id: string; readonly type: string; readonly serviceEndpoint: string }

/** A DID document with the members that Laurel writes and reads (DID Core §5). */
export type DidDocument = {
  readonly '@context': readonly string[]
  readonly id: string
  readonly verificationMethod: readonly VerificationMethod[]
  readonly assertionMethod: readonly string[]
  readonly authentication?: readonly string[]
  readonly service?: readonly Service[]
}

/**
 * The key that a DID document gives for a verification method, if the document's own subject controls it and lists it
 * under the purpose. The document may be a stranger's: whatever is malformed is undefined.
 *
 * @param verificationMethod the absolute id, `did:…#…`
 */
export function publicKey(
  document: DidDocument,
  verificationMethod: string,
  purpose: 'assertionMethod' | 'authentication' = 'assertionMethod',
): PublicKey.PublicKey | undefined {
  const method = listedMethod(document, verificationMethod, purpose)
  if (method === undefined) return undefined
  try {
    if (typeof method.publicKeyMultibase === 'string') return PublicKey.fromMultikey(method.publicKeyMultibase)
    return PublicKey.fromJwk(method.publicKeyJwk)
  } catch {
    return undefined
  }
}

/**
 * The address of the EVM account whose secp256k1 key a DID document gives, as a JSON Web Key, for a verification method;
 * under the same conditions as {@link publicKey}.
 */
export function evmAddress(document: DidDocument, verificationMethod: string): Bytes.Hex | undefined {
  const jwk = listedMethod(document, verificationMethod, 'assertionMethod')?.publicKeyJwk
  if (jwk?.kty !== 'EC' || jwk.crv !== 'secp256k1' || jwk.y === undefined) return undefined
  try {
    return EvmAddress.fromPublicKey(base64urlnopad.decode(jwk.x), base64urlnopad.decode(jwk.y))
  } catch {
    return undefined
  }
}

function listedMethod(
  document: DidDocument,
  verificationMethod: string,
  purpose: 'assertionMethod' | 'authentication',
): VerificationMethod | undefined {
  const listed: unknown = document[purpose]
  const methods: unknown = document.verificationMethod
  if (!Array.isArray(listed) || !listed.includes(verificationMethod) || !Array.isArray(methods)) return undefined
  const candidates = methods.filter((method) => method?.id === verificationMethod)
  const [method] = candidates
  return candidates.length === 1 && method.controller === document.id ? method : undefined
}

/**
 * From when on nothing counts that a verification method has signed, in milliseconds since 1970; undefined where its
 * document says no such thing. What is no date was said by somebody who wanted to say one: then nothing counts.
 */
export function revokedFrom(document: DidDocument, verificationMethod: string): number | undefined {
  const methods: unknown = document.verificationMethod
  const found = Array.isArray(methods) ? methods.filter((method) => method?.id === verificationMethod) : []
  const times = found.flatMap(({ revoked }) => (revoked === undefined ? [] : [toTime(revoked)]))
  return times.length === 0 ? undefined : Math.min(...times)
}

function toTime(revoked: unknown): number {
  const isTime = typeof revoked === 'string' && DateTimeStamp.isValid(revoked)
  return isTime ? DateTimeStamp.toMilliseconds(revoked) : Number.NEGATIVE_INFINITY
}

/** The same document, which says from which second on (since 1970) nothing counts that a verification method has signed. */
export function revoke(document: DidDocument, verificationMethod: string, from: number): DidDocument {
  const revoked = DateTimeStamp.fromSeconds(from)
  const methods = document.verificationMethod.map((method) =>
    method.id === verificationMethod ? { ...method, revoked } : method,
  )
  return { ...document, verificationMethod: methods }
}

/** Writes an Ed25519 public key (32 bytes) as a JSON Web Key (RFC 8037 §2). */
export function toJwk(publicKey: Uint8Array): PublicKeyJwk {
  return { kty: 'OKP', crv: 'Ed25519', x: base64urlnopad.encode(publicKey) }
}
