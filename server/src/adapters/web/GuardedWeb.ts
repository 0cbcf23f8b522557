import * as Outbound from '@laurel/verifier/readers/node/Outbound'
import type { Web } from '../../ports/Web.ts'

/** How long one answer may take with all that belongs to it, in milliseconds. */
const patience = 15_000
/** How long it is waited for the addresses of a name that is only looked at. */
const shortPatience = 5_000
/** What is read of an answer, in bytes. */
const maximumBytes = 64 * 1024
/** The ports of HTTPS; behind others there is often something else than a web server. */
const ports = [443, 8443] as const

/** @param options for tests: `allowLoopback` opens the way to this machine, which is for development alone */
export function create(
  options: Pick<Outbound.Rules, 'allowLoopback' | 'resolve'> & { readonly timeout?: number },
): Web {
  const { timeout = patience, ...more } = options
  const rules = { ports, ...more }
  return {
    post: async (url, headers, body, signal) => {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(timeout)])
      const request = { method: 'POST', headers, body, maximumBytes, signal: limited } as const
      const { status, headers: got, bytes } = await Outbound.send(url, request, rules)
      return { status, retryAfter: got['retry-after'], bytes }
    },
    check: async (url) => {
      await Outbound.check(url, AbortSignal.timeout(shortPatience), rules).catch((error) => {
        if (!(error instanceof Outbound.OutboundError) || error.code === 'URL_BLOCKED') throw error
      })
    },
  }
}
