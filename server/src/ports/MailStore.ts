import * as Errors from '@laurel/core/Errors'
import type * as Mail from '../mail/Mail.ts'
import type { Invitation } from './LearnerStore.ts'

/**
 * Remembers what is to be written to people, until it is sent.
 *
 * A mail is stored in the transaction of what causes it (`adapters/store/Mails.insert`), or alone. What it says is forgotten
 * when it is sent or has failed: it may hold a link that opens something. Waits and times go by the clock of the database.
 * Every method that changes something is one transaction, and on the disk when it returns.
 *
 * If we die between the mail server's answer and its being stored, the mail is sent again, with the same Message-ID: it may
 * come twice, and is never lost.
 */
export type MailStore = {
  /** Puts a mail into the queue, and answers with its id. */
  enqueue(mail: Mail.Mail): Promise<string>
  /**
   * Takes mails that are due for `ttl` milliseconds, those first that have waited longest: one for each address, and none to
   * an address that was sent `rate.count` within `rate.time` milliseconds. Whatever is to go to an address that wants
   * nothing any more, or is of no use any more, ends here.
   */
  claim(limit: number, ttl: number, rate: { readonly count: number; readonly time: number }): Promise<readonly Claim[]>
  /** Stores what has become of mails. One that somebody else has taken meanwhile stays as it is. */
  settle(outcomes: readonly Outcome[]): Promise<void>
  /**
   * Takes note of what has come back of a mail, and answers whether there is such a mail. Unless it was only not delivered
   * this time, its address is suppressed where that is still known.
   */
  returned(id: string, why: Return): Promise<boolean>
  /** The mail of this id; what it says is told to nobody. */
  mail(id: string): Promise<Stored | undefined>
  /** The newest mail about each of these credentials, by their ids. */
  about(credentials: readonly string[]): Promise<ReadonlyMap<string, Stored>>
  /** A run of mails, the newest first: those before a place, `limit` at most. */
  mails(range: {
    readonly before?: number | undefined
    readonly limit: number
    readonly state?: State | undefined
  }): Promise<readonly (Stored & { readonly seq: number })[]>
  /** How many wait, and since when the oldest of them does, in milliseconds since 1970. */
  backlog(): Promise<{ readonly count: number; readonly since: number | null }>

  /**
   * Begins to write to the learners of a delivered batch: to all of them, once for ever, or to those whom the last mail about
   * their credential has not reached. Where that was begun before, or another mailing of the batch is under way, answers
   * with that one.
   *
   * @throws {UndeliveredError} BATCH_NOT_DELIVERED: nobody is told of what is not final
   */
  begin(batch: string, whom: Mailing['whom']): Promise<Mailing & { readonly repeated: boolean }>
  /** The mailings that are under way. */
  mailings(): Promise<readonly Mailing[]>
  /**
   * Stores the links of some rows and the mails that bring them, and that the mailing has come to a row: in one transaction.
   * Whoever has a link keeps it where all are written to; who was not reached has a new one, where their credential is now.
   * Does nothing where somebody else has gone on with it.
   */
  write(mailing: Mailing, reached: number, invitations: readonly Invitation[], now: number): Promise<void>

  /** The addresses to which nothing is sent, the last first. */
  suppressions(): Promise<readonly Suppression[]>
  /** Sends to an address again, and answers whether nothing was sent to it. */
  allow(address: string): Promise<boolean>

  /** Forgets to whom mails went that were sent, or have failed, so many milliseconds ago. */
  forget(age: number): Promise<void>
}

/** A batch whose learners are written to. */
export type Mailing = {
  readonly number: number
  readonly batch: string
  /** How many learners it has. */
  readonly size: number
  readonly whom: 'all' | 'unreached'
  /** Up to which row they were written to, and how many of them. */
  readonly reached: number
  readonly written: number
  readonly ended: boolean
}

/** `failed`: it was not sent, and will not be. `bounced`: its address was refused, at once or afterwards. */
export type State = 'queued' | 'sent' | 'bounced' | 'failed'

export type Stored = {
  /** A UUID. */
  readonly id: string
  /** Whose it is. */
  readonly organisation: string
  readonly template: Mail.Name
  readonly language: string
  readonly about: string | null
  readonly state: State
  /** The code of the last failure. */
  readonly reason: string | null
  readonly failures: number
  readonly createdAt: number
  readonly sentAt: number | null
}

export type Claim = Pick<Stored, 'id' | 'organisation' | 'failures' | 'createdAt'> & {
  readonly epoch: number
  readonly mail: Mail.Mail
}

/** What has become of a mail. */
export type Outcome = Pick<Claim, 'id' | 'epoch'> &
  (
    | { readonly state: 'sent' }
    /** It is tried again in so many milliseconds. `counts`: whether it was the mail's own fault. */
    | { readonly state: 'queued'; readonly again: number; readonly reason: string; readonly counts: boolean }
    | { readonly state: 'bounced' | 'failed'; readonly reason: string }
  )

/**
 * `refused`: there is no such address, and never will be. `undelivered`: it did not arrive this time. `complained`: its
 * reader has called it unwanted. `unsubscribed`: its reader wants no more notifications.
 */
export type Return = 'refused' | 'undelivered' | 'complained' | 'unsubscribed'

/** An address that nothing is sent to, or nothing but what somebody asks for where it has not bounced. */
export type Suppression = {
  readonly address: string
  readonly reason: 'bounced' | 'complained' | 'unsubscribed'
  readonly at: number
}

/** Thrown when learners are to be told of credentials that are not theirs yet. */
export class UndeliveredError extends Errors.BaseError<'BATCH_NOT_DELIVERED'> {
  override readonly name = 'MailStore.UndeliveredError'
  constructor(batch: string) {
    super('BATCH_NOT_DELIVERED', `The batch ${batch} is not delivered yet: nobody is told of it before it is final.`, {
      facts: { batch },
    })
  }
}
