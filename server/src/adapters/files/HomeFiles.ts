import { randomUUID } from 'node:crypto'
import { access, mkdir, open as openFile, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crashpoint } from '../../internal/crashpoint.ts'
import type { Files } from '../../ports/Files.ts'

/**
 * Keeps public files, batch folders and the trust file under a home on this disk. Everything is written beside its
 * place, synced and then renamed into it, and the folder above is synced as well: only then does the name survive.
 */
export function open(home: string): Files {
  const batches = join(home, 'batches')
  return {
    publish: (path, bytes) => replace(join(home, 'public', ...path.split('/')), bytes),
    trust: (bytes) => replace(join(home, 'trust.json'), bytes),
    folder: (batch) => join(batches, batch),
    deliver: async (batch, files) => {
      await mkdir(batches, { recursive: true })
      await sweep(batches)
      const draft = join(batches, `.${batch}.${process.pid}.partial`)
      await rm(draft, { recursive: true, force: true })
      await mkdir(draft)
      let count = 0
      for await (const file of files) {
        await write(join(draft, file.name), file.bytes)
        if (++count === 2) crashpoint('deliver:half-written')
      }
      await sync(draft)
      crashpoint('deliver:before-rename')
      const folder = join(batches, batch)
      // A folder cannot be renamed onto one that has files; between the two renames there is none, never half of one.
      const old = join(batches, `.${batch}.${process.pid}.old.partial`)
      await rename(folder, old).catch(ignoreMissing)
      await rename(draft, folder)
      await sync(batches)
      await rm(old, { recursive: true, force: true })
      crashpoint('deliver:after-rename')
      return folder
    },
    refresh: async (batch, file) => {
      const folder = join(batches, batch)
      if (await exists(folder)) await replace(join(folder, file.name), file.bytes)
    },
  }
}

/** Writes a file beside its place, then puts it there in one move. */
export async function replace(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomUUID()}.partial`
  await write(draft, bytes)
  await rename(draft, path)
  await sync(dirname(path))
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  const file = await openFile(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Windows cannot sync a folder, and does not need it: there the rename itself is journalled. */
async function sync(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await openFile(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Removes what processes that died have left half-written. Only the holder of the worker's lease comes here. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('.') && name.endsWith('.partial'))
      await rm(join(folder, name), { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function ignoreMissing(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'ENOENT') throw cause
}
