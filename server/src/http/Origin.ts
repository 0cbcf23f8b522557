import type { IncomingHttpHeaders } from 'node:http'

/**
 * The origin at which a browser has reached this server: the public one, or this machine itself. `undefined` for any other
 * name: one that somebody else has led here is nobody's to sign in at.
 */
export function of({ host }: IncomingHttpHeaders, publicUrl: string): string | undefined {
  if (host === undefined) return undefined
  const { origin, host: ours } = new URL(publicUrl)
  if (host === ours) return origin
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(host) ? `http://${host}` : undefined
}

/**
 * Whether a browser says that a page of ours has made it ask. Fetch metadata where the browser has them (Sec-Fetch-Site
 * cannot be set by a page), its Origin otherwise; who says neither has not said so.
 */
export function isOurs(headers: IncomingHttpHeaders, origin: string): boolean {
  const { 'sec-fetch-site': site, origin: from } = headers
  if (site !== undefined && site !== 'same-origin') return false
  return from === undefined ? site === 'same-origin' : from === origin
}

/** Whether a browser says that another site has made it ask, of whose page this is a part. */
export function isForeign(headers: IncomingHttpHeaders, origin: string): boolean {
  const { 'sec-fetch-site': site, origin: from } = headers
  return (site !== undefined && site !== 'same-origin' && site !== 'none') || (from !== undefined && from !== origin)
}
