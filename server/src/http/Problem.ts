import type { IncomingMessage } from 'node:http'
import { finished } from 'node:stream/promises'
import * as Errors from '@laurel/core/Errors'
import { TrustFileError } from '@laurel/verifier/cli/trust-file'
import type { ErrorRequestHandler, Response } from 'express'
import { StorageFullError } from '../internal/StorageFull.ts'
import { QuotaExceededError } from '../organisations/Organisation.ts'
import * as Visit from './Visit.ts'

/**
 * The HTTP status of each error code that a request can meet. Any other error of ours is a 400, or a 422 where it tells
 * the places that are wrong; anything else is a 500.
 */
const statuses: Readonly<Record<string, number>> = {
  ACHIEVEMENT_INVALID: 422,
  ACHIEVEMENT_UNKNOWN: 404,
  ADDRESS_LAST: 409,
  ADDRESS_SAME: 409,
  API_KEY_UNKNOWN: 404,
  APPROVAL_OWN: 403,
  APPROVAL_REQUIRED: 409,
  APPROVAL_SETTLED: 409,
  APPROVAL_UNKNOWN: 404,
  APPROVAL_VOID: 409,
  APPROVERS_TOO_FEW: 409,
  AUTHENTICATION_AMBIGUOUS: 401,
  AUTHENTICATION_REQUIRED: 401,
  BATCH_ALREADY_BROADCAST: 409,
  BATCH_CONFLICT: 409,
  BATCH_EMPTY: 422,
  BATCH_MOVE_ILLEGAL: 409,
  BATCH_NOT_DELIVERED: 409,
  BATCH_TOO_LARGE: 413,
  BATCH_UNKNOWN: 404,
  BINDING_TAKEN: 409,
  BINDING_UNKNOWN: 401,
  CERTIFICATES_BUSY: 503,
  CHAIN_UNREACHABLE: 503,
  CHALLENGE_INVALID: 401,
  CLAIM_UNKNOWN: 404,
  COLLECTION_MISSING: 409,
  CONTENT_TYPE: 415,
  CONTENT_UNKNOWN: 404,
  CREDENTIAL_ERASED: 410,
  CREDENTIAL_NOT_READY: 409,
  CREDENTIAL_NOT_SUSPENDED: 409,
  CREDENTIAL_REVOKED: 409,
  CREDENTIAL_UNKNOWN: 404,
  CSV_DELIMITER: 422,
  CSV_EMPTY: 422,
  CSV_LINE_ENDING: 422,
  CSV_NOT_UTF8: 422,
  CSV_NO_ROWS: 422,
  DATABASE_BUSY: 503,
  DATABASE_READ_ONLY: 503,
  DATABASE_UNREACHABLE: 503,
  DID_METHOD: 422,
  DID_UNAVAILABLE: 503,
  DEPARTMENT_UNKNOWN: 404,
  DID_UNKNOWN: 404,
  ERASURE_TOO_EARLY: 409,
  ERASURE_UNKNOWN: 404,
  EMAIL_INVALID: 422,
  EVENT_UNKNOWN: 404,
  EXPORT_TOO_LARGE: 413,
  FILE_TYPE: 415,
  IDEMPOTENCY_KEY_INVALID: 400,
  IDEMPOTENCY_KEY_REUSED: 422,
  IMAGE_INVALID: 422,
  IMPORT_EMPTY: 422,
  IMPORT_REPLACED: 409,
  IMPORT_TOO_MANY: 413,
  IMPORT_UNKNOWN: 404,
  INTERNAL: 500,
  INVITATION_UNKNOWN: 404,
  ISSUERS_TOO_MANY: 409,
  ISSUER_MISSING: 409,
  ISSUER_PROFILE_INVALID: 422,
  ISSUER_UNKNOWN: 404,
  KEY_NOT_LISTED: 422,
  KEY_REPORTED: 409,
  LAST_OWNER: 409,
  MAIL_ADDRESS_MISSING: 409,
  MAIL_REPORT_INVALID: 422,
  MAIL_UNKNOWN: 404,
  MEMBER_EXISTS: 409,
  MEMBER_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  MOVE_UNKNOWN: 404,
  MOVE_WAITING: 409,
  NAME_TAKEN: 409,
  NOT_FOUND: 404,
  ORDER_UNKNOWN: 404,
  ORIGINAL_UNKNOWN: 404,
  ORIGIN_REFUSED: 403,
  PAGINATION_INVALID: 400,
  PASSKEYS_TOO_MANY: 409,
  PASSKEY_EXISTS: 409,
  PASSKEY_REFUSED: 401,
  PASSKEY_UNKNOWN: 404,
  PAYLOAD_TOO_LARGE: 413,
  PERSON_REQUIRED: 403,
  POSSIBLE_DUPLICATE_BATCH: 409,
  PERSON_UNKNOWN: 404,
  PRECONDITION_FAILED: 412,
  PRESENTATION_REFUSED: 401,
  QUOTA_EXCEEDED: 429,
  QUOTA_TOO_SMALL: 403,
  RATE_LIMITED: 429,
  RECIPIENT_UNADDRESSED: 409,
  REQUEST_TIMEOUT: 408,
  ROLE_UNKNOWN: 400,
  ROTATION_IMPOSSIBLE: 409,
  ROW_INVALID: 422,
  SCOPE_REQUIRED: 403,
  SESSION_UNKNOWN: 404,
  SIGN_IN_AGAIN: 403,
  SIGN_IN_REQUIRED: 401,
  SIWE_CHAIN_MISMATCH: 401,
  SIWE_DOMAIN_MISMATCH: 401,
  SIWE_EXPIRED: 401,
  SIWE_INVALID: 401,
  SIWE_NONCE_MISMATCH: 401,
  SIWE_SIGNATURE: 401,
  SIWE_URI_MISMATCH: 401,
  STATUS_LIST_UNKNOWN: 404,
  STATUS_NOT_OFFERED: 409,
  STORAGE_FULL: 507,
  STORAGE_UNAVAILABLE: 503,
  STREAMS_BUSY: 503,
  TICKETS_NOT_OFFERED: 409,
  TOKEN_USED: 401,
  TRUST_INVALID: 503,
  TRUST_UNREADABLE: 503,
  URL_BLOCKED: 422,
  VERIFICATION_BUSY: 503,
  WEBHOOKS_TOO_MANY: 409,
  WEBHOOK_DISABLED: 409,
  WEBHOOK_UNKNOWN: 404,
  ZIP_INVALID: 422,
  ZIP_LIMIT: 422,
}

