import * as Json from '@laurel/core/Json'
import { list } from './Assertion.ts'

/**
 * Whether an issuer has its assertions at an address (Open Badges 2.0, VerificationObject): at one of the hosts that its
 * profile allows, below one of the beginnings that it names. Where it says neither, at the origin of the profile itself.
 *
 * Addresses are compared as they are asked, so that no `..` leads out of a beginning, and `https://issuer.example` is none of
 * `https://issuer.example.net`. What cannot be read allows nothing.
 */
export function allows({ id, verification }: Json.Object, address: string): boolean {
  const url = parse(address)
  const issuer = parse(id)
  if (url === undefined) return false
  const { allowedOrigins, startsWith } = Json.isObject(verification) ? verification : {}
  const [hosts, beginnings] = [list(allowedOrigins), list(startsWith)]
  if (hosts.length === 0 && beginnings.length === 0) return issuer?.origin === url.origin
  const isAtHost = hosts.length === 0 || hosts.some((host) => isHost(host, url))
  return isAtHost && (beginnings.length === 0 || beginnings.some((beginning) => isBelow(parse(beginning), url)))
}

/** The host alone is the one of the port that goes without saying; there are issuers who write the whole origin. */
function isHost(host: Json.Value, { host: own, origin }: URL): boolean {
  return typeof host === 'string' && (host.toLowerCase() === own || parse(host)?.origin === origin)
}

function isBelow(beginning: URL | undefined, { origin, href }: URL): boolean {
  return beginning !== undefined && beginning.origin === origin && href.startsWith(beginning.href)
}

/** An address of the web; undefined for any other, or one that names somebody who may enter. */
export function parse(address: Json.Value | undefined): URL | undefined {
  if (typeof address !== 'string' || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined
  const url = new URL(address)
  return url.username === '' && url.password === '' && url.hash === '' ? url : undefined
}
