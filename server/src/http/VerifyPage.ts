import { createHash } from 'node:crypto'
import type { RequestHandler } from 'express'
import * as Problem from './Problem.ts'

/** The page on which anybody verifies in their own browser, as it was built; `undefined` where it was not. */
export type Load = () => Promise<string | undefined>

/**
 * Serves the page by the policy that stands in it: it runs what is in it and nothing else, and nobody puts it into a frame.
 * This server is asked nothing by it.
 */
export function create(load: Load): RequestHandler {
  return async (request, response) => {
    const page = await load()
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page ?? '')?.[1]
    if (page === undefined || policy === undefined) {
      Problem.send(response, 'NOT_FOUND', 'The page has not been built here: npm run build:verifier builds it.')
      return
    }
    response.set({
      'Cache-Control': 'public, no-cache',
      'Content-Security-Policy': `${policy}; frame-ancestors 'none'`,
      ETag: `"${createHash('sha256').update(page).digest('base64url')}"`,
    })
    if (request.fresh) response.status(304).end()
    else response.type('html').send(page)
  }
}
