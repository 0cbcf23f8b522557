import { type Operations, type Problem, places } from './generated/Operations.ts'

export type * from './generated/Operations.ts'

type Name = keyof Operations
type Place = { readonly method: string; readonly path: string; readonly headers?: readonly string[] }

export type Options = {
  /** Where the server is: `http://127.0.0.1:4400`. */
  readonly url: string
  readonly key?: string
  readonly fetch?: typeof globalThis.fetch
}

/** What came back when the server did as it was asked. A 304 has no data. */
export type Answer<name extends Name> = {
  readonly status: number
  readonly data: Operations[name]['answers']
  readonly headers: Headers
}

/** A server, asked by the names of its operations. */
export type Client = {
  /**
   * Asks for one operation. Nothing is tried again: with an `Idempotency-Key`, whoever has no answer may ask once more.
   *
   * @throws {RefusedError} when the server refuses, with its problem details
   * @throws {TypeError} when it cannot be reached; see `fetch`
   */
  readonly ask: <name extends Name>(name: name, asked: Operations[name]['asks']) => Promise<Answer<name>>
}

/** Makes a client. It keeps nothing but what it is given. */
export function create({ url, key, fetch = globalThis.fetch }: Options): Client {
  return {
    ask: async (name, asked) => {
      const place: Place = places[name]
      const { body, ...rest } = asked as Readonly<Record<string, unknown>>
      const headers = new Headers(key === undefined ? {} : { Authorization: `Bearer ${key}` })
      let path = place.path
      const query = new URLSearchParams()
      for (const [member, value] of Object.entries(rest)) {
        if (value === undefined) continue
        const text = String(value)
        if (path.includes(`{${member}}`)) path = path.replace(`{${member}}`, encodeURIComponent(text))
        else if (place.headers?.includes(member)) headers.set(member, text)
        else query.set(member, text)
      }
      const isForm = body instanceof FormData
      const isRaw = isForm || body instanceof Blob
      // Of a form, `fetch` alone knows the boundary.
      if (body !== undefined && !isForm)
        headers.set('Content-Type', isRaw ? (body as Blob).type || 'text/csv' : 'application/json')
      const response = await fetch(new URL(`${path}${query.size === 0 ? '' : `?${query}`}`, url), {
        method: place.method,
        headers,
        ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
      })
      if (response.status >= 400) throw new RefusedError(response.status, await problem(response))
      return { status: response.status, headers: response.headers, data: (await read(response)) as never }
    },
  }
}

async function read(response: Response): Promise<unknown> {
  if (response.status === 304) return undefined
  const isJson = /^application\/(json|vc)\b/.test(response.headers.get('content-type') ?? '')
  return isJson ? response.json() : response
}

async function problem(response: Response): Promise<Problem> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
  if (isProblem) return response.json() as Promise<Problem>
  const { status } = response
  return { type: 'about:blank', title: 'internal', status, code: 'INTERNAL', detail: `The answer was ${status}.` }
}

/** Thrown when the server refuses what it was asked. `problem` says why, by a code that never changes. */
export class RefusedError extends Error {
  override readonly name = 'Client.RefusedError'
  readonly status: number
  readonly problem: Problem
  constructor(status: number, problem: Problem) {
    super(problem.detail)
    this.status = status
    this.problem = problem
  }
}
