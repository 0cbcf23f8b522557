import * as Json from '@laurel/core/Json'
import type { Express, Request, RequestHandler, Response } from 'express'
import type * as DrawingThread from '../certificate/DrawingThread.ts'
import { size } from '../certificate/draw-preview.ts'
import { imageOf } from '../certificate/image-of.ts'
import * as Document from '../Document.ts'
import * as Recent from '../internal/Recent.ts'
import type * as Ports from '../ports/Pages.ts'
import * as Status from '../Status.ts'
import * as Problem from './Problem.ts'
import { html } from './pages/Html.ts'
import type { Api } from './Route.ts'
import { ready } from './routes/credentials.ts'

/** What pages are made of. */
type Context = Pick<Api, 'store' | 'press' | 'terms' | 'content' | 'badge' | 'restoration'>

/** Mounts the pages for people, and what they load, before what programs get under the same address. */
export function mount(
  app: Express,
  pages: Ports.Pages,
  drawer: Pick<DrawingThread.DrawingThread, 'drawPreview'>,
  context: Context,
): void {
  app.get('/web/:name', assets(pages))
  app.get('/previews/:name', preview(drawer, context))
  app.get('/oembed', embedding(context))
  app.get('/credentials/:name', badge(pages, context))
}

/** Gives out what pages load. A name has a digest in it, so that it is asked for once and never again. */
function assets(pages: Ports.Pages): RequestHandler<{ name: string }> {
  return (request, response) => {
    const asset = pages.asset(request.params.name)
    if (asset === undefined) {
      Problem.send(response, 'NOT_FOUND', 'There is nothing here.')
      return
    }
    // The smallest that can be read: browsers name all that they read, and the oldest first.
    const [coding, encoded] = asset.encoded.find(([name]) => request.acceptsEncodings(name)) ?? []
    if (coding !== undefined) response.set('Content-Encoding', coding)
    response.vary('Accept-Encoding')
    response.set({ 'Cache-Control': 'public, max-age=31536000, immutable', 'Content-Type': asset.type })
    response.end(encoded ?? asset.bytes)
  }
}

/**
 * Shows a badge to people: under an address that ends in `.html`, and to who comes with a browser. Who has its id may look at
 * it, as at the badge itself; nobody is told that it is here.
 */
function badge(pages: Ports.Pages, context: Context): RequestHandler<{ name: string }> {
  return async (request, response, next) => {
    const { name } = request.params
    const uuid = name.replace(/\.html$/, '')
    response.vary('Accept')
    if (uuid === name && (name.includes('.') || !isLooking(request))) {
      next()
      return
    }
    const { store, press, terms, restoration } = context
    const language = languageOf(request, pages)
    const show = (status: number, text: string) => send(response.status(status), text, terms.publicUrl)
    try {
      const { batch, recipient, block } = await ready(context, uuid)
      const text = await press.text(batch, Document.asSigned(recipient), block)
      const last = Status.after(await store.decisions(`urn:uuid:${uuid}`))
      // What was decided since the backup is not known then; that a badge was withdrawn is for good.
      const state = restoration === undefined || last === 'revoked' ? last : undefined
      const credential = Json.parseObject(text)
      show(200, pages.badge({ uuid, credential, state, publicUrl: terms.publicUrl }, language))
    } catch (error) {
      const code = Problem.codeOf(error)
      const reason = reasons[code]
      if (reason === undefined) throw error
      show(Problem.statusOf(code), pages.notice(reason, request.path, language))
    }
  }
}

/** How many pictures of links are kept, of some 100 KiB each: one for each batch. */
const mostPreviews = 64

/**
 * Gives out the picture that other sites show of a link. It is the same for all badges of a batch, and names none of their
 * learners.
 */
