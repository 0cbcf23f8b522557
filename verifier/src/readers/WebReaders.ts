import type { Readers } from '../Readers.ts'
import * as Body from './Body.ts'
import { combine } from './combine.ts'
import * as EvmAnchorReader from './EvmAnchorReader.ts'
import * as EvmStorageReader from './EvmStorageReader.ts'
import * as Http from './Http.ts'
import type { Fetch } from './JsonRpc.ts'

/** How long all of one answer may take, in milliseconds. */
const timeout = 10_000

export type Sources = {
  /** IPFS gateways: URLs to which a CID is appended, ending with a slash. */
  readonly gateways: readonly string[]
  /** How the web is reached. */
  readonly fetch?: Fetch
}

/**
 * Readers for a page. What a page may reach its browser decides, by the origins of both; here only HTTPS is let through,
 * without cookies, without saying where from, and without being sent elsewhere.
 */
export function create({ gateways, fetch = globalThis.fetch.bind(globalThis) }: Sources): Readers {
  const chain = { anchor: EvmAnchorReader.create(fetch), words: EvmStorageReader.create(fetch) }
  return combine(chain, Http.create(door(fetch), gateways))
}

function door(fetch: Fetch): Http.Door {
  return async (url, maximumBytes) => {
    if (!/^https:\/\//i.test(url)) return undefined
    try {
      const response = await fetch(url, {
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        redirect: 'error',
        signal: AbortSignal.timeout(timeout),
      })
      return response.ok && response.body !== null ? await read(response.body, maximumBytes) : undefined
    } catch {
      // Refused, unreachable, too slow, too long: all the same, it is not to be had.
      return undefined
    }
  }
}

async function read(body: ReadableStream<Uint8Array>, maximumBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(maximumBytes)
  let length = 0
  for await (const part of Body.parts(body, maximumBytes)) {
    bytes.set(part, length)
    length += part.length
  }
  return bytes.slice(0, length)
}
