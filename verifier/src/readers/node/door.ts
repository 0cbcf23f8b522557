import type { Door, OwnDoor } from '../Http.ts'
import * as Outbound from './Outbound.ts'

/** How many times it may be sent elsewhere. */
const maximumRedirects = 3

export type Options = Omit<Outbound.Rules, 'ports'> & {
  /** How long all of one answer may take, in milliseconds. */
  readonly timeout?: number
}

/** Makes the door to the web: GET, by the rules of {@link Outbound.send}, which hold again wherever it is sent on. */
export function create(options: Options): Door {
  return async (url, maximumBytes) => {
    const { status, bytes } = (await get(url, maximumBytes, options, () => true)) ?? {}
    return status === 200 ? bytes : undefined
  }
}

/** Makes the door to what is at an address itself: it is not sent on but within the origin. */
export function createOwn(options: Options): OwnDoor {
  return async (url, maximumBytes) => {
    const answer = await get(url, maximumBytes, options, (from, to) => from.origin === to.origin)
    if (answer?.status === 410) return { kind: 'gone' }
    return answer?.status === 200 ? { kind: 'found', bytes: answer.bytes } : { kind: 'unavailable' }
  }
}

type Found = Pick<Outbound.Answer, 'status' | 'bytes'>

/** What there is in the end, whole; undefined where there is nothing to be had. */
async function get(
  url: string,
  maximumBytes: number,
  { timeout = 10_000, ...rules }: Options,
  mayGo: (from: URL, to: URL) => boolean,
): Promise<Found | undefined> {
  const signal = AbortSignal.timeout(timeout)
  const request = { method: 'GET', headers: { accept: 'application/json, */*;q=0.1' }, maximumBytes, signal } as const
  try {
    let target = new URL(url)
    for (let i = 0; i <= maximumRedirects; i++) {
      const { status, headers, bytes, isWhole } = await Outbound.send(target, request, rules)
      if (status < 300 || status >= 400) return isWhole || status !== 200 ? { status, bytes } : undefined
      if (headers.location === undefined) return undefined
      const next = new URL(headers.location, target)
      if (!mayGo(target, next)) return undefined
      target = next
    }
  } catch {
    // Refused, unreachable, too slow: all the same, it is not to be had.
  }
  return undefined
}
