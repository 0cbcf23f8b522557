import * as Errors from '@laurel/core/Errors'
import type { ErrorRequestHandler, Response } from 'express'

/** The HTTP status of each error code that a request can meet; any other error of ours is a 400, anything else a 500. */
const statuses: Readonly<Record<string, number>> = {
  CREDENTIAL_UNKNOWN: 404,
  CREDENTIAL_NOT_READY: 409,
  CONTENT_UNKNOWN: 404,
  CHAIN_UNREACHABLE: 503,
  DID_UNKNOWN: 404,
  INTERNAL: 500,
  NOT_FOUND: 404,
  STATUS_LIST_UNKNOWN: 404,
}

/** Answers with problem details (RFC 9457). `type` names the page of the code in `docs/errors.md`. */
export function send(response: Response, code: string, detail: string): void {
  const status = statuses[code] ?? 400
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:laurel:error:${code}`,
        title: code.toLowerCase().replaceAll('_', ' '),
        status,
        code,
        detail,
      }),
    )
}

/** The last handler: our errors as they are, anything else without a word of what happened inside. */
export const handler: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) next(error)
  else if (error instanceof Errors.BaseError) send(response, error.code, error.message)
  else if (isClientError(error)) send(response, 'REQUEST_INVALID', 'This request cannot be read.')
  else send(response, 'INTERNAL', 'Something went wrong inside; the request may be repeated.')
}

function isClientError(error: unknown): boolean {
  const status = (error as { readonly status?: unknown } | undefined)?.status
  return typeof status === 'number' && status >= 400 && status < 500
}
