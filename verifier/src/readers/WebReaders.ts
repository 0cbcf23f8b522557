import type { Readers } from '../Readers.ts'
import * as Body from './Body.ts'
import { combine } from './combine.ts'
import * as EvmReaders from './EvmReaders.ts'
import * as Http from './Http.ts'
import type { Fetch } from './JsonRpc.ts'

/** How long all of one answer may take, in milliseconds. */
const timeout = 10_000

export type Sources = {
  /** IPFS gateways: URLs to which a CID is appended, ending with a slash. */
  readonly gateways: readonly string[]
  /** Whether the machine of whoever looks at the page may be asked over HTTP. */
  readonly allowLoopback?: boolean
  /** How the web is reached. */
  readonly fetch?: Fetch
}

/**
 * Readers for a page. What a page may reach its browser decides, by the origins of both; here only HTTPS is let through,
 * without cookies, without saying where from, and without being sent elsewhere.
 */
export function create({
  gateways,
  allowLoopback = false,
  fetch = globalThis.fetch.bind(globalThis),
}: Sources): Readers {
  const discreet: Fetch = (input, init) =>
    fetch(input, { ...init, credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error' })
  const web = Http.create(door(discreet, allowLoopback), gateways, ownDoor(discreet, allowLoopback))
  return combine(EvmReaders.create(discreet), web)
}

const loopback = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\//i

function door(fetch: Fetch, allowLoopback: boolean): Http.Door {
  const own = ownDoor(fetch, allowLoopback)
  return async (url, maximumBytes) => {
    const answer = await own(url, maximumBytes)
    return answer.kind === 'found' ? answer.bytes : undefined
  }
}

/** A page is not sent on at all, so every address gives out what is its own. */
function ownDoor(fetch: Fetch, allowLoopback: boolean): Http.OwnDoor {
  return async (url, maximumBytes) => {
    if (!/^https:\/\//i.test(url) && !(allowLoopback && loopback.test(url))) return { kind: 'unavailable' }
    try {
      const { status, ok, body } = await fetch(url, { signal: AbortSignal.timeout(timeout) })
      if (status === 410) return { kind: 'gone' }
      if (ok && body !== null) return { kind: 'found', bytes: await Body.read(body, maximumBytes) }
    } catch {
      // Refused, unreachable, too slow, too long: all the same, it is not to be had.
    }
    return { kind: 'unavailable' }
  }
}
