import type { IncomingHttpHeaders } from 'node:http'
import * as Session from '../access/Session.ts'
import type { Context } from '../Context.ts'
import * as Token from '../learners/Token.ts'
import type * as LearnerStore from '../ports/LearnerStore.ts'
import * as Uuid from '../Uuid.ts'
import * as Cookie from './Cookie.ts'

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
export function digestIn({ cookie }: IncomingHttpHeaders): Uint8Array | undefined {
  const text = Cookie.read(cookie, name)
  return text !== undefined && Session.isSecret(text) ? Session.digestOf(text) : undefined
}
