import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import type * as Batch from '../Batch.ts'
import { explain } from './explain.ts'

/** What a command's exit code says: it is done, the caller has to change something, or it is to be run again later. */
export const exitCodes = { done: 0, refused: 1, unfinished: 2 } as const

/** Says what went wrong and what to do, to a person or to a program, and answers with the exit code. */
export function tell(error: unknown, json: boolean): number {
  if (!(error instanceof Errors.BaseError)) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(
      `${pc.red('✖')} Something went wrong that nobody has foreseen. What was saved is safe.\n${detail}\n`,
    )
    return exitCodes.unfinished
  }
  if (json) process.stdout.write(`${JSON.stringify({ error: toJson(error) }, null, 2)}\n`)
  else process.stderr.write(toText(error))
  return error instanceof UnfinishedError ||
    error instanceof ContentIncompleteError ||
    error.code === 'RESTORATION_UNSETTLED' ||
    error.code.endsWith('_UNREACHABLE')
    ? exitCodes.unfinished
    : exitCodes.refused
}

type RowProblem = { readonly row: number; readonly column?: string; readonly code: string; readonly message: string }

function problems(error: Errors.BaseError): readonly RowProblem[] {
  return (error as { readonly problems?: readonly RowProblem[] }).problems ?? []
}

function toJson(error: Errors.BaseError): object {
  const rows = problems(error)
  return {
    code: error.code,
    message: error.message,
    todo: explain(error.code),
    facts: error.facts,
    ...(rows.length === 0
      ? {}
      : { errors: rows.map((row) => ({ ...row, todo: explain(row.code) })), total: rows.length }),
  }
}

function toText(error: Errors.BaseError): string {
  const lines = [`${pc.red('✖')} ${error.message} ${pc.dim(`[${error.code}]`)}`]
  for (const { row, column, code, message } of problems(error)) {
    const place = column === undefined ? `row ${row}` : `row ${row}, column ${column}`
    lines.push(`  ${pc.bold(place)}: ${message} ${pc.dim(`[${code}]`)}`)
    const todo = explain(code)
    if (todo !== undefined) lines.push(`    ${todo}`)
  }
  const todo = explain(error.code)
  if (todo !== undefined) lines.push(`  ${todo}`)
  return `${lines.join('\n')}\n`
}

/** Thrown when a batch is safe but not delivered: it waits for something, or somebody has to look at it. */
export class UnfinishedError extends Errors.BaseError {
  override readonly name = 'Failure.UnfinishedError'
  constructor(batch: Batch.Batch, cause?: Error) {
    const code = batch.reason ?? (cause instanceof Errors.BaseError ? cause.code : 'BATCH_UNFINISHED')
    super(
      code,
      `Batch ${batch.id} is ${batch.state}${cause === undefined ? '.' : `: ${cause.message}`} Nothing is lost; the same command carries on.`,
      { facts: { batch: batch.id, state: batch.state, account: batch.terms.account }, cause },
    )
  }
}

/** Thrown when a file named on the command line cannot be read. */
export class UnreadableFileError extends Errors.BaseError<'FILE_UNREADABLE'> {
  override readonly name = 'Failure.UnreadableFileError'
  constructor(path: string, cause: unknown) {
    super('FILE_UNREADABLE', `The file ${path} cannot be read.`, { cause })
  }
}

/** Thrown when no batch has this id. */
export class UnknownBatchError extends Errors.BaseError<'BATCH_UNKNOWN'> {
  override readonly name = 'Failure.UnknownBatchError'
  constructor(batch: string) {
    super('BATCH_UNKNOWN', `There is no batch ${batch} here.`, { facts: { batch } })
  }
}

/** Thrown when a batch that is not delivered is to be exported. */
export class NotDeliveredError extends Errors.BaseError<'BATCH_NOT_DELIVERED'> {
  override readonly name = 'Failure.NotDeliveredError'
  constructor(batch: Batch.Batch) {
    super('BATCH_NOT_DELIVERED', `Batch ${batch.id} is ${batch.state}.`, {
      facts: { batch: batch.id, state: batch.state },
    })
  }
}

/** Thrown when a learner is to be written to whose address the roster does not have. */
export class NoAddressError extends Errors.BaseError<'MAIL_ADDRESS_MISSING'> {
  override readonly name = 'Failure.NoAddressError'
  constructor(credential: string) {
    super('MAIL_ADDRESS_MISSING', 'The roster has no e-mail address of this learner.', { facts: { credential } })
  }
}

