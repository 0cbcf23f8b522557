import { Certificate } from '@blockcerts/cert-verifier-js/dist/verifier-node/index.js'
import * as Contexts from '@laurel/core/Contexts'
import type * as Anchored from '../../fixtures/Anchored.ts'
import * as Batch from '../../fixtures/Batch.ts'
import type { Side } from '../../Side.ts'

const perCall = 4
const resolver = 'https://resolver.example.org/1.0/identifiers'

/**
 * Verifying anchored credentials as text by the unmodified verifier. What it fetches comes from memory: DID document,
 * profile and contexts by a `fetch` of ours, the transaction by a parsing function, which is an option of its.
 */
export function create(batch: Anchored.Anchored): Side {
  const resources = new Map<string, string>([
    [`${resolver}/${batch.didDocument.id}`, JSON.stringify({ didDocument: batch.didDocument })],
    [String(batch.profile.id), JSON.stringify(batch.profile)],
    ...Contexts.urls().map((url) => [url, JSON.stringify(Contexts.load(url))] as const),
  ])
  globalThis.fetch = async (input) => {
    const url = input instanceof Request ? input.url : String(input)
    const resource = resources.get(url)
    if (resource === undefined) throw new Error(`${url} is not at hand`)
    return new Response(resource, { headers: { 'content-type': 'application/json' } })
  }
  const transaction = {
    remoteHash: batch.root.slice(2),
    issuingAddress: batch.account,
    time: new Date(batch.time * 1000),
    revokedAddresses: [],
  }
  const explorer = {
    serviceName: 'memory',
    serviceURL: 'https://chain.example.org',
    priority: 0,
    apiType: 'rpc',
    parsingFunction: async () => transaction,
  }
  const accepts = async (text: string) => {
    const certificate = new Certificate(JSON.parse(text), { didResolverUrl: resolver, explorerAPIs: [explorer] })
    await certificate.init()
    const { status } = await certificate.verify()
    return status === 'success'
  }
  let next = 0
  return {
    work: async () => {
      for (let i = 0; i < perCall; i++) {
        if (!(await accepts(batch.texts[next] as string))) throw new Error('It refuses a credential')
        next = (next + 1) % batch.texts.length
      }
      return perCall
    },
    make: () => Promise.all(Batch.withForgeries(Batch.some(batch.texts, 10)).map(accepts)),
    judge: Batch.expectVerdicts,
  }
}
