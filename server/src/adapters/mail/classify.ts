import { isNoSuchAddress } from '../../mail/ReplyCode.ts'
import { type Answer, UnreachableError } from '../../ports/Mailer.ts'

/** What nodemailer says when something goes wrong. */
type Failure = {
  readonly code?: unknown
  /** The command that was refused. */
  readonly command?: unknown
  readonly responseCode?: unknown
  readonly response?: unknown
}

/**
 * What a failure of nodemailer means. Only what is about this one mail is an answer: the recipient or the content was
 * refused, for now (4xx) or for good (5xx). Anything else befalls every mail.
 *
 * @throws {UnreachableError}
 */
export function classify(cause: unknown): Answer {
  const { code, command, responseCode, response } = cause as Failure
  const status = typeof responseCode === 'number' ? responseCode : null
  const isOurs = command === 'RCPT TO' || command === 'DATA'
  // What cannot even be said to a server is no matter of any server.
  if (status === null && (code === 'EENVELOPE' || code === 'EMESSAGE'))
    return { outcome: 'refused', noSuchAddress: false }
  // 421 (RFC 5321 §3.8): the service is closing, whatever was asked of it.
  if (!isOurs || status === null || status === 421 || status < 400)
    throw new UnreachableError({ reason: typeof code === 'string' ? code : 'ERROR', status })
  if (status < 500) return { outcome: 'deferred' }
  return { outcome: 'refused', noSuchAddress: command === 'RCPT TO' && isNoSuchAddress(String(response)) }
}
