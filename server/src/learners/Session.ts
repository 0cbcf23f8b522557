import type { IncomingHttpHeaders } from 'node:http'
import type { Context } from '../Context.ts'
import type * as LearnerStore from '../ports/LearnerStore.ts'
import * as Uuid from '../Uuid.ts'
import * as Token from './Token.ts'

/** How long a learner stays signed in, in milliseconds. */
const life = 14 * 24 * 60 * 60 * 1_000

/** Sent back to this very host only, over TLS only (RFC 6265bis §4.1.3.2); a browser counts its own machine as such. */
const name = '__Host-laurel-learner'

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'

/** Begins a session, and makes the header that gives it to a browser. What that browser had before ends. */
export function begin(
  headers: IncomingHttpHeaders,
  { clock, randomness }: Pick<Context, 'clock' | 'randomness'>,
): { readonly beginning: LearnerStore.Beginning; readonly cookie: string } {
  const { text, digest } = Token.create(randomness.bytes(32))
  const createdAt = clock.now()
  const id = Uuid.name(Uuid.urn(randomness.bytes(16)))
  return {
    beginning: { id, digest, createdAt, expiresAt: createdAt + life, replaces: digestIn(headers) },
    cookie: `${name}=${text}; ${attributes}; Max-Age=${life / 1_000}`,
  }
}

/** The header by which a browser forgets its session. */
export const ending = `${name}=; ${attributes}; Max-Age=0`

/** The digest of the session that a browser has; `undefined` without one. Hostile text. */
export function digestIn({ cookie = '' }: IncomingHttpHeaders): Uint8Array | undefined {
  const own = cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
  // Two of one name: one of them was put there by somebody else.
  const [only, ...others] = own
  if (only === undefined || others.length > 0) return undefined
  const text = only.slice(name.length + 1)
  return /^[A-Za-z0-9_-]{43}$/.test(text) ? Token.digestOf(text) : undefined
}
