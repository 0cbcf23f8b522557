import * as BakedPng from '@laurel/core/BakedPng'
import * as BakedSvg from '@laurel/core/BakedSvg'
import type { DidDocument } from '@laurel/core/DidDocument'
import * as DidKey from '@laurel/core/DidKey'
import express, { type Express } from 'express'
import { compose } from '../certificate/compose.ts'
import * as DrawingThread from '../certificate/DrawingThread.ts'
import { imageOf } from '../certificate/image-of.ts'
import * as Document from '../Document.ts'
import * as Issuer from '../issuer/Issuer.ts'
import { agreedNow } from '../issuer/Profile.ts'
import * as Log from '../Log.ts'
import * as Metrics from '../metrics/Metrics.ts'
import type { PublicDocuments } from '../PublicDocuments.ts'
import type * as Ports from '../ports/Pages.ts'
import { timeToLive } from '../status/publish-lists.ts'
import * as Copies from './Copies.ts'
import * as Gateway from './Gateway.ts'
import * as Gauges from './Gauges.ts'
import * as Health from './Health.ts'
import * as Pages from './Pages.ts'
import * as Problem from './Problem.ts'
import * as People from './pages/people.ts'
import type { Api } from './Route.ts'
import { ready } from './routes/credentials.ts'
import { routes } from './routes.ts'
import * as Service from './Service.ts'
import * as Unsubscribe from './Unsubscribe.ts'
import * as VerifyPage from './VerifyPage.ts'
import * as Visit from './Visit.ts'

/** What whoever operates the server has decided. */
export type Operated = {
  readonly verifyPage: VerifyPage.Load
  /** The pages for people; where none were built, whoever looks at a badge gets what programs get. */
  readonly pages?: Ports.Pages | undefined
  /** Nobody reads a log unless told otherwise. */
  readonly log?: Log.Log
  readonly metrics?: Metrics.Metrics
  /** After how many milliseconds what waits makes the server not ready; an hour unless told otherwise. */
  readonly overdue?: number
  /** The proxies that are believed when they say who asks: addresses, and networks as CIDR has them. */
  readonly proxies?: readonly string[]
}

/**
 * What the public may read: status lists, content by its identifier, the issuer's DID document and profile, and each
 * credential for whoever knows its random id. And for who has a key, under `/v1`, all that is described there.
 */
