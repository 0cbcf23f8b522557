import { readFile } from 'node:fs/promises'
import { domainToASCII } from 'node:url'
import * as Errors from '@laurel/core/Errors'
import { createTransport, type Transporter } from 'nodemailer'
import type { Sender } from '../../mail/Sender.ts'
import { type Answer, type Mailer, UnreachableError } from '../../ports/Mailer.ts'
import { classify } from './classify.ts'
import { compose } from './compose.ts'

export type Options = {
  /** `smtp:` or `smtps:`, with the user that signs in, if any. */
  readonly url: string
  /** A file with the user's password. */
  readonly passwordFile: string | undefined
  readonly from: Sender
  /** Whether nothing is said without TLS; by default anywhere but on this machine. */
  readonly demandTls?: boolean
  /** Trusted in place of what the machine trusts, in PEM. */
  readonly authority?: string
  readonly patience?: Patience
}

/** How long one thing may take, in milliseconds. */
export type Patience = {
  /** Until somebody answers. */
  readonly connect: number
  /** Without a word from the server. */
  readonly silence: number
  /** From the beginning of a mail to its answer. */
  readonly mail: number
}

const patience: Patience = { connect: 10_000, silence: 30_000, mail: 90_000 }
/** How many connections are open at once. */
const connections = 8

/**
 * The way to a mail server, which is not asked before the first mail. Anywhere but on this machine nothing is said without
 * TLS, and only to a server whose certificate is its own.
 */
export function create(options: Options): Mailer {
  const { from, patience: { mail } = patience } = options
  let transport: Promise<Transporter> | undefined
  const reach = () => {
    transport ??= connect(options)
    // Somebody may mend the file of the password meanwhile.
    transport.catch(() => {
      transport = undefined
    })
    return transport
  }
  return {
    send: async (message) => {
      const opened = await reach()
      const raw = Buffer.from(await compose(message, from))
      const envelope = { from: toAscii(from.address), to: [toAscii(message.to)] }
      // Where the server can, it says whose it was when it comes back (RFC 3461 §4.4).
      const dsn = { id: message.id, return: 'headers' as const, notify: ['failure' as const] }
      const sent = opened.sendMail({ envelope, raw, dsn }).then((): Answer => ({ outcome: 'sent' }), classify)
      const late = new AbortController()
      try {
        return await Promise.race([sent, expire(mail, late.signal)])
      } finally {
        late.abort()
        sent.catch(() => {})
      }
    },
    close: async () => (await transport?.catch(() => undefined))?.close(),
  }
}

/**
 * Signs in at a mail server, and says no more.
 *
 * @throws {UnreachableError} MAIL_UNREACHABLE
 * @throws {PasswordError} MAIL_PASSWORD
 */
export async function look(options: Options): Promise<void> {
  const transport = await connect(options)
  try {
    await transport.verify().catch(classify)
  } finally {
    transport.close()
  }
}

async function connect(options: Options): Promise<Transporter> {
  const { url, passwordFile, authority, patience: { connect, silence } = patience } = options
  const { protocol, hostname, port, username } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const secure = protocol === 'smtps:'
  const { demandTls = !isLoopback(host) } = options
  const user = decodeURIComponent(username)
  const auth = user === '' ? {} : { auth: { user, pass: await readPassword(passwordFile) } }
  return createTransport({
    pool: true,
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: demandTls,
    ignoreTLS: !demandTls,
    ...auth,
    tls: { minVersion: 'TLSv1.2', ...(authority !== undefined && { ca: authority }) },
    maxConnections: connections,
    // What is lost with its connection is tried again by whoever has stored it.
    maxRequeues: 0,
    connectionTimeout: connect,
    greetingTimeout: connect,
    socketTimeout: silence,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** The domain as mail servers look it up; what stands before it is theirs alone (RFC 6531). */
function toAscii(address: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`
}

function expire(milliseconds: number, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new UnreachableError({ reason: 'SLOW', status: null })), milliseconds)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}

/** Whether a host is this machine, whatever the network says. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

async function readPassword(file: string | undefined): Promise<string> {
  try {
    return (await readFile(file as string, 'utf8')).trim()
  } catch (cause) {
    throw new PasswordError(cause)
  }
}

/** Thrown when the mail server wants a password and there is none to be read. */
export class PasswordError extends Errors.BaseError<'MAIL_PASSWORD'> {
  override readonly name = 'SmtpMailer.PasswordError'
  constructor(cause: unknown) {
    super('MAIL_PASSWORD', 'The file LAUREL_SMTP_PASSWORD_FILE with the password of the mail server cannot be read.', {
      cause,
    })
  }
}
