import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import * as Errors from '@laurel/core/Errors'
import type { Express, Request, Response } from 'express'
import type * as Principal from '../access/Principal.ts'
import * as Admission from './Admission.ts'
import * as Approvals from './Approvals.ts'
import * as Body from './Body.ts'
import * as Idempotency from './Idempotency.ts'
import * as Limiter from './Limiter.ts'
import * as Multipart from './Multipart.ts'
import * as Noting from './Noting.ts'
import * as Part from './Part.ts'
import * as Problem from './Problem.ts'
import * as Reading from './Reading.ts'
import type { Api, Asked, Reply, Route } from './Route.ts'
import * as Visit from './Visit.ts'

/** What a service is mounted with, beside what its routes use. */
export type Options = {
  readonly patience: Body.Patience
  /** Of a key; of an address that comes without one, or with a wrong one. */
  readonly quotas: { readonly key: Limiter.Quota; readonly address: Limiter.Quota }
}

/**
 * Mounts routes. What is not asked for as its route says is refused before the route hears of it, in this order: the key or
 * the session, its quota, its scope, the address, the body.
 */
export function mount(app: Express, routes: readonly Route[], api: Api, { patience, quotas }: Options): void {
  const now = () => performance.now()
  const limiters = {
    key: Limiter.create(quotas.key, now),
    // What all of an organisation may ask is its own quota, if it has one.
    organisation: Limiter.create({ count: Infinity, seconds: 60 }, now),
    address: Limiter.create(quotas.address, now),
  }
  const ways = Map.groupBy(routes, ({ path }) => path)
  for (const [path, ofPath] of ways) {
    const place = path.replaceAll(/\{(\w+)\}/g, ':$1')
    for (const route of ofPath) {
      app[route.method](place, async (request, response) => {
        response.set('Cache-Control', 'no-store')
        Visit.note(response, {
          operation: route.operation,
          changesAccess: route.method !== 'get' && guarding.has(route.tag),
        })
        const principal = await admit(route, request, response, api, limiters)
        Visit.note(response, { principal })
        const asked = await read(route, request, response, api, { principal, patience })
        // Whatever a route looks for, it finds nothing that is not theirs who ask.
        const mine = principal === undefined ? api : Part.of(principal, api)
        const reply = await Noting.carryOut(route, asked, mine, () => Approvals.handle(route, asked, mine))
        const mayStill = async () => {
          const now = principal && (await Admission.asNow(principal, mine))
          return now !== undefined && Admission.may(route, now)
        }
        await send(reply, response, request, principal === undefined ? undefined : mayStill)
      })
    }
    app.all(place, () => {
      const allowed = ofPath.map(({ method }) => method.toUpperCase()).join(', ')
      throw new Problem.RefusedError('METHOD_NOT_ALLOWED', `Here you may ${allowed}.`, { headers: { Allow: allowed } })
    })
  }
}

/** The chapters whose operations say who may do what. */
const guarding: ReadonlySet<string> = new Set(['Approvals', 'Keys', 'Members', 'Passkeys'])

async function admit(
  route: Route,
  request: Request,
  response: Response,
  api: Api,
  limiters: Readonly<Record<'key' | 'organisation' | 'address', Limiter.Limiter>>,
): Promise<Principal.Principal | undefined> {
  const charge = (name: keyof typeof limiters, who: string, count = limiters[name].quota.count) => {
    const standing = limiters[name].take(who, route.weight, count)
    // The headers tell of the quota that is the caller's alone, or else of the one that has refused it.
    if (name !== 'organisation' || !standing.allowed)
      response.set(Limiter.headers(name, { ...limiters[name].quota, count }, standing))
    if (!standing.allowed) throw new Problem.RefusedError('RATE_LIMITED', 'You have asked too often; wait a little.')
  }
  // Of the caller, where a proxy is trusted that says who that is.
  const address = request.ip ?? ''
  if (route.scope === null) {
    charge('address', address)
    return undefined
  }
  const recognised = await Admission.recognise(request, api)
  if (recognised === undefined) {
    charge('address', address)
    throw new Problem.RefusedError('AUTHENTICATION_REQUIRED', 'Send Authorization: Bearer and a key that is valid.', {
      headers: { 'WWW-Authenticate': 'Bearer realm="laurel"' },
    })
  }
  const { principal, quotas } = recognised
  charge('key', principal.id)
  if (quotas.requestsPerMinute !== undefined) charge('organisation', principal.organisation, quotas.requestsPerMinute)
  // What a cookie opens is told to pages of ours alone.
  if (principal.kind === 'member') response.removeHeader('Access-Control-Allow-Origin')
  Admission.demand(route, principal, api.clock.now())
  return principal
}