/** One wrong place: a JSON Pointer into what was sent, a code of its own, and for a table its row and column as shown. */
export type Place = {
  readonly pointer: string
  readonly code: string
  readonly detail: string
  readonly row?: number
  readonly column?: string
}

/** How many wrong places are named; more are counted. */
const named = 1_000

/** Thrown when a request is refused: with every place that is wrong, where there are places. */
export class RefusedError extends Errors.BaseError {
  override readonly name = 'Problem.RefusedError'
  readonly places: readonly Place[]
  readonly total: number
  readonly headers: Readonly<Record<string, string>>
  constructor(
    code: string,
    detail: string,
    options: {
      readonly places?: readonly Place[]
      readonly total?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly facts?: Errors.Facts
      readonly cause?: unknown
    } = {},
  ) {
    super(code, detail, options)
    this.places = options.places ?? []
    this.total = options.total ?? this.places.length
    this.headers = options.headers ?? {}
  }
}

/** The HTTP status with which a code is answered. */
export function statusOf(code: string, hasPlaces = false): number {
  return statuses[code] ?? (hasPlaces ? 422 : 400)
}

/** The code with which an error is answered, whatever it is. */
export function codeOf(error: unknown): string {
  return toRefused(error).code
}

/** Answers with problem details (RFC 9457). */
export function send(response: Response, code: string, detail: string): void {
  answer(response, new RefusedError(code, detail))
}

