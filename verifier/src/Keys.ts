import type * as Bytes from '@laurel/core/Bytes'
import * as DidDocument from '@laurel/core/DidDocument'
import * as DidJwk from '@laurel/core/DidJwk'
import * as DidKey from '@laurel/core/DidKey'
import * as PublicKeys from '@laurel/core/PublicKey'
import * as Memory from './Memory.ts'
import type { Readers } from './Readers.ts'
import { failed, type Result, unknown } from './Report.ts'
import type * as Trust from './Trust.ts'

export type PublicKey = PublicKeys.PublicKey

/** What is known of a key: the key, or why there is none. */
export type Key =
  | { readonly kind: 'found'; readonly publicKey: PublicKey }
  /** The DID's own document, which cannot change, does not have it. */
  | { readonly kind: 'foreign' }
  /** The DID document has it, for other purposes only. */
  | { readonly kind: 'unauthorised' }
  /** The DID document that could be had does not have it; an older one may have had. */
  | { readonly kind: 'unlisted' }
  /** There is no DID document to be had. */
  | { readonly kind: 'unresolved' }

/**
 * The key behind a verification method that a controller uses for assertions. The verifier's own copy of the DID
 * document comes before the published one.
 */
export async function find(
  verificationMethod: string,
  controller: string,
  trust: Trust.Trust,
  readers: Pick<Readers, 'did'>,
): Promise<Key> {
  if (verificationMethod.split('#')[0] !== controller) return { kind: 'foreign' }
  if (isKeyItself(controller)) {
    const publicKey = onlyKey(controller, verificationMethod)
    return publicKey === undefined ? { kind: 'foreign' } : { kind: 'found', publicKey }
  }
  // The account of a wallet (did:pkh), with which none of the signatures that are verified here can be made.
  if (controller.startsWith('did:pkh:')) return { kind: 'foreign' }
  const document = await resolve(controller, trust, readers)
  if (document === undefined) return { kind: 'unresolved' }
  const publicKey = DidDocument.publicKey(document, verificationMethod)
  if (publicKey !== undefined) return { kind: 'found', publicKey }
  const { assertionMethod: listed, verificationMethod: methods } = document as Partial<DidDocument.DidDocument>
  const isThere = Array.isArray(methods) && methods.some((method) => method?.id === verificationMethod)
  const isListed = Array.isArray(listed) && listed.includes(verificationMethod)
  return { kind: isThere && !isListed ? 'unauthorised' : 'unlisted' }
}

/** The key itself, if it is one that a controller uses for assertions, under whatever name. */
export async function findSame(
  publicKey: PublicKey,
  controller: string,
  trust: Trust.Trust,
  readers: Pick<Readers, 'did'>,
): Promise<Key> {
  const isSame = (other: PublicKey | undefined) => other !== undefined && PublicKeys.equals(other, publicKey)
  if (isKeyItself(controller))
    return isSame(onlyKey(controller, controller)) ? { kind: 'found', publicKey } : { kind: 'foreign' }
  const document = await resolve(controller, trust, readers)
  if (document === undefined) return { kind: 'unresolved' }
  const { assertionMethod: listed } = document as Partial<DidDocument.DidDocument>
  const isListed = Array.isArray(listed) && listed.some((id) => isSame(DidDocument.publicKey(document, id)))
  return isListed ? { kind: 'found', publicKey } : { kind: 'unlisted' }
}

/** What is said of a signature where there is no key to judge it by. */
export function problem({ kind }: Exclude<Key, { readonly kind: 'found' }>): Result {
  switch (kind) {
    case 'foreign':
      return failed('KEY_FOREIGN', 'It is signed with a key that is not the issuer’s.')
    case 'unresolved':
      return unknown('KEY_UNAVAILABLE', 'The issuer’s keys cannot be had at the moment.')
    case 'unlisted':
      return unknown('KEY_UNKNOWN', 'The issuer does not list the key that signed it.')
    case 'unauthorised':
      return failed('KEY_NOT_AUTHORISED', 'The issuer does not use the key that signed it for assertions.')
  }
}

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

async function resolve(
  did: string,
  trust: Trust.Trust,
  readers: Pick<Readers, 'did'>,
): Promise<DidDocument.DidDocument | undefined> {
  const known = trust.issuers.find((issuer) => issuer.did === did)?.didDocument
  const document = known ?? ((await readers.did(did)) as unknown as DidDocument.DidDocument | undefined)
  return document?.id === did ? document : undefined
}

/** Whether a DID is a key, so that nobody need be asked for its document, which can never change. */
function isKeyItself(did: string): boolean {
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
