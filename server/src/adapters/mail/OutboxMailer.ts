import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sender } from '../../mail/Sender.ts'
import type { Mailer } from '../../ports/Mailer.ts'
import * as Disk from '../files/Disk.ts'
import { compose } from './compose.ts'

/**
 * Puts mails into a folder as files that mail programs open (`.eml`), where there is no mail server. Only the owner of the
 * home reads them: they hold names, addresses and links that open something.
 *
 * If we die in its midst: there is no such file; after it: it is there, whole, and written over itself once more.
 */
export function create(folder: string, from: Sender): Mailer {
  return {
    send: async (message) => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const day = new Date(message.at).toISOString().slice(0, 19).replaceAll(':', '')
      await Disk.replace(join(folder, `${day}-${message.id}.eml`), await compose(message, from), { mode: 0o600 })
      return { outcome: 'sent' }
    },
    close: async () => {},
  }
}
