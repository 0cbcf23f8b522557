import * as Errors from '@laurel/core/Errors'
import PostalMime from 'postal-mime'
import type { Return } from '../ports/MailStore.ts'
import { isNoSuchAddress } from './ReplyCode.ts'

/** What a report from a mail server says of one of our mails. */
export type Report = {
  /** The id of the mail. */
  readonly mail: string
  /** `undefined`: nothing that matters; it is late, or it has arrived. */
  readonly what: Return | undefined
}

/** How long a report may be, in bytes: it need not have more of the mail than its headers. */
export const largest = 1024 * 1024

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

/**
 * Reads a report that has come back: a delivery status (RFC 3464), or a complaint (RFC 5965). Which mail it is about, it
 * says by the envelope's id that we gave it (RFC 3461 §4.4), or by the Message-ID among the headers that came back. Hostile
 * bytes; who forges one has to know the id of a mail, which its reader alone does.
 *
 * @throws {InvalidReportError} MAIL_REPORT_INVALID when it is none, or not about a mail of ours
 */
export async function read(bytes: Uint8Array): Promise<Report> {
  if (bytes.length > largest) throw new InvalidReportError('It is larger than 1 MiB.')
  const email = await PostalMime.parse(bytes, {
    rfc822Attachments: true,
    forceRfc822Attachments: true,
    maxNestingDepth: 16,
    maxHeadersSize: 256 * 1024,
  }).catch((cause: unknown) => {
    throw new InvalidReportError('It is no message.', cause)
  })
  const parts = email.attachments.map(({ mimeType, content }) => ({
    type: mimeType.toLowerCase(),
    text: typeof content === 'string' ? content : new TextDecoder().decode(content),
  }))
  const find = (...types: readonly string[]) => parts.find(({ type }) => types.includes(type))?.text
  const status = find('message/delivery-status', 'message/global-delivery-status')
  const complaint = find('message/feedback-report')
  const returned = find('message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers') ?? ''
  if (status === undefined && complaint === undefined)
    throw new InvalidReportError('It is no delivery status and no complaint.')
  const envelope = new RegExp(`^Original-Envelope-Id:\\s*(${uuid})\\s*$`, 'im').exec(status ?? '')?.[1]
  const id = envelope ?? new RegExp(`^Message-ID:\\s*<(${uuid})@[^>]+>`, 'im').exec(unfold(returned))?.[1]
  if (id === undefined) throw new InvalidReportError('It does not say which mail it is about.')
  return { mail: id, what: status === undefined ? 'complained' : outcomeOf(unfold(status)) }
}

/** What has become of the recipient: each of our mails has one (RFC 3464 §2.3). */
function outcomeOf(status: string): Return | undefined {
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(status)?.[1]?.trim() ?? ''
  if (field('Action').toLowerCase() !== 'failed') return undefined
  const code = /^\d\.\d{1,3}\.\d{1,3}/.exec(field('Status'))?.[0] ?? ''
  if (code.startsWith('5.1.')) return 'refused'
  // Some say 5.0.0, and what they were told only in words.
  const [, reply = ''] = /^smtp;(.*)$/i.exec(field('Diagnostic-Code')) ?? []
  return code === '5.0.0' && isNoSuchAddress(reply) ? 'refused' : 'undelivered'
}

/** Headers with each on one line (RFC 5322 §2.2.3). */
function unfold(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(/\n[ \t]+/g, ' ')
}

/** Thrown when what has come back is no report about one of our mails. */
export class InvalidReportError extends Errors.BaseError<'MAIL_REPORT_INVALID'> {
  override readonly name = 'Report.InvalidReportError'
  constructor(message: string, cause?: unknown) {
    super('MAIL_REPORT_INVALID', `This is no report about a mail. ${message}`, { cause })
  }
}