async function read(
  route: Route,
  request: Request,
  response: Response,
  { limits }: Api,
  { principal, patience }: { readonly principal: Principal.Principal | undefined; readonly patience: Body.Patience },
): Promise<Asked<unknown, unknown, unknown>> {
  const params = route.params?.safeParse(request.params)
  // An id that cannot be one is the id of nothing: whoever guesses learns no more from it than from one that could.
  if (params?.success === false) throw new Problem.RefusedError('NOT_FOUND', 'There is nothing here.')
  const query = Reading.read(route.query ?? Reading.nothing, request.query, '/query')
  if (route.heeds?.includes('Idempotency-Key')) Idempotency.keyOf(request.headers)
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const common = {
    params: params?.data,
    query: route.query && query,
    body: undefined,
    roster: undefined,
    form: undefined,
    file: nothing,
    request: Visit.note(response, {}).request,
    principal,
    headers: request.headers,
    gone: gone.signal,
  }
  if (route.files !== undefined) {
    Body.mediaOf(request, route.files)
    return { ...common, file: await Body.bytes(request, limits.file, patience) }
  }
  if (route.body === undefined) return common
  const media = Body.mediaOf(request, [
    'application/json',
    ...(route.roster ? ['text/csv' as const] : []),
    ...(route.form ? ['multipart/form-data' as const] : []),
  ])
  const bytes = () => Body.read(request, route.roster ? limits.roster : limits.json, patience)
  if (media === 'text/csv') return { ...common, roster: bytes() }
  if (media === 'multipart/form-data') {
    const boundary = Multipart.boundaryOf(request.headers['content-type'] ?? '')
    return { ...common, form: Multipart.read(bytes(), boundary) }
  }
  const value = await Body.json(request, limits.json, patience)
  return { ...common, body: Reading.read(route.body, value, '') }
}

async function send(
  { status, headers = {}, cookies, type, body }: Reply,
  response: Response,
  request: IncomingMessage,
  mayStill?: () => Promise<boolean>,
) {
  response.status(status).set(headers)
  if (cookies !== undefined) response.set('Set-Cookie', [...cookies])
  if (body !== undefined) response.type(type ?? 'application/json')
  // A body that no route has asked for is not read: then nothing else may come behind it on this line.
  if (!request.complete && hasBody(request)) response.set('Connection', 'close')
  if (body === undefined) response.end()
  else if (typeof body === 'string') response.send(body)
  else if (body instanceof Uint8Array) response.send(Buffer.from(body))
  else if (request.method === 'HEAD') response.end()
  else {
    response.flushHeaders()
    const over = new AbortController()
    if (mayStill !== undefined) void cutOff(response, mayStill, over.signal)
    // Whoever has gone, or is cut off in the midst, sees that it is not whole; there is nobody to tell more.
    await pipeline(Readable.from(body, { objectMode: true }), response)
      .catch(rethrowOurs)
      .finally(() => over.abort())
  }
}

/** How often it is looked up whether whoever is being answered may still hear it, in milliseconds. */
const lookedUp = 500

/** Ends an answer in its midst once whoever asks may have it no longer, or nobody can say whether they may. */
async function cutOff(response: Response, mayStill: () => Promise<boolean>, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await pause(lookedUp, undefined, { signal: over }).catch(() => {})
    if (!over.aborted && !(await mayStill().catch(() => false))) response.destroy()
  }
}

const nothing = new Uint8Array()

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function rethrowOurs(error: unknown): void {
  if (error instanceof Errors.BaseError || error instanceof TypeError) throw error
}
