import { randomUUID } from 'node:crypto'
import { mkdir, open as openFile, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ahead } from '../../internal/ahead.ts'
import * as StorageFull from '../../internal/StorageFull.ts'
import type { File } from '../../ports/Files.ts'

type Bytes = File['bytes']

/** How many files are under way to the disk at once: it syncs several as fast as one. */
const together = 16

/** What stands first in a file and is known only when all else is written. Its length is known before. */
export type Head = { readonly length: number; readonly bytes: () => Uint8Array }

/**
 * Writes a file beside its place, syncs it, then puts it there in one move; the folder above is synced as well: only
 * then does the name survive.
 *
 * @param mode who may read it, where that is not everybody whom the folder lets in
 * @param whole is called when all of it is written and nothing is to be seen yet
 */
export async function replace(
  path: string,
  bytes: Bytes,
  { head, mode, whole }: { readonly head?: Head; readonly mode?: number; readonly whole?: () => void } = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = beside(path)
  try {
    await write(draft, bytes, { head, mode })
    whole?.()
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await sync(dirname(path))
}

/**
 * Writes a folder beside its place, every file of it synced, then puts it there in place of an earlier one.
 *
 * @param mode who may look into it, where that is not everybody whom the folder above lets in
 * @param told hears how many files are written, and when all are
 */
export async function writeFolder(
  path: string,
  files: AsyncIterable<File>,
  {
    mode,
    ...told
  }: { readonly mode?: number; readonly written?: (count: number) => void; readonly whole?: () => void } = {},
): Promise<number> {
  await mkdir(dirname(path), { recursive: true })
  const draft = beside(path)
  await mkdir(draft, { mode })
  const folders = new Map([[draft, Promise.resolve()]])
  /** A folder is made once, in the one that it lies in. */
  const within = (folder: string): Promise<void> => {
    const made = folders.get(folder) ?? within(dirname(folder)).then(() => mkdir(folder))
    folders.set(folder, made)
    return made
  }
  let count = 0
  const writeOne = async ({ name, bytes }: File) => {
    const file = join(draft, name)
    await within(dirname(file))
    await write(file, bytes)
  }
  for await (const _ of ahead(files, together, writeOne)) told.written?.(++count)
  for (const folder of [...folders.keys()].reverse()) await sync(folder)
  told.whole?.()
  // A folder cannot be renamed onto one that has files; between the two renames there is none, never half of one.
  const old = beside(path)
  for (let done = false; !done; ) {
    await rename(path, old).catch(ignore('ENOENT'))
    // One that somebody else has put there between the two gives way as well.
    done = await rename(draft, path).then(() => true, ignore('ENOTEMPTY', 'EEXIST'))
    if (!done) await rm(old, { recursive: true, force: true })
  }
  await sync(dirname(path))
  await rm(old, { recursive: true, force: true })
  return count
}

/** Removes files of a folder, where they are there; for good when it returns. */
export async function remove(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name), { force: true })
  await sync(folder)
}

/**
 * Removes what processes that died have left half-written in a folder. The caller makes sure that nobody else writes.
 *
 * @param of how the name begins that it was to have
 */
export async function sweep(folder: string, of: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith(`.${of}`) && name.endsWith('.partial'))
      await rm(join(folder, name), { recursive: true, force: true })
  }
}

/** A name that nobody else has, and that {@link sweep} finds. */
function beside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.partial`)
}

type Manner = { readonly head?: Head | undefined; readonly mode?: number | undefined }

async function write(path: string, bytes: Bytes, manner: Manner = {}): Promise<void> {
  return StorageFull.told(() => put(path, bytes, manner))
}

async function put(path: string, bytes: Bytes, { head, mode }: Manner): Promise<void> {
  const file = await openFile(path, 'w', mode)
  try {
    if (head !== undefined) await file.writeFile(new Uint8Array(head.length))
    if (bytes instanceof Uint8Array) await file.writeFile(bytes)
    else for await (const part of bytes) await file.writeFile(part)
    if (head !== undefined) await file.write(head.bytes(), 0, head.length, 0)
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

/** Answers with nothing to an error that has one of these codes. */
function ignore(...codes: readonly string[]): (cause: NodeJS.ErrnoException) => false {
  return (cause) => {
    if (!codes.includes(cause.code ?? '')) throw cause
    return false
  }
}
