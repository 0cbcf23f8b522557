import { verifyCredential } from '@digitalcredentials/verifier-core'
import type * as Json from '@laurel/core/Json'
import type { Documents, Judge } from './Judge.ts'

type Step = { readonly id: string; readonly valid?: boolean; readonly error?: { readonly message: string } }
type Result = {
  readonly log?: readonly Step[]
  readonly errors?: readonly { readonly message: string }[]
  readonly additionalInformation?: readonly { readonly results: unknown }[]
}

/** The steps that decide; the fourth, `registered_issuer`, asks registries of which no issuer of ours need be a member. */
const deciding = ['valid_signature', 'expiration', 'revocation_status']

/**
 * `@digitalcredentials/verifier-core`: signature, expiry, revocation. It fetches what it needs by itself, so the
 * process's `fetch` is replaced by one that answers from the documents at hand and refuses everything else.
 */
export function create(documents: Documents): Judge {
  return {
    package: '@digitalcredentials/verifier-core',
    judge: async (document) => {
      const result = await examine(document, documents)
      const wrong = [
        ...(result.errors ?? []).map(({ message }) => message),
        ...(result.log ?? [])
          .filter((step) => deciding.includes(step.id) && step.valid !== true)
          .map((step) => step.error?.message ?? step.id),
      ]
      if (!result.log?.some(({ id }) => id === 'valid_signature')) wrong.push('the signature was not judged')
      return wrong.length === 0 ? { accepted: true } : { accepted: false, reason: wrong.join('; ') }
    },
  }
}

/**
 * Everything that verifier-core has to say about a document. Its schema check, which decides nothing, prints to the
 * console where the published schema is not among the documents at hand: nobody needs to see that.
 */
export async function examine(document: Json.Object, documents: Documents): Promise<Result> {
  const { fetch } = globalThis
  const { log, error } = console
  globalThis.fetch = async (input) => {
    const found = documents.get(input instanceof Request ? input.url : String(input))
    return found === undefined ? new Response('not at hand', { status: 404 }) : Response.json(found)
  }
  console.log = console.error = () => {}
  try {
    const credential = structuredClone(document) as unknown as Parameters<typeof verifyCredential>[0]['credential']
    return (await verifyCredential({ credential, knownDIDRegistries: [] })) as Result
  } finally {
    globalThis.fetch = fetch
    console.log = log
    console.error = error
  }
}
