import type { IncomingHttpHeaders } from 'node:http'
import * as Session from '../access/Session.ts'
import type { Context } from '../Context.ts'
import * as Token from '../learners/Token.ts'
import type * as LearnerStore from '../ports/LearnerStore.ts'
import * as Uuid from '../Uuid.ts'
import * as Cookie from './Cookie.ts'
import * as Origin from './Origin.ts'

/** How long a learner stays signed in, in milliseconds. */
const life = 14 * 24 * 60 * 60 * 1_000

type Terms = { readonly terms: Pick<Context['terms'], 'publicUrl'> }

/** Begins a session, and makes the header that gives it to a browser. What that browser had before ends. */
export function begin(
  headers: IncomingHttpHeaders,
  { clock, randomness, terms }: Pick<Context, 'clock' | 'randomness'> & Terms,
): { readonly beginning: LearnerStore.Beginning; readonly cookie: string } {
  const { text, digest } = Token.create(randomness.bytes(32))
  const createdAt = clock.now()
  const id = Uuid.name(Uuid.urn(randomness.bytes(16)))
  return {
    beginning: { id, digest, createdAt, expiresAt: createdAt + life, replaces: digestIn(headers, { terms }) },
    cookie: Cookie.set('learner', origin(headers, terms), text, life / 1_000),
  }
}

/** The header by which a browser forgets its session. */
export function ending(headers: IncomingHttpHeaders, { terms }: Terms): string {
  return Cookie.clear('learner', origin(headers, terms))
}

/** The digest of the session that a browser has; `undefined` without one. Hostile text. */
export function digestIn(headers: IncomingHttpHeaders, { terms }: Terms): Uint8Array | undefined {
  const text = Cookie.read(headers.cookie, Cookie.nameOf('learner', origin(headers, terms)))
  return text !== undefined && Session.isSecret(text) ? Session.digestOf(text) : undefined
}

function origin(headers: IncomingHttpHeaders, { publicUrl }: Terms['terms']): string {
  return Origin.of(headers, publicUrl) ?? publicUrl
}
