/** What a cookie of ours is for: which member or learner is signed in, and which browser has asked to be. */
export type Purpose = 'session' | 'learner' | 'browser'

/**
 * What a cookie is called. Over https a browser takes one with this prefix only for the whole of this very host and over https
 * (RFC 6265bis §4.1.3.2); over http, which is on this machine alone, there is none.
 */
export function nameOf(purpose: Purpose, origin: string): string {
  return `${isSecure(origin) ? '__Host-' : ''}laurel_${purpose}`
}

/** Reads a cookie from its header; `undefined` where there is none, or two of the name. Hostile text. */
export function read(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  return values.length === 1 ? values[0] : undefined
}

/**
 * The header that sets a cookie, until the browser is closed or for a time. No script reads it, and no other site makes a browser
 * send it.
 */
export function set(purpose: Purpose, origin: string, value: string, seconds?: number): string {
  const age = seconds === undefined ? '' : `; Max-Age=${seconds}`
  return `${nameOf(purpose, origin)}=${value}; ${attributes(origin)}${age}`
}

/** The header that ends a cookie. */
export function clear(purpose: Purpose, origin: string): string {
  return `${nameOf(purpose, origin)}=; Max-Age=0; ${attributes(origin)}`
}

function attributes(origin: string): string {
  return `Path=/; HttpOnly; ${isSecure(origin) ? 'Secure; ' : ''}SameSite=Lax`
}

function isSecure(origin: string): boolean {
  return origin.startsWith('https:')
}
