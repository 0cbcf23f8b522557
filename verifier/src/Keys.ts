import type * as Bytes from '@laurel/core/Bytes'
import * as DidDocument from '@laurel/core/DidDocument'
import * as DidKey from '@laurel/core/DidKey'
import * as Memory from './Memory.ts'
import type { Readers } from './Readers.ts'
import type * as Trust from './Trust.ts'

/** What is known of a key: the 32 bytes of an Ed25519 key, or why there are none. */
export type Key =
  | { readonly kind: 'found'; readonly publicKey: Uint8Array }
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
  if (controller.startsWith('did:key:')) {
    const publicKey = didKey(controller, verificationMethod)
    return publicKey === undefined ? { kind: 'foreign' } : { kind: 'found', publicKey }
  }
  const document = await resolve(controller, trust, readers)
  if (document === undefined) return { kind: 'unresolved' }
  const publicKey = DidDocument.ed25519Key(document, verificationMethod)
  if (publicKey !== undefined) return { kind: 'found', publicKey }
  const { assertionMethod: listed, verificationMethod: methods } = document as Partial<DidDocument.DidDocument>
  const isThere = Array.isArray(methods) && methods.some((method) => method?.id === verificationMethod)
  const isListed = Array.isArray(listed) && listed.includes(verificationMethod)
  return { kind: isThere && !isListed ? 'unauthorised' : 'unlisted' }
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

function didKey(did: string, verificationMethod: string): Uint8Array | undefined {
  if (verificationMethod !== DidKey.verificationMethod(did)) return undefined
  try {
    return onlyKey(did)
  } catch {
    return undefined
  }
}

const onlyKey = Memory.last((did) => DidDocument.ed25519Key(DidKey.document(did), DidKey.verificationMethod(did)))
