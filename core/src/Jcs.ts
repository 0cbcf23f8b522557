import canonicalize from 'canonicalize'
import * as Bytes from './Bytes.ts'
import type * as Json from './Json.ts'
import * as Sha256 from './Sha256.ts'

/**
 * The canonical form of a JSON value (RFC 8785).
 *
 * A number that is not finite, a string with half of a surrogate pair or a value that JSON has not is a `TypeError`:
 * {@link Json.parse} yields none of them.
 */
export function text(value: Json.Value): string {
  assertJson(value)
  return canonicalize(value) as string
}

/** The same as UTF-8. */
export function bytes(value: Json.Value): Uint8Array {
  return Bytes.fromUtf8(text(value))
}

/** SHA-256 of the canonical form: 32 bytes. */
export function digest(value: Json.Value): Uint8Array {
  return Sha256.digest(bytes(value))
}

function assertJson(value: unknown): void {
  if (value === null || typeof value === 'boolean') return
  if (typeof value === 'string' && value.isWellFormed()) return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (typeof value !== 'object') throw new TypeError('Not a JSON value')
  for (const [name, item] of Object.entries(value)) {
    assertJson(name)
    assertJson(item)
  }
}
