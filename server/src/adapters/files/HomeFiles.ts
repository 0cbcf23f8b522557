import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { crashpoint } from '../../internal/crashpoint.ts'
import type { Files } from '../../ports/Files.ts'
import * as Disk from './Disk.ts'

/**
 * Keeps public files, batch folders and the trust file under a home on this disk.
 *
 * @param isMailKept whether any organisation still has the mail of an id
 */
export function open(home: string, isMailKept: (id: string) => Promise<boolean>): Files {
  const batches = join(home, 'batches')
  return {
    publish: (path, bytes) => Disk.replace(join(home, 'public', ...path.split('/')), bytes),
    trust: (bytes) => Disk.replace(join(home, 'trust.json'), bytes),
    folder: (batch) => join(batches, batch),
    deliver: async (batch, files) => {
      await Disk.sweep(batches, `${batch}.`)
      const folder = join(batches, batch)
      await Disk.writeFolder(folder, files, {
        written: (count) => count === 2 && crashpoint('deliver:half-written'),
        whole: () => crashpoint('deliver:before-rename'),
      })
      crashpoint('deliver:after-rename')
      return folder
    },
    remove: async (batch, names) => {
      await Disk.sweep(batches, `${batch}.`)
      const folder = join(batches, batch)
      for (const name of ['credentials.ndjson', 'rows.csv', 'tickets.ndjson', 'summary.json'])
        await Disk.sweep(folder, `${name}.`)
      if (await exists(folder)) await Disk.remove(folder, names)
    },
    sweepMails: async () => {
      const outbox = join(home, 'outbox')
      const gone: string[] = []
      for (const name of await readdir(outbox).catch(() => [])) {
        const [, id] = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.eml$/.exec(name) ?? []
        if (id !== undefined && !(await isMailKept(id))) gone.push(name)
      }
      if (gone.length > 0) await Disk.remove(outbox, gone)
    },
    refresh: async (batch, { name, bytes }) => {
      const folder = join(batches, batch)
      if (await exists(folder)) await Disk.replace(join(folder, name), bytes)
    },
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
