import type { DidDocument, PublicKeyJwk } from './DidDocument.ts'
import * as Errors from './Errors.ts'
import * as Base64Url from './internal/Base64Url.ts'
import * as Json from './Json.ts'
import * as PublicKey from './PublicKey.ts'

const method = 'did:jwk:'

/** Longer than any key that is read here: a modulus of 8,192 bits takes 1,366 characters in the key, and 1,900 here. */
const maximumLength = 4096

/** The one verification method of a did:jwk: `did:jwk:…#0`. */
export function verificationMethod(did: string): string {
  return `${did}#0`
}

/**
 * The DID document that a did:jwk stands for (did:jwk, "Read"): its key is for everything, unless the key itself says that
 * it is for encryption.
 *
 * @throws {InvalidDidError} DID_INVALID for another method, or a key of a kind that is not read here
 */
export function document(did: string): DidDocument {
  const publicKeyJwk = keyOf(did)
  const id = verificationMethod(did)
  const purposes = publicKeyJwk.use === 'enc' ? [] : [id]
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: did,
    verificationMethod: [
      { id, type: 'JsonWebKey2020', controller: did, publicKeyJwk: publicKeyJwk as unknown as PublicKeyJwk },
    ],
    assertionMethod: purposes,
    authentication: purposes,
  }
}

function keyOf(did: string): Json.Object {
  if (!did.startsWith(method) || did.length > maximumLength) throw new InvalidDidError()
  const bytes = Base64Url.decode(did.slice(method.length))
  if (bytes === undefined) throw new InvalidDidError()
  try {
    const jwk = Json.parseObject(bytes)
    PublicKey.fromJwk(jwk)
    return jwk
  } catch (cause) {
    throw new InvalidDidError(cause)
  }
}

/** Thrown when a text is not the did:jwk of a key that is read here. */
export class InvalidDidError extends Errors.BaseError<'DID_INVALID'> {
  override readonly name = 'DidJwk.InvalidDidError'
  constructor(cause?: unknown) {
    super('DID_INVALID', 'This is not the did:jwk of a key that is read here.', { cause })
  }
}
