import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import type * as Principal from '../access/Principal.ts'
import type { Log } from '../Log.ts'
import * as Metrics from '../metrics/Metrics.ts'

/** What becomes known of a request while it is answered. Nothing of it is what was sent, but for the request's id. */
export type Notes = {
  readonly request: string
  readonly operation?: string
  readonly principal?: Pick<Principal.Principal, 'kind' | 'id' | 'organisation'> | undefined
  /** The code of the problem that was answered. */
  readonly code?: string
  /** Whether it changes who may do what. */
  readonly changesAccess?: boolean
}

/** Adds to what is known of a request, and answers with all of it. */
export function note(response: Response, more: Partial<Notes>): Notes {
  const notes = { request: '', ...(response.locals.notes as Notes | undefined), ...more }
  response.locals.notes = notes
  return notes
}

/** What the id of a request looks like that a proxy, or a caller, has given it. */
const form = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/

/** The refusals that somebody who looks after security wants to see. */
const refusals: ReadonlySet<string> = new Set([
  ...Metrics.refusals,
  'CHALLENGE_INVALID',
  'ORIGIN_REFUSED',
  'PASSKEY_REFUSED',
  'TOKEN_USED',
])

/**
 * Gives every request an id, the caller's where it is well formed, and tells it in `X-Request-Id`; measures and logs each
 * once it is over. What is logged is the template of the path: no id that opens anything, no query, no body.
 */
export function watch({ log, metrics }: { readonly log: Log; readonly metrics: Metrics.Metrics }): RequestHandler {
  return (request, response, next) => {
    const began = performance.now()
    const given = request.headers['x-request-id']
    const id = typeof given === 'string' && form.test(given) ? given : randomUUID()
    note(response, { request: id })
    response.set('X-Request-Id', id)
    response.once('close', () => {
      const { operation, principal, code, changesAccess = false } = note(response, {})
      const route = typeof request.route?.path === 'string' ? request.route.path : 'none'
      const milliseconds = performance.now() - began
      // 499, as nginx has it: whoever asked has gone before the answer was whole.
      const status = response.writableFinished ? response.statusCode : 499
      const visit = { method: known(request.method), route, status }
      metrics.observe({ ...visit, milliseconds, code })
      const who = principal && { kind: principal.kind, principal: principal.id, organisation: principal.organisation }
      const fields = { request: id, ...visit, operation, code, ...who }
      log('request', { ...fields, milliseconds: Math.round(milliseconds * 10) / 10 })
      if (refusals.has(code ?? '') || (changesAccess && status < 400)) log('security', fields)
    })
    next()
  }
}

/** A method that anybody makes up is no label. */
function known(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'OTHER'
}
