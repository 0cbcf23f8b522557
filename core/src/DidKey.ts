import type { DidDocument } from './DidDocument.ts'
import * as Errors from './Errors.ts'
import * as Multikey from './Multikey.ts'
import * as PublicKey from './PublicKey.ts'

/** The did:key of an Ed25519 public key (32 bytes). */
export function fromPublicKey(publicKey: Uint8Array): string {
  return `did:key:${Multikey.fromEd25519(publicKey)}`
}

/**
 * The Ed25519 public key (32 bytes) that a did:key is.
 *
 * @throws {InvalidDidError} DID_INVALID for another method, or a key that is not Ed25519
 */
export function toPublicKey(did: string): Uint8Array {
  if (!did.startsWith('did:key:')) throw new InvalidDidError()
  try {
    return Multikey.toEd25519(did.slice('did:key:'.length))
  } catch (cause) {
    throw new InvalidDidError(cause)
  }
}

/** The one verification method of a did:key: `did:key:z…#z…`. */
export function verificationMethod(did: string): string {
  return `${did}#${did.slice('did:key:'.length)}`
}

/**
 * The DID document that a did:key of any kind of key stands for, without a key agreement key (did:key §3.1.1).
 *
 * @throws {InvalidDidError} DID_INVALID
 */
export function document(did: string): DidDocument {
  const publicKeyMultibase = multikeyOf(did)
  const id = verificationMethod(did)
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [{ id, type: 'Multikey', controller: did, publicKeyMultibase }],
    assertionMethod: [id],
    authentication: [id],
  }
}

function multikeyOf(did: string): string {
  if (!did.startsWith('did:key:')) throw new InvalidDidError()
  const text = did.slice('did:key:'.length)
  try {
    PublicKey.fromMultikey(text)
    return text
  } catch (cause) {
    throw new InvalidDidError(cause)
  }
}

/** Thrown when a text is not the did:key of a key of the kind expected. */
export class InvalidDidError extends Errors.BaseError<'DID_INVALID'> {
  override readonly name = 'DidKey.InvalidDidError'
  constructor(cause?: unknown) {
    super('DID_INVALID', 'This is not the did:key of a key that is read here.', { cause })
  }
}
