import type * as Bytes from '@laurel/core/Bytes'
import * as DidDocument from '@laurel/core/DidDocument'
import * as DidJwk from '@laurel/core/DidJwk'
import * as DidKey from '@laurel/core/DidKey'
import type * as PublicKeys from '@laurel/core/PublicKey'
import * as Memory from './Memory.ts'
import type { Readers } from './Readers.ts'
import { failed, type Result, unknown } from './Report.ts'
import type * as Trust from './Trust.ts'

export type PublicKey = PublicKeys.PublicKey

/** As what somebody signs: issuers assert what stands in credentials, holders show who presents them. */
export type Role = 'issuer' | 'holder'

/** What a DID document has to list a key for (Data Integrity 1.0 §2.3). */
export const purposes = { issuer: 'assertionMethod', holder: 'authentication' } as const satisfies Record<Role, string>

/** What is known of a key: the key, or why there is none. */
export type Key =
  | {
      readonly kind: 'found'
      readonly publicKey: PublicKey
      /** From when on nothing counts that it has signed, in milliseconds since 1970, where its DID document says so. */
      readonly revokedFrom?: number
    }
  /** The DID's own document, which cannot change, does not have it. */
  | { readonly kind: 'foreign' }
  /** The DID document has it, for other purposes only. */
  | { readonly kind: 'unauthorised' }
  /** The DID document that could be had does not have it; an older one may have had. */
  | { readonly kind: 'unlisted' }
  /** There is no DID document to be had. */
  | { readonly kind: 'unresolved' }

/**
 * The key behind a verification method that a controller uses in a role. The verifier's own copy of the DID document comes
 * before the published one.
 */
export async function find(
  verificationMethod: string,
  controller: string,
  trust: Trust.Trust,
  readers: Pick<Readers, 'did'>,
  role: Role = 'issuer',
): Promise<Key> {
  if (verificationMethod.split('#')[0] !== controller) return { kind: 'foreign' }
  if (isKeyItself(controller)) {
    const publicKey = onlyKey(controller, verificationMethod)
    if (publicKey === undefined) return { kind: 'foreign' }
    // A key cannot say of itself that it was stolen; whoever verifies may have been told, by whichever name it is called here.
    return toFound(publicKey, trust.issuers.find(({ did }) => did === controller)?.didDocument, read(controller).id)
  }
  // The account of a wallet (did:pkh), with which none of the signatures that are verified here can be made.
  if (controller.startsWith('did:pkh:')) return { kind: 'foreign' }
  const document = await resolve(controller, trust, readers)
  if (document === undefined) return { kind: 'unresolved' }
  const publicKey = DidDocument.publicKey(document, verificationMethod, purposes[role])
  if (publicKey !== undefined) return toFound(publicKey, document, verificationMethod)
  const { [purposes[role]]: listed, verificationMethod: methods } = document as Partial<DidDocument.DidDocument>
  const isThere = Array.isArray(methods) && methods.some((method) => method?.id === verificationMethod)
  const isListed = Array.isArray(listed) && listed.includes(verificationMethod)
  return { kind: isThere && !isListed ? 'unauthorised' : 'unlisted' }
}

function toFound(publicKey: PublicKey, document: DidDocument.DidDocument | undefined, verificationMethod: string): Key {
  const revokedFrom = document && DidDocument.revokedFrom(document, verificationMethod)
  return { kind: 'found', publicKey, ...(revokedFrom === undefined ? {} : { revokedFrom }) }
}

/**
 * The key that fits, of those that a controller uses in a role, under whatever name: where a signature brings the key itself,
 * or says nothing of it.
 */
export async function findFitting(
  isFitting: (publicKey: PublicKey) => boolean,
  controller: string,
  trust: Trust.Trust,
  readers: Pick<Readers, 'did'>,
  role: Role = 'issuer',
): Promise<Key> {
  if (isKeyItself(controller)) {
    const key = await find(controller, controller, trust, readers, role)
    return key.kind === 'found' && !isFitting(key.publicKey) ? { kind: 'foreign' } : key
  }
  const document = await resolve(controller, trust, readers)
  if (document === undefined) return { kind: 'unresolved' }
  const { [purposes[role]]: listed } = document as Partial<DidDocument.DidDocument>
  for (const id of Array.isArray(listed) ? listed.slice(0, maximumKeys) : []) {
    const publicKey = DidDocument.publicKey(document, id, purposes[role])
    if (publicKey !== undefined && isFitting(publicKey)) return toFound(publicKey, document, id)
  }
  return { kind: 'unlisted' }
}

/** What is said of a signature where there is no key to judge it by. */
export function problem({ kind }: Exclude<Key, { readonly kind: 'found' }>, role: Role = 'issuer'): Result {
  switch (kind) {
    case 'foreign':
      return failed('KEY_FOREIGN', `It is signed with a key that is not the ${role}’s.`)
    case 'unresolved':
      return unknown('KEY_UNAVAILABLE', `The ${role}’s keys cannot be had at the moment.`)
    case 'unlisted':
      return unknown('KEY_UNKNOWN', `The ${role} does not list the key that signed it.`)
    case 'unauthorised':
      return failed('KEY_NOT_AUTHORISED', `The ${role} does not use the key that signed it for that.`)
  }
}

/** More than anybody has, and so few that a signature is held against all of them at once. */
const maximumKeys = 64

/** The address of the EVM account whose key the controller lists under a verification method. */
export async function findAccount(
  verificationMethod: string,
  controller: string,
  trust: Trust.Trust,
  readers: Pick<Readers, 'did'>,
): Promise<Bytes.Hex | undefined> {
  const document = await resolve(controller, trust, readers)
  return document === undefined ? undefined : DidDocument.evmAddress(document, verificationMethod)
}

/** The DID document of a controller: the verifier's own copy before the published one. */
export async function resolve(
  did: string,
  trust: Trust.Trust,
  readers: Pick<Readers, 'did'>,
): Promise<DidDocument.DidDocument | undefined> {
  const known = trust.issuers.find((issuer) => issuer.did === did)?.didDocument
  const document = known ?? ((await readers.did(did)) as unknown as DidDocument.DidDocument | undefined)
  return document?.id === did ? document : undefined
}

/** Whether a DID is a key, so that nobody need be asked for its document, which can never change. */
export function isKeyItself(did: string): boolean {
  return did.startsWith('did:key:') || did.startsWith('did:jwk:')
}

/** A DID that is a key has one verification method. Without a fragment it is named as well (1EdTech's samples do so). */
function onlyKey(did: string, verificationMethod: string): PublicKey | undefined {
  try {
    const { id, key } = read(did)
    return verificationMethod === id || verificationMethod === did ? key : undefined
  } catch {
    return undefined
  }
}

const read = Memory.last((did) => {
  const method = did.startsWith('did:jwk:') ? DidJwk : DidKey
  const id = method.verificationMethod(did)
  return { id, key: DidDocument.publicKey(method.document(did), id) }
})
