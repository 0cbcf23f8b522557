import * as Bytes from '@laurel/core/Bytes'
import * as Pinning from '../../ports/Pinning.ts'

/** How long a service or gateway may take for one answer, in milliseconds. */
const patience = 30_000

/** The largest answer that is read, in bytes: a block and something over. */
const largestAnswer = 2 * 1024 * 1024

export type Options = {
  /** The service's endpoint, as it stands in its documentation, without a slash at its end. */
  readonly endpoint: string
  /** The access token; it is sent in the header and stands in no error. */
  readonly token: string
  /** A trustless gateway through which blocks are fetched back, without a slash at its end. */
  readonly gateway: string
  /** Multiaddresses of nodes that have the blocks: the service fetches them there. */
  readonly origins: readonly string[]
}

/** What the service says of a request to pin something (PinStatus), as far as it matters here. */
type Status = { readonly status: string; readonly pin: { readonly cid: string } }

/**
 * A pinning service behind the IPFS Pinning Service API 1.0. It takes no bytes but fetches them from nodes that have
 * them, so it stands beside a node of our own and not in place of it; and it hands nothing out, so blocks are fetched
 * back through a trustless gateway.
 */
export function open(
  { endpoint, token, gateway, origins }: Options,
  { timeout = patience }: { readonly timeout?: number } = {},
): Pinning.Pinning {
  const place = new URL(endpoint).host
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const limit = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(timeout)])

  const ask = async <output>(
    path: string,
    isWanted: (value: unknown) => value is output,
    init: RequestInit,
  ): Promise<output> => {
    const response = await answer(place, `${endpoint}${path}`, { ...init, headers })
    if (response.status >= 500 || response.status === 429) throw new Pinning.UnreachableError(place)
    if (!response.ok) throw new Pinning.RefusedError(place)
    const text = new TextDecoder().decode(await read(place, response))
    try {
      const value: unknown = JSON.parse(text)
      if (isWanted(value)) return value
    } catch (cause) {
      throw new Pinning.UnreachableError(place, cause)
    }
    throw new Pinning.UnreachableError(place)
  }
  const has = async (root: string, states: string, signal: AbortSignal) => {
    const { results } = await ask(`/pins?cid=${root}&status=${states}`, isList, { signal })
    return results.some(({ pin }) => pin.cid === root)
  }

  return {
    place,
    pin: async (root, _blocks, given) => {
      const signal = limit(given)
      if (await has(root, 'queued,pinning,pinned', signal)) return
      const body = JSON.stringify({ cid: root, name: root, origins })
      const asked = await ask('/pins', isStatus, { method: 'POST', body, signal })
      if (asked.pin.cid !== root) throw new Pinning.MismatchError(place, root, asked.pin.cid)
      if (asked.status === 'failed') throw new Pinning.RefusedError(place)
    },
    keeps: (root, given) => has(root, 'pinned', limit(given)),
    fetch: async (cid, given) => {
      const url = `${gateway}/ipfs/${cid}?format=raw`
      const response = await answer(place, url, {
        headers: { accept: 'application/vnd.ipld.raw' },
        signal: limit(given),
      })
      if (response.status === 404 || response.status === 410) return undefined
      if (!response.ok) throw new Pinning.UnreachableError(place)
      return read(place, response)
    },
  }
}

function isList(value: unknown): value is { readonly results: readonly Status[] } {
  const { results } = Object(value)
  return Array.isArray(results) && results.every(isStatus)
}

function isStatus(value: unknown): value is Status {
  const { status, pin } = Object(value)
  return typeof status === 'string' && typeof Object(pin).cid === 'string'
}

async function answer(place: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'error' })
  } catch (cause) {
    throw new Pinning.UnreachableError(place, cause)
  }
}

/** The body, as far as it is not too large to be what was asked for. */
async function read(place: string, { body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of body ?? []) {
      length += chunk.length
      if (length > largestAnswer) throw new RangeError('The answer is too large')
      chunks.push(chunk)
    }
  } catch (cause) {
    throw new Pinning.UnreachableError(place, cause)
  }
  return Bytes.concat(...chunks)
}
