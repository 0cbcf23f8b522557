/**
 * Asks the unmodified Blockcerts verifier about documents. It runs in a process of its own, because it needs a `fetch`
 * that answers from what is at hand: the issuer's DID document and profile, and the chain, which the verifier insists on
 * reaching by HTTPS.
 *
 * Reads `{ documents: […], resources: { URL: JSON }, rpc: URL }` from standard input; writes one
 * `{ status, message }` per document.
 */
import { text } from 'node:stream/consumers'
import { Certificate } from '@blockcerts/cert-verifier-js/dist/verifier-node/index.js'

const { documents, resources, rpc } = JSON.parse(await text(process.stdin))
const chain = 'https://chain.example.org'
const networked = globalThis.fetch

globalThis.fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : String(input)
  if (url.startsWith(chain)) return networked(rpc, init)
  const found = resources[url]
  if (found !== undefined) return Response.json(found)
  process.stderr.write(`refused: ${url}\n`)
  return new Response('not at hand', { status: 404 })
}

const verdicts = []
for (const document of documents) {
  try {
    const certificate = new Certificate(document, {
      didResolverUrl: 'https://resolver.example.org/1.0/identifiers',
      explorerAPIs: [
        { serviceName: 'local', serviceURL: chain, serviceUrl: chain, priority: 0, apiType: 'rpc', chainType: 'eth' },
      ],
    })
    await certificate.init()
    const { status, message } = await certificate.verify()
    verdicts.push({ status, message: typeof message === 'string' ? message : JSON.stringify(message) })
  } catch (error) {
    verdicts.push({ status: 'error', message: error instanceof Error ? error.message : String(error) })
  }
}
process.stdout.write(JSON.stringify(verdicts))
