import * as Bytes from '@laurel/core/Bytes'
import * as DidDocument from '@laurel/core/DidDocument'
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
  /** That it was stolen: from which second on (since 1970) nothing counts, and when that was said, in milliseconds. */
  readonly reported: Report | null
}

export type Report = { readonly from: number; readonly on: number }

/** How many an organisation may have beside the home's own: whoever verifies here reads of all of them, for ever. */
export const most = 100

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

/**
 * Its DID document, with every key it ever had: what the older ones have signed stays valid, up to the time from which they
 * were reported.
 */
export function document(issuer: Issuer): DidDocument.DidDocument {
  const { did, keys } = issuer
  const credentialKeys = keys.map(({ publicKey }) => publicKey)
  const plain = did.startsWith('did:key:') ? DidKey.document(did) : DidWeb.document({ did, credentialKeys })
  return keys.reduce(
    (all, key) => (key.reported === null ? all : DidDocument.revoke(all, methodOf(issuer, key), key.reported.from)),
    plain,
  )
}

/** Whether there is nothing in its DID document that does not follow from its DID. */
export function isPlain({ did, keys }: Issuer): boolean {
  return did.startsWith('did:key:') && keys.every(({ reported }) => reported === null)
}

/** Whether it is over: its DID is a key that was stolen. */
export function isOver(issuer: Issuer): boolean {
  return issuer.did.startsWith('did:key:') && keyOf(issuer).reported !== null
}

/** @throws {UnknownKeyError} KEY_NOT_LISTED */
export function findKey({ keys }: Issuer, publicKey: Uint8Array): Key {
  const key = keys.find((each) => Bytes.equals(each.publicKey, publicKey))
  if (key === undefined) throw new UnknownKeyError()
  return key
}

/** The key in use. */
export function keyOf({ keys }: Issuer): Key {
  const newest = keys.at(-1)
  if (newest === undefined) throw new TypeError('An issuer has a key')
  return newest
}

/** Says which version of it the public knows: another one where it has another key, or one was reported. */
export function versionOf({ id, keys }: Issuer): string {
  return [id, ...keys.map(({ reported }) => reported?.from ?? '')].join(' ')
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

/** Thrown when an issuer has, and had, no such key. */
export class UnknownKeyError extends Errors.BaseError<'KEY_NOT_LISTED'> {
  override readonly name = 'Issuer.UnknownKeyError'
  constructor() {
    super('KEY_NOT_LISTED', 'The issuer has no such key.')
  }
}

/** Thrown when something is to be signed with a key that was reported as stolen. */
export class ReportedKeyError extends Errors.BaseError<'KEY_REPORTED'> {
  override readonly name = 'Issuer.ReportedKeyError'
  constructor() {
    super('KEY_REPORTED', 'The key of this issuer was reported as stolen: nothing is signed with it any more.')
  }
}

/** Thrown when an organisation has no such issuer; others may have it, which is nobody else's business. */
export class UnknownIssuerError extends Errors.BaseError<'ISSUER_UNKNOWN'> {
  override readonly name = 'Issuer.UnknownIssuerError'
  constructor(id: string) {
    const detail =
      id === '' ? 'It was not said which issuer is meant.' : `The organisation has no issuer ${id.slice(0, 40)}.`
    super('ISSUER_UNKNOWN', detail)
  }
}

/** Thrown when an organisation has as many issuers as it may have. */
export class TooManyError extends Errors.BaseError<'ISSUERS_TOO_MANY'> {
  override readonly name = 'Issuer.TooManyError'
  constructor() {
    super('ISSUERS_TOO_MANY', `There are ${most} issuers, and can be no more.`, { facts: { most } })
  }
}

/** Thrown when a key is to sign for an issuer that signs for another one already. */
export class TakenKeyError extends Errors.BaseError<'KEY_TAKEN'> {
  override readonly name = 'Issuer.TakenKeyError'
  constructor() {
    super('KEY_TAKEN', 'This key signs for another issuer; nothing was changed.')
  }
}