function preview(
  drawer: Pick<DrawingThread.DrawingThread, 'drawPreview'>,
  context: Context,
): RequestHandler<{ name: string }> {
  const drawn = Recent.create<Promise<Uint8Array>>(mostPreviews)
  return async (request, response) => {
    const { batch } = await ready(context, request.params.name.replace(/\.png$/, ''))
    const { name } = batch.achievement.definition
    const { issuer } = batch.terms
    const bytes = await drawn.get(batch.id, async () =>
      drawer.drawPreview({ name: String(name), issuer: issuer.name, image: await imageOf(batch.achievement, context) }),
    )
    response.set({ 'Cache-Control': 'public, max-age=86400', 'X-Robots-Tag': 'noindex' })
    response.type('image/png').send(Buffer.from(bytes))
  }
}

/** Tells a site how to show a link to a badge (oEmbed 1.0 §2.3): the picture, which leads to the page. */
function embedding(context: Context): RequestHandler {
  return async (request, response) => {
    const { url, format = 'json', maxwidth, maxheight } = request.query
    if (format !== 'json') {
      response.status(501).end()
      return
    }
    const { publicUrl } = context.terms
    const [, uuid = ''] =
      (typeof url === 'string' &&
        url.startsWith(`${publicUrl}/credentials/`) &&
        /\/([^/.?#]*)(?:\.html)?$/.exec(url)) ||
      []
    const { batch } = await ready(context, uuid)
    const name = String(batch.achievement.definition.name)
    // Half as large as it is, unless the site has less room.
    const scale = Math.min(0.5, most(maxwidth) / size.width, most(maxheight) / size.height)
    const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)]
    const picture = `${publicUrl}/previews/${uuid}.png`
    const title = `${name}, ${batch.terms.issuer.name}`
    response.set({ 'Cache-Control': 'public, max-age=3600', 'X-Robots-Tag': 'noindex' })
    response.json({
      ...{ version: '1.0', type: 'rich', title, width, height },
      author_name: batch.terms.issuer.name,
      provider_name: 'Laurel',
      provider_url: publicUrl,
      ...{ thumbnail_url: picture, thumbnail_width: size.width, thumbnail_height: size.height },
      html: html`<a href="${publicUrl}/credentials/${uuid}.html"><img src="${picture}" alt="${title}" width="${width}" height="${height}"></a>`
        .html,
    })
  }
}

/** How much room a site has, in pixels; as much as one likes, where it says nothing that can be read. */
function most(asked: unknown): number {
  return typeof asked === 'string' && /^[1-9][0-9]{0,4}$/.test(asked) ? Number(asked) : Number.POSITIVE_INFINITY
}

/** Whether a person looks: what names HTML before JSON. A program that takes anything gets what programs always got. */
function isLooking(request: Request): boolean {
  const types = ['application/vc', 'application/json', 'application/ld+json', 'text/html']
  return (request.headers.accept?.includes('text/html') ?? false) && request.accepts(types) === 'text/html'
}

const reasons: Readonly<Record<string, Ports.Reason>> = {
  CREDENTIAL_UNKNOWN: 'unknown',
  CREDENTIAL_ERASED: 'erased',
  CREDENTIAL_NOT_READY: 'waiting',
}

function languageOf(request: Request, { languages }: Ports.Pages): string {
  const { lang } = request.query
  if (typeof lang === 'string' && languages.includes(lang)) return lang
  return request.acceptsLanguages([...languages]) || (languages[0] ?? 'en')
}

/**
 * A page runs and shows what is of this server, by whatever name it is known, and asks nobody else. It is kept by nobody on
 * the way, found by no search, and told of to no site that it links to.
 */
function send(response: Response, text: string, publicUrl: string): void {
  const own = `'self' ${new URL(publicUrl).origin}`
  response.vary('Accept, Accept-Language')
  response.set({
    'Cache-Control': 'private, no-store',
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      `img-src 'self'`,
      `connect-src ${own}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'X-Robots-Tag': 'noindex',
  })
  response.type('html').send(text)
}