/** The last handler: our errors as they are, anything else without a word of what happened inside. */
export const handler: ErrorRequestHandler = async (error, request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  const refused = toRefused(error)
  // Who is cut off in the midst of sending never reads why. Who is slow has been waited for.
  if (refused.code !== 'REQUEST_TIMEOUT') await drain(request)
  // What comes after the answer belongs to a body that nobody reads.
  if (!request.complete) response.set('Connection', 'close')
  answer(response, refused)
}

/** What is read of a body that was refused, and thrown away: in bytes, and in milliseconds. */
const patience = { bytes: 64 * 1024 * 1024, milliseconds: 5_000 } as const

async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return
  const before = request.socket.bytesRead
  const late = AbortSignal.timeout(patience.milliseconds)
  const enough = new AbortController()
  request.on('data', () => {
    if (request.socket.bytesRead - before > patience.bytes) enough.abort()
  })
  // Once it has ended, or its sender has gone, or it is enough.
  await finished(request, { writable: false, signal: AbortSignal.any([late, enough.signal]) }).catch(() => {})
}

/** How problem details name a code. `type` names the page of the code in `docs/errors.md`. */
export function naming(code: string): { readonly type: string; readonly title: string } {
  return { type: `urn:laurel:error:${code}`, title: code.toLowerCase().replaceAll('_', ' ') }
}

function answer(response: Response, error: RefusedError): void {
  const { code, message, places, total, headers, facts } = error
  const status = statusOf(code, places.length > 0)
  const { request } = Visit.note(response, { code })
  response
    .status(status)
    .set(headers)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        ...naming(code),
        status,
        code,
        detail: message,
        instance: `urn:laurel:request:${request}`,
        ...(Object.keys(facts).length > 0 && { facts }),
        ...(places.length > 0 && { errors: places.slice(0, named), total }),
      }),
    )
}

function toRefused(error: unknown): RefusedError {
  if (error instanceof RefusedError) return error
  if (isFull(error))
    return new RefusedError('STORAGE_FULL', 'The disk of the server is full; nothing was accepted.', { headers: later })
  if (error instanceof QuotaExceededError) {
    const { code, message, facts, retryAfter } = error
    return new RefusedError(code, message, { facts, headers: { 'Retry-After': String(retryAfter) } })
  }
  // Where a file of this server lies, and what is wrong in it, is told to nobody who asks.
  if (error instanceof TrustFileError)
    return new RefusedError(error.code, 'By whom this server trusts it cannot tell at the moment.', { headers: later })
  if (error instanceof Errors.BaseError) return new RefusedError(error.code, error.message, { facts: error.facts })
  if (isAway(error))
    return new RefusedError('STORAGE_UNAVAILABLE', 'The database does not answer; nothing was accepted.', {
      headers: later,
    })
  if (isClientError(error)) return new RefusedError('REQUEST_INVALID', 'This request cannot be read.')
  return new RefusedError('INTERNAL', 'Something went wrong inside; the request may be repeated.')
}

const later = { 'Retry-After': '10' } as const

function isClientError(error: unknown): boolean {
  const status = (error as { readonly status?: unknown } | undefined)?.status
  return typeof status === 'number' && status >= 400 && status < 500
}

/** What our adapters say; ENOSPC of the file system. */
function isFull(error: unknown): boolean {
  return error instanceof StorageFullError || (error as { readonly code?: unknown }).code === 'ENOSPC'
}

/** SQLITE_BUSY and SQLITE_LOCKED; what a socket says; classes 08, 53 and 57P of PostgreSQL. */
function isAway(error: unknown): boolean {
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown }
  if (errcode === 5 || errcode === 6) return true
  return typeof code === 'string' && /^(08...|53...|57P..|ECONN[A-Z]+|EPIPE|ETIMEDOUT|EHOSTUNREACH)$/.test(code)
}
