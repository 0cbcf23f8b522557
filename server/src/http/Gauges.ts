import type { Request, RequestHandler } from 'express'
import * as Principal from '../access/Principal.ts'
import type { Context } from '../Context.ts'
import type { Metrics } from '../metrics/Metrics.ts'
import * as Admission from './Admission.ts'
import * as Problem from './Problem.ts'

/**
 * Serves metrics to a key of the operator's own organisation with the scope `metrics:read`; and, while the public address of
 * this server is one of this machine, to whoever asks from here. Behind a proxy everybody asks from here: so then nobody is let
 * in without a key.
 */
export function create(
  metrics: Metrics,
  { keys, clock, terms }: Pick<Context, 'keys' | 'clock' | 'terms'>,
): RequestHandler {
  const isPrivate = isHere(new URL(terms.publicUrl).hostname)
  return async (request, response) => {
    response.set('Cache-Control', 'no-store')
    if (!(isPrivate && isHere(request.socket.remoteAddress ?? ''))) await demandKey(request, { keys, clock })
    const { text, type } = await metrics.read()
    response.type(type).send(text)
  }
}

async function demandKey({ headers }: Request, using: Pick<Context, 'keys' | 'clock'>): Promise<void> {
  const asking = await Admission.byKey(headers.authorization ?? '', using)
  if (asking === undefined)
    throw new Problem.RefusedError('AUTHENTICATION_REQUIRED', 'Send Authorization: Bearer and a key that is valid.', {
      headers: { 'WWW-Authenticate': 'Bearer realm="laurel"' },
    })
  const { organisation, scopes } = asking.principal
  const facts = { scope: 'metrics:read' }
  if (!scopes.includes('metrics:read'))
    throw new Problem.RefusedError('SCOPE_REQUIRED', 'This key lacks the scope metrics:read.', { facts })
  // What is measured is of all organisations together.
  if (organisation !== Principal.home)
    throw new Problem.RefusedError('SCOPE_REQUIRED', 'Metrics are for whoever runs this server.', { facts })
}

function isHere(address: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|::ffff:127(\.\d{1,3}){3})$/.test(address)
}
