import * as DidKey from '@laurel/core/DidKey'
import type * as Json from '@laurel/core/Json'
import * as Multikey from '@laurel/core/Multikey'
import type { Documents } from './Judge.ts'

type VerificationMethod = { readonly id: string; readonly publicKeyJwk?: { readonly x: string } }

/**
 * A DID document, or the part of it that a fragment names, in the form that the judges expect of a document loader: a
 * Multikey with its context.
 */
export function resolve(url: string, documents: Documents): Json.Object | undefined {
  const [did = '', fragment] = url.split('#')
  const document =
    documents.get(did) ?? (did.startsWith('did:key:') ? (DidKey.document(did) as unknown as Json.Object) : undefined)
  if (document === undefined || fragment === undefined) return document
  const methods = document.verificationMethod as unknown as readonly VerificationMethod[]
  const method = methods.find(({ id }) => id === url)
  if (method === undefined) return undefined
  return {
    '@context': 'https://w3id.org/security/multikey/v1',
    id: url,
    type: 'Multikey',
    controller: did,
    publicKeyMultibase:
      method.publicKeyJwk === undefined
        ? fragment
        : Multikey.fromEd25519(new Uint8Array(Buffer.from(method.publicKeyJwk.x, 'base64url'))),
  }
}
