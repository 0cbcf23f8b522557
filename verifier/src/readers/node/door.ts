import type { Door } from '../Http.ts'
import * as Outbound from './Outbound.ts'

/** How many times it may be sent elsewhere. */
const maximumRedirects = 3

export type Options = Omit<Outbound.Rules, 'ports'> & {
  /** How long all of one answer may take, in milliseconds. */
  readonly timeout?: number
}

/** Makes the door to the web: GET, by the rules of {@link Outbound.send}, which hold again wherever it is sent on. */
export function create({ timeout = 10_000, ...rules }: Options): Door {
  return async (url, maximumBytes) => {
    const signal = AbortSignal.timeout(timeout)
    const request = { method: 'GET', headers: { accept: 'application/json, */*;q=0.1' }, maximumBytes, signal } as const
    try {
      let target = new URL(url)
      for (let i = 0; i <= maximumRedirects; i++) {
        const { status, headers, bytes, isWhole } = await Outbound.send(target, request, rules)
        if (status === 200) return isWhole ? bytes : undefined
        if (status < 300 || status >= 400 || headers.location === undefined) return undefined
        target = new URL(headers.location, target)
      }
    } catch {
      // Refused, unreachable, too slow: all the same, it is not to be had.
    }
    return undefined
  }
}
