import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { until } from './until.ts'

type Mail = { readonly name: string; readonly text: string }

/**
 * Does something, and answers with what the next mail to an address says: one that waits in the queue of a home, or lies in
 * the folder into which a home without a mail server puts them.
 */
export async function after(home: string, to: string, work: () => Promise<unknown>): Promise<string> {
  const before = new Set((await read(home, to)).map(({ name }) => name))
  await work()
  const found = await until(
    async () => (await read(home, to)).find(({ name }) => !before.has(name)),
    (mail) => mail !== undefined,
  )
  return found?.text ?? ''
}

/** The way of a link in a mail, without the server's address. */
export function linkIn(text: string): string {
  const [, path = ''] = /https?:\/\/[^/\s"<>]+(\/[^\s"<>]+)/.exec(text) ?? []
  return path
}

async function read(home: string, to: string): Promise<readonly Mail[]> {
  const queue = queued(home, to)
  const folder = join(home, 'outbox')
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml')).toSorted()
  const sent = await Promise.all(
    names.map(async (file) => ({
      // The file of a mail ends in its id.
      name: file.slice(-'.eml'.length - 36, -'.eml'.length),
      text: toText(await readFile(join(folder, file), 'utf8')),
    })),
  )
  return [...queue, ...sent.filter(({ text }) => text.toLowerCase().includes(`to: ${to.toLowerCase()}`))]
}

function queued(home: string, to: string): readonly Mail[] {
  const database = new DatabaseSync(join(home, 'laurel.db'), { readOnly: true })
  try {
    const rows = database
      .prepare('SELECT id, content FROM mails WHERE lower(recipient) = ? AND content IS NOT NULL')
      .all(to.toLowerCase())
    return rows.map(({ id, content }) => ({ name: String(id), text: String(content) }))
  } finally {
    database.close()
  }
}

/** Undoes quoted-printable (RFC 2045 §6.7), as far as addresses and links go. */
function toText(mail: string): string {
  return mail.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=')
}
