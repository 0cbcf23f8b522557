import { setTimeout as pause } from 'node:timers/promises'
import * as Errors from '@laurel/core/Errors'
import type { Context } from '../Context.ts'
import * as Alarm from '../internal/Alarm.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import * as ClaimLink from '../learners/ClaimLink.ts'
import { type Answer, UnreachableError } from '../ports/Mailer.ts'
import type { Claim, Mailing, Outcome } from '../ports/MailStore.ts'
import * as Schedule from '../webhooks/Schedule.ts'
import * as Mail from './Mail.ts'
import { render } from './render.ts'

/** For how long a mail is ours, in milliseconds: longer than a try can take. */
const turn = 5 * 60_000
/** How many mails are under way at once. */
const places = 16
/** How often it is looked whether something is due where nothing was, in milliseconds. */
const interval = 500
/** How many mails an address is sent within an hour, at most: whatever causes more, its reader is not flooded. */
const rate = { count: 20, time: 60 * 60 * 1_000 } as const
/** For how long it is known to whom a mail went, and how often the rest is forgotten, in milliseconds: bounces come late. */
const memory = { age: 30 * 24 * 60 * 60 * 1_000, interval: 60 * 60 * 1_000 } as const

export type Options = {
  readonly signal: AbortSignal
  /** Hears of everything that the operator should know. */
  readonly alarm: (error: Error) => void
}

type Needed = Pick<Context, 'mails' | 'mailer' | 'store' | 'learners' | 'terms' | 'clock' | 'randomness'>

/**
 * Sends what is written to people, beside any number of other processes that do the same, until the signal says that it is
 * enough. While the mail server is away one mail at a time shows whether it is back, and no mail's tries are used up.
 *
 * If we die in its midst: what the mail server has taken and was not stored is sent again, with the same Message-ID.
 */
export async function keepMailing(context: Needed, { signal, alarm }: Options): Promise<void> {
  const { mails, clock } = context
  const { raise, clear } = Alarm.once(alarm)
  const busy = new Set<Promise<void>>()
  let swept = Number.NEGATIVE_INFINITY
  let failures = 0
  let more = new AbortController()

  const begin = (claim: Claim) => {
    const round = send(claim, context, failures)
      .then(
        (isAway) => {
          if (isAway === undefined) {
            failures = 0
            clear()
          } else {
            failures++
            raise(isAway)
          }
        },
        (error: Error) => {
          failures++
          raise(error)
        },
      )
      .finally(() => {
        busy.delete(round)
        more.abort()
      })
    busy.add(round)
  }
  while (!signal.aborted) {
    more = new AbortController()
    let found = false
    try {
      const room = (failures === 0 ? places : 1) - busy.size
      if (room > 0)
        for (const claim of await mails.claim(room, turn, rate)) {
          found = true
          begin(claim)
        }
      for (const mailing of failures === 0 ? await mails.mailings() : []) {
        found = true
        await writeOut(mailing, context)
      }
      if (clock.now() - swept > memory.interval) {
        swept = clock.now()
        await mails.forget(memory.age)
      }
    } catch (error) {
      // The database is away, or its disk is full.
      failures++
      raise(error as Error)
      found = false
    }
    const wait = Math.max(interval, failures === 0 ? 0 : Schedule.rest(failures))
    const soon = failures === 0 ? AbortSignal.any([signal, more.signal]) : signal
    if (!found || failures > 0) await pause(wait, undefined, { signal: soon }).catch(() => {})
  }
  await Promise.all(busy)
}

/** How many learners are written to at once. */
const page = 500

/**
 * Writes to the next learners of a batch, with a link for each.
 *
 * If we die right after it: their mails are in the queue, and whoever goes on begins behind them. In its midst: none of them
 * is, and they are written to anew.
 */
async function writeOut(mailing: Mailing, context: Needed): Promise<void> {
  const { mails, store, terms, clock, randomness } = context
  const { batch: id, reached, size, whom } = mailing
  const batch = await store.get(id)
  if (batch === undefined) throw new TypeError('A mailing has its batch')
  const learners = await store.recipients(id, reached, page)
  const known = await mails.about(learners.flatMap(({ draft }) => (draft === null ? [] : [draft.credentialId])))
  const isMeant = ({ draft }: (typeof learners)[number]) => {
    const state = known.get(draft?.credentialId ?? '')?.state
    return whom === 'all' ? state === undefined : state === 'bounced' || state === 'failed'
  }
  const { days } = await context.learners.settings(id)
  const now = clock.now()
  const options = { publicUrl: terms.publicUrl, days, now, randomness }
  const invitations = ClaimLink.createAll(batch, learners.filter(isMeant), options)
  crashpoint('mail:before-write')
  await mails.write(mailing, learners.at(-1)?.row ?? size, invitations, now)
  crashpoint('mail:after-write')
}

/** Sends one mail, and stores what has become of it; answers with why nobody takes anything, if that is so. */
async function send(claim: Claim, context: Needed, failures: number): Promise<UnreachableError | undefined> {
  const { mails, mailer, terms } = context
  const { id, epoch, mail, createdAt: at } = claim
  crashpoint('mail:after-claim')
  try {
    const { notification } = Mail.templates[mail.template]
    const unsubscribe = notification ? `${terms.publicUrl}/mail/unsubscribe/${id}` : undefined
    const { language, subject, text, html } = render(mail, { unsubscribe })
    const { organisation: sender } = mail.values
    const answer = await mailer.send({ ...{ id, to: mail.to, sender, subject, text, html, language, at }, unsubscribe })
    crashpoint('mail:after-answer')
    await mails.settle([{ id, epoch, ...outcomeOf(answer, claim, context) }])
    crashpoint('mail:after-settle')
    return undefined
  } catch (error) {
    const outcome = failed(error, failures)
    await mails.settle([{ id, epoch, ...outcome }])
    return error instanceof UnreachableError ? error : undefined
  }
}

type Becoming = Outcome extends infer each ? (each extends unknown ? Omit<each, 'id' | 'epoch'> : never) : never

function outcomeOf(answer: Answer, { failures }: Claim, { randomness }: Pick<Context, 'randomness'>): Becoming {
  if (answer.outcome === 'sent') return { state: 'sent' }
  if (answer.outcome === 'refused')
    return { state: answer.noSuchAddress ? 'bounced' : 'failed', reason: 'MAIL_REFUSED' }
  const again = Schedule.next(failures, (randomness.bytes(1)[0] ?? 0) / 255)
  if (again === null) return { state: 'failed', reason: 'MAIL_DEFERRED' }
  return { state: 'queued', again, reason: 'MAIL_DEFERRED', counts: true }
}

function failed(error: unknown, failures: number): Becoming {
  // A text that cannot be filled in stays so.
  if (error instanceof Errors.BaseError && error.code === 'MAIL_TEXT_INVALID')
    return { state: 'failed', reason: error.code }
  if (!(error instanceof Errors.BaseError)) throw error
  return { state: 'queued', again: Schedule.rest(failures), reason: error.code, counts: false }
}
