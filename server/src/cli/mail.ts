import { readFile } from 'node:fs/promises'
import pc from 'picocolors'
import type { Config } from '../config.ts'
import * as ClaimLink from '../learners/ClaimLink.ts'
import * as Catalogues from '../mail/Catalogues.ts'
import * as Mail from '../mail/Mail.ts'
import * as Report from '../mail/Report.ts'
import { render } from '../mail/render.ts'
import type { Home } from '../main.ts'
import { UnknownCredentialError } from '../ports/BatchStore.ts'
import type * as MailStore from '../ports/MailStore.ts'
import * as Uuid from '../Uuid.ts'
import * as Failure from './Failure.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'
import { withHome } from './with-home.ts'

/** Lists the newest mails with what has become of them; neither what they say nor to whom they go. */
export function list(options: Answering & { readonly state?: MailStore.State }, config: Config): Promise<void> {
  return withHome(config, async ({ mails }) => {
    const { state } = options
    const all = await mails.mails({ limit: 50, state })
    const { count } = await mails.backlog()
    const lines = all.map(({ id, createdAt, template, state, reason, about }) =>
      [
        ...[new Date(createdAt).toISOString(), state.padEnd(7), template.padEnd(15), id],
        pc.dim([about ?? '', reason ?? ''].join(' ').trim()),
      ].join('  '),
    )
    say(options, { waiting: count, mails: all.map(view) }, [`${count} waiting`, ...lines])
  })
}

/** Writes to the learners of a delivered batch: to all of them once, or to those whom the last mail has not reached. */
export function send(
  batch: string,
  options: Answering & { readonly unreached?: boolean },
  config: Config,
): Promise<void> {
  return withHome(config, async (home) => {
    if ((await home.store.get(batch)) === undefined) throw new Failure.UnknownBatchError(batch)
    const { repeated, size } = await home.mails.begin(batch, options.unreached ? 'unreached' : 'all')
    say(options, { batch, learners: size, repeated }, [
      `${pc.green('✔')} ${repeated ? 'That was begun before' : `${size} learners are written to by whoever serves`}`,
    ])
  })
}

/** Writes to one learner about their credential once more. */
export function resend(id: string, options: Answering, config: Config): Promise<void> {
  return withHome(config, async (home) => {
    const { store, mails } = home
    const credential = Uuid.toUrn(id)
    const found = await store.find(credential)
    if (found === undefined) throw new UnknownCredentialError(credential)
    if (found.batch.state !== 'delivered') throw new Failure.NotDeliveredError(found.batch)
    if (ClaimLink.contactOf(found.recipient) === undefined) throw new Failure.NoAddressError(id)
    await ClaimLink.send(found, { ...home, publicUrl: config.publicUrl })
    const { id: queued } = (await mails.about([credential])).get(credential) as MailStore.Stored
    say(options, { mail: queued }, [`${pc.green('✔')} ${queued} is in the queue`])
  })
}

/** Shows a template as its reader would see it, with values that say what they are. */
export function preview(
  template: Mail.Name,
  options: Answering & { readonly language?: string; readonly html?: boolean },
  config: Config,
): Promise<void> {
  const { language = 'en' } = options
  const values = {
    organisation: config.issuer.name,
    name: 'Ada Lovelace',
    achievement: 'First aid',
    inviter: 'Grace Hopper',
    link: `${config.publicUrl}/verify`,
    minutes: '15',
    code: '123456',
    days: '7',
  }
  const unsubscribe = Mail.templates[template].notification ? `${config.publicUrl}/mail/unsubscribe/…` : undefined
  const mail = { to: 'ada@example.org', template, values, language } as Mail.Mail
  const { subject, text, html, language: written } = render(mail, { unsubscribe })
  say(options, { language: written, subject, text, html }, options.html ? [html] : [subject, '', text])
  return Promise.resolve()
}

/** Takes in reports that have come back, each a file: what a mailbox in the form of a folder has, for one. */
export function bounces(files: readonly string[], options: Answering, config: Config): Promise<void> {
  return withHome(config, async ({ mails }) => {
    const read = []
    for (const file of files) read.push(await readOne(file, mails))
    const lines = read.map(({ file, outcome }) => `${outcome.padEnd(12)}  ${file}`)
    say(options, { reports: read }, lines)
  })
}

async function readOne(
  file: string,
  mails: Home['mails'],
): Promise<{ readonly file: string; readonly outcome: string }> {
  const bytes = await readFile(file).catch((cause) => {
    throw new Failure.UnreadableFileError(file, cause)
  })
  try {
    const { mail, what } = await Report.read(bytes)
    if (what === undefined) return { file, outcome: 'no matter' }
    return { file, outcome: (await mails.returned(mail, what)) ? what : 'MAIL_UNKNOWN' }
  } catch (error) {
    if (error instanceof Report.InvalidReportError) return { file, outcome: error.code }
    throw error
  }
}

/** Lists the addresses to which nothing is sent. */
export function suppressed(options: Answering, config: Config): Promise<void> {
  return withHome(config, async ({ mails }) => {
    const all = await mails.suppressions()
    const lines = all.map(
      ({ address, reason, at }) => `${new Date(at).toISOString()}  ${reason.padEnd(12)}  ${address}`,
    )
    say(options, { suppressions: all }, lines.length === 0 ? ['Every address is sent to.'] : lines)
  })
}

/** Sends to an address again. */
export function allow(address: string, options: Answering, config: Config): Promise<void> {
  return withHome(config, async ({ mails }) => {
    const allowed = await mails.allow(address)
    say(options, { allowed }, [`${pc.green('✔')} ${allowed ? 'It is sent to again' : 'It was sent to all the time'}`])
  })
}

/** The languages and templates that there are, for whoever asks what to name. */
export const known = { languages: Catalogues.languages, templates: Mail.names } as const

function view({ id, template, about, state, reason, createdAt, sentAt }: MailStore.Stored): object {
  return {
    ...{ id, template, credential: about, state, reason, createdAt: new Date(createdAt).toISOString() },
    sentAt: sentAt === null ? null : new Date(sentAt).toISOString(),
  }
}
