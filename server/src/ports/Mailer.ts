import * as Errors from '@laurel/core/Errors'

/** The way by which mails leave. */
export type Mailer = {
  /**
   * Hands one mail over, and answers with what has become of it. The same message may be handed over again: it has the same
   * Message-ID, by which readers and mail servers know it, and the same bytes.
   *
   * If we die after the mail server's answer, nobody here knows: it is handed over again.
   *
   * @throws {UnreachableError} MAIL_UNREACHABLE when nobody takes anything at all
   */
  send(message: Message): Promise<Answer>
  close(): Promise<void>
}

/** A mail as it is handed over. Its texts have no line breaks where there may be none. */
export type Message = {
  /** A UUID. */
  readonly id: string
  readonly to: string
  /** The name of whoever sends it. */
  readonly sender: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** BCP 47. */
  readonly language: string
  /** When it was caused, in milliseconds since 1970. */
  readonly at: number
  /** Where its reader ends notifications, with one POST (RFC 8058). */
  readonly unsubscribe: string | undefined
}

export type Answer =
  | { readonly outcome: 'sent' }
  /** Not now: the mail server asks us to come again. */
  | { readonly outcome: 'deferred' }
  /** Never; `noSuchAddress`: nor will anything else that goes there. */
  | { readonly outcome: 'refused'; readonly noSuchAddress: boolean }

/** Thrown when the mail server is away, lets us not in, or takes nothing from us. No address stands in it. */
export class UnreachableError extends Errors.BaseError<'MAIL_UNREACHABLE'> {
  override readonly name = 'Mailer.UnreachableError'
  /** @param facts what nodemailer calls it, and the status that the server gave */
  constructor(facts: { readonly reason: string; readonly status: number | null }, cause?: unknown) {
    const { reason, status } = facts
    super(
      'MAIL_UNREACHABLE',
      `The mail server takes nothing (${status === null ? reason : `${reason}, ${status}`}); mails wait until it does.`,
      { facts, cause },
    )
  }
}