export function createApp(
  api: Api,
  documents: PublicDocuments,
  {
    verifyPage,
    pages,
    copies = Copies.create(),
    log = Log.silent,
    metrics = Metrics.create(api),
    overdue = 60 * 60_000,
    proxies = [],
    ...options
  }: Service.Options & People.Options & Operated & { readonly copies?: Copies.Copies },
): Express {
  const { store, content, issuing, press, badge } = api
  const drawing = BakedSvg.prepare(api.emblem)
  const drawer = DrawingThread.create()
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.set('trust proxy', proxies.length === 0 ? false : [...proxies])
  app.use(Visit.watch({ log, metrics }))
  // Whoever has once been here by https comes by nothing else for a year (RFC 6797).
  const isSecure = api.terms.publicUrl.startsWith('https:')
  app.use((_request, response, next) => {
    if (isSecure) response.set('Strict-Transport-Security', 'max-age=31536000')
    response.set({
      'Access-Control-Allow-Origin': '*',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    })
    next()
  })

  app.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' })
  })

  app.get('/readyz', Health.create(api, overdue))
  app.get('/metrics', Gauges.create(metrics, api))

  app.get('/status-lists/:id', async (request, response) => {
    if (api.restoration !== undefined) {
      // It may be older than one that was public: whoever reads it would take back what was decided since.
      Problem.send(response, 'DATABASE_READ_ONLY', 'This server was restored, and does not know yet what is revoked.')
      return
    }
    const publication = await store.publication(request.params.id)
    if (publication === undefined) {
      Problem.send(response, 'STATUS_LIST_UNKNOWN', 'There is no status list with this name.')
      return
    }
    response.set({
      'Cache-Control': `public, max-age=${timeToLive / 1000}, no-transform`,
      ETag: `"${publication.digest}"`,
      'Last-Modified': new Date(publication.at).toUTCString(),
    })
    response.type('application/vc').send(Buffer.from(publication.text))
  })

  app.get('/ipfs/:cid', Gateway.create(content))

  app.get('/.well-known/did.json', (_request, response) => {
    response.type('application/did+json').send(JSON.stringify(documents.did, null, 2))
  })

  app.get('/issuers/:id/did.json', async (request, response) => {
    const { id } = request.params
    const isId = /^[0-9a-f]{8}$/.test(id) && api.domain !== undefined
    const didDocument = isId ? await issuing.document(Issuer.webOf(api.domain as string, id)) : undefined
    if (didDocument === undefined) {
      Problem.send(response, 'DID_UNKNOWN', 'There is no issuer with this id.')
      return
    }
    response.type('application/did+json').send(JSON.stringify(didDocument, null, 2))
  })

  app.get('/1.0/identifiers/:did', async (request, response) => {
    const { did } = request.params
    const isOurs = /^did:(?:key|web):[\w.%:-]{1,300}$/.test(did)
    const ofIssuer = async () => (isOurs ? issuing.document(did) : undefined)
    const didDocument = did === documents.did.id ? documents.did : ((await ofIssuer()) ?? ofKey(did))
    if (didDocument === undefined) {
      Problem.send(response, 'DID_UNKNOWN', 'Only the DIDs of issuers here and did:key are resolved here.')
      return
    }
    response.json({
      '@context': 'https://w3id.org/did-resolution/v1',
      didDocument,
      didResolutionMetadata: { contentType: 'application/did+json' },
      didDocumentMetadata: {},
    })
  })

  app.get('/blockcerts/profile.json', async (_request, response) => {
    if (documents.profile === undefined) {
      Problem.send(response, 'NOT_FOUND', 'This issuer has no Blockcerts profile.')
      return
    }
    const { issuer } = await agreedNow(api.terms, api)
    response.type('application/json').send(JSON.stringify(documents.profile(issuer), null, 2))
  })

  if (pages !== undefined) Pages.mount(app, pages, drawer, api)
  app.get('/credentials/:name', async (request, response) => {
    const { uuid, form } = parseName(request.params.name)
    const { batch, recipient, block } = await ready(api, uuid ?? '')
    const paper = request.query.paper === 'letter' ? 'letter' : 'a4'
    // The same bytes each time: all that they are made of is fixed by then.
    const etag = `"${batch.anchoring.root}.${batch.epoch}.${form === 'pdf' ? `${paper}.pdf` : form}"`
    response.set({ 'Cache-Control': 'private, no-store', ETag: etag, 'X-Robots-Tag': 'noindex' })
    if (request.fresh) {
      response.status(304).end()
      return
    }
    const stamp = () => press.text(batch, Document.asSigned(recipient), block)
    if (form === 'png') response.type('image/png').send(Buffer.from(BakedPng.bake(badge, await stamp())))
    else if (form === 'svg') response.type('image/svg+xml').send(Buffer.from(BakedSvg.bake(drawing, await stamp())))
    else if (form === 'pdf') {
      const bytes = await copies.certificates.get(Copies.nameOf(uuid ?? '', batch.epoch, paper), async () => {
        const [credential, image] = [await stamp(), await imageOf(batch.achievement, api)]
        return drawer.draw(compose(batch, Document.asSigned(recipient), { credential, image }), paper)
      })
      response.type('application/pdf').send(Buffer.from(bytes))
    } else {
      const bytes = await copies.credentials.get(Copies.nameOf(uuid ?? '', batch.epoch), async () =>
        Buffer.from(await stamp()),
      )
      // Whether it is known has been looked at; `send` would look again, and longer.
      response.writeHead(200, { 'Content-Type': 'application/vc', 'Content-Length': bytes.length }).end(bytes)
    }
  })

  Unsubscribe.mount(app, api)
  app.get('/verify', VerifyPage.create(verifyPage))

  // A page of another site that trusts this server asks a chain by way of it (Fetch, CORS-preflight fetch).
  app.options('/chain/:chainId', (_request, response) => {
    response.set({ 'Access-Control-Allow-Methods': 'POST', 'Access-Control-Allow-Headers': 'Content-Type' })
    response.status(204).end()
  })

  People.mount(app, api, options)
  Service.mount(app, routes, api, options)
  app.use((_request, response) => Problem.send(response, 'NOT_FOUND', 'There is nothing here.'))
  app.use(Problem.handler)
  return app
}

function ofKey(did: string): DidDocument | undefined {
  return did.startsWith('did:key:') ? DidKey.document(did) : undefined
}

type Form = 'json' | 'png' | 'svg' | 'pdf'

/** Hostile text: anything but a UUID, with or without its URN prefix and an ending, names nothing. */
function parseName(name: string): { readonly uuid: string | undefined; readonly form: Form } {
  const match = /^(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.(json|png|svg|pdf))?$/.exec(name)
  return { uuid: match?.[1], form: (match?.[2] ?? 'json') as Form }
}
