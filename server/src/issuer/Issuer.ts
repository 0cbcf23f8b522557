import type * as DidDocument from '@laurel/core/DidDocument'
import * as DidKey from '@laurel/core/DidKey'
import * as DidWeb from '@laurel/core/DidWeb'
import * as Errors from '@laurel/core/Errors'
import type * as Batch from '../Batch.ts'
import type { Identity } from '../Context.ts'

/**
 * An issuer of an organisation beside the home's own, which follows from the home's keys and configuration. It signs with a key of its
 * own; the account that anchors is the home's.
 */
export type Issuer = {
  /** Eight hexadecimal digits. */
  readonly id: string
  /** What it is called until it says more of itself. */
  readonly name: string
  readonly did: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** The credential keys that were ever in use; the last is. */
  readonly keys: readonly Key[]
}

export type Key = {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** The folder below the domain under which such issuers have their DID documents. */
const folder = 'issuers'

/** The DID of a new issuer: a did:web below the home's domain, where it has one, or else its key. */
export function didOf(domain: string | undefined, id: string, publicKey: Uint8Array): string {
  return domain === undefined ? DidKey.fromPublicKey(publicKey) : webOf(domain, id)
}

/** The did:web of an issuer below a domain. */
export function webOf(domain: string, id: string): string {
  return DidWeb.fromDomain(domain, folder, id)
}

/** Where its DID document lies below the domain. */
export function documentPath({ id }: Pick<Issuer, 'id'>): string {
  return `${folder}/${id}/did.json`
}

/** The id of a key in the DID document. */
export function methodOf({ did }: Pick<Issuer, 'did'>, { publicKey }: Pick<Key, 'publicKey'>): string {
  return did.startsWith('did:key:') ? DidKey.verificationMethod(did) : DidWeb.verificationMethod(did, publicKey)
}

/** Its DID document, with every key it ever had: what the older ones have signed stays valid. */
export function document({ did, keys }: Issuer): DidDocument.DidDocument {
  if (did.startsWith('did:key:')) return DidKey.document(did)
  return DidWeb.document({ did, credentialKeys: keys.map(({ publicKey }) => publicKey) })
}

/** The key in use. */
export function keyOf({ keys }: Issuer): Key {
  const newest = keys.at(-1)
  if (newest === undefined) throw new TypeError('An issuer has a key')
  return newest
}

/** Says which version of it the public knows: another one where it has another key. */
export function versionOf({ id, keys }: Issuer): string {
  return `${id} ${keys.length}`
}

/** What a home agrees on for whatever it issues, as it is for another issuer than its own. */
export function termsOf(
  terms: Batch.Terms,
  { identity: { id, verificationMethod }, name }: { readonly identity: Identity; readonly name: string },
): Batch.Terms {
  if (id === terms.issuer.id) return terms
  // Blockcerts verifiers look for the account in the issuer's profile, which the home alone has.
  return { ...terms, issuer: { id, name }, verificationMethod, profile: 'standard' }
}

/** Thrown when an organisation has no such issuer; others may have it, which is nobody else's business. */
export class UnknownIssuerError extends Errors.BaseError<'ISSUER_UNKNOWN'> {
  override readonly name = 'Issuer.UnknownIssuerError'
  constructor(id: string) {
    super('ISSUER_UNKNOWN', `The organisation has no issuer ${id.slice(0, 40)}.`)
  }
}

/** Thrown when a key is to sign for an issuer that signs for another one already. */
export class TakenKeyError extends Errors.BaseError<'KEY_TAKEN'> {
  override readonly name = 'Issuer.TakenKeyError'
  constructor() {
    super('KEY_TAKEN', 'This key signs for another issuer; nothing was changed.')
  }
}