/** Thrown when an export would overwrite something. */
export class FolderNotEmptyError extends Errors.BaseError<'FOLDER_NOT_EMPTY'> {
  override readonly name = 'Failure.FolderNotEmptyError'
  constructor(folder: string) {
    super('FOLDER_NOT_EMPTY', `The folder ${folder} is not empty.`)
  }
}

/** Thrown when an export would overwrite a file. */
export class FileExistsError extends Errors.BaseError<'FILE_EXISTS'> {
  override readonly name = 'Failure.FileExistsError'
  constructor(file: string) {
    super('FILE_EXISTS', `There is something at ${file}.`)
  }
}

/** Thrown when the chain proves no anchor that is to be kept with a proof. */
export class NoProofError extends Errors.BaseError<'PROOF_UNAVAILABLE'> {
  override readonly name = 'Failure.NoProofError'
  constructor(chainId: number) {
    super('PROOF_UNAVAILABLE', `Nobody proves the anchor on chain ${chainId} at the moment.`, { facts: { chainId } })
  }
}

/** Thrown when not all public content is where it is to be; its facts say what was found. */
export class ContentIncompleteError extends Errors.BaseError<'CONTENT_INCOMPLETE'> {
  override readonly name = 'Failure.ContentIncompleteError'
  constructor(facts: Errors.BaseError['facts']) {
    super('CONTENT_INCOMPLETE', 'Not all public content is everywhere where it is to be kept.', { facts })
  }
}

/** Thrown when something is to be reconciled that did not come out of a backup. */
export class NotRestoredError extends Errors.BaseError<'NOT_RESTORED'> {
  override readonly name = 'Failure.NotRestoredError'
  constructor() {
    super('NOT_RESTORED', 'There is nothing to reconcile here.')
  }
}

/** Thrown when there is no public content that could be exported. */
export class NoContentError extends Errors.BaseError<'CONTENT_NONE'> {
  override readonly name = 'Failure.NoContentError'
  constructor() {
    super('CONTENT_NONE', 'There is no public content here yet.')
  }
}

/** Thrown when the server cannot listen on its port. */
export class PortTakenError extends Errors.BaseError<'PORT_TAKEN'> {
  override readonly name = 'Failure.PortTakenError'
  constructor(port: number, cause: unknown) {
    super('PORT_TAKEN', `The server cannot listen on port ${port}.`, { facts: { port }, cause })
  }
}

/** Thrown when no key has this id. */
export class UnknownKeyError extends Errors.BaseError<'API_KEY_UNKNOWN'> {
  override readonly name = 'Failure.UnknownKeyError'
  constructor(key: string) {
    super('API_KEY_UNKNOWN', `There is no key ${key.slice(0, 80)} here.`)
  }
}

/** Thrown when no import has this id. */
export class UnknownImportError extends Errors.BaseError<'IMPORT_UNKNOWN'> {
  override readonly name = 'Failure.UnknownImportError'
  constructor(id: string) {
    super('IMPORT_UNKNOWN', `There is no import ${id.slice(0, 80)} here.`)
  }
}

/** Thrown when no webhook has this id. */
export class UnknownWebhookError extends Errors.BaseError<'WEBHOOK_UNKNOWN'> {
  override readonly name = 'Failure.UnknownWebhookError'
  constructor(webhook: string) {
    super('WEBHOOK_UNKNOWN', `There is no webhook ${webhook.slice(0, 80)} here.`)
  }
}

/** Thrown when something is to be sent to a webhook that is sent nothing. */
export class DisabledWebhookError extends Errors.BaseError<'WEBHOOK_DISABLED'> {
  override readonly name = 'Failure.DisabledWebhookError'
  constructor(webhook: string) {
    super('WEBHOOK_DISABLED', `The webhook ${webhook} is disabled.`)
  }
}

/** Thrown when a date on the command line is none. */
export class InvalidDateError extends Errors.BaseError<'DATE_INVALID'> {
  override readonly name = 'Failure.InvalidDateError'
  constructor(text: string) {
    super('DATE_INVALID', `${text.slice(0, 80)} is no date; write 2027-03-01, or 2027-03-01T09:30:00Z.`)
  }
}

/** Thrown when a text is no e-mail address. */
export class InvalidEmailError extends Errors.BaseError<'EMAIL_INVALID'> {
  override readonly name = 'Failure.InvalidEmailError'
  constructor(text: string) {
    super('EMAIL_INVALID', `${text.slice(0, 80)} is not one e-mail address such as ada@example.org.`)
  }
}
