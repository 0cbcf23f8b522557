import { base64urlnopad } from '@scure/base'
import * as DidDocument from './DidDocument.ts'
import * as Errors from './Errors.ts'
import * as Multikey from './Multikey.ts'

/** The affine coordinates of a secp256k1 public key, 32 bytes each. */
export type ChainKey = { readonly x: Uint8Array; readonly y: Uint8Array }

// did:web §2.1: a domain name, never an IP address, with an optional port and path.
const form =
  /^did:web:((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?)(?:%3A([1-9][0-9]{0,4}))?((?::[A-Za-z0-9._-]+)*)$/

/**
 * The did:web of a domain name in lower case, with an optional port (`issuer.example.org:8443`) and path segments.
 *
 * @throws {InvalidDidError} DID_INVALID
 */
export function fromDomain(domain: string, ...path: readonly string[]): string {
  const did = ['did:web', domain.replace(':', '%3A'), ...path].join(':')
  toUrl(did)
  return did
}

/**
 * Where the DID document of a did:web is published (did:web §2.5.2). Always HTTPS.
 *
 * @throws {InvalidDidError} DID_INVALID, also for an IP address, a path that climbs or an upper-case host
 */
export function toUrl(did: string): string {
  const [, host, port, path] = form.exec(did) ?? []
  const segments = (path ?? '').split(':').slice(1)
  if (host === undefined || host.length > 253 || Number(port ?? 0) > 65535) throw new InvalidDidError()
  if (segments.some((segment) => segment === '.' || segment === '..')) throw new InvalidDidError()
  const authority = port === undefined ? host : `${host}:${port}`
  return `https://${[authority, ...(segments.length === 0 ? ['.well-known'] : segments), 'did.json'].join('/')}`
}

/** The verification method of a credential key: its fragment is the key as a Multikey, so that both readings agree. */
export function verificationMethod(did: string, publicKey: Uint8Array): string {
  return `${did}#${Multikey.fromEd25519(publicKey)}`
}

/** The verification method of the chain account's key in the Blockcerts profile. */
export function chainVerificationMethod(did: string): string {
  return `${did}#key-eth`
}

/**
 * The DID document to publish: keys as `JsonWebKey`, retired ones included.
 *
 * @param credentialKeys Ed25519 public keys (32 bytes)
 * @param chainKey the account's key, in the Blockcerts profile alone
 * @param profileUrl where a Blockcerts verifier finds the issuer profile
 */
export function document(options: {
  readonly did: string
  readonly credentialKeys: readonly Uint8Array[]
  readonly chainKey?: ChainKey
  readonly profileUrl?: string
}): DidDocument.DidDocument {
  const { did, credentialKeys, chainKey, profileUrl } = options
  const credentialMethods = credentialKeys.map((key) => ({
    id: verificationMethod(did, key),
    type: 'JsonWebKey',
    controller: did,
    publicKeyJwk: DidDocument.toJwk(key),
  }))
  const chainMethods = (chainKey === undefined ? [] : [chainKey]).map(({ x, y }) => ({
    id: chainVerificationMethod(did),
    type: 'JsonWebKey',
    controller: did,
    publicKeyJwk: { kty: 'EC', crv: 'secp256k1', x: base64urlnopad.encode(x), y: base64urlnopad.encode(y) },
  }))
  const ids = (methods: readonly DidDocument.VerificationMethod[]) => methods.map((method) => method.id)
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: [...credentialMethods, ...chainMethods],
    assertionMethod: ids([...credentialMethods, ...chainMethods]),
    authentication: ids(credentialMethods),
    ...(profileUrl === undefined
      ? {}
      : { service: [{ id: `${did}#profile`, type: 'IssuerProfile', serviceEndpoint: profileUrl }] }),
  }
}

/** Thrown when a text is not a did:web of a public domain name. */
export class InvalidDidError extends Errors.BaseError<'DID_INVALID'> {
  override readonly name = 'DidWeb.InvalidDidError'
  constructor() {
    super('DID_INVALID', 'This is not a did:web of a domain name in lower case.')
  }
}
