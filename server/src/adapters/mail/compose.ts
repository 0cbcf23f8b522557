import { domainToASCII } from 'node:url'
import { createTransport } from 'nodemailer'
import type { Sender } from '../../mail/Sender.ts'
import type { Message } from '../../ports/Mailer.ts'

/** Makes bytes of what it is given, and sends nothing; it reads no file and asks nobody. */
const composer = createTransport({
  streamTransport: true,
  buffer: true,
  newline: 'windows',
  disableFileAccess: true,
  disableUrlAccess: true,
})

/**
 * Writes a message (RFC 5322, MIME) with a plain text and an HTML part, CRLF at the ends of lines: the same bytes each time.
 * Whatever is not ASCII is encoded, and a name cannot end its header.
 */
export async function compose(message: Message, from: Sender): Promise<Uint8Array> {
  const { id, to, sender, subject, text, html, language, at, unsubscribe } = message
  const domain = domainToASCII(from.address.slice(from.address.lastIndexOf('@') + 1))
  const { message: bytes } = await composer.sendMail({
    from: { name: oneLine(from.name ?? sender), address: from.address },
    to: { name: '', address: to },
    subject: oneLine(subject),
    text,
    html,
    date: new Date(at),
    messageId: `<${id}@${domain}>`,
    // What nodemailer would draw at random otherwise.
    baseBoundary: id,
    textEncoding: 'quoted-printable',
    xMailer: false,
    headers: {
      'Content-Language': language,
      // Nobody's automatic answer comes back (RFC 3834 §5, and what Exchange takes for it).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(unsubscribe !== undefined && {
        'List-Unsubscribe': `<${unsubscribe}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
  })
  return bytes as Uint8Array
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
