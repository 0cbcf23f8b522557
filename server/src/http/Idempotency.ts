import type { IncomingHttpHeaders } from 'node:http'
import * as Bytes from '@laurel/core/Bytes'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import type * as Receipt from '../ports/Receipt.ts'
import * as Problem from './Problem.ts'
import type { Asked, Reply } from './Route.ts'

/** For how long an answer can be asked for again, in milliseconds: longer than anybody retries. */
export const kept = 60 * 24 * 60 * 60 * 1_000

/**
 * The key that a request comes with. A bare one is as good as the quoted one of the draft (httpapi-idempotency-key-header).
 *
 * @throws {Problem.RefusedError} IDEMPOTENCY_KEY_INVALID
 */
export function keyOf(headers: IncomingHttpHeaders): string | undefined {
  const given = headers['idempotency-key']
  if (given === undefined) return undefined
  const text = String(given).replace(/^"(.*)"$/, '$1')
  if (/^[\x21-\x7e]{1,255}$/.test(text)) return text
  const detail = 'An Idempotency-Key has 1 to 255 printable ASCII characters.'
  throw new Problem.RefusedError('IDEMPOTENCY_KEY_INVALID', detail, {
    places: [{ pointer: '/headers/idempotency-key', code: 'IDEMPOTENCY_KEY_INVALID', detail }],
  })
}

/** What makes a request the same as another: its author, its key, and all that it asks for. `undefined` without a key. */
export function name(
  { principal, headers }: Pick<Asked<never, never, never>, 'principal' | 'headers'>,
  asked: Json.Value,
): Receipt.Name | undefined {
  const text = keyOf(headers)
  if (text === undefined || principal === undefined) return undefined
  return { principal: principal.id, key: text, fingerprint: Bytes.toHex(Jcs.digest({ asked })) }
}

/** An answer as it is stored. */
export function toAnswer({ status, headers = {}, body }: Reply): Receipt.Answer {
  if (typeof body !== 'string') throw new TypeError('An answer that is given again is a text')
  return { status, headers, body }
}

/** A stored answer, given again. */
export function again({ status, headers, body }: Receipt.Answer): Reply {
  return { status, headers: { ...headers, 'Idempotent-Replayed': 'true' }, body }
}
